"""The shapes of what the hub hears, and of how it is."""

from typing import Any, Literal

from pydantic import Field

from tools.shapes.shape import AddressShape, Raw, Shape


class TrendShape(Shape):
    """The last minute of a device's headline: epoch ms and value."""

    field: str
    points: list[tuple[float, Raw]]


class WarnedShape(Shape):
    """The warnings of a device, and what is known of its clock."""

    warnings: list[str]
    warnings_ko: list[str]
    clock_skew_ms: int | None
    clock_guess: str
    clock_guess_ko: str


class DeviceShape(AddressShape, WarnedShape):
    """A device; `dialect` and `name` are there for one that speaks a dialect."""

    domain: str
    dialect: str = ""
    name: str = ""
    state: Literal["live", "late", "offline"]
    interval: float = 0
    last_seen: str | None
    last: dict[str, Raw]
    earlier: dict[str, str]
    ceased: list[str]
    replayed: bool
    expected: bool
    stray: bool
    readings: int
    rejections: int
    rate: float
    trend: TrendShape | None = None


class FaultShape(Shape):
    """A field that was not right, and what was sent."""

    field: str
    message: str
    message_ko: str
    got: Any


class RejectionShape(Shape):
    """A rejected message; `payload` is what was sent, or its beginning."""

    code: Literal["topic", "kind", "size", "json", "schema", "internal"]
    message: str
    message_ko: str
    errors: list[FaultShape]
    topic: str
    at: str
    payload: str
    schema_: str | None = Field(alias="schema")
    booth: str | None


class CauseShape(Shape):
    """What rejections have in common; `booths` counts them by booth."""

    code: str
    kind: str
    field: str
    rule: str
    count: int
    booths: dict[str, int]
    at: str


class CausesShape(Shape):
    """The causes of the last minutes."""

    seconds: int
    total: int
    causes: list[CauseShape]


class PartShape(Shape):
    """A part of the hub: `ok`, or what is wrong with it; sizes in bytes, `waiting` in readings."""

    state: str
    message: str
    message_ko: str
    bytes: int = 0
    limit: int = 0
    waiting: int = 0


class HealthShape(Shape):
    """How the hub is."""

    status: Literal["ok", "failing"]
    version: str
    parts: dict[str, PartShape]
    over_quota: list[str]
    too_many_devices: list[str]
    wrong_stamps: list[dict[str, Any]]
    deaf_since: str = ""


class AccountsShape(Shape):
    """What became of every message, and of the readings in them."""

    received: int
    accepted: int
    rejected: int
    duplicate: int
    ignored: int
    stored: int
    merged: int
    refused: int
    waiting: int
    readings: int


class MuteShape(Shape):
    """A muted alarm: a cause or a device."""

    id: str
    cause: str | None
    device: AddressShape | None
    by: str
    at: str
    until: str


class RowShape(Shape):
    """A stored reading."""

    ts: str
    measurement: str
    kind: str
    booth: str
    device: str
    domain: str
    fields: dict[str, Raw]


class ReplayShape(Shape):
    """A replay that plays onto the wall; without a `speed` it plays as fast as the hub takes it."""

    player: str
    name: str
    begins: str
    position: float
    length: float
    speed: float | None
    paused: bool


class StorePlugShape(Shape):
    """Whether the demo's store is taken away, and the seconds until it is back."""

    pulled: bool
    seconds: float


class ReceiptShape(Shape):
    """The receipt of a visitor's reading that is kept; `timezone` is the event's."""

    stored: Literal[True]
    ts: str
    timezone: str
