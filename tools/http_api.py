"""The page of the HTTP interface: paths from OpenAPI, answers from the code that makes them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI

from hub.booths.snippets import DeviceConnection, SnippetLanguage
from hub.clock import HeldClock
from hub.counters import Accounts
from hub.event.zone import Booth, Place, Zone
from hub.live.broker_log_lines import LogEvent
from hub.live.broker_refusals import BoothLogIns, BrokerRefusal, Connected, words
from hub.live.causes import KEPT, WINDOW
from hub.live.checklist import STEADY_AFTER, checklist
from hub.live.devices import Live
from hub.live.viewers import Update
from hub.messages import Connection as Link
from hub.pipeline.batch import Batch
from hub.pipeline.decode import Decoder
from hub.pipeline.rejections import SHOWN
from hub.settings import given
from hub.settings.table import SETTINGS
from hub.status import health
from hub.stores import store
from hub.web import serializers
from hub.web.body import WHOLE
from hub.web.compression import LEAST
from hub.web.connections import (
    ADDRESS_CONNECTIONS,
    ADDRESS_HELD,
    HEAD,
    MAX_CONNECTIONS,
    PROGRESS,
    SHORT,
    STALLED,
)
from hub.web.guard import BOOTH_COOKIE, COOKIE
from hub.web.parts import Parts
from hub.web.routes import booth_accounts, booths, mutes, replay_control, tap
from hub.web.routes.api import routes
from hub.web.routes.booths import ADDRESS_TRIALS, BURST, LINK_TRIALS, program, verdict
from hub.web.routes.export import MOST_ROWS
from hub.web.routes.readings import MAX_ROWS, QUERIES
from hub.web.routes.replay import MAX_BODY, MAX_MESSAGES
from hub.web.routes.stream import ADDRESS_VIEWERS, BOOTH_VIEWERS, MAX_VIEWERS, RESERVED, sse
from hub.web.server import GRACE
from hub.web.stream_events import LOOK, OFTEN
from schemas import kinds
from tools.text import MOMENT, as_json, code, fence, page, size, table

_ROOT = SETTINGS["root"].default or ""
_SENT = (
    (f"{_ROOT}/b12/thermostat/t1", b'{"temperature": 21.5, "mode": "heat", "note": "x"}'),
    (f"{_ROOT}/b12/thermostat/t1", b'{"temperature": 412}'),
)

PAGES = {
    "/": "The live wall. `?lang=en` or `?lang=ko` sets the language, `?lang=ko,en` takes turns; "
    "`?kiosk=15` shows the boards in turn and moves on every 15 s (3 at least): a board that is "
    "longer than the screen has up to four turns, and the overview comes between any two boards. "
    "Something that is newly wrong is shown at once, for 20 s. "
    "`?view=wall` is large enough to be read from five metres, and what a kiosk shows; `?view=ops` "
    "is for the desk. The key R plays the last minute again, D the day in half a minute, on that "
    "page alone.",
    "/booths/{booth}": "The page of one booth, for its exhibitor. It shows how far the booth has "
    "come, each device's state and last readings, and the last rejections beside what was "
    "declared. It says how to connect, and has a box to try a message and programs to start from.",
    "/ops": "The ops staff's page, for the ops token: the kinds that booths ask for, to be "
    "looked at and taken; what is muted; the booths, whose accounts and sheets can be made there.",
    "/docs": "This interface to try out, made from `/openapi.json`.",
    "/openapi.json": "The interface as OpenAPI 3.1.",
    "/static/": "What the pages load: scripts, styles, pictures. Nothing comes from elsewhere.",
}

_OPENED = """\
- `GET` `/api/booths/BOOTH`;
- `GET` `/api/zone?booth=BOOTH`, which then holds the event, the booth's zone and the booth;
- `GET` `/api/devices?booth=BOOTH`, `/api/rejections?booth=BOOTH`, `/api/live?booth=BOOTH`;
- `GET` `/api/booths/BOOTH/export` and `/api/booths/BOOTH/report`;
- `GET` `/api/kinds`, `/api/kinds/KIND/schema`, `/api/kinds/KIND/snippets` and `/api/asyncapi`;
- `POST` `/api/kinds/KIND/check` and `/api/booths/BOOTH/kinds/KIND/wish`.

`GET` `/api/ca.crt` needs no token at all: the certificate is public. Nor does a
visitor's tap, `POST` `/api/show/tap` and its page `/tap`, where the zone file has `phones`."""

LIMITS = table(
    ("what", "limit", "beyond it"),
    [
        ("connections", f"{MAX_CONNECTIONS:,}; fewer when fewer files may be open", "503, closed"),
        ("connections of one address", f"{ADDRESS_CONNECTIONS}", "503, closed"),
        (
            f"connections of one address held longer than {SHORT:g} s, live streams aside",
            f"{ADDRESS_HELD}",
            "the oldest are closed",
        ),
        (
            "time until the head of a request is there, from the connection or the last answer",
            f"{HEAD:g} s",
            "closed",
        ),
        ("time until the body is there", f"{WHOLE:g} s", "408"),
        (
            "an answer that is not read",
            f"{STALLED:g} s without {size(PROGRESS)}",
            "closed",
        ),
        ("live streams", f"{MAX_VIEWERS:,}, {MAX_VIEWERS - RESERVED} by links of booths", "503"),
        ("live streams by the link of one booth", f"{BOOTH_VIEWERS}", "503"),
        ("live streams of one address", f"{ADDRESS_VIEWERS}", "503"),
        (
            "trials by the link of one booth",
            f"{LINK_TRIALS} a second, {BURST * LINK_TRIALS} at once",
            "429 with `Retry-After`",
        ),
        (
            "trials from one address",
            f"{ADDRESS_TRIALS} a second, {BURST * ADDRESS_TRIALS} at once",
            "429 with `Retry-After`",
        ),
        ("body of a trial", size(booths.MAX_BODY), "413"),
        ("body of an order about accounts", size(booth_accounts.MOST), "413"),
        (
            "wrong passwords of the admin in a row",
            f"{booth_accounts.WRONG}, then 1 a minute",
            "429",
        ),
        ("body that mutes an alarm", size(mutes.MOST), "413"),
        ("body of a replay's position", size(replay_control.LARGEST), "413"),
        (
            "taps of one address on the show's page",
            f"{tap.EACH:g} a second, {tap.BURST} at once",
            "429",
        ),
        ("taps of all addresses", f"{tap.ALL:g} a second, {tap.CROWD} at once", "429"),
        ("rows of an export", f"{MOST_ROWS:,}", "400; `hub export` gives more"),
        ("smallest answer that is compressed", size(LEAST), ""),
        ("answers of stored rows made at once", f"{QUERIES}", "the next one waits"),
    ],
)

_INTRO = f"""\
For engineers: every path of the hub's HTTP interface, with parameters and an example.

The hub listens at `HUB_HTTP`, `{SETTINGS["http"].default}` by default. All answers are JSON in
UTF-8, except where another type is named. Nothing is stored over HTTP: readings come by MQTT.

## Who may see what

On a loopback address (127.0.0.1) everything is open, unless `HUB_OPS_TOKEN` is set. On any other
address the hub starts only with `HUB_OPS_TOKEN`, and everything but `/static/…` asks for a token,
in one of three ways:

- the header `Authorization: Bearer TOKEN`;
- `?token=TOKEN` in the link of a page, once: the answer sets a cookie and leads to the address
  without the token;
- that cookie: `{COOKIE}`, or `{BOOTH_COOKIE}` and the booth's id.

The **ops token** opens everything; write letters beyond ASCII in it as UTF-8. The **link of a
booth** (`hub booth add` and `hub booth sheet` print it) opens `/booths/BOOTH` and what that page
shows, of this booth only:

{_OPENED}

The booth is named exactly once, in the path or as `booth=`. Another booth, all booths at once, or a
booth named twice is refused. A booth without an account opens with the ops token only. A link that
was replaced (`hub booth rotate`) opens nothing from then on: streams end within {LOOK:g} s and a
little. A wrong token in the link of a booth's page is refused on a loopback address too. A browser
that opens a page gets the refusal as a page in Korean and English.

Without `HUB_OPS_TOKEN` the name in the address must be the hub's: `localhost`, `127.0.0.1`,
`[::1]`, that of `HUB_HTTP` or of `HUB_PUBLIC_HTTP`. Any other is refused, for a page of another
site could make its own name lead here (DNS rebinding).

Whatever is not only read (`POST`, `DELETE`) is refused when the browser says, with `Origin` or
`Sec-Fetch-Site`, that a page of another site sent it. The hub's own origins are that of `Host` in
the request, of `HUB_HTTP` and of `HUB_PUBLIC_HTTP`.

Answers are to be kept by no cache (`Cache-Control: no-store`); pages are revalidated each
time (`no-cache`), and name their files under a path that a browser may keep (`immutable`). JSON of
{LEAST / 1024:g} KiB or more is compressed for whoever accepts gzip.

## Limits

{LIMITS}

An address is what the connection comes from, of IPv6 the first 64 bits; behind a reverse proxy on
the same machine it is what `X-Forwarded-For` says, for streams and trials. This machine's own
addresses may have all connections and streams, for such a proxy has. Long lists are written in
pieces between which readings go on. A hub that ends gives requests under way {GRACE} s.

## Errors

Every error has one shape:"""

_ERRORS = (
    ("400", "query", "a time, a field or an aggregate that makes no sense"),
    ("400", "http", "this is no HTTP request that the hub can read"),
    ("401", "ops_token", "the ops token is missing or wrong"),
    ("401", "booth_link", "the booth's link is missing, or was replaced"),
    ("403", "booth_link", "the token in the link of a booth's page is wrong, or was replaced"),
    ("403", "other_booth", "the booth's link does not open this"),
    ("403", "cross_site", "a page of another site sent this"),
    ("404", "not_found", "no such path, or no such kind"),
    ("408", "timeout", "the body did not come in time"),
    ("405", "method_not_allowed", "this path is not served so"),
    ("413", "too_large", "the body is larger than it may be"),
    ("415", "media_type", "the body is of another type than is asked for"),
    ("421", "host", "the name in the address is not the hub's"),
    ("422", "parameter", "a parameter is not what it should be, or is given twice"),
    ("422", "kind", "the declaration of a kind cannot be used; the message says why"),
    ("422", "zone", "the zone file has a mistake, or there is none"),
    ("429", "too_many", "too many trials in a second by one link or from one address"),
    ("500", "internal", "internal error; see the hub's log"),
    ("503", "connections", "too many connections are open, in all or from one address"),
    ("503", "mutes", "an alarm cannot be muted; the message says why"),
    ("503", "outbox", "the outbox cannot be read now"),
    ("503", "store", "the store does not answer now"),
    ("504", "timeout", f"the store took longer than {store.QUERY_DEADLINE:g} s over a question"),
    ("503", "booths", "the file of the booths' accounts cannot be read"),
    (
        "503",
        "unavailable",
        "as many live streams are open as may be, in all, by one link or from one address",
    ),
)

_TIMES = f"""\
Times in `start` and `stop` are RFC 3339 (`2026-10-07T10:00:00+09:00`; write `+` as `%2B`), a Unix
epoch number, `now`, or so long before now: `-15m`. Durations in `every` are like `250ms`, `10s`,
`1m`, `2h`, `7d`. `start` is in the answer, `stop` is not. Without `every` the rows are as stored;
with it there is one row for each device and bucket, stamped with the bucket's start, buckets
being counted from 1970-01-01 UTC. `mean`, `min`, `max` and `sum` apply to numbers, `last` and
`count` to every field. When there are more rows than `limit` (at most {MAX_ROWS:,}, of all kinds
together) the newest are given.
Besides the kinds, `kind` may be `device_state`: each change between live, late and offline
(`level` 2, 1, 0), and the state as it stands every ten minutes. `hub` has the hub's own counters
every 10 s, `rejections` those by booth and code, `booth_readings` a booth's readings once a
minute; `hub_health` and `rejected` are written by one of
[several hubs](../how-to/run-several-hubs.md) for the wall of all. All of these are left out unless
they are asked for by name."""

_NOTES = {
    "/api/health": (
        "`broker`, `outbox`, `store` and `clock` each have a `state`, a `message` that says what "
        "to do, and the same in Korean. The hub is well while broker and outbox are `ok`: "
        "without the store readings wait in the outbox. The states are in [operate it on "
        "the day](../how-to/operate-on-the-day.md#when-health-says). `over_quota` names the "
        "booths that sent more than their quota in the last ten seconds, `too_many_devices` those "
        "that had more devices in these than are [shown]"
        "(../explanation/guarantees.md#when-a-booth-uses-new-names-again-and-again). "
        "`wrong_stamps` says from when to when times of arrival, as they are stored, were ahead of "
        "the true time (`ahead_s` below 0: behind), by the hub's clock as it is now: the latest "
        "ten times. `deaf_since` is there while no message reaches the hub: since when."
    ),
    "/api/accounts": (
        "Counted since the data folder was made, over restarts. They balance at every moment: "
        "`received = accepted + rejected + duplicate + ignored` and `readings = stored + merged + "
        "waiting + refused`. See [guarantees](../explanation/guarantees.md)."
    ),
    "/api/kinds": "One kind of the list, with one of its fields:",
    "/api/kinds/{kind}/schema": ("The same texts are in the project's folder `schemas/json/`."),
    "/api/asyncapi": (
        "Opened by any booth's link. It names the broker's addresses as devices reach them, and "
        "the kinds that were declared for the event, also while the hub runs. The same without a "
        "hub is `hub kinds asyncapi`; with the kinds that ship it is [AsyncAPI](../asyncapi.yaml)."
    ),
    "/api/booths/{booth}/export": (
        "Opened by the booth's own link. `csv` is UTF-8 with a byte order mark; text that a "
        "spreadsheet would run as a formula has an apostrophe in front. `xlsx` has a sheet for "
        "each kind. A day begins and ends at midnight of the event's `timezone`."
    ),
    "/api/booths/{booth}/kinds/{kind}/draft": (
        "For the ops token. Guesses are marked with `x-look`: look at them, correct them, and send "
        "it to `POST /api/kinds`. See [add a kind](../how-to/add-a-kind.md#while-the-hub-runs)."
    ),
    "/api/booths/{booth}/report": (
        "Opened by the booth's own link. An HTML page with nothing from elsewhere, for A4: "
        "readings and hours live of each device, rejections by cause, up to 24 curves of means "
        "over 15 minutes. Hours are those in which the hub ran and the device was live."
    ),
    "/api/wishes": "The kinds that the button *This is a new kind* on booth pages asked for.",
    "/api/kinds/{kind}/accept-rejected": (
        "For the ops token. Messages that were rejected with `kind`, as there was none, are "
        "decoded again: each is stored once, at its time of arrival, and leaves the list of "
        "rejections. The answer counts those `taken`, those `rejected` still, and those of which "
        f"only the beginning is kept (`cut`: {SHOWN:,} characters or more). In the accounts they "
        "stay `rejected`; their readings count in `readings`."
    ),
    "/api/mutes": (
        'For the ops token. One mutes a `device` (`{"booth": …, "kind": …, "device": …}`) '
        "or a `cause`, as the wall groups by: `offline b12`, `late b12`, `stray b12`, `value "
        "thermostat temperature`, `rejection schema thermostat temperature maximum`. `minutes` is "
        "1 to 10,080, `by` a name. The wall shows it in grey with who and until when, and counts "
        "it no longer; alerts in Grafana are another's, and go on. It survives a restart; the log "
        "says who muted what."
    ),
    "/api/zone": (
        "What the [zone file](../how-to/zone-file.md) says, and the state "
        "of each booth: `live` when all of its devices are, `late` when some are not, "
        "`offline` when none is, `empty` when none is known. A booth that is not in the file "
        "but sends is listed too, by the names that `hub booth add` was given, or by its id; with "
        "`booth=` also one that has an account and sent nothing yet. `auth` says whether devices "
        "connect with an account, `ca` is the name of the file of the event's own certificate "
        "authority, which `/api/ca.crt` gives. `others` are further addresses of the broker, if "
        "`HUB_PUBLIC_BROKER` has some, with the `purpose` `tls`, `plain` or `web`. `no_accounts` "
        "is there where none can be made (the demo, a wall), and says why in both languages. "
        "`show` has the `tap` to which the wall invites visitors: whose reading it is, and the "
        "`url` of the page; in `hub demo --show` also the `plug`."
    ),
    "/api/show/tap": (
        "Needs no token. Where the zone file has [`phones`]"
        "(../how-to/show-to-visitors.md#your-phone-on-the-wall), one reading of its device "
        "`visitors` goes to the broker as a device's would. The answer is the "
        "[receipt](topics.md), or the [rejection](rejections.md). 404 says that there is no such "
        "booth, 429 how long to wait, 503 that the broker refused it or nobody answered."
    ),
    "/api/zone/reload": (
        "For the ops token. `unknown_kinds` is there where the file has devices of kinds that "
        "nobody has declared. See [change it while the hub runs]"
        "(../how-to/zone-file.md#change-it-while-the-hub-runs)."
    ),
    "/api/booths/{booth}": (
        "`checklist` has the five steps of a new device: `connected`, `topic` (the right one), "
        "`json` (valid), `reading` (the first that was accepted), `steady` (every device that "
        f"sends is live, one of them for {STEADY_AFTER} of its kind's intervals). Each is "
        "`done`, `wrong` with the newest `rejection` or the `device` that fell silent, `next` "
        "or `later`; before any message, with what the broker refused as `refusal`. `account` is "
        "null for a booth without one; it never holds a password. "
        "`at_broker` has what Mosquitto's log says of its accounts: which are `connected`, since "
        "when, and what it refused them (`code` is `refused`, `name`, `strangers`, `taken_over`, "
        "`too_large`, `malformed` or `silent`); null where the hub cannot read that log. "
        "`quota` is null for a booth that never was above its quota, else `over` says whether "
        "it is now; `dropped`, `delayed` and `counted` (rejections of which nothing else is kept) "
        "count messages since the start. `unanswered` counts "
        "receipts that the booth asked for where [none may go](topics.md#receipts), and says why "
        "of the newest; it is null where there are none. `taking` is false "
        "while the hub cannot take readings."
    ),
    "/api/kinds/{kind}/check": (
        "The body is the payload as a device would send it, of any content type. The same code "
        "judges it as on the way of a reading; it is not counted, not stored and not shown. A "
        f"body of more than {booths.MAX_BODY / 1024:g} KiB is not read. The answer is 200 either "
        "way: `accepted`, with the values as they would be stored, or the rejection. A trial too "
        f"many is refused after {booths.REFUSED_AFTER:g} s."
    ),
    "/api/kinds/{kind}/snippets": (
        "The account of the device is filled in if the booth has one; the password never is. "
        "`host` stands in for the broker's host, for a hub that knows it as 127.0.0.1 only."
    ),
    "/api/ca.crt": (
        "The certificates in the file that `HUB_BROKER_CA` names, as `application/x-pem-file`; "
        "nothing else of that file is given. 404 when it is not set. A certificate is public: "
        "devices need it to trust the broker, so no token is asked for."
    ),
    "/api/devices": (
        "Known since the hub started, or expected by the zone file. `readings` and "
        "`rejections` count since the start, `rate` is in readings a second. `last` has the "
        "newest value of each field by its time. `earlier` has the fields that the newest reading "
        "did not have, with the time of each, and `ceased` those of them that no longer alarm. "
        "`interval` is there where the zone file gives one, in seconds. `stray` "
        "is one that is not in the zone file and sent nothing valid. The meaning of `warnings` is "
        "in [topics](topics.md#warnings); `clock_guess` is the likely cause of the warning `clock`."
    ),
    "/api/readings": _TIMES,
    "/api/rejections": (
        f"See [rejections](rejections.md). `payload` holds {SHOWN:,} characters at most."
    ),
    "/api/rejections/causes": (
        f"Counted by the hub since it started, for {WINDOW // 60} minutes; the last is a part of "
        "one. A cause is the code, the kind, and of the first fault the field and the rule that "
        "it breaks: `missing`, `above`, `below`, `choice`, `number`, `type`, `text`, `time` or "
        f"`status`. Of one booth {KEPT} causes a minute are told apart, the others have an empty "
        "`code`. The booth is empty where the topic names none."
    ),
    "/api/past": (
        "For a wall that plays it in its page; nothing on the hub changes. A step is `step_ms` "
        "long, and each entry begins with its number. `heard` has the booths with a reading, and "
        "`moves` a device with its `x` and `y` in metres of the hall. `states` has a device with "
        "its new state, `rejections` a booth and how many, `messages` how many of all booths. "
        "Booths and devices are numbers in the lists `booths` and `devices`, which have the states "
        "at the beginning. It is made of the flight recorder ([HUB_PAST](settings.md)): whoever "
        "asks within a second gets the same."
    ),
    "/api/day": (
        "For a wall that plays a day in 30 s. From when the event opens until it closes, or until "
        "now, in at most 120 parts of `every_s`; without opening hours, as long as something "
        "came. Each entry is a part, a booth by its number in `booths`, and a count. The hub "
        "counts readings once a minute (`booth_readings`) and rejections every 10 s "
        "(`rejections`) in the store; whoever asks within 30 s gets the same."
    ),
    "/api/replay": (
        "The type is `application/x-ndjson`, each line a message: "
        '`{"topic": "smartlife/v1/b12/thermostat/t1", "payload": "{\\"temperature\\": 21.5}"}`; '
        f"at most {MAX_MESSAGES:,} of them and {MAX_BODY // 2**20} MiB. The answer counts `shown`, "
        "`live` (not shown, because the device itself is live) and `unfit` (no reading). The "
        "device and its `reading` events then say `replayed`, until ten of the kind's intervals "
        "pass without another. Neither outbox, store, accounts nor states take note. `hub replay "
        "--into-hub` sends a recording so; see [record and replay](../how-to/record-and-replay.md)."
    ),
    "/api/replays": (
        "`hub replay --into-hub` says four times a second where it is (PUT), and takes what is "
        "wanted of it; after 5 s without a word it plays no more. Send what is wanted with PATCH: "
        '`{"paused": true}`, `{"steps": 1}` for one message and a pause, `{"speed": 2}`, '
        '`{"position": 30.5}` in seconds from the first message, or several at once. The page '
        "with the wall shows these controls while a replay plays."
    ),
    "/api/live": (
        "`reading` carries a device's latest values, `state` a change between live, late and "
        "offline, `rejection` a [rejection](rejections.md). Readings of one device that come "
        "faster are put together; `readings` tells how many there were. With `batch=true` all "
        "of an update are one event `readings`, an array, of each what is not empty, false or 0, "
        "which costs a browser less. When "
        "more states and rejections come at once than an update holds, each booth keeps its "
        "share, the newest, and `missed` counts the `events` that were left out: ask for "
        "devices and rejections again. `forgotten` names a device that is to be shown no "
        "more. With `booth`, an event `booth` holds what `/api/booths/{booth}` returns: at "
        "first, and when it changed. Without `booth` and `domain`, an event `hub` holds what "
        "`/api/health` and `/api/accounts` return, "
        f"as `health` and `accounts`; of counts alone it tells every {OFTEN:g} s. A `beat` "
        "comes after 10 s without another event: a client that hears nothing for 25 s should "
        "reconnect."
    ),
    "/metrics": "See [metrics](metrics.md).",
}


class _Nowhere:
    """A connection for examples: nobody is at its other end."""

    def acknowledge(self, _: object) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


def files() -> dict[str, str]:
    """Return the page of the HTTP interface."""
    error = {"error": "not_found", "message": "there is no kind 'lamp'; /api/kinds lists them"}
    rows = [(code(path), what) for path, what in PAGES.items()]
    errors = [(status, code(name), what) for status, name, what in _ERRORS]
    parts = [
        _INTRO,
        as_json(error),
        table(("status", "error", "when"), errors),
        "## Pages\n\n" + table(("path", "what"), rows),
        *_paths(),
    ]
    return {"docs/reference/http.md": page("http_api", "HTTP", *parts)}


def interface() -> dict[str, Any]:
    """Return the interface as OpenAPI; its routes ask the hub only when they are called."""
    app = FastAPI()
    parts = SimpleNamespace(kinds=kinds(), status=None, store=None)
    app.include_router(routes(cast("Parts", parts)))
    return app.openapi()


def _paths() -> Iterator[str]:
    examples = _examples()
    for path, methods in interface()["paths"].items():
        for method, what in methods.items():
            yield f"## {method.upper()} {path}"
            yield what["description"]
            if what.get("parameters"):
                yield _parameters(what["parameters"])
            yield from _fields(what.get("requestBody", {}).get("content", {}))
            failing = [item for item in sorted(what["responses"]) if int(item) >= 400]
            yield f"Errors: {', '.join(failing)}."
            yield from filter(None, (_NOTES.get(path), examples.get(path)))


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = [
        (code(item["name"]), item.get("description", ""), _type(item["schema"]), _default(item))
        for item in parameters
    ]
    return table(("parameter", "what", "type", "default"), rows)


def _fields(content: dict[str, Any]) -> Iterator[str]:
    """The fields of a body of JSON, where the interface declares them."""
    schema = content.get("application/json", {}).get("schema", {})
    needed = schema.get("required", ())
    rows = [
        (code(name), field.get("description", ""), _type(field), _given(field, name in needed))
        for name, field in schema.get("properties", {}).items()
    ]
    if rows:
        yield table(("field of the body", "what", "type", "default"), rows)


def _type(schema: dict[str, Any]) -> str:
    given = next(item for item in schema.get("anyOf", [schema]) if item.get("type") != "null")
    if "$ref" in given:
        return ", ".join(code(item.value) for item in store.Aggregate)
    name = {"array": "text, more than once", "string": "text"}.get(given["type"], given["type"])
    if "maxItems" in given:
        return f"list of texts, at most {given['maxItems']}"
    if "maxLength" in given:
        least = given.get("minLength", 0)
        length = f"{least} to {given['maxLength']}" if least else f"at most {given['maxLength']}"
        return f"{name}, {length} characters"
    return _range(given) or str(name)


def _range(schema: dict[str, Any]) -> str:
    """The range of a number in words, or nothing for one without bounds."""
    least, above, most = map(schema.get, ("minimum", "exclusiveMinimum", "maximum"))
    if least is not None:
        return f"{least:.10g} to {most:.10g}" if most is not None else f"{least:.10g} or more"
    if above is not None:
        return f"above {above:g}" + (f", at most {most:.10g}" if most is not None else "")
    return ""


def _given(schema: dict[str, Any], needed: bool) -> str:
    return _default({"in": "path" if needed else "body", "schema": schema})


def _default(item: dict[str, Any]) -> str:
    if item["in"] == "path":
        return "needed"
    default = item["schema"].get("default")
    if default is None or default == []:
        return ""
    return code(str(default).lower() if isinstance(default, bool) else str(default))


def _examples() -> dict[str, str]:
    """Answers as the code makes them, for a booth with one thermostat."""
    batch = _batch()
    clock = HeldClock(MOMENT)
    live = Live(kinds(), clock)
    with live.broadcast.watch() as viewer:
        live.observe(batch)
        live.tick()
        events = sse(asyncio.run(_first(viewer.updates())))
    device = live.devices()[0]
    reading = batch.readings[0]
    domain = kinds()[reading.address.kind].domain.id
    tags = {"booth": reading.address.booth, "device": reading.address.device, "domain": domain}
    row = store.StoredRow(reading.ts, reading.address.kind, tags, reading.fields)
    kind = serializers.kind(kinds()["thermostat"], _ROOT)
    accounts = Accounts(accepted=1204, rejected=3, ignored=2, stored=1203)
    place = Place(x=4, y=4, width=6, depth=4)
    booth = Booth(id="b12", name="Hanbit Home", name_ko="한빛홈", place=place)
    settings = given({"public_broker": "mqtt://10.0.0.5"})
    zone = serializers.zone(Zone(booth=(booth,)), [device], settings, MOMENT)
    return {
        "/api/health": as_json(_health().as_json("0.1.0")),
        "/api/accounts": as_json(accounts.as_json()),
        "/api/kinds": as_json([{**kind, "fields": kind["fields"][:1]}]),
        "/api/zone": as_json(zone),
        "/api/devices": as_json([device.as_json(clock.monotonic())]),
        "/api/readings": as_json([serializers.row(row)]),
        "/api/rejections/causes": as_json(live.causes()),
        "/api/rejections": as_json([batch.rejections[0].as_json()]),
        "/api/booths/{booth}": as_json(
            _booth(serializers.booth(Zone(booth=(booth,)), [device], "b12"), live)
        ),
        "/api/kinds/{kind}/check": as_json(verdict(reading)),
        "/api/kinds/{kind}/snippets": as_json(_programs()),
        "/api/live": fence(events.strip(), "text"),
    }


def _booth(entry: dict[str, Any], live: Live) -> dict[str, Any]:
    account = {"account": "b12-1", "kind": "thermostat", "device": "t1"}
    items = checklist(MOMENT, live.devices(), {})
    return {
        **entry,
        "taking": True,
        "account": {"disabled": False, "devices": [account]},
        "at_broker": _at_broker().as_json(),
        "quota": {"over": False, "dropped": 0, "delayed": 120, "counted": 0},
        "unanswered": None,
        "checklist": [item.as_json() for item in items[-2:]],
    }


def _at_broker() -> BoothLogIns:
    connected = Connected("b12-1", MOMENT, "3.1.1")
    message = words(LogEvent.TOO_LARGE.value, "b12-1", f"{_ROOT}/b12/")
    refusal = BrokerRefusal(LogEvent.TOO_LARGE.value, "b12-1", message, 2, MOMENT)
    return BoothLogIns([connected], [refusal])


def _programs() -> list[dict[str, str]]:
    language = SnippetLanguage.MOSQUITTO_PUB
    there = DeviceConnection("10.0.0.5", 1883, False, None, "b12-1", _ROOT, "b12", "t1")
    return [program(language, kinds()["thermostat"], there)]


async def _first(updates: AsyncIterator[Update]) -> Update:
    return await anext(updates)


def _batch() -> Batch:
    batch = Batch(cast("Link", _Nowhere()), len(_SENT))
    decoder = Decoder(_ROOT, kinds())
    batch.decide([decoder.decode(topic, payload, MOMENT) for topic, payload in _SENT])
    return batch


def _health() -> health.Health:
    return health.Health(
        {
            "broker": health.broker("mqtt://127.0.0.1:1883", None),
            "outbox": health.outbox(None, 0, 2 * 1024**3),
            "store": health.store("store hub-data/store.db: disk I/O error", 812),
        }
    )
