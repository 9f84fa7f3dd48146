"""The shapes of the kinds, of the zone, and of the dialects."""

from typing import Literal

from pydantic import Field

from tools.shapes.shape import AddressShape, LabelShape, Raw, Shape


class FlagShape(Shape):
    """What a flag is shown as."""

    true: LabelShape
    false: LabelShape


class FieldShape(Shape):
    """A field of a kind; `normal` is open on a side that is null."""

    name: str
    type: Literal["float", "integer", "boolean", "string"]
    required: bool
    label: LabelShape
    unit: str
    unit_ko: str
    draw: Literal["stat", "gauge", "series", "state", "map"]
    minimum: float | None
    maximum: float | None
    normal: tuple[float | None, float | None] | None
    alarm: list[Raw] | None
    flag: FlagShape | None
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


class TapShape(AddressShape):
    """Whose reading a visitor's tap is, and the page on which they tap."""

    url: str


class ShowShape(Shape):
    """What visitors are shown; `tap` is there where their telephones may send a reading."""

    plug: bool
    tap: TapShape | None = None


class OriginShape(Shape):
    """Where the plan's origin lies, and the bearing of its upper side, in degrees."""

    latitude: float
    longitude: float
    bearing: float


class ZoneShape(Shape):
    """What `/api/zone` answers; `show` is there where visitors are shown something."""

    event: ExhibitionShape
    origin: OriginShape | None = None
    zones: list[AreaShape]
    booths: list[BoothShape]
    mqtt: MqttShape
    show: ShowShape | None = None


class SettingShape(Shape):
    """A setting of a device that speaks a dialect; `{booth}` in it is to be filled in."""

    setting: LabelShape
    value: str


class SampleShape(Shape):
    """A message of a dialect; its topic is below the dialect's prefix."""

    topic: str
    payload: str


class DialectShape(Shape):
    """A dialect that devices may speak by themselves, and what to set in them."""

    name: str
    label: LabelShape
    prefix: str
    setup: list[SettingShape]
    sample: SampleShape


class ProgramShape(Shape):
    """A whole device in a few lines, in one language."""

    language: str
    label: str
    suffix: str
    text: str
