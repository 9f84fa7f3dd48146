"""The shapes of what the API answers: the pages are checked against them (`tests/js/types`).

Times are RFC 3339, durations seconds, where a name does not say otherwise.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Raw = bool | int | float | str | None
"""A value of a field."""


class Shape(BaseModel):
    """An object of the API, with these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LabelShape(Shape):
    """Words in the two languages of the event; the Korean ones may be missing."""

    en: str = ""
    ko: str = ""


class FieldShape(Shape):
    """A field of a kind; `normal` is open on a side that is null."""

    name: str
    type: Literal["float", "integer", "boolean", "string"]
    required: bool
    label: LabelShape
    unit: str
    draw: Literal["stat", "gauge", "series", "state", "map"]
    minimum: float | None
    maximum: float | None
    normal: tuple[float | None, float | None] | None
    alarm: list[Raw] | None
    choices: dict[str, LabelShape] | None


class KindShape(Shape):
    """A kind of devices; `schema` is the path of its JSON Schema."""

    name: str
    domain: str
    domain_label: LabelShape
    label: LabelShape
    interval: float
    event_driven: bool
    about: str
    topic: str
    schema_: str = Field(alias="schema")
    example: dict[str, Raw]
    fields: list[FieldShape]


class ExhibitionShape(Shape):
    """The exhibition; `opens`, `closes` and `open` are there where it has opening hours."""

    name: LabelShape
    starts: str | None
    ends: str | None
    timezone: str
    languages: list[str]
    opens: str = ""
    closes: str = ""
    open: bool = False


class PlaceShape(Shape):
    """Where a booth is in the hall, in metres."""

    x: float
    y: float
    width: float
    depth: float


class AreaShape(Shape):
    """A zone of the hall."""

    id: str
    name: LabelShape


class BoothDevicesShape(Shape):
    """How many devices of a booth are in each state, and how many are expected."""

    live: int
    late: int
    offline: int
    expected: int


class BoothShape(Shape):
    """A booth of the zone."""

    id: str
    zone: str | None
    name: LabelShape
    place: PlaceShape | None
    state: Literal["empty", "live", "late", "offline"]
    devices: BoothDevicesShape
    readings: int
    rejections: int


class BrokerShape(Shape):
    """An address of the broker, and what it is for."""

    url: str
    purpose: str


class MqttShape(Shape):
    """How devices reach the broker; `ca` is the file of the event's own authority.

    `no_accounts` is there where none can be made, and says why.
    """

    host: str
    port: int
    tls: bool
    root: str
    auth: bool
    ca: str | None
    others: list[BrokerShape] = Field(default_factory=list)
    no_accounts: LabelShape | None = None


class ZoneShape(Shape):
    """What `/api/zone` answers."""

    event: ExhibitionShape
    zones: list[AreaShape]
    booths: list[BoothShape]
    mqtt: MqttShape


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


class AddressShape(Shape):
    """The address of a device."""

    booth: str
    kind: str
    device: str


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


class PastToldShape(Shape):
    """The latest seconds in steps of `step_ms`: the step, then what was in it.

    `devices` have booth, kind, id and the state at the beginning; `heard` the booths with a
    reading, `moves` a device with its x and y in metres, `states` a device with its new state,
    `rejections` a booth and how many, `messages` how many. Booths and devices are numbers in their
    lists.
    """

    from_: str = Field(alias="from")
    to: str
    step_ms: int
    booths: list[str]
    devices: list[tuple[str, str, str, Literal["live", "late", "offline"]]]
    messages: list[tuple[int, int]]
    heard: list[list[int]]
    moves: list[tuple[int, int, float, float]]
    states: list[tuple[int, int, Literal["live", "late", "offline"]]]
    rejections: list[tuple[int, int, int]]


class DayToldShape(Shape):
    """A day in parts of `every_s`; each entry is a part, a booth by its number, and a count."""

    day: str
    from_: str = Field(alias="from")
    to: str
    every_s: int
    booths: list[str]
    readings: list[tuple[int, int, int]]
    rejections: list[tuple[int, int, int]]


SHAPES: dict[str, Any] = {
    "/api/zone": ZoneShape,
    "/api/kinds": list[KindShape],
    "/api/devices": list[DeviceShape],
    "/api/rejections": list[RejectionShape],
    "/api/rejections/causes": CausesShape,
    "/api/health": HealthShape,
    "/api/accounts": AccountsShape,
    "/api/mutes": list[MuteShape],
    "/api/readings": list[RowShape],
    "/api/past": PastToldShape,
    "/api/day": DayToldShape,
}
"""The shape of the answer of each path that the pages read."""
