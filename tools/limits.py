"""The page of limits: every bound that somebody may meet, from the constants of the code. Pure."""

from hub.booths.accounts import MOST_DEVICES
from hub.dialects.dialect import READINGS
from hub.dialects.memory import BYTES_EACH
from hub.event.catalogue import LARGEST, MOST
from hub.live.liveness import LATE_AFTER, OFFLINE_AFTER
from hub.live.roster import BOOTH_DEVICES
from hub.live.viewers import DEVICES
from hub.mqtt.conformance import RECEIVE_MAXIMUM
from hub.mqtt.connecting import SESSION_EXPIRY
from hub.pipeline.feedback import BURST, MAX_CORRELATION_DATA, PER_SECOND
from hub.pipeline.outbox import KEPT_REJECTIONS, OF_A_BOOTH
from hub.pipeline.outbox.damage import CHECKED
from hub.pipeline.quota import BURST as QUOTA_BURST
from hub.pipeline.quota import KEPT
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.settings.table import SETTINGS
from hub.status.retained import MANY
from hub.stores.sqlite_file import LOG_LIMIT
from hub.stores.store import QUERY_DEADLINE
from hub.timestamps import AHEAD, BEHIND, SECOND
from hub.topics import BOOTH, DEVICE, MOST_LEVELS
from tools.http_api import LIMITS
from tools.text import page, table

_DAY = 86_400
_MIB = 1024 * 1024
_HEAD = ("what", "limit", "beyond it")


def files() -> dict[str, str]:
    """Return the page of limits."""
    return {"docs/reference/limits.md": page("limits", "Limits", _INTRO, *_TABLES)}


def _default(name: str) -> str:
    return f"{SETTINGS[name].default} (`HUB_{name.upper()}`)"


_INTRO = """\
For everybody who plans an event or writes a device: each bound of the hub, and what happens beyond
it. Where a [setting](settings.md) moves a bound, its default is shown."""

_DEVICE = table(
    _HEAD,
    [
        ("payload of a reading", f"{MAX_PAYLOAD // 1024} KiB", "rejected (`size`)"),
        ("id of a booth", f"`{BOOTH.pattern}`", "rejected (`topic`)"),
        ("name of a device", f"`{DEVICE.pattern}`", "rejected (`topic`)"),
        ("levels of a topic", f"{MOST_LEVELS}", "Mosquitto disconnects the client"),
        (
            "`ts` of a reading",
            f"{BEHIND // SECOND // _DAY} days back, {AHEAD // SECOND} s ahead",
            "stored under its time of arrival, with a warning",
        ),
        (
            "rejections published to a device",
            f"{BURST} at once, then {PER_SECOND} a second",
            "kept and shown, not published",
        ),
        ("Correlation Data of a receipt", f"{MAX_CORRELATION_DATA:,} bytes", "no receipt"),
        ("readings in one message of a dialect", f"{READINGS}", "not looked at, reported"),
        (
            "memory of a booth's dialects",
            f"{BYTES_EACH // _MIB} MiB",
            "the oldest entries are dropped",
        ),
        ("late, offline", f"{LATE_AFTER}, {OFFLINE_AFTER} intervals without a reading", ""),
    ],
)

_BOOTH = table(
    _HEAD,
    [
        ("readings a second", _default("quota_readings"), "QoS 0 dropped, QoS 1 and 2 delayed"),
        ("bytes a second", _default("quota_bytes"), "the same"),
        ("burst", f"{QUOTA_BURST} s of the quota", "the same"),
        ("rejections kept a second above the quota", f"{KEPT}", "counted only"),
        ("rejections kept", f"{OF_A_BOOTH:,}", "the oldest are deleted"),
        ("accounts", f"{MOST_DEVICES}", "`hub booth add` refuses"),
        ("devices shown", f"{BOOTH_DEVICES:,}", "stored, not shown"),
    ],
)

_HUB = table(
    _HEAD,
    [
        ("outbox", _default("outbox_limit"), "the hub stops reading; the broker queues"),
        ("rejections kept", f"{KEPT_REJECTIONS:,}", "the oldest are deleted"),
        ("devices shown", f"{DEVICES:,}", "stored, not shown"),
        ("kinds declared for an event", f"{MOST}, {LARGEST // 1024} KiB each", "refused"),
        ("messages in flight from the broker", f"{RECEIVE_MAXIMUM:,}", "the broker waits"),
        (
            "session at the broker",
            f"{SESSION_EXPIRY // _DAY} days without the hub",
            "the broker deletes what waits",
        ),
        ("write-ahead log of a database", f"{LOG_LIMIT // _MIB} MiB", "writing waits"),
        ("query of stored readings", f"{QUERY_DEADLINE:g} s", "503"),
        ("outbox that is checked in full at a start", f"{CHECKED // _MIB} MiB", "checked in part"),
        ("retained messages at the broker", f"{MANY:,}", "health says so"),
        ("memory for recording what happened", _default("past"), "the oldest are overwritten"),
    ],
)

_BROKER = """\
Mosquitto, as [mosquitto/](../../mosquitto/mosquitto.conf) configures it: 1,000,000 messages and
1 GiB wait for a hub that is away; a message has 68 KiB; 900 devices connect, which
[can be raised](broker.md#more-than-900-devices)."""

_TABLES = (
    *("## Of a device", _DEVICE, "## Of a booth", _BOOTH, "## Of the hub", _HUB),
    *("## Of the broker", _BROKER, "## Of the web interface", LIMITS),
    "How quick it is has been [measured](performance.md).",
)
