"""The parts of the hub that the web server uses; `hub.app` passes them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from hub.booths.registry import Registry
from hub.clock import Clock
from hub.event.plan import ZonePlan
from hub.event.wishes import Wishes
from hub.live.devices import Live
from hub.live.dialect_messages import HeardDialects
from hub.live.log_ins import LogIns
from hub.live.mutes import Mutes
from hub.live.replay import WallReplay
from hub.live.replay_players import ReplayPlayers
from hub.pipeline.feedback import Feedback
from hub.pipeline.fence import StoreFence
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.quota import Quotas
from hub.pipeline.reconsideration import Reconsideration
from hub.recording.flight_recorder import FlightRecorder
from hub.settings import Settings
from hub.status.hub_status import HubStatus
from hub.status.hubs import Hubs
from hub.status.wall_status import WallStatus
from hub.stores.store import Store
from schemas import KindSpec, Label


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a running hub, or of the wall of several, that the routes use.

    `kept` has the accounts and the rejections; `reconsideration` is a hub's, a wall has none.
    `no_accounts` says why none can be made for booths, where that is so.
    """

    settings: Settings
    clock: Clock
    kinds: Mapping[str, KindSpec]
    declare: Callable[[bytes], Awaitable[KindSpec]]
    wishes: Wishes
    reconsideration: Reconsideration | None
    plan: ZonePlan
    registry: Registry
    live: Live
    mutes: Mutes
    heard: HeardDialects
    log_ins: LogIns
    wall_replay: WallReplay
    replay_players: ReplayPlayers
    flight_recorder: FlightRecorder
    quotas: Quotas
    feedback: Feedback
    kept: AsyncOutbox | Hubs
    store: Store
    store_fence: StoreFence
    status: HubStatus | WallStatus
    no_accounts: Label | None = None
