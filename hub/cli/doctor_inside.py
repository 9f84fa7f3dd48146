"""What `hub doctor` examines itself: broker, data, outbox, store, Grafana, clock, disk."""

import asyncio
import contextlib
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hub.cli import doctor_outside
from hub.cli.doctor_outside import Finding

if TYPE_CHECKING:
    from hub.mqtt.command_client import Client
    from hub.settings import Settings

_LEAST_YEAR = 2025
_LOW_DISK = 1024**3
_VERSION_PATIENCE = 1.0
_SHOWN_OVERLAPS = 5


async def examine(settings: "Settings") -> dict[str, Finding]:
    """Check everything, a finding for each part, from outside in."""
    checks: dict[str, Callable[[Settings], Awaitable[Finding]]] = {
        "broker": _broker,
        "data": _data,
        "outbox": _outbox,
        "store": _store,
        "grafana": _grafana,
        "http": _http,
        "zone": _zone,
        "clock": _clock,
    }
    found = await doctor_outside.examine(settings)
    return found | {name: await check(settings) for name, check in checks.items()}


async def _broker(settings: "Settings") -> Finding:
    from hub.errors import BrokerError
    from hub.mqtt.command_client import connect, subscribe
    from hub.mqtt.conformance import BEYOND_RECEIVE_MAXIMUM, is_too_old

    try:
        async with connect(settings.broker, settings.broker_ca) as client:
            refused = await subscribe(client, [f"{settings.root}/+/+/+/status"])
            version = await _version(client)
        lacking = await _lacking(settings) if settings.one_of_several else []
    except (BrokerError, OSError) as exc:  # a TimeoutError is an OSError
        return Finding(False, str(exc) or f"{settings.broker} does not answer")
    for pattern, why in refused.items():
        said = f"{settings.broker} refuses to subscribe {pattern} ({why})"
        return Finding(False, f"{said}; give the account the rights of the hub")
    said = f"{settings.broker} speaks MQTT 5 and lets us subscribe"
    if is_too_old(version):
        return Finding(True, f"{said}; {version}: {BEYOND_RECEIVE_MAXIMUM.message.en}", note=True)
    if lacking:
        return Finding(True, f"{said}; {'; '.join(lacking)}", note=True)
    return Finding(True, said)


async def _lacking(settings: "Settings") -> list[str]:
    """What the broker cannot do that one of several hubs needs."""
    from hub.mqtt.broker_capabilities import lacks
    from hub.mqtt.connecting import SESSION_EXPIRY, Broker, connack_of

    broker = Broker(settings.broker, f"{settings.mqtt_client_id}-doctor", settings.broker_ca)
    connack = await connack_of(broker)
    shared = bool(settings.group)
    found = lacks(connack, shared=shared, session_expiry=SESSION_EXPIRY, knew_session=False)
    return [label.en for label in found]


async def _version(client: "Client") -> str:
    """What the broker says of its version; empty when it says nothing, or not to us."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_VERSION_PATIENCE):
            await client.subscribe("$SYS/broker/version")
            async for message in client.messages:
                if message.topic.value.startswith("$SYS"):
                    return bytes(message.payload).decode(errors="replace")
    return ""


async def _data(settings: "Settings") -> Finding:
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as exc:
        return Finding(False, f"cannot write to {folder}: {exc.strerror}; set HUB_DATA to another")
    needed = settings.outbox_limit + _LOW_DISK
    gib = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free < needed:
        way_out = f"the outbox alone may need {settings.outbox_limit / 1024**3:.1f} GiB"
        return Finding(False, f"{gib}; {way_out}: free some, or lower HUB_OUTBOX_LIMIT")
    return Finding(True, gib)


async def _store(settings: "Settings") -> Finding:
    from hub.errors import HubError
    from hub.event.catalogue import load
    from hub.stores import shown, store_of
    from hub.stores.store import HUB, Query

    try:
        store = store_of(settings, load(settings))
        try:
            await store.query(Query(HUB.name, 0, 1, limit=1))
        finally:
            await store.close()
    except HubError as exc:
        return Finding(False, str(exc))
    return Finding(True, f"{shown(settings.store)} opens and answers")


async def _outbox(settings: "Settings") -> Finding:
    from hub.errors import OutboxError
    from hub.pipeline.outbox import refused

    path = settings.data / "outbox.db"
    if not path.exists():
        return Finding(True, "none yet; a hub makes it")
    aside = sorted(item.name for item in path.parent.glob("outbox.db.broken-*Z"))
    try:
        lines, size = refused.kept(path)
        said = [saved] if (saved := refused.salvaged(path)) else []
    except OutboxError as exc:
        return Finding(False, f"{exc}; start the hub, which saves what can be read")
    if lines:
        said.append(f"{lines} refused lines take {size} bytes of its limit: see hub outbox refused")
    if aside:
        said.append(f"a damaged one is kept in {aside[-1]}; delete it when you need it no more")
    return Finding(not aside and not lines, "; ".join(said) or "reads; nothing was refused")


async def _grafana(settings: "Settings") -> Finding:
    return await asyncio.to_thread(_ask_grafana, settings)


def _ask_grafana(settings: "Settings") -> Finding:
    token = settings.grafana_token
    if token is None:
        return Finding(True, "HUB_GRAFANA_TOKEN is not set; only hub boards push and diff need it")
    import urllib.error
    import urllib.request

    from hub.client import bearer

    way_out = "is Grafana running, and is HUB_GRAFANA right?"
    request = urllib.request.Request(  # noqa: S310 - the setting is http or https
        f"{settings.grafana}/api/folders",
        headers={"Authorization": bearer(token.get_secret_value())},
    )
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return Finding(True, f"{settings.grafana} answers and takes the token")
    except urllib.error.HTTPError as exc:
        if exc.code in {401, 403}:
            way_out = "set HUB_GRAFANA_TOKEN to that of a service account with the role Admin"
        return Finding(False, f"{settings.grafana} answers {exc.code}; {way_out}")
    except OSError as exc:
        return Finding(False, f"{settings.grafana}: {getattr(exc, 'reason', exc)}; {way_out}")


async def _http(settings: "Settings") -> Finding:
    from hub.errors import PortTaken
    from hub.web.server import listen

    try:
        listen(settings.http).close()
    except PortTaken as exc:
        return await asyncio.to_thread(_hub_there, settings, str(exc))
    return Finding(True, f"{settings.http} is free")


def _hub_there(settings: "Settings", taken: str) -> Finding:
    """What is at the address that is taken: a hub that is well, one that is not, or another."""
    from hub.client import client_of
    from hub.errors import ClientError

    client = client_of(settings)
    if not client.answers():
        return Finding(False, taken)
    try:
        parts = client.json("/api/health")["parts"]
    except ClientError as exc:
        return Finding(False, f"{exc}; its log and /api/health say which part is not well")
    for name, part in parts.items():
        if part["state"] != "ok":
            said = f"a hub runs at {settings.http}, and its {name} is {part['state']}"
            return Finding(False, f"{said}: {part['message']}")
    return Finding(True, f"a hub runs at {settings.http}, and is well")


async def _zone(settings: "Settings") -> Finding:
    from hub.errors import ZoneError
    from hub.event.catalogue import Catalogue
    from hub.event.zone import load

    if settings.zone is None:
        return Finding(True, "no zone file; booths are shown as they come")
    try:
        zone = load(settings.zone)
    except ZoneError as exc:
        return Finding(False, str(exc))
    known = Catalogue(settings, keep=False)
    if known.mistakes:
        return Finding(False, known.mistakes[0])
    unknown = sorted({item.kind for item in zone.expected()} - known.known.keys())
    if unknown:
        return Finding(False, f"there is no kind {unknown[0]}; hub kinds list shows all")
    overlaps = zone.overlaps()
    if overlaps:
        pairs = ", ".join(f"{one} and {other}" for one, other in overlaps[:_SHOWN_OVERLAPS])
        return Finding(False, f"{pairs} overlap on the floor plan; correct a place of theirs")
    return Finding(True, f"{len(zone.booth)} booths, {len(zone.expected())} devices expected")


async def _clock(_: "Settings") -> Finding:
    if time.gmtime().tm_year < _LEAST_YEAR:
        return Finding(False, f"it is {time.ctime()}; set the clock, or readings get this time")
    if _synchronised() is False:
        return Finding(False, "not synchronised; turn on NTP: timedatectl set-ntp true")
    return Finding(True, time.strftime("%Y-%m-%d %H:%M:%S %z"))


def _synchronised() -> bool | None:
    """Whether the system says that its clock is synchronised; None when it cannot tell."""
    if shutil.which("timedatectl") is None:
        return None
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    return {"yes": True, "no": False}.get(answer.stdout.strip())
