"""The page of the rejections: each code with what the hub really answers. Pure."""

from typing import Any, NamedTuple

from hub.messages import SHORT, Code, Rejection
from hub.pipeline import rejections
from hub.pipeline.decode import Decoder
from hub.pipeline.feedback import BURST, PER_SECOND
from hub.pipeline.outbox import KEPT_REJECTIONS, OF_A_BOOTH
from hub.pipeline.quota import KEPT, REJECTION, REJECTION_BYTES
from hub.pipeline.rejections import MAX_PAYLOAD, MAX_VALUES
from hub.settings.table import SETTINGS
from hub.topics import Address
from hub.web.asyncapi_messages import REJECTION_FIELDS
from schemas import kinds
from tools.text import MOMENT, as_json, code, fence, page, table

_ROOT = SETTINGS["root"].default or ""
_SHOWN_HERE = 40


class Case(NamedTuple):
    """A message that is rejected: what its code means, and what to do."""

    means: str
    topic: str
    payload: bytes


_TOPIC = f"{_ROOT}/b12/thermostat/t1"
_NAMES = int(SETTINGS["quota_devices"].default or 0)
_FAILING = b'{"temperature": 21.5, "": 0}'
"""Stands for what makes the hub fail: of what is known to do so nothing is left."""
CASES = {
    Code.TOPIC: Case(
        "The topic names no device: a level is missing, is too much, or is not a valid id. "
        "There is no device to answer to, so nothing is published on `…/errors`. Or the topic is "
        f"right, but the booth has sent under {_NAMES:,} names of devices (`HUB_QUOTA_DEVICES`), "
        "and this would be one more: each would be a series of its own in the store for ever. Most "
        "often the name holds a time or a random number. Then `errors` has the field `device`, and "
        "the answer is published. Names that the zone file expects do not count and are always "
        "taken; those that have sent before are known, also after a restart.",
        f"{_ROOT}/B12/thermostat/t1",
        b'{"temperature": 21.5}',
    ),
    Code.KIND: Case(
        "The topic names a kind that does not exist, in whatever spelling: letters, digits, "
        "`_`, `-` and `.`, at most 64. The message names those that come nearest.",
        f"{_ROOT}/b12/termostat/t1",
        b'{"temperature": 21.5}',
    ),
    Code.SIZE: Case(
        f"The payload is larger than {MAX_PAYLOAD:,} bytes, or it is wrong and holds more than "
        f"{MAX_VALUES:,} values, those within arrays and objects counted.",
        _TOPIC,
        b'{"temperature": 21.5, "log": "' + b"x" * (MAX_PAYLOAD - 10) + b'"}',
    ),
    Code.JSON: Case(
        "The payload is not JSON in UTF-8.",
        _TOPIC,
        b"{temperature: 21.5}",
    ),
    Code.SCHEMA: Case(
        "The payload is JSON but does not fit the kind: a needed field is missing, a type is "
        "wrong, a value is out of its range, none of the fields is the kind's, or `ts` is not a "
        "time. `errors` has one entry for each field. The status of a device that is neither "
        "`online` nor `offline` has this code too.",
        _TOPIC,
        b'{"temperature": 412, "humidity": "41"}',
    ),
    Code.INTERNAL: Case(
        "The hub itself failed at this message: its log has the traceback, and "
        "`hub_internal_errors_total` in the [metrics](metrics.md) counts such messages. The others "
        "are not affected. Sending the same again will not help: tell the operations desk.",
        _TOPIC,
        _FAILING,
    ),
}
_MORE = (
    b'{"target": 22}',
    b'{"temperature": "21.5"}',
    b'{"temperature": 412}',
    b'{"temperature": -41}',
    b'{"temperature": NaN}',
    b'{"temperature": 21.5, "mode": "warm"}',
    b'{"temperature": 21.5, "window_open": 1}',
    b'{"temperature": 21.5, "ts": "2026-10-07 10:00"}',
    b"[21.5]",
    b"",
)

_INTRO = f"""\
For exhibitors: why a message was not accepted, and what to change.

A rejection is a message that the hub did not accept, with the reason. The hub keeps it on disk
and then acknowledges the message to the broker, so a bad message never blocks those behind it.

You see a rejection in five places:

- on the topic `{_ROOT}/BOOTH/KIND/DEVICE/errors`, published by the hub with QoS 0, never
  retained. Each device gets {BURST} at once and after that {PER_SECOND} a second; the
  others are kept all the same. `…/errors/short` says it in at most {SHORT} bytes;
- on the Response Topic, if the message had one (MQTT 5);
- on the booth's page, `/booths/BOOTH`;
- over HTTP, [`GET /api/rejections`](http.md#get-apirejections), the newest first;
- in `hub tail`, while it runs.

The newest {OF_A_BOOTH:,} rejections of each booth are kept, and {KEPT_REJECTIONS:,} altogether. A
rejection counts as {REJECTION} readings of its booth's
[quota](../explanation/guarantees.md#when-a-booth-sends-too-much), and as one more for
each {REJECTION_BYTES} bytes: of a booth above its quota {KEPT} a second are kept and answered, the
others are only counted."""


def files() -> dict[str, str]:
    """Return the page of the rejections."""
    parts = [
        _INTRO,
        "## The object",
        table(("field", "what"), [(code(name), what) for name, what in REJECTION_FIELDS.items()]),
        *(part for item in Code for part in _section(item)),
        "## What the messages say",
        "Each of these was sent for a thermostat (see [kinds](kinds.md#thermostat)):",
        _messages(),
    ]
    return {"docs/reference/rejections.md": page("rejections", "Rejections", *parts)}


def answer(topic: str, payload: bytes) -> dict[str, Any]:
    """Return the hub's rejection of a message.

    Raises:
        TypeError: the message is not rejected.
    """
    if payload == _FAILING:
        address = Address("b12", "thermostat", "t1")
        return rejections.internal(address, topic, payload, MOMENT).as_json()
    verdict = Decoder(_ROOT, kinds()).decode(topic, payload, MOMENT)
    if not isinstance(verdict, Rejection):
        raise TypeError(f"{topic} {payload!r} is not rejected; choose another example")
    return verdict.as_json()


def _section(item: Code) -> list[str]:
    case = CASES[item]
    said = answer(case.topic, case.payload)
    if len(said["payload"]) > _SHOWN_HERE * 2:
        said["payload"] = said["payload"][:_SHOWN_HERE] + "…"
    sent = case.payload.decode()
    short = sent if len(sent) <= _SHOWN_HERE * 2 else sent[:_SHOWN_HERE] + '…"}'
    return [
        f"## `{item.value}`",
        case.means,
        fence(f"{case.topic}  {short}", "text"),
        as_json(said),
    ]


def _messages() -> str:
    rows = [
        (code(payload.decode()) or "nothing", answer(_TOPIC, payload)["message"])
        for payload in _MORE
    ]
    return table(("payload", "message"), rows)
