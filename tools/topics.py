"""The page of the topics and of time, with the limits that the code has. Pure."""

from hub import timestamps, topics
from hub.clock import STRIDE
from hub.live.devices import STRAY_AFTER
from hub.live.hints import READINGS
from hub.live.lag import BEHIND as LAG
from hub.live.liveness import LATE_AFTER, LATE_AT_LEAST, OFFLINE_AFTER, OFFLINE_AT_LEAST
from hub.live.warnings import STAYS
from hub.messages import SHORT
from hub.pipeline.dialect_devices import RECENT
from hub.pipeline.feedback import BURST, MAX_CORRELATION_DATA, PER_SECOND
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.settings.table import SETTINGS
from hub.timestamps import AHEAD, BEHIND
from tools.text import code, page, table

ROOT = SETTINGS["root"].default or ""
_READING = f"{ROOT}/{{booth}}/{{kind}}/{{device}}"
ROWS = (
    (_READING, "device → hub", "a reading: a JSON object; QoS 0, 1 or 2; not retained"),
    (
        f"{_READING}/{topics.STATUS}",
        "device → hub",
        "`online` or `offline`, retained: the birth message and the Last Will",
    ),
    (
        f"{_READING}/{topics.ERRORS}",
        "hub → device",
        "a [rejection](rejections.md) as JSON, QoS 0, never retained",
    ),
    (
        f"{_READING}/{topics.SHORT_ERRORS}",
        "hub → device",
        f"the same in at most {SHORT} bytes, for devices with a small buffer",
    ),
    (
        f"{ROOT}/{{booth}}/{{dialect}}/…",
        "device → hub",
        "a message in a maker's [dialect](dialects.md), with the device's own topic behind it",
    ),
    (
        f"{_READING}/{topics.RECEIPTS}",
        "hub → device",
        "a receipt, if the reading named this topic as its Response Topic (MQTT 5)",
    ),
)

_INTRO = f"""\
For exhibitors and engineers: under which topics devices publish, and which times count.

A topic is the address under which an MQTT message is published. All of the hub's start with the
root, `{ROOT}`, which is a [setting](settings.md#hub_root). MQTT 3.1.1 and MQTT 5 both work. The
same for programs to read is in [AsyncAPI](../asyncapi.yaml); with the kinds of an event,
[`GET /api/asyncapi`](http.md#get-apiasyncapi) of the running hub."""

_LEVELS = (
    ("booth", topics.BOOTH.pattern, "the stand's id, like `b12`: lower case, digits and `-`"),
    ("kind", topics.KIND.pattern, "a name that `hub kinds list` prints: see [kinds](kinds.md)"),
    (
        "device",
        topics.DEVICE.pattern,
        "the device's own name; upper case, `_` and `.` are fine",
    ),
)

WARNINGS = table(
    ("warning", "what was found"),
    [
        ("`clock`", "a `ts` that is not believed, or is steadily behind: see [time](#time)"),
        ("`backlog`", "a reading older than the newest one"),
        ("`same_ts`", "several readings with one `ts`: only one row is left of them"),
        ("`out_of_range: …`", "an optional number outside its range, which is left out"),
        ("`position: …`", "latitude 0 and longitude 0, which are left out"),
        ("`padding: …`", "NULs, white space or a byte order mark around the JSON"),
        ("`duplicate_key: …`", "a field twice in one message: the later one counts"),
        ("`ts: …`", '`null` or `""` for a time'),
        ("`unit: …`", "a field named like a unit that is not the kind's, or a field `unit`"),
        ("`spelling: …`", "a field that looks like one that the kind has and that was not sent"),
        (
            "`hint: …`",
            f"likely another unit: a percentage never above 1 in {READINGS} readings, a room in °F",
        ),
        (
            "`hint: …`",
            "a heading that never left ±π; a value by which a sensor says it has none, like 85 °C",
        ),
        (
            "`hint: …`",
            "a power 1,000 times off what voltage and current make; an energy that rises so fast",
        ),
        ("`ignored: …`", "fields that the kind does not declare"),
    ],
)
_RULES = f"""\
## Readings

- A reading is a JSON object in UTF-8 with the fields of its kind: at most {MAX_PAYLOAD:,} bytes.
- A field that the kind does not declare does not cost the reading. The declared fields are
  stored, and the device is shown with the warning `ignored: <names>`.
- An *optional* number outside its range is left out, the rest is stored, and the device is shown
  with the warning `out_of_range`. A required one outside its range is rejected.
- `null` in an optional field clears it: its last value is no longer shown. A field that is left
  out keeps its last value, shown with its age, and after {OFFLINE_AFTER} intervals of readings
  without it that value no longer counts as an alarm.
- Latitude 0 with longitude 0 is a receiver without a fix: both are left out.
- NULs, white space and a byte order mark around the JSON are ignored. A line break at the end is
  nothing special; of everything else the device is warned.
- A reading that was *retained* (kept by the broker and handed to whoever subscribes later) is an
  old state, not a new measurement. When the hub connects it counts such a message as `ignored`.
- A reading published while the hub is connected is stored, with the retain flag or without.
- An empty message is rejected. It also deletes a retained reading at the broker, and the rejection
  does not matter then. The hub cannot tell it from one of a device that failed to write its JSON.

## Warnings

A warning is about readings that were accepted. `ignored` of the latest reading goes with it; that
of an earlier one, and the others, stay {STAYS // timestamps.SECOND} s after the last reading that
caused them.

{WARNINGS}

## Status

The payload is `online` or `offline`, in upper or lower case, with or without white space and NULs
around it, plain or as `{{"state": "online"}}`. An empty one (which deletes a retained message) is
ignored; anything else is rejected, and changes nothing. The status of a device counts until its
next reading or status: a device that sends a reading after `offline` is live again.

A *retained* status is what was: the hub reads it whenever it connects. A retained `offline` is
believed. A retained `online` may be of a device that has died since: the device is shown, as
`offline` until it says something.

A device is

- `live` while readings come,
- `late` after {LATE_AFTER} times its interval without one, but at least {LATE_AT_LEAST:g} s, or as
  long as nothing that it sent was accepted,
- `offline` after `offline` on its status topic, or after {OFFLINE_AFTER} intervals without a
  reading, but at least {OFFLINE_AT_LEAST:g} s.

The interval is the one its kind declares, or its own in the
[zone file](../how-to/zone-file.md). An *event-driven* kind (a lock, a scale) has none, because it
says something when something happens: such a device is live from its first reading or `online`
until its `offline`, or until the `silence` that the zone file gives it. So it needs a
Last Will.

The newest time counts for what is shown as now, field by field, in whatever order readings came.
So a `ts` that is up to {AHEAD // timestamps.SECOND} s ahead, and is believed, is shown until a
later one comes. A device that sends readings of before is live, and they are stored at their own
time.

A device that is not in the zone file and never sent a reading that was accepted is a *stray*: a
mistyped name, mostly. It is shown apart, and goes {STRAY_AFTER // timestamps.SECOND // 60} minutes
after its last message. `hub device forget` takes any device off the wall until it sends again.

Silence is measured by a clock that nobody can set: a step of the hub's clock makes no device late
and keeps none alive.

An `online` that is not retained counts as a sign of life, like a reading; a rejected reading does
not.

## Errors

A rejection goes to the topic of the device whose message it was. A device gets {BURST}
rejections at once and {PER_SECOND} a second after that; all are kept, told or not. A message
whose topic names no device has no errors topic; its rejection is kept and shown like the others.

A client with a small buffer throws away what is larger, in silence (the usual Arduino library takes
256 bytes with the topic). For those the same goes to `…/{topics.SHORT_ERRORS}` in at most {SHORT}
bytes: the code, the first field that does not fit (or `null`), and its value or the beginning of
the payload.

```json
{{"code":"schema","field":"temperature","got":412}}
```

## Receipts

A receipt says that one reading is on the hub's disk. It needs MQTT 5. Publish the reading with a
*Response Topic* and, if you like, *Correlation Data*; subscribe to the Response Topic first. Once
the reading is kept the hub publishes there, with QoS 0 and the same Correlation Data:

```json
{{"stored": true, "ts": "2026-10-07T01:00:00.123456789Z"}}
```

or the [rejection](rejections.md). `ts` is the time under which the reading is kept.

The Response Topic must be below the topic of the reading itself and end in `/{topics.RECEIPTS}`:
`{ROOT}/BOOTH/KIND/DEVICE/{topics.RECEIPTS}`. There may be levels between, {topics.MOST_LEVELS} in
all, where the broker's rights allow it; the accounts of `hub booth` have the right to two.
The Correlation Data has at most {MAX_CORRELATION_DATA:,} bytes. The hub answers nowhere else: the
reading is kept all the same, and the booth's page says how many receipts were asked for in vain,
and why. There is no receipt for a message whose topic names no device.

## Time

`ts` in a reading is the time of measurement:

- RFC 3339 text with an offset: `"2026-10-07T10:00:00.5+09:00"`, `"2026-10-07T01:00:00Z"`; the
  offsets of ISO 8601 are understood too, `+0900` and `+09`;
- or a number, the time since 1970-01-01 UTC in s, ms, µs or ns, told apart by its size: below
  10¹¹ it is seconds, below 10¹⁴ milliseconds, below 10¹⁷ microseconds, else nanoseconds.

Without `ts` (or with `null` or `""`, with a warning) the time of arrival counts, by the hub's
clock of that moment. The hub gives each message a time of its own, to {STRIDE} ns. So two
readings without `ts` never overwrite each other, whatever the hub's clock does and also after a
restart. Times of arrival go up as long as that clock is not set back by more than a second; if it
is, they follow it. Two readings of one device with the *same* `ts` are one row: fields merge, and
the later value wins. The accounts count the later one as `merged`, if it is among the latest
{RECENT} times of the device since the hub started, and the device is warned.

A `ts` more than {AHEAD // timestamps.SECOND} s ahead of the hub's clock of that moment or more than
{BEHIND // (86_400 * timestamps.SECOND)} days behind it is not believed. The reading is kept at its
time of arrival, and the device is shown with the warning `clock` and with `clock_skew_ms`. One that
is believed and steadily more than {LAG // timestamps.SECOND} s behind, while the device sends live,
has the same warning, because its readings are stored in the past; `clock_guess` says what the cause
may be. Text or a number that is not a time at all is rejected."""


def files() -> dict[str, str]:
    """Return the page of the topics."""
    shapes = table(("topic", "direction", "what"), [(code(row[0]), *row[1:]) for row in ROWS])
    levels = table(
        ("level", "pattern", "what"),
        [(code(name), code(pattern), what) for name, pattern, what in _LEVELS],
    )
    parts = (_INTRO, shapes, levels, _RULES)
    return {"docs/reference/topics.md": page("topics", "Topics, messages and time", *parts)}
