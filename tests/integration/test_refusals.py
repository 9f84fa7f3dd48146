"""What the hub says when the broker refuses, is silent or is not there: words that help."""

import asyncio
import contextlib
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.process import program
from harness.wait import DEADLINE, until
from hub.mqtt import subscriber as mqtt_source
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import topic_filters
from hub.mqtt.subscriber import Subscriber
from hub.settings.values import BrokerAddress
from tests.mqtt.played import close

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

CONNACK = bytes([0x20, 3, 0, 0, 0])
SERVER_KEEP_ALIVE_1 = bytes([0x20, 6, 0, 0, 3, 0x13, 0, 1])
SUBACK = bytes([0x90, 4, 0, 1, 0, 1])

# --- a broker that behaves as a test needs it


@contextlib.asynccontextmanager
async def _source(behaviour: Behaviour, group: str = "") -> AsyncIterator[Subscriber]:
    """A source at a broker with this behaviour."""

    writers = list[asyncio.StreamWriter]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await behaviour(reader, writer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        known = Broker(BrokerAddress("127.0.0.1", port, False, "hub", "s3cret"), "hub")
        async with _source_at(known, group) as source:
            yield source
    finally:
        await close(server, writers)


@contextlib.asynccontextmanager
async def _source_at(broker: Broker, group: str = "") -> AsyncIterator[Subscriber]:
    async def remember(patterns: list[str]) -> None:
        pass

    async def forget() -> None:
        pass

    filters = topic_filters("smartlife/v1", group)
    source = Subscriber(broker, filters, lambda *_: None, forget, [], remember)
    running = asyncio.create_task(source.run())
    try:
        yield source
    finally:
        running.cancel()
        await asyncio.wait({running})


async def _trouble(source: Subscriber, *words: str) -> str:
    async with asyncio.timeout(DEADLINE):
        while True:
            said = source.last_error or ""
            if all(word in said for word in words):
                return said
            await asyncio.sleep(0.005)


async def _packet(reader: asyncio.StreamReader) -> None:
    """Read one packet of less than 128 bytes, or end with the connection."""
    head = await reader.readexactly(2)
    await reader.readexactly(head[1])


def _answering(*answers: bytes) -> Behaviour:
    """A broker that answers the first packets with these bytes and then closes."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await _packet(reader)
            writer.write(answer)

    return behave


def _noting(behaviour: Behaviour) -> tuple[Behaviour, asyncio.Event]:
    """The same broker, and an event for the second connection to it."""
    connections, again = 0, asyncio.Event()

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        if connections > 1:
            again.set()
        await behaviour(reader, writer)

    return behave, again


REFUSALS = {
    "bad version": (0x84, "does not speak MQTT 5"),
    "bad client id": (0x85, "HUB_CLIENT_ID"),
    "bad password": (0x86, "user name or password is wrong"),
    "not authorised": (0x87, "user name, password"),
    "not available": (0x88, "not available now"),
    "busy": (0x89, "busy"),
    "banned": (0x8A, "banned"),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_refused_connection_says_why(what: str):
    code, words = REFUSALS[what]
    async with _source(_answering(bytes([0x20, 3, 0, code, 0]))) as source:
        said = await _trouble(source, "refused the connection", words)
    assert "s3cret" not in said


ENDS = {
    "shutting down": (0x8B, "shutting down"),
    "taken over": (0x8E, "HUB_CLIENT_ID"),
    "administrator": (0x98, "administrator"),
    "packet too large": (0x95, "too large"),
    "keep alive": (0x8D, "heard nothing from us"),
}


@pytest.mark.parametrize("what", ENDS)
async def test_an_ended_connection_says_why(what: str):
    code, words = ENDS[what]
    async with _source(_answering(CONNACK, SUBACK + bytes([0xE0, 1, code]))) as source:
        await _trouble(source, "closed the connection", words)


async def test_a_refused_subscription_names_the_filter():
    async with _source(_answering(CONNACK, bytes([0x90, 4, 0, 1, 0, 0x87]))) as source:
        await _trouble(source, "refused to subscribe smartlife/v1/#", "no right")


async def test_a_suback_with_too_many_answers_is_told_and_tried_again():
    broken = bytes([0x90, 5, 0, 1, 0, 1, 1])
    behave, again = _noting(_answering(CONNACK, broken))
    async with _source(behave) as source, asyncio.timeout(DEADLINE):
        await _trouble(source, "2 answers to 1 filters")
        await again.wait()


async def test_a_broker_without_shared_subscriptions_is_told_from_one_that_forbids_them():
    answer = bytes([0x90, 5, 0, 1, 0, 0x9E, 1])
    async with _source(_answering(CONNACK, answer), group="event") as source:
        await _trouble(source, "$share/event/smartlife/v1/#", "HUB_GROUP")


@pytest.mark.parametrize("code", [0, 1])
async def test_a_broker_of_mqtt_3_1_1_only_is_recognised(code: int):
    """It answers with a CONNACK of its own version, without properties."""
    async with _source(_answering(bytes([0x20, 2, 0, code]))) as source:
        await _trouble(source, "does it speak MQTT 5?")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "closed the connection without a reason"),
        (b"\xff" * 64, "malformed packet"),
        (b"\x20\xff\xff\xff\x7f", "announced a packet of 268435460 bytes"),
        (b"", "without a reason; does it speak MQTT 5 at this port"),
    ],
)
async def test_something_that_is_no_broker_is_no_end(answer: bytes, words: str):
    behave, again = _noting(_answering(answer))
    async with _source(behave) as source, asyncio.timeout(DEADLINE):
        await _trouble(source, words)
        await again.wait()


async def test_a_broker_that_accepts_and_never_answers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mqtt_source, "CONNECT_TIMEOUT", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with _source(silent) as source:
        await _trouble(source, "no answer")


async def test_a_broker_that_falls_silent_is_given_up():
    async def falls_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _packet(reader)
        writer.write(SERVER_KEEP_ALIVE_1)
        await _packet(reader)
        writer.write(SUBACK)
        await reader.read()

    async with _source(falls_silent) as source:
        await _trouble(source, "silent for")


# --- Mosquitto, and the hub as a process


def _broker_part(hub: Hub, *words: str) -> str:
    def look() -> str | None:
        said = hub.part("broker")
        return said if all(word in said for word in words) else None

    try:
        return until(look, f"the health speaks of {words}")
    except AssertionError:
        raise AssertionError(f"{words} not in {hub.part('broker')!r}") from None


def test_nobody_listens(make_hub: Callable[..., Hub]):
    port = free_port()
    hub = make_hub(f"mqtt://127.0.0.1:{port}").start(well=False)
    _broker_part(hub, f"mqtt://127.0.0.1:{port}", "refused", "HUB_BROKER")
    assert hub.health()[0] == 503
    until(lambda: f"127.0.0.1:{port}" in hub.said, "the log says so too")
    assert hub.stop() == 0


def test_a_listener_that_never_answers_does_not_keep_the_hub_from_stopping(
    make_hub: Callable[..., Hub],
):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        hub = make_hub(f"mqtt://127.0.0.1:{mute.getsockname()[1]}").start(well=False)
        assert hub.health()[0] == 503
        assert hub.stop() == 0


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """Mosquitto with one account, with an odd password."""
    accounts = tmp_path / "accounts"
    accounts.touch(mode=0o600)
    command = [program("mosquitto_passwd"), "-b", str(accounts), "hub", "s3cret/ü:@#"]
    subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)
    broker = Mosquitto(tmp_path / "mosquitto", "allow_anonymous false", f"password_file {accounts}")
    try:
        yield broker.start()
    finally:
        broker.kill()


def test_an_account_with_an_odd_password(guarded: Mosquitto, make_hub: Callable[..., Hub]):
    hub = make_hub(f"mqtt://hub:s3cret%2F%C3%BC%3A%40%23@127.0.0.1:{guarded.port}").start()
    assert "s3cret" not in hub.said + hub.part("broker")


def test_a_wrong_password(guarded: Mosquitto, make_hub: Callable[..., Hub]):
    hub = make_hub(f"mqtt://hub:wr0ng-s3cret@127.0.0.1:{guarded.port}").start(well=False)
    said = _broker_part(hub, "refused the connection", "password", "HUB_BROKER")
    until(lambda: "refused the connection" in hub.said, "the log says so too")
    assert "s3cret" not in hub.said + said


class Authority:
    """A certificate authority and a broker's certificate that it has signed, by openssl.

    Many instructions leave out what RFC 5280 asks for; this one, on demand, one extension.
    """

    def __init__(self, folder: Path, *, without: str = "") -> None:
        folder.mkdir()
        self.ca, self.certificate, self.key = (
            folder / n for n in ("ca.pem", "cert.pem", "key.pem")
        )
        usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        self._run(
            *("req", "-x509", "-keyout", folder / "ca.key", "-out", self.ca, "-subj", "/CN=ca"),
            *([] if without == "keyUsage" else usage),
        )
        extension = folder / "extensions"
        authority = "none" if without == "authorityKeyIdentifier" else "keyid"
        extension.write_text(
            f"subjectAltName=IP:127.0.0.1,DNS:localhost\nauthorityKeyIdentifier={authority}\n"
        )
        request = folder / "request"
        self._run("req", "-keyout", self.key, "-out", request, "-subj", "/CN=broker")
        command: list[str | Path] = [program("openssl"), "x509", "-req", "-in", request]
        command += ["-CA", self.ca, "-CAkey", folder / "ca.key", "-CAcreateserial"]
        command += ["-extfile", extension]
        subprocess.run([*command, "-out", self.certificate], check=True, capture_output=True)

    def _run(self, what: str, *arguments: object) -> None:
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-batch"]
        command = [program("openssl"), what, *new, *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that signed the broker's certificate."""
    return Authority(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture
def encrypted(tmp_path: Path, authority: Authority) -> Iterator[Mosquitto]:
    """Mosquitto with TLS."""
    broker = Mosquitto(
        tmp_path / "mosquitto",
        listener=[f"certfile {authority.certificate}", f"keyfile {authority.key}"],
    )
    try:
        yield broker.start()
    finally:
        broker.kill()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_tls(
    encrypted: Mosquitto, authority: Authority, make_hub: Callable[..., Hub], host: str, booth: str
):
    address = f"mqtts://{host}:{encrypted.port}"
    hub = make_hub(address, broker_ca=authority.ca).start()
    command = [program("mosquitto_pub"), "-h", host, "-p", str(encrypted.port), "-q", "1"]
    command += ["--cafile", str(authority.ca), "-t", f"smartlife/v1/{booth}/light/l1"]
    subprocess.run([*command, "-m", '{"brightness": 5}'], check=True, timeout=DEADLINE)
    until(lambda: hub.readings("light", booth=booth), "the reading is stored")
    assert address in hub.part("broker")


def test_tls_with_another_authority(
    encrypted: Mosquitto, make_hub: Callable[..., Hub], tmp_path: Path
):
    other = Authority(tmp_path / "other")
    hub = make_hub(f"mqtts://127.0.0.1:{encrypted.port}", broker_ca=other.ca).start(well=False)
    _broker_part(hub, "certificate", "HUB_BROKER_CA")
    until(lambda: "HUB_BROKER_CA" in hub.said, "the log says so too")


_STRICT_DOCTOR = """
import ssl, sys
from hub.cli import main
made = ssl.create_default_context
def strictly(**given):
    context = made(**given)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context
ssl.create_default_context = strictly
sys.argv[1:] = ["doctor"]
main()
"""


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates are verified as Python 3.13 does by itself."""
    made = ssl.create_default_context

    def strictly(**given: object) -> ssl.SSLContext:
        context = made(**given)  # type: ignore[arg-type]
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", strictly)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("lacking", ["keyUsage", "authorityKeyIdentifier"])
async def test_certificates_that_lack_what_rfc_5280_asks_for(lacking: str, tmp_path: Path):
    """The hub's own connection, and that of `hub doctor` and the other commands."""
    authority = Authority(tmp_path / "tls", without=lacking)
    files = [f"certfile {authority.certificate}", f"keyfile {authority.key}"]
    broker = Mosquitto(tmp_path / "mosquitto", listener=files)
    try:
        port = broker.start().port
        known = Broker(BrokerAddress("127.0.0.1", port, tls=True), "hub", authority.ca)
        async with _source_at(known) as source:
            await _trouble(source, f"lacks {lacking}", "3.13", "hub certs make")
        settings = {"broker": f"mqtts://127.0.0.1:{port}", "broker_ca": authority.ca}
        doctor = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", _STRICT_DOCTOR],
            env=environment({**settings, "data": tmp_path / "data"}),
            check=False, timeout=DEADLINE, capture_output=True, text=True,
        )  # fmt: skip
        assert f"lacks {lacking}, which Python 3.13" in " ".join(doctor.stdout.split())
    finally:
        broker.kill()


def test_tls_at_a_port_without_it_and_the_other_way_round(
    encrypted: Mosquitto, mosquitto_plain: Mosquitto, make_hub: Callable[..., Hub]
):
    plain = make_hub(f"mqtt://127.0.0.1:{encrypted.port}").start(well=False)
    _broker_part(plain, "closed the connection")
    tls = make_hub(f"mqtts://127.0.0.1:{mosquitto_plain.port}").start(well=False)
    _broker_part(tls, "TLS")


@pytest.fixture
def mosquitto_plain(standing_mosquitto: Mosquitto) -> Mosquitto:
    """Mosquitto without TLS."""
    return standing_mosquitto


def test_an_authority_that_is_no_certificate(tmp_path: Path, make_hub: Callable[..., Hub]):
    wrong = tmp_path / "ca.pem"
    wrong.write_text("no certificate")
    hub = make_hub(f"mqtts://127.0.0.1:{free_port()}", broker_ca=wrong)
    with pytest.raises(ssl.SSLError):
        ssl.create_default_context(cafile=wrong)
    hub.start(well=False)
    _broker_part(hub, "HUB_BROKER_CA", "PEM")
