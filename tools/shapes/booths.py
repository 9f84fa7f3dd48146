"""The shapes of what the pages of booths and of the ops staff ask for."""

from typing import Any, Literal

from pydantic import Field

from tools.shapes.catalogue import BoothShape
from tools.shapes.live import RejectionShape
from tools.shapes.shape import AddressShape, LabelShape, Raw, Shape


class BrokerRefusalShape(Shape):
    """What the broker refused an account: how often in a row, and when last."""

    code: str
    account: str
    message: str
    message_ko: str
    count: int
    at: str


class ConnectedShape(Shape):
    """An account that is connected to the broker."""

    account: str
    since: str
    version: str


class BoothLogInsShape(Shape):
    """What is known of a booth's accounts at the broker; the newest refusal first."""

    connected: list[ConnectedShape]
    refusals: list[BrokerRefusalShape]


class ChecklistStepShape(Shape):
    """A step of the checklist: for a wrong one the rejection, the silent device, or the refusal."""

    step: Literal["connected", "topic", "json", "reading", "steady"]
    state: Literal["done", "wrong", "next", "later"]
    rejection: RejectionShape | None
    device: AddressShape | None
    refusal: BrokerRefusalShape | None = None


class DeviceAccountShape(Shape):
    """An account of a booth, and the device that it is for, if it is for one."""

    account: str
    kind: str | None
    device: str | None


class BoothAccountShape(Shape):
    """The accounts of a booth."""

    disabled: bool
    devices: list[DeviceAccountShape]


class QuotaUsageShape(Shape):
    """What a booth sent above its quota, in messages."""

    over: bool
    dropped: int
    delayed: int
    counted: int


class UnansweredShape(Shape):
    """Receipts that a booth asked for and does not get, and why the newest of them."""

    count: int
    device: AddressShape
    message: str
    message_ko: str


class HeardDeviceShape(Shape):
    """A device that a message of a dialect tells of."""

    kind: str
    device: str
    name: str | None


class UseShape(Shape):
    """A part of a message in a dialect, and what became of it; `why` says why nothing did."""

    place: str
    value: Any
    kind: str | None
    field: str | None
    why: str = ""
    why_ko: str = ""


class HeardMessageShape(Shape):
    """The latest message on a topic of a dialect."""

    dialect: str
    topic: str
    at: str
    devices: list[HeardDeviceShape]
    online: bool | None
    uses: list[UseShape]


class BoothDetailsShape(BoothShape):
    """How far a booth has come; `wishes` are kinds that it asked for."""

    taking: bool
    account: BoothAccountShape | None
    at_broker: BoothLogInsShape | None
    quota: QuotaUsageShape | None
    devices_left_out: int
    unanswered: UnansweredShape | None
    checklist: list[ChecklistStepShape]
    unplanned: Literal[True] | None = None
    wishes: list[str] = Field(default_factory=list)
    heard: list[HeardMessageShape] = Field(default_factory=list)


class NoteShape(Shape):
    """What is to be said of a payload that would be accepted."""

    code: str
    message: str
    message_ko: str


class AcceptedShape(Shape):
    """A payload that would be accepted."""

    accepted: Literal[True]
    ts: str
    fields: dict[str, Raw]
    ignored: list[str]
    notes: list[NoteShape]
    clock_skew_ms: int | None


class NotAcceptedShape(Shape):
    """A payload that would be rejected."""

    accepted: Literal[False]
    rejection: RejectionShape


class WishShape(Shape):
    """A kind that a booth asks for."""

    booth: str
    kind: str
    at: str


class DraftFieldShape(Shape):
    """The draft of a field, as JSON Schema; `x-look` is there where a person has to look at it."""

    title: str
    title_ko: str
    type: Literal["boolean", "number", "integer", "string"]
    minimum: float = 0
    maximum: float = 0
    enum: list[str] = Field(default_factory=list)
    max_length: int = Field(default=0, alias="maxLength")
    unit: str = Field(default="", alias="x-unit")
    draw: str = Field(default="", alias="x-draw")
    choices: dict[str, LabelShape] = Field(default_factory=dict, alias="x-choices")
    look: list[str] = Field(default_factory=list, alias="x-look")


class DraftShape(Shape):
    """The draft of a kind, as JSON Schema; `x-look` says what a person has to look at."""

    schema_: str = Field(alias="$schema")
    id: str = Field(alias="$id")
    title: str
    title_ko: str
    description: str
    type: Literal["object"]
    properties: dict[str, DraftFieldShape]
    required: list[str]
    additional: bool = Field(alias="additionalProperties")
    examples: list[dict[str, Raw]]
    domain: str = Field(alias="x-domain")
    interval: float = Field(alias="x-interval")
    event_driven: bool = Field(alias="x-event-driven")
    look: list[str] = Field(alias="x-look")


class ReconsideredShape(Shape):
    """What became of the messages that were rejected before their kind was there."""

    taken: int
    rejected: int
    cut: int


class ListedBoothShape(Shape):
    """A booth of the zone file, or one with accounts at the broker."""

    id: str
    name: LabelShape
    planned: bool
    accounts: list[str]
    disabled: bool


class MadeAccountShape(Shape):
    """An account at the broker; its password is there if it is new."""

    account: str
    password: str | None
    device: str | None


class MadeAccountsShape(Shape):
    """What was done with a booth's accounts; `sheet` is the hand-out as HTML."""

    booth: str
    accounts: list[MadeAccountShape]
    link: str | None
    sheet: str | None
