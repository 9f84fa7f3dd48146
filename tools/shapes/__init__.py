"""The shapes of what the API answers: the pages are checked against them (`tests/js/types`).

Times are RFC 3339, durations seconds, where a name does not say otherwise.
"""

from typing import Any

from tools.shapes.booths import (
    AcceptedShape,
    BoothDetailsShape,
    DraftShape,
    ListedBoothShape,
    MadeAccountsShape,
    NotAcceptedShape,
    ReconsideredShape,
    WishShape,
)
from tools.shapes.catalogue import DialectShape, KindShape, ProgramShape, ZoneShape
from tools.shapes.live import (
    AccountsShape,
    CausesShape,
    DeviceShape,
    HealthShape,
    MuteShape,
    ReceiptShape,
    RejectionShape,
    ReplayShape,
    RowShape,
    StorePlugShape,
)
from tools.shapes.past import DayToldShape, PastToldShape

SHAPES: dict[str, Any] = {
    "/api/zone": ZoneShape,
    "/api/kinds": list[KindShape],
    "/api/dialects": list[DialectShape],
    "/api/devices": list[DeviceShape],
    "/api/rejections": list[RejectionShape],
    "/api/rejections/causes": CausesShape,
    "/api/health": HealthShape,
    "/api/accounts": AccountsShape,
    "/api/mutes": list[MuteShape],
    "/api/readings": list[RowShape],
    "/api/past": PastToldShape,
    "/api/day": DayToldShape,
    "/api/replays": list[ReplayShape],
    "/api/booths": list[ListedBoothShape],
    "/api/booths/{booth}": BoothDetailsShape,
    "/api/booths/{booth}/kinds/{kind}/draft": DraftShape,
    "/api/kinds/{kind}/snippets": list[ProgramShape],
    "/api/wishes": list[WishShape],
}
"""The shape of the answer of each path that the pages read."""

ASKED: dict[str, Any] = {
    "/api/kinds/{kind}/check": AcceptedShape | NotAcceptedShape,
    "/api/kinds/{kind}/accept-rejected": ReconsideredShape,
    "/api/booths/{booth}/accounts/{action}": MadeAccountsShape,
    "/api/show/plug": StorePlugShape,
    "/api/show/tap": ReceiptShape,
}
"""The shapes of answers to what is posted, and of what only a demo has."""
