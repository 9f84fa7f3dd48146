"""The page of times: how long the hub waits, from the constants of the code. Pure."""

from hub.booths import added, dynsec, natives
from hub.limits import log_throttle
from hub.live import (
    causes,
    devices,
    liveness,
    log_ins,
    replay_players,
    state_snapshots,
    viewers,
    warnings,
)
from hub.mqtt import connecting, gathering, publisher, session, subscriber
from hub.pipeline import committer, drain, quota, selfstats
from hub.stores import removable
from hub.stores.influx import answers, client
from hub.timestamps import SECOND
from hub.web import guard, http11, stream_events
from hub.web.routes import past, tap
from tools.text import lasting, page, table


def files() -> dict[str, str]:
    """Return the page of times."""
    return {"docs/reference/times.md": page("times", "Times", _INTRO, *_TABLES)}


_INTRO = """\
For engineers and ops staff who watch the hub: how long it waits, when it tries again, and for how
long it shows something. The times of web requests stand with the [limits](limits.md)."""


def _growing(first: float, longest: float) -> str:
    return f"{lasting(first)}, growing to {lasting(longest)}"


_BROKER = table(
    ("at the broker", "time"),
    [
        ("messages gather before they are read", lasting(gathering.GATHER)),
        (
            f"the same, where more than {gathering.TARGET:,} would gather",
            "half as long, or a quarter, …",
        ),
        ("the same, while readings have no `ts`", lasting(gathering.STAMPED)),
        ("the same, while devices ask for receipts, and in a recording", lasting(gathering.PROMPT)),
        (f"the same, after a read of {gathering.MANY} then", lasting(gathering.PROMPT_MANY)),
        ("the same, where the broker waits for acknowledgements", lasting(gathering.LOOK)),
        ("the next readings are taken to have no `ts`, or to ask", lasting(gathering.REMEMBERED)),
        ("a connection is made, or given up", lasting(connecting.CONNECT_TIMEOUT)),
        ("between two signs of life", lasting(subscriber.KEEP_ALIVE)),
        ("a broker that says nothing to our sign of life is given up", lasting(session.SILENCE)),
        (
            "between two tries to connect",
            _growing(subscriber.FIRST_DELAY, subscriber.LONGEST_DELAY),
        ),
        ("surplus is allowed after the session was resumed", lasting(quota.CATCH_UP / SECOND)),
        (
            "`hub replay`: between two tries to connect",
            _growing(publisher.FIRST_DELAY, publisher.LONGEST_DELAY),
        ),
        ("the same: a connection is made, or given up", lasting(publisher.CONNECT_TIMEOUT)),
        ("the same: between two signs of life", lasting(publisher.KEEP_ALIVE)),
        ("the same: the broker keeps its session", lasting(publisher.SESSION_EXPIRY)),
        ("the broker answers an order about accounts", lasting(dynsec.DEADLINE)),
        ("an account that was added is looked for, each", lasting(added.EVERY)),
        ("native topics of booths are looked for, each", lasting(natives.EVERY)),
    ],
)

_STORE = table(
    ("at the store", "time"),
    [
        ("an outbox that failed is tried again", lasting(committer.RETRY)),
        ("readings gather for one write", lasting(drain.GATHER)),
        (f"the same, after a write of {drain.MANY}", lasting(drain.GATHER_MANY)),
        (
            "between two tries while the store is away",
            _growing(drain.FIRST_DELAY, drain.LONGEST_DELAY),
        ),
        ("the same, while it refuses the account or the bucket", lasting(answers.SLOWLY)),
        ("the longest `Retry-After` that is believed", lasting(answers.LONGEST_WAIT)),
        ("InfluxDB accepts a connection", lasting(client.CONNECT_TIMEOUT)),
        ("InfluxDB answers a request", lasting(client.TIMEOUT)),
        ("a store that was taken away to try comes back by itself", lasting(removable.LONGEST)),
        ("between two rows of the hub's own counters", lasting(selfstats.INTERVAL)),
        ("between two rows of a booth's readings", lasting(selfstats.READINGS_EVERY)),
        ("between two rows of a device's state", lasting(selfstats.STATES_EVERY)),
        ("the row of a change is enough", lasting(state_snapshots.FRESH / SECOND)),
        (
            "a device that nobody expects is stored as offline",
            lasting(state_snapshots.GONE_AFTER / SECOND),
        ),
    ],
)

_SHOWN = table(
    ("shown", "time"),
    [
        ("a device is never late before", lasting(liveness.LATE_AT_LEAST)),
        ("a device is never offline before", lasting(liveness.OFFLINE_AT_LEAST)),
        ("an event-driven device that was never accepted is offline", lasting(liveness.UNHEARD)),
        ("between two looks at who is silent", lasting(devices.SWEEP)),
        ("between two updates of a wall", lasting(devices.TICK)),
        ("between two signs of life of a stream", lasting(viewers.BEAT)),
        (
            "a device that nobody expects, after its last rejected message",
            lasting(devices.STRAY_AFTER / SECOND),
        ),
        ("such a device is looked for, each", lasting(devices.STRAYS_EVERY / SECOND)),
        (
            "a trial on its booth's page, after its last message",
            lasting(devices.TRIAL_AFTER / SECOND),
        ),
        ("a warning, after its cause", lasting(warnings.STAYS / SECOND)),
        ("rejections are counted by cause over", lasting(causes.WINDOW)),
        ("a refused login, after the last one", lasting(log_ins.TOLD_FOR)),
        ("a device that connects and sends nothing is noticed", lasting(log_ins.PATIENCE)),
        ("a replay that says nothing plays no more", lasting(replay_players.GONE)),
        ("between two looks at a booth whose page is open", lasting(stream_events.LOOK)),
        ("between two updates of that page's counts", lasting(stream_events.SLOW)),
        ("between two updates of the wall's own counts", lasting(stream_events.OFTEN)),
        ("one look at the past serves all who ask within", lasting(past.PAST_SHARED)),
        ("one look at the day serves all who ask within", lasting(past.DAY_SHARED)),
        ("the longest past that is played again", lasting(past.LONGEST)),
        ("a tap on the show's page waits for its receipt", lasting(tap.PATIENCE)),
        ("a browser keeps a booth's link", lasting(guard.REMEMBERED)),
        ("the rest of a request that is not HTTP is read for", lasting(http11.LINGER)),
        (
            "between two lines in the log about the same",
            _growing(log_throttle.FIRST, log_throttle.LONGEST),
        ),
    ],
)

_TABLES = ("## The broker", _BROKER, "## The store", _STORE, "## What is shown", _SHOWN)
