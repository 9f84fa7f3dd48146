"""What a stranger's connections may cost: their number, their time, and never the hub's own files.

Real sockets; what takes minutes otherwise has shorter limits here.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterator

import pytest
from paho.mqtt import publish

from harness.hub import Hub, environment
from harness.wait import until
from hub.web import connections
from hub.web.connections import ADDRESS_HELD, FILES_EACH, RESERVED_FILES, Connections
from hub.web.http11 import Http11
from hub.web.limits import ConcurrencyLimits, address_of
from hub.web.routes.stream import MAX_VIEWERS
from tests.security.conftest import BEARER, Socket
from tests.security.test_security_viewers import address, broker, files, many, watch
from tests.web.test_api import Stream

__all__ = ["broker", "files"]

DEADLINE = 40
UNKNOWN = b"GET /api/accounts HTTP/1.1\r\nhost: hub\r\n\r\n"
KNOWN = b"authorization: " + BEARER["authorization"].encode()
TRIAL = b"POST /api/kinds/thermostat/check HTTP/1.1\r\nhost: hub\r\n" + KNOWN


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits in time that end at once."""
    for name in ("HEAD", "STALLED", "SHORT"):
        monkeypatch.setattr(connections, name, 0.0)
    monkeypatch.setattr("hub.web.body.WHOLE", 0.05)


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the hub closes."""
    found = b""
    async with asyncio.timeout(DEADLINE):
        with contextlib.suppress(ConnectionResetError):
            while part := await reader.read(2**16):
                found += part
    return found


@contextlib.asynccontextmanager
async def connected(opened: Socket, **options: object):
    reader, writer = await asyncio.open_connection(opened.host, opened.port, **options)  # type: ignore[arg-type]
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


HELD = {
    "nothing": [],
    "half a head": [b"GET / HTTP/1.1\r\nhost:"],
    "a byte after a refusal": [UNKNOWN, b"G"],
    "a refusal whose body goes on": [
        b"POST /api/replay HTTP/1.1\r\nhost: hub\r\ncontent-length: 100\r\n\r\n",
        b"x",
    ],
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("sent", HELD.values(), ids=list(HELD))
async def test_a_connection_on_which_no_request_comes_is_closed(opened, sent):
    async with connected(opened) as (reader, writer):
        for piece in sent[:1]:
            writer.write(piece)
        if sent[1:]:
            await reader.readuntil(b"}")  # the refusal is there
            writer.write(sent[1])
        await rest(reader)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.usefixtures("soon")
async def test_a_head_that_comes_byte_by_byte_is_not_waited_for(opened):
    async with connected(opened) as (reader, writer):

        async def drip() -> None:
            while True:
                writer.write(b"a")
                await asyncio.sleep(0.01)

        dripping = asyncio.create_task(drip())
        writer.write(b"GET /")
        await rest(reader)
        dripping.cancel()
        await asyncio.wait([dripping])


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("path", [b"/api/kinds/thermostat/check", b"/api/replay"])
async def test_a_body_that_does_not_come_is_told_so(opened, path):
    head = b"\r\n".join(
        [
            b"POST " + path + b" HTTP/1.1",
            b"host: hub",
            KNOWN,
            b"content-type: application/x-ndjson",
            b"content-length: 100",
            b"",
            b"{",
        ]
    )
    said = await opened.say(head)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"error":"timeout"' in said


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "begun", [b"content-length: 100\r\n\r\n{", b"transfer-encoding: chunked\r\n\r\n5\r\n{"]
)
async def test_whoever_hangs_up_amid_a_body_leaves_nothing_in_the_log(opened, caplog, begun):
    for _ in range(3):
        async with connected(opened) as (_, writer):
            writer.write(TRIAL + b"\r\n" + begun)
            await writer.drain()
    await opened.say(UNKNOWN)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.asyncio(loop_scope="module")
async def test_an_answer_that_nobody_reads_is_given_up(opened, monkeypatch):
    given_up = asyncio.Event()

    def abort(self: Http11) -> None:
        self.transport.abort()
        given_up.set()

    monkeypatch.setattr(connections, "STALLED", 0.0)
    monkeypatch.setattr(Http11, "abort", abort)
    large = b"GET /static/vendor/uplot-1.6.32/uPlot.esm.js HTTP/1.1\r\nhost: hub\r\n\r\n"
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect((opened.host, opened.port))
        client.setblocking(False)
        await asyncio.get_running_loop().sock_sendall(client, large * 100)
        async with asyncio.timeout(DEADLINE):
            await given_up.wait()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_stream_outlives_every_limit_in_time(opened, soon):
    del soon
    async with connected(opened) as (reader, writer):
        writer.write(b"GET /api/live HTTP/1.1\r\nhost: hub\r\n" + KNOWN + b"\r\n\r\n")
        await reader.readuntil(b": welcome\n\n")
        silent = Socket(opened.host, opened.port)
        async with connected(silent) as (other, _):
            assert await rest(other) == b""  # a look was taken, and this one was closed
        assert not reader.at_eof()


# --- how many


class Client:
    """A connection as its limits see it."""

    def __init__(self, address: str, since: float = 0, *, streams: bool = False, waits=True):
        self.address, self.since, self.streams, self.waits = address, since, streams, waits
        self.left = 0
        self.aborted = False

    def unsent(self) -> int:
        return self.left

    def abort(self) -> None:
        self.aborted = True


def test_an_address_has_so_many_connections_and_others_have_theirs(monkeypatch):
    monkeypatch.setattr(connections, "ADDRESS_CONNECTIONS", 2)
    limits = Connections(10)
    assert [limits.opened("10.0.0.7") for _ in range(3)] == [True, True, False]
    assert limits.opened("10.0.0.8")
    limits.closed(Client("10.0.0.7"))
    limits.closed(Client("10.0.0.7"))
    assert limits.opened("10.0.0.7")


def test_this_machines_own_may_have_all_for_a_proxy_has(monkeypatch):
    monkeypatch.setattr(connections, "ADDRESS_CONNECTIONS", 2)
    limits = Connections(4)
    assert [limits.opened("127.0.0.1") for _ in range(5)] == [True] * 4 + [False]


def test_the_oldest_that_are_held_by_an_address_are_closed(monkeypatch):
    monkeypatch.setattr(connections, "ADDRESS_HELD", 2)
    held = [Client("10.0.0.7", since) for since in (3, 1, 2)]
    others = [Client("10.0.0.8"), Client("10.0.0.7", 9), Client("10.0.0.7", 0, streams=True)]
    Connections(99).enforce([*held, *others], now=10.0)
    assert [client.aborted for client in held] == [False, True, False]
    assert not any(client.aborted for client in others)


def test_whom_the_hub_still_owes_an_answer_is_kept_rather_than_who_waits(monkeypatch):
    monkeypatch.setattr(connections, "ADDRESS_HELD", 2)
    owed, *idle = [Client("10.0.0.7", since, waits=since > 0) for since in (0, 1, 2, 3)]
    Connections(99).enforce([owed, *idle], now=8.0)
    assert [client.aborted for client in (owed, *idle)] == [False, True, True, False]


def test_who_reads_slowly_but_reads_is_waited_for():
    limits, client = Connections(99), Client("10.0.0.7", waits=False)
    for second, left in enumerate(range(2_000_000, 0, -20_000)):
        client.left = left
        limits.enforce([client], now=float(second))
    assert not client.aborted


@pytest.mark.parametrize("left", [[100], [50_000, 60_000], range(60_000, 59_900, -1)])
def test_who_reads_next_to_nothing_is_not(left):
    limits, client = Connections(99), Client("10.0.0.7", waits=False)
    for second in range(int(connections.STALLED) + 2):
        client.left = left[second % len(left)]
        limits.enforce([client], now=float(second))
    assert client.aborted


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (("10.0.0.7", 1), "10.0.0.7"),
        (("::ffff:10.0.0.7", 1, 0, 0), "10.0.0.7"),
        (("2001:db8:1:2:3:4:5:6", 1, 0, 0), "2001:db8:1:2::/64"),
        (("::1", 1, 0, 0), "::1"),
        (("no address", 0), "no address"),
        (None, ""),
    ],
)
def test_limits_hang_on_what_of_an_address_one_machine_has(given, address):
    assert address_of(given) == address


def test_what_is_over_counts_no_more():
    open_ = ConcurrencyLimits()
    assert [open_.acquire({"a": 1, "b": 2}), open_.acquire({"b": 2}), open_.acquire({"b": 2})] == [
        None, None, "b",
    ]  # fmt: skip
    open_.release(["a", "b"])
    assert open_.acquire({"a": 1, "b": 2}) is None


@pytest.mark.asyncio(loop_scope="module")
async def test_many_streams_in_the_same_moment_are_no_more_than_the_limit(site, monkeypatch):
    monkeypatch.setattr("hub.web.routes.stream.MAX_VIEWERS", 3)
    app = site.client._transport.app
    headers = [(name.encode(), value.encode()) for name, value in BEARER.items()]
    streams = [Stream(app, "/api/live", headers) for _ in range(10)]
    async with contextlib.AsyncExitStack() as stack:
        entered = await asyncio.gather(*(stack.enter_async_context(each) for each in streams))
        assert sorted(each.start["status"] for each in entered) == [200] * 3 + [503] * 7
    assert site.hub.live.broadcast.viewers == 0


@pytest.mark.asyncio(loop_scope="module")
async def test_an_address_has_so_many_streams(site, monkeypatch):
    monkeypatch.setattr("hub.web.routes.stream.ADDRESS_VIEWERS", 1)
    app = site.client._transport.app
    headers = [(name.encode(), value.encode()) for name, value in BEARER.items()]
    streams = [Stream(app, "/api/live", headers) for _ in range(4)]
    for each, client in zip(
        streams, ("10.0.0.7", "10.0.0.7", "10.0.0.8", "127.0.0.1"), strict=True
    ):
        each._scope["client"] = (client, 1)
    async with contextlib.AsyncExitStack() as stack:
        entered = [await stack.enter_async_context(each) for each in streams]
        assert [each.start["status"] for each in entered] == [200, 503, 200, 200]


# --- a hub in a process of its own


@pytest.fixture
def few(tmp_path, broker) -> Iterator[Hub]:
    """A hub that may open so few files that a hundred connections are too many."""
    hub = Hub(tmp_path / "hub", broker.url)
    most = RESERVED_FILES + 100 * FILES_EACH
    start = f"ulimit -n {most}; exec {sys.executable} -m hub run"
    hub.launch(["sh", "-c", start], environment(hub.settings))
    try:
        until(hub.well, f"the hub is well: {hub.said}")
        yield hub
    finally:
        hub.close()


async def test_files_are_left_for_the_broker_and_the_outbox(few, broker):
    """Strangers hold every connection that there may be; the broker goes and comes meanwhile."""
    held = []
    refused = 0
    for _ in range(300):
        reader, writer = await asyncio.open_connection(*address(few))
        held.append((reader, writer))
    try:
        for reader, _ in held[150:]:
            async with asyncio.timeout(DEADLINE):
                refused += b"too many connections" in await reader.read(1000)
        assert refused  # others were accepted when the first had had their time
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
        await asyncio.to_thread(until, few.well, "the hub is back, and the strangers' time is up")
        reading = ("smartlife/v1/b1/thermostat/t1", b'{"temperature": 2}', 1)
        await asyncio.to_thread(publish.single, *reading, port=broker.port)
        await asyncio.to_thread(until, lambda: few.accounts()["stored"] == 1, "it is stored")
        assert "Too many open files" not in few.said
        assert "only 712 files may be open, so only 100 connections" in few.said
    finally:
        for _, writer in held:
            writer.close()


async def test_of_more_streams_than_the_limit_in_the_same_moment_so_many_are_served(
    tmp_path, broker
):
    hub = Hub(tmp_path / "hub", broker.url).start()
    served = await many(hub, MAX_VIEWERS - 40)
    # Fewer than a busy hub may hold of one address: see ADDRESS_HELD.
    tried = (watch(hub) for _ in range(ADDRESS_HELD - 10))
    begun = await asyncio.gather(*tried, return_exceptions=True)
    served += [each for each in begun if not isinstance(each, BaseException)]
    try:
        assert [each for each in begun if isinstance(each, BaseException)] == []
        assert [said for _, _, said in served].count(b"") == MAX_VIEWERS
    finally:
        writers = [writer for _, writer, _ in served]
        for writer in writers:
            writer.close()
        await asyncio.gather(*(w.wait_closed() for w in writers), return_exceptions=True)
        hub.close()
