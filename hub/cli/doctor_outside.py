"""The doctor's look from outside in: secrets, addresses, and a reading with its receipt."""

import asyncio
import base64
import contextlib
import json
import os
import ssl
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.settings.values import BrokerAddress

PATIENCE = 5.0
"""Seconds that an address may take to answer."""
BOOTH = "hub-doctor"
"""The booth of the trial: its account is made for it, and removed."""
_LEAST_DAYS = 3
_CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x00\x00\x3c\x00\x00"
"""CONNECT of MQTT 3.1.1 that a broker answers before it asks who it is: no client id and Clean
Session = 0 (MQTT-3.1.3-8). A log-in that it refuses would be told on the booths' pages."""
_CONNACK = 0x20


class Finding(NamedTuple):
    """What a check found: whether it is well, and what to do if not, or in any case (`note`)."""

    well: bool
    said: str
    note: bool = False


async def examine(settings: "Settings") -> dict[str, Finding]:
    """Return the findings, from outside in; a reading is sent only where a device gets in."""
    found = {"secrets": secrets(settings), "public": await public(settings)}
    found["web"] = await web(settings)
    if found["public"].well:
        found["reading"] = await reading(settings)
    else:
        found["reading"] = Finding(False, "not tried: no device gets in, see public")
    return found


def secrets(settings: "Settings") -> Finding:
    """Check that no secret is one of the documentation's examples."""
    if settings.samples:
        names = ", ".join(settings.samples)
        said = f"{names}: a sample from the documentation, which everybody knows; make another"
        return Finding(
            False, f"{said}: python3 -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    if settings.short_token is not None:
        return Finding(True, settings.short_token, note=True)
    return Finding(True, "none is a sample")


async def public(settings: "Settings") -> Finding:
    """Check each address that devices use: that it is there, and its certificate."""
    if settings.public_broker is None:
        said = f"{settings.broker}: devices on other machines need HUB_PUBLIC_BROKER"
        return Finding(True, said)
    found = [await _address(settings, address) for address in settings.public_broker]
    said = "; ".join(finding.said for finding in found)
    return Finding(all(finding.well for finding in found), said)


async def _address(settings: "Settings", address: "BrokerAddress") -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            speaks, until = await _reach(settings, address)
    except OSError as exc:  # TimeoutError and ssl.SSLError are OSErrors
        return Finding(False, f"{address}: {_unreached(address, exc)}")
    if not speaks:
        what = "WebSockets" if address.websockets else "MQTT"
        return Finding(False, f"{address}: what answers there speaks no {what}")
    return _dated(address, until, _last_day(settings))


async def _reach(settings: "Settings", address: "BrokerAddress") -> tuple[bool, datetime | None]:
    """Whether what listens at an address speaks MQTT, and when its certificate expires."""
    context = ssl.create_default_context(cafile=settings.broker_ca) if address.tls else None
    reader, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
    with contextlib.closing(writer):
        return await _speaks(address, reader, writer), _until(writer) if address.tls else None


def _unreached(address: "BrokerAddress", exc: OSError) -> str:
    """Why an address cannot be used, and what to do."""
    from hub.mqtt.certificate_errors import describe_distrust

    if isinstance(exc, TimeoutError):
        return f"no answer within {PATIENCE:g} s; does a firewall drop it?"
    if isinstance(exc, ssl.SSLCertVerificationError):
        return describe_distrust(exc)
    if isinstance(exc, ssl.SSLError):
        return f"speaks no TLS ({exc.reason}); is it another listener's port?"
    if isinstance(exc, ConnectionResetError):
        what = "speaks it no TLS?" if address.tls else "does it speak TLS only?"
        return f"closes the connection; {what}"
    return f"{exc.strerror or exc}; is it in HUB_PUBLIC_BROKER as devices reach it?"


def _until(writer: asyncio.StreamWriter) -> datetime:
    """When the certificate of a connection expires."""
    certificate: dict[str, Any] = writer.get_extra_info("peercert")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)


async def _speaks(
    address: "BrokerAddress", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """Whether MQTT is spoken at the address, over WebSockets if it is one of those."""
    if not address.websockets:
        writer.write(_CONNECT)
        return (await reader.read(1))[:1] == bytes([_CONNACK])
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET / HTTP/1.1\r\nHost: {address.host}:{address.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: mqtt\r\n\r\n"
    )
    writer.write(head.encode())
    return b" 101 " in await reader.readline()


def _dated(address: "BrokerAddress", until: datetime | None, last_day: date | None) -> Finding:
    """Whether the certificate lasts: over the event, or a few days if its end is not known."""
    if until is None:
        return Finding(True, f"{address} answers, without TLS")
    left = (until - datetime.now(UTC)).days
    if left < _LEAST_DAYS or (last_day is not None and until.date() <= last_day):
        said = f"{address}: the certificate ends on {until:%Y-%m-%d}"
        return Finding(False, f"{said}, before the event does; renew it with hub certs make")
    return Finding(
        True, f"{address} answers, its certificate fits and lasts until {until:%Y-%m-%d}"
    )


def _last_day(settings: "Settings") -> date | None:
    from hub.errors import ZoneError
    from hub.event.zone import load

    with contextlib.suppress(ZoneError):
        return load(settings.zone).event.ends
    return None


async def web(settings: "Settings") -> Finding:
    """Check the address of booths' pages, if a hub runs that can answer there."""
    from hub.client import HubClient, client_of
    from hub.errors import ClientError

    url = settings.public_http
    if url is None:
        if settings.http.loopback:
            said = (
                f"{settings.http.url}: phones need HUB_PUBLIC_HTTP, and HUB_HTTP beyond 127.0.0.1"
            )
            return Finding(True, said)
        said = f"HUB_PUBLIC_HTTP is not set, so links to booths' pages say {settings.http.url}"
        return Finding(settings.http.nearby == settings.http, said)
    if not await asyncio.to_thread(client_of(settings).answers):
        return Finding(True, f"{url}: not tried, for no hub runs at {settings.http}", note=True)
    try:
        await asyncio.to_thread(HubClient(url).read, "/static/icon.svg")
    except ClientError as exc:
        return Finding(False, f"HUB_PUBLIC_HTTP: {exc}")
    return Finding(True, f"{url} is the hub")


async def reading(settings: "Settings") -> Finding:
    """Send a reading as a device would, and wait for its receipt."""
    from hub.client import client_of
    from hub.errors import BoothError, BrokerError

    if not await asyncio.to_thread(client_of(settings).answers):
        said = f"not tried, for no hub runs at {settings.http}; start it, and run this again"
        return Finding(True, said, note=True)
    try:
        if settings.broker_admin is None:
            return await _send(settings, settings.broker)
        return await _with_account(settings)
    except (BoothError, BrokerError) as exc:
        if settings.broker_admin is None and settings.broker.username:
            said = "not tried: it takes HUB_BROKER_ADMIN to make an account to try with"
            return Finding(True, said, note=True)
        return Finding(False, f"{exc}; is this hub connected to that broker (/api/health)?")


async def _with_account(settings: "Settings") -> Finding:
    """Send it with an account that is made for it, at the address that devices use."""
    from dataclasses import replace

    from hub.booths.at_broker import at_broker
    from hub.cli.booth_broker import registry
    from hub.errors import BrokerError

    assert settings.broker_admin is not None
    admin = settings.broker_admin
    with registry(settings).alone():
        await at_broker(settings, admin, lambda accounts: accounts.remove(BOOTH))
        (made,) = await at_broker(settings, admin, lambda accounts: accounts.add(BOOTH, "", 1))
        assert made.password is not None
        device = replace(settings.reached_broker, username=made.account, password=made.password)
        try:
            found = await _send(settings, device)
        except BaseException as exc:
            left = await _left(settings, admin)
            if left and isinstance(exc, BrokerError):
                raise BrokerError(f"{exc}{left}") from exc
            raise
        left = await _left(settings, admin)
        return found._replace(well=False, said=f"{found.said}{left}") if left else found


async def _left(settings: "Settings", admin: "BrokerAddress") -> str:
    """Remove the trial's account; return what to do if that fails, else nothing."""
    from hub.booths.at_broker import at_broker
    from hub.errors import BoothError, BrokerError

    try:
        await at_broker(settings, admin, lambda accounts: accounts.remove(BOOTH))
    except (BoothError, BrokerError) as exc:
        return f"; its account is left ({exc}): hub booth remove {BOOTH}"
    return ""


async def _send(settings: "Settings", device: "BrokerAddress") -> Finding:
    from hub.mqtt.command_client import ask, connect
    from hub.topics import RECEIPTS, TRIAL, Address, topic_of
    from schemas import kinds

    kind = next(iter(kinds().values()))
    address = Address(BOOTH, kind.name, TRIAL)
    topic, answer = (topic_of(settings.root, address, leaf) for leaf in (None, RECEIPTS))
    ca: Path | None = settings.broker_ca
    payload = json.dumps(dict(kind.example)).encode()
    async with connect(device, ca, "HUB_PUBLIC_BROKER", device.username) as client:
        begun = time.monotonic()
        receipt: dict[str, Any] = json.loads(await ask(client, topic, payload, answer, PATIENCE))
        took = (time.monotonic() - begun) * 1000
    if receipt.get("stored") is not True:
        return Finding(False, f"the hub rejected it: {receipt.get('message', receipt)}")
    said = f"sent to {device}, kept as {BOOTH}'s, and its receipt came after {took:.0f} ms"
    return Finding(True, said)
