"""The page of limits: every bound that somebody may meet, from the constants of the code. Pure."""

from hub.booths import accounts, day_facts
from hub.dialects.dialect import READINGS
from hub.dialects.memory import BYTES_EACH
from hub.event.catalogue import LARGEST, MOST
from hub.limits import fair, token_bucket
from hub.live import (
    causes,
    devices,
    dialect_messages,
    forgotten,
    hints,
    lately,
    liveness,
    log_ins,
    mutes,
    replay_players,
    roster,
    trend,
    viewers,
    warnings,
)
from hub.mqtt import codec, connecting, publisher
from hub.mqtt.conformance import RECEIVE_MAXIMUM
from hub.pipeline import (
    committer,
    decode,
    device_names,
    dialect_routes,
    feedback,
    fence,
    field_faults,
    full_validation,
    quota,
    rejections,
    selfstats,
)
from hub.pipeline.outbox import damage, disk_room, refused_shares, rejection_log
from hub.settings.table import SETTINGS
from hub.status.retained import MANY
from hub.stores import sqlite_file, sqlite_table, store
from hub.stores.influx import answers, client
from hub.timestamps import AHEAD, BEHIND, SECOND
from hub.topics import BOOTH, DEVICE, MOST_LEVELS
from hub.web import guard, past, stream_events
from tools.http_api import LIMITS
from tools.steps import STEPS
from tools.text import page, size, table

_DAY = 86_400
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
        ("payload of a reading", size(rejections.MAX_PAYLOAD), "rejected (`size`)"),
        ("packet of MQTT", size(codec.MAX_PACKET_SIZE), "the broker does not deliver it"),
        (
            "values of a payload, nested ones counted",
            f"{rejections.MAX_VALUES:,}",
            "only the kind's own fields are read, errors without details",
        ),
        ("id of a booth", f"`{BOOTH.pattern}`", "rejected (`topic`)"),
        ("name of a device", f"`{DEVICE.pattern}`", "rejected (`topic`)"),
        ("levels of a topic", f"{MOST_LEVELS}", "Mosquitto disconnects the client"),
        (
            "`ts` of a reading",
            f"{BEHIND / SECOND / _DAY:g} days back, {AHEAD / SECOND:g} s ahead",
            "stored under its time of arrival, with a warning",
        ),
        (
            "rejections published to a device",
            f"{feedback.BURST} at once, then {feedback.PER_SECOND} a second",
            "kept and shown, not published",
        ),
        (
            "a rejected payload, a topic, a status, a text, as they are shown",
            (
                f"{rejections.SHOWN:,}, {rejections.SHOWN_TOPIC}, {rejections.SHOWN_STATUS}, "
                f"{field_faults.SHOWN_VALUE} characters"
            ),
            "cut",
        ),
        ("errors that a rejection names", f"{rejections.SHOWN_ERRORS}", "not named"),
        (
            "unknown fields that a warning names",
            f"{full_validation.IGNORED_NAMES}, {full_validation.IGNORED_LENGTH} characters each",
            "not named, cut",
        ),
        ("warnings of a device", f"{warnings.MOST}", "the oldest is dropped"),
        ("points of its curve", f"{trend.POINTS}", "the oldest are dropped"),
        (
            "readings by which a wrong unit is guessed",
            f"the first {hints.READINGS}, each {hints.EACH}th",
            "not looked at",
        ),
        (
            "Correlation Data of a receipt",
            f"{feedback.MAX_CORRELATION_DATA:,} bytes",
            "no receipt",
        ),
        ("readings in one message of a dialect", f"{READINGS}", "not looked at, reported"),
        (
            "memory of a booth's dialects",
            size(BYTES_EACH),
            "the oldest entries are dropped",
        ),
        (
            "late, offline",
            f"{liveness.LATE_AFTER}, {liveness.OFFLINE_AFTER} intervals without a reading",
            "",
        ),
    ],
)

_BOOTH = table(
    _HEAD,
    [
        ("readings a second", _default("quota_readings"), "QoS 0 dropped, QoS 1 and 2 delayed"),
        ("bytes a second", _default("quota_bytes"), "the same"),
        ("burst", f"{quota.BURST} s of the quota", "the same"),
        (
            "a rejection",
            f"counts as {quota.REJECTION} readings, and one for each {quota.REJECTION_BYTES} bytes",
            "",
        ),
        ("rejections kept a second above the quota", f"{quota.KEPT}", "counted only"),
        ("rejections kept", f"{rejection_log.OF_A_BOOTH:,}", "the oldest are deleted"),
        (
            "rejections for the wall of several hubs",
            f"{selfstats.PER_SECOND} a second, {selfstats.BURST} at once",
            "left out there",
        ),
        ("causes of rejections counted apart", f"{causes.KEPT} a minute", "counted as one"),
        ("accounts", f"{accounts.MOST_DEVICES}", "`hub booth add` refuses"),
        (
            "log-ins looked at",
            f"{log_ins.OF_BOOTH} accounts, if all booths have more than {log_ins.ACCOUNTS:,}",
            "the oldest are dropped",
        ),
        ("devices shown", f"{roster.BOOTH_DEVICES:,}", "stored, not shown"),
        (
            "devices that stay when others' are too many",
            f"{roster.OWN_DEVICES}",
            "those silent longest are not shown",
        ),
        (
            "names of devices, where `HUB_QUOTA_DEVICES` bounds them",
            f"{device_names.SURE}, if all booths have more than {device_names.ALL:,}",
            "rejected",
        ),
        (
            "topics of dialects whose latest message is shown",
            f"{dialect_messages.EACH}",
            "the oldest is dropped",
        ),
        (
            "devices shown of one such message",
            f"{dialect_messages.SHOWN_DEVICES}",
            "not shown",
        ),
        (
            "curves and devices of a report",
            f"{day_facts.CURVES}, {day_facts.DEVICES}",
            "the report says how many more",
        ),
        (
            "readings that the store refused",
            (
                f"1/{refused_shares.SHARE_OF_A_BOOTH} of the outbox, "
                f"1/{refused_shares.SHARE_OF_ALL} for all booths"
            ),
            "counted, not kept",
        ),
    ],
)

_HUB = table(
    _HEAD,
    [
        ("outbox", _default("outbox_limit"), "the hub stops reading; the broker queues"),
        (
            "messages received and not yet on disk",
            f"{committer.IN_HAND:,}",
            "the hub stops reading until half of them are",
        ),
        ("disk left free by the outbox", size(disk_room.ROOM), "the outbox is full"),
        ("rejections kept", f"{rejection_log.KEPT_REJECTIONS:,}", "the oldest are deleted"),
        ("devices shown", f"{viewers.DEVICES:,}", "stored, not shown"),
        ("booths told apart", f"{fair.BOOTHS:,}", "counted as one"),
        ("booths with a quota each", f"{quota.BOOTHS:,}", "they share one"),
        ("booths whose unanswered receipts are counted", f"{feedback.BOOTHS:,}", "not counted"),
        (
            "topics remembered by the decoder, and of dialects",
            f"{decode.ROUTES:,}, {dialect_routes.ROUTES:,}",
            "the oldest are dropped",
        ),
        (
            "topics of dialects whose latest message is shown",
            f"{dialect_messages.TOPICS:,}",
            "the oldest are dropped",
        ),
        (
            "rates limited at once, of one sort",
            f"{token_bucket.BUCKETS:,}",
            "the oldest are dropped",
        ),
        ("places of errors in the hub that are logged apart", f"{fence.PLACES}", "the same"),
        (
            "changes of state that wait for the store, rows of the hub's own",
            f"{devices.CHANGES:,}, {selfstats.BACKLOG:,}",
            "the oldest are dropped",
        ),
        ("happenings remembered, of each sort", f"{lately.HAPPENINGS:,}", "the same"),
        ("devices forgotten by hand", f"{forgotten.MOST:,}", "the oldest may be back"),
        (
            "alarms muted at once",
            f"{mutes.MOST}, each for {mutes.LONGEST / 24 / 60:g} days",
            "refused",
        ),
        ("replays known at once", f"{replay_players.MOST}", "that silent longest is forgotten"),
        ("kinds declared for an event", f"{MOST}, {size(LARGEST)} each", "refused"),
        ("messages in flight from the broker", f"{RECEIVE_MAXIMUM:,}", "the broker waits"),
        ("messages in flight to the broker", f"{publisher.WINDOW:,}", "the hub waits"),
        (
            "session at the broker",
            f"{connecting.SESSION_EXPIRY / _DAY:g} days without the hub",
            "the broker deletes what waits",
        ),
        (
            "session of what publishes",
            f"{publisher.SESSION_EXPIRY / 3_600:g} h without it",
            "the same",
        ),
        ("write-ahead log of a database", size(sqlite_file.LOG_LIMIT), "writing waits"),
        (
            "series whose ids are remembered",
            f"{sqlite_table.SERIES:,}",
            "all are looked up again",
        ),
        (
            "answer of InfluxDB, reason for a refusal",
            f"{size(client.LARGEST_ANSWER)}, {answers.LONGEST_REASON} characters",
            "refused, cut",
        ),
        ("query of stored readings", f"{store.QUERY_DEADLINE:g} s", "504"),
        (
            "outbox that is checked in full at a start",
            size(damage.CHECKED),
            "checked in part",
        ),
        ("retained messages at the broker", f"{MANY:,}", "health says so"),
        ("memory for recording what happened", _default("past"), "the oldest are overwritten"),
        (
            "topics and moving devices of the past, as it is played again",
            f"{past.TOPICS:,}, {past.MOVERS}",
            "not shown",
        ),
        (
            "states and rejections that wait for a page",
            f"{viewers.EVENTS}",
            "the oldest of the booth with the most are dropped",
        ),
        ("booths whose latest update is shared", f"{stream_events.SUBJECTS:,}", "made for each"),
        (
            "links of booths in one browser that are tried",
            f"{guard.COOKIES}",
            "the link has to be opened again",
        ),
    ],
)

_BROKER = """\
Mosquitto, as [mosquitto/](../../mosquitto/mosquitto.conf) configures it: 1,000,000 messages and
1 GiB wait for a hub that is away; a message has 68 KiB; 900 devices connect, which
[can be raised](broker.md#more-than-900-devices)."""

_TABLES = (
    *("## Of a device", _DEVICE, "## Of a booth", _BOOTH, "## Of the hub", _HUB),
    *("## Of one step", STEPS),
    *("## Of the broker", _BROKER, "## Of the web interface", LIMITS),
    "How long the hub waits, and shows things, stands under [times](times.md).",
    "How quick it is has been [measured](performance.md).",
)
