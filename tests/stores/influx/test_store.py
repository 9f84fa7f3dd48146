"""InfluxDB refuses, is away, comes back: what becomes of each line, on the real server."""

import asyncio
import contextlib
import itertools
import json
import logging
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness.influx_shim import ORG, TOKEN, Influx, Manner, Mishap, Reply, Shim
from harness.ports import free_port
from harness.wait import DEADLINE, eventually
from hub.errors import QueryError, QueryTimeout, StoreUnavailable
from hub.pipeline.drain import Drain
from hub.pipeline.outbox import AsyncOutbox
from hub.pipeline.outbox.entries import Commit
from hub.status import health
from hub.stores.influx import answers, client
from hub.stores.influx.address import InfluxAddress
from hub.stores.influx.client import IN_FLIGHT
from hub.stores.influx.store import LINES, InfluxStore
from hub.stores.influx.token import Token
from hub.stores.store import Query, Refusal
from schemas import kinds

NOW = 1_760_000_000 * 10**9
Make = Callable[..., InfluxStore]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Make stores, which are closed with the test."""
    async with contextlib.AsyncExitStack() as stack:

        def made(
            address: str, token: str | Token | None = TOKEN, timeout: float = DEADLINE
        ) -> InfluxStore:
            store = InfluxStore(InfluxAddress.parse(address), kinds(), token, timeout)
            stack.push_async_callback(store.close)
            return store

        yield made


@pytest.fixture
def store(make: Make, influx: Influx) -> InfluxStore:
    return make(influx.address)


def line(number: int, fields: str = "temperature=21.5", device: str = "t1") -> bytes:
    tags = f"booth=b1,device={device},domain=smart_home"
    return f"thermostat,{tags} {fields} {NOW + number}".encode()


def lines(count: int) -> list[bytes]:
    return [line(number) for number in range(count)]


async def stored(store: InfluxStore) -> list[int]:
    """The times of all rows, as numbers of `line`; every row, so that one too many shows."""
    rows = await store.query(Query("thermostat", 0, 2**62, limit=100_000))
    return [row.ts - NOW for row in rows]


async def refused_once(store: InfluxStore) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as caught:
        await store.write(lines(3))
    return caught.value


# --- requests


async def test_bytes_go_in_requests_of_a_few_thousand_two_at_a_time(
    store: InfluxStore, influx: Influx
):
    influx.shim.gate = lambda in_flight: in_flight >= IN_FLIGHT or len(influx.shim.writes) >= 2
    sent = lines(3 * LINES)
    assert await store.write(sent) == []
    assert sorted(map(len, influx.shim.writes)) == [LINES] * 3
    assert sorted(itertools.chain(*influx.shim.writes)) == sorted(sent)
    assert set(influx.shim.targets) == {(ORG, influx.bucket)}
    assert influx.shim.most_in_flight == IN_FLIGHT


async def test_a_store_that_is_only_opened_and_closed_sends_nothing(
    store: InfluxStore, influx: Influx
):
    assert await store.write([]) == []
    await store.close()
    await store.close()
    assert influx.shim.writes == []


# --- lines that InfluxDB refuses


@pytest.mark.parametrize("manner", Manner)
async def test_of_a_type_conflict_only_the_line_itself_is_refused(
    store: InfluxStore, influx: Influx, manner: Manner
):
    influx.shim.manner = manner
    await store.write([line(0)])
    sent = lines(300)
    sent[17] = line(17, "temperature=21i")
    sent[230] = line(230, 'temperature="warm"')
    refusals = await store.write(sent)
    assert [refusal.line for refusal in refusals] == [sent[17], sent[230]]
    for refusal, type_ in zip(refusals, ("integer", "string"), strict=True):
        assert f'"temperature" on measurement "thermostat" is type {type_}' in refusal.reason
    assert await stored(store) == [n for n in range(300) if n not in (17, 230)]


@pytest.mark.parametrize("manner", Manner)
async def test_of_a_line_that_is_none_only_it_is_refused(
    store: InfluxStore, influx: Influx, manner: Manner, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store._declared, "unfit", lambda _: None)  # as if the hub had written it
    influx.shim.manner = manner
    sent = lines(20)
    sent[7] = line(7, "temperature=")
    (refusal,) = await store.write(sent)
    assert refusal.line == sent[7]
    assert "missing field value" in refusal.reason
    assert await stored(store) == [n for n in range(20) if n != 7]


@pytest.mark.parametrize("manner", Manner)
async def test_a_line_beyond_retention_is_refused(make: Make, influx: Influx, manner: Manner):
    influx.shim.manner = manner
    influx.influxd.create(f"{influx.bucket}-short", duration="24h")
    store = make(influx.address.replace(influx.bucket, f"{influx.bucket}-short"))
    now = time.time_ns()
    fresh = [line(now - NOW + number) for number in range(8)]
    old = line(-(10**9))
    (refusal,) = await store.write([*fresh[:5], old, *fresh[5:]])
    assert refusal.line == old
    assert "points beyond retention policy" in refusal.reason
    assert len(await stored(store)) == 8


async def test_a_request_of_nothing_but_refused_lines_is_not_taken_apart(
    store: InfluxStore, influx: Influx
):
    await store.write([line(0)])
    sent = [line(n, "temperature=21i") for n in range(1, 200)]
    assert [refusal.line for refusal in await store.write(sent)] == sent
    assert len(influx.shim.writes) == 2


@pytest.mark.parametrize("manner", Manner)
async def test_refused_lines_among_others_take_a_handful_of_requests(
    store: InfluxStore, influx: Influx, manner: Manner
):
    influx.shim.manner = manner
    await store.write([line(0)])
    sent = [line(n, "temperature=21i" if n % 2 else "temperature=21.5") for n in range(1, 401)]
    refusals = await store.write(sent)
    assert sorted(refusal.line for refusal in refusals) == sorted(sent[::2])
    assert all("is type integer" in refusal.reason for refusal in refusals)
    assert len(influx.shim.writes) <= 4
    assert await stored(store) == list(range(0, 401, 2))


async def test_thousands_of_lines_that_influxdb_3_names_take_two_requests(
    store: InfluxStore, influx: Influx
):
    data = [
        {"original_line": "thermostat,booth=b1", "line_number": n, "error_message": f"no {n}"}
        for n in range(1, LINES, 2)
    ]
    body = json.dumps({"error": "partial write of line protocol occurred", "data": data})
    influx.shim.planned.append(Reply(400, body))
    sent = lines(LINES)
    refusals = await store.write(sent)
    assert [refusal.line for refusal in refusals] == sent[:-1:2]
    assert refusals[0].reason == "partial write of line protocol occurred: no 1"
    assert [len(came) for came in influx.shim.writes] == [LINES, LINES - len(refusals)]


@pytest.mark.parametrize(
    "data",
    [
        [{"line_number": 0}],
        [{"line_number": 1}, {"line_number": 5}],
        [{"line_number": True}],
        [{"line_number": "1"}],
        [{"line_number": 1, "original_line": "wearable,booth=b"}],
        [7],
        {},
    ],
)
async def test_names_that_cannot_be_right_cost_no_line(
    store: InfluxStore, influx: Influx, data: Any
):
    body = json.dumps({"error": "partial write of line protocol occurred", "data": data})
    influx.shim.planned.append(Reply(400, body))
    assert await store.write(lines(4)) == []
    assert await stored(store) == [0, 1, 2, 3]


async def test_a_search_without_a_hint_comes_to_an_end(
    store: InfluxStore, influx: Influx, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.stores.influx.store._SEARCHES", 10)
    partly = Reply(422, '{"message": "partial write: for a reason of its own"}')
    influx.shim.planned.extend([partly] * 1_000)
    sent = lines(64)
    refusals = await store.write(sent)
    assert sorted(refusal.line for refusal in refusals) == sorted(sent)
    assert refusals[-1].reason.startswith("one of 32 lines of which InfluxDB refuses some: partial")
    assert len(influx.shim.writes) < 25


async def test_a_line_that_is_too_large_is_refused_alone(store: InfluxStore, influx: Influx):
    influx.shim.max_body = 1_000
    sent = lines(40)
    sent[20] = line(20, 'mode="' + "x" * 2_000 + '"')
    (refusal,) = await store.write(sent)
    assert refusal == Refusal(
        sent[20], "InfluxDB, or a proxy before it, takes no line of this size (413)"
    )
    assert await stored(store) == [n for n in range(40) if n != 20]


# --- InfluxDB refuses us


async def test_a_wrong_token_is_told_with_the_way_out(make: Make, influx: Influx):
    store = make(influx.address, "not-the-token")
    exc = await refused_once(store)
    assert exc.blocked
    assert exc.retry_after == answers.SLOWLY
    assert "does not accept the token (401); set HUB_INFLUX_TOKEN" in str(exc)
    with pytest.raises(StoreUnavailable, match="HUB_INFLUX_TOKEN"):
        await store.query(Query("thermostat", 0, 10))


async def test_a_token_without_the_right_is_told_with_the_way_out(
    store: InfluxStore, influx: Influx
):
    influx.shim.planned.append(Reply(403, '{"code": "forbidden", "message": "no write"}'))
    exc = await refused_once(store)
    assert exc.blocked
    assert "(403); give it the right" in str(exc)


async def test_a_missing_bucket_is_told_with_the_way_out(make: Make, influx: Influx):
    store = make(influx.address.replace(influx.bucket, "never-made"))
    exc = await refused_once(store)
    assert exc.blocked
    assert "/never-made has no such bucket (404); create it" in str(exc)
    with pytest.raises(StoreUnavailable, match="no such bucket") as caught:
        await store.query(Query("thermostat", 0, 10))
    assert caught.value.blocked


async def test_plain_http_at_a_tls_port_costs_no_line(store: InfluxStore, influx: Influx):
    influx.shim.planned.append(Reply(400, "Client sent an HTTP request to an HTTPS server.\n"))
    exc = await refused_once(store)
    assert exc.blocked
    assert "influxs://" in str(exc)


async def test_a_question_at_plain_http_is_not_refused_for_what_it_asks(store: InfluxStore):
    with pytest.raises(StoreUnavailable, match="influxs://"):
        store._series(answers.Answer(400, "Client sent an HTTP request to an HTTPS server.\n"))
    with pytest.raises(QueryError, match="InfluxDB: error parsing query"):
        store._series(answers.Answer(400, '{"error": "error parsing query"}'))


async def test_a_redirect_is_not_followed(store: InfluxStore, influx: Influx):
    influx.shim.planned.append(Reply(307, headers={"Location": "/elsewhere"}))
    assert "does not speak as InfluxDB does (307)" in str(await refused_once(store))


async def test_neither_token_nor_organization_is_told(
    make: Make, influx: Influx, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    store = make(influx.address)
    said = json.dumps({"message": f"organization name {ORG!r} of {TOKEN!r} is gone"})
    told = []
    for status in (400, 401, 404, 422, 429, 500, 503):
        influx.shim.planned.append(Reply(status, said))
        try:
            told += [refusal.reason for refusal in await store.write([line(0)])]
        except StoreUnavailable as exc:
            told.append(str(exc))
    for mishap in (Mishap.CUT_BEFORE, Mishap.CUT_AFTER):
        influx.shim.planned.append(mishap)
        told.append(str(await refused_once(store)))
    assert len(told) == 9
    hidden = [text for text in [*told, caplog.text] if ORG in text or TOKEN in text]
    assert hidden == []


async def test_an_answer_made_to_break_who_reads_it_costs_no_line(
    store: InfluxStore, influx: Influx
):
    influx.shim.planned.append(Reply(400, "[" * 3_000))
    assert (await refused_once(store)).blocked
    influx.shim.planned.append(Reply(400, f"partial write: no dropped={'9' * 4_400}"))
    assert await store.write(lines(3)) == []
    assert await stored(store) == [0, 1, 2]


# --- InfluxDB asks for time, or does not answer


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_in_seconds(store: InfluxStore, influx: Influx, status: int):
    influx.shim.planned.append(Reply(status, headers={"Retry-After": "7"}))
    exc = await refused_once(store)
    assert (exc.retry_after, exc.blocked) == (7, False)


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_as_a_date(
    store: InfluxStore, influx: Influx, status: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.stores.influx.store.time.time", lambda: 1_760_000_000)
    date = formatdate(1_760_000_042, usegmt=True)
    influx.shim.planned.append(Reply(status, headers={"Retry-After": date}))
    assert (await refused_once(store)).retry_after == 42


async def test_a_timeout(make: Make, influx: Influx):
    influx.shim.planned.append(Mishap.HANG)
    exc = await refused_once(make(influx.address, timeout=0.2))
    assert "did not answer in time" in str(exc)
    assert (exc.retry_after, exc.blocked) == (None, False)


@pytest.fixture
async def silent() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The address of what takes requests and answers none, and an event for the first."""
    came, end = asyncio.Event(), asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        came.set()
        await end.wait()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield f"influx://127.0.0.1:{server.sockets[0].getsockname()[1]}/expo?org={ORG}", came
    end.set()
    server.close()
    await server.wait_closed()


async def test_a_question_has_a_deadline(
    make: Make, silent: tuple[str, asyncio.Event], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("hub.stores.influx.client.QUERY_DEADLINE", 0.1)
    with pytest.raises(QueryTimeout, match="ask for less time"):
        await make(silent[0]).query(Query("thermostat", 0, 10))


async def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    store: InfluxStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(client, "LARGEST_ANSWER", 5_000)
    await store.write(lines(300))
    with pytest.raises(QueryError, match="the answer is too large; ask for less time"):
        await stored(store)
    assert len(await store.query(Query("thermostat", NOW, NOW + 3))) == 3


async def test_the_end_waits_for_no_question(make: Make, silent: tuple[str, asyncio.Event]):
    address, came = silent
    store = make(address, timeout=3600)
    asked = asyncio.create_task(store.query(Query("thermostat", 0, 10)))
    async with asyncio.timeout(DEADLINE):
        await came.wait()
        await store.close()
        with pytest.raises(StoreUnavailable):
            await asked


async def test_nobody_listens(make: Make):
    store = make(f"influx://127.0.0.1:{free_port()}/expo?org={ORG}")
    exc = await refused_once(store)
    assert str(exc).endswith("does not answer: Connection refused")
    with pytest.raises(StoreUnavailable, match="Connection refused"):
        await store.query(Query("thermostat", 0, 10))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself."""
    key, found = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=db"
    command = ["openssl", *words.split(), "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", found], check=True, capture_output=True)
    both = tmp_path / "both.pem"
    both.write_text(key.read_text() + found.read_text())
    return both


@pytest.fixture
def tls_influx(influx: Influx, certificate: Path) -> Iterator[Influx]:
    shim = Shim(influx.influxd, tls=certificate).start()
    try:
        yield Influx(influx.influxd, shim, influx.bucket)
    finally:
        shim.close()


async def test_tls_with_a_certificate_that_is_trusted(
    tls_influx: Influx, make: Make, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    store = make(tls_influx.address.replace("influx://", "influxs://"))
    assert await store.write(lines(3)) == []
    assert await stored(store) == [0, 1, 2]


async def test_tls_with_a_certificate_that_is_not_trusted(tls_influx: Influx, make: Make):
    store = make(tls_influx.address.replace("influx://", "influxs://"))
    assert "its certificate is not trusted (self" in str(await refused_once(store))
    with pytest.raises(StoreUnavailable, match="SSL_CERT_FILE names"):
        await store.query(Query("thermostat", 0, 10))
    assert tls_influx.shim.writes == []


async def test_plain_http_answers_a_tls_client(make: Make, influx: Influx):
    store = make(influx.address.replace("influx://", "influxs://"))
    assert "where InfluxDB has none, write influx:// in" in str(await refused_once(store))


@pytest.mark.parametrize("mishap", [Mishap.CUT_BEFORE, Mishap.CUT_AFTER, Mishap.CUT_WITHIN])
async def test_a_connection_cut_in_the_middle_loses_and_doubles_nothing(
    store: InfluxStore, influx: Influx, mishap: Mishap
):
    influx.shim.planned.append(mishap)
    assert not (await refused_once(store)).blocked
    assert await store.write(lines(3)) == []
    assert await stored(store) == [0, 1, 2]


async def test_a_cut_while_looking_for_the_refused_line(store: InfluxStore, influx: Influx):
    await store.write([line(0)])
    sent = lines(64)
    sent[40] = line(40, "temperature=21i")
    answer = Reply(400, '{"error": "partial write: field type conflict dropped=1"}')
    influx.shim.planned.extend([answer, Mishap.CUT_AFTER])
    with pytest.raises(StoreUnavailable):
        await store.write(sent)
    assert [refusal.line for refusal in await store.write(sent)] == [sent[40]]
    assert await stored(store) == [n for n in range(64) if n != 40]


# --- from the outbox


class Way:
    """Outbox, drain and store as the hub has them."""

    def __init__(self, outbox: AsyncOutbox, drain: Drain) -> None:
        self.outbox = outbox
        self.drain = drain
        self._number = itertools.count()

    async def accept(self, count: int, fields: str = "temperature=21.5") -> None:
        body = b"\n".join(line(next(self._number), fields) for _ in range(count))
        await self.outbox.commit(Commit(rows=body, count=count))

    async def settled(self) -> None:
        await eventually(lambda: self.outbox.accounts.waiting == 0)

    async def in_trouble(self) -> health.Part:
        await eventually(lambda: self.drain.last_error is not None)
        return self.health()

    def health(self) -> health.Part:
        waiting = self.outbox.accounts.waiting
        return health.store(self.drain.last_error, waiting, self.drain.blocked)


@contextlib.asynccontextmanager
async def draining(folder: Path, store: InfluxStore) -> AsyncIterator[Way]:
    outbox = await AsyncOutbox.open(folder / "outbox.db", 2**30, 0, 1)
    drain = Drain(outbox, store)
    running = asyncio.create_task(drain.run())
    try:
        yield Way(outbox, drain)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await outbox.close()


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drain tries again soon, so that a test need not wait for it."""
    monkeypatch.setattr(answers, "SLOWLY", 0.05)
    monkeypatch.setattr("hub.pipeline.drain.LONGEST_DELAY", 0.2)


async def test_refused_lines_are_kept_with_the_reason_and_counted(
    store: InfluxStore, tmp_path: Path
):
    async with draining(tmp_path, store) as way:
        await way.accept(10)
        await way.accept(3, "temperature=21i")
        await way.accept(10)
        await way.settled()
        accounts = way.outbox.accounts
        assert (accounts.stored, accounts.refused, accounts.waiting) == (20, 3, 0)
        kept = await way.outbox._call(way.outbox._outbox.refused, 10)
        assert all("is type integer, already exists as type float" in item.reason for item in kept)
        assert way.drain.last_error is None
        assert len(await stored(store)) == 20


@pytest.mark.usefixtures("quickly")
async def test_a_missing_bucket_holds_everything_until_it_is_there(
    make: Make, influx: Influx, tmp_path: Path
):
    bucket = f"{influx.bucket}-later"
    store = make(influx.address.replace(influx.bucket, bucket))
    async with draining(tmp_path, store) as way:
        await way.accept(100)
        part = await way.in_trouble()
        assert part.state == "blocked"
        assert "has no such bucket (404); create it" in part.message.en
        assert "100 readings wait in the outbox" in part.message.en
        assert way.outbox.accounts.refused == 0
        influx.influxd.create(bucket)
        await way.settled()
        await eventually(lambda: way.health().state == "ok")
    assert await stored(store) == list(range(100))


@pytest.mark.usefixtures("quickly")
async def test_a_wrong_token_holds_everything_until_it_is_right(
    store: InfluxStore, influx: Influx, tmp_path: Path
):
    influx.shim.token = "another"
    async with draining(tmp_path, store) as way:
        await way.accept(100)
        part = await way.in_trouble()
        assert part.state == "blocked"
        assert "HUB_INFLUX_TOKEN" in part.message.en
        influx.shim.token = TOKEN
        await way.settled()
        await eventually(lambda: way.health().state == "ok")
    assert await stored(store) == list(range(100))


@pytest.mark.usefixtures("quickly")
async def test_a_renewed_token_is_read_from_its_file(
    make: Make, influx: Influx, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "hub.stores")
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", encoding="utf-8")
    store = make(influx.address, Token(path=path))
    async with draining(tmp_path, store) as way:
        await way.accept(100)
        await way.settled()
        influx.shim.token = "a-new-token"
        await way.accept(100)
        assert (await way.in_trouble()).state == "blocked"
        path.write_text("", encoding="utf-8")  # being written just now
        await asyncio.sleep(0.1)
        path.write_text("a-new-token", encoding="utf-8")
        await way.settled()
        await eventually(lambda: way.health().state == "ok")
        assert way.outbox.accounts.refused == 0
    assert len(await stored(store)) == 200, "queries use the new one too"
    influx.shim.token = "a-third-token"
    path.write_text("a-third-token", encoding="utf-8")
    found = await asyncio.gather(*[store.write(lines(3)) for _ in range(4)])
    assert found == [[], [], [], []], "none that was under way with the old one fails"
    assert "a-new-token" not in caplog.text
    assert "refused the token; its file holds another one" in caplog.text
    influx.shim.token = TOKEN


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_is_refused_in_either_way_is_read_again(
    make: Make, influx: Influx, tmp_path: Path, status: int
):
    path = tmp_path / "token"
    path.write_text("an-old-token", encoding="utf-8")
    store = make(influx.address, Token(path=path))
    path.write_text(TOKEN, encoding="utf-8")
    influx.shim.planned.append(Reply(status, '{"code": "refused", "message": "no"}'))
    assert await store.write(lines(3)) == []


@pytest.mark.usefixtures("quickly")
async def test_a_server_stopped_and_started_again(
    make: Make, mortal_influx: Influx, tmp_path: Path
):
    store = make(mortal_influx.address)
    async with draining(tmp_path, store) as way:
        await way.accept(3_000)
        await way.settled()
        assert mortal_influx.influxd.stop() == 0
        await way.accept(6_000)
        part = await way.in_trouble()
        assert part.state == "away"
        assert "6,000 readings wait" in part.message.en
        mortal_influx.influxd.start()
        await way.settled()
    assert await stored(store) == list(range(9_000))


@pytest.mark.usefixtures("quickly")
async def test_a_server_killed_while_it_stores(make: Make, mortal_influx: Influx, tmp_path: Path):
    store = make(mortal_influx.address)

    def more_than(came: int) -> bool:
        return len(mortal_influx.shim.writes) > came

    async with draining(tmp_path, store) as way:
        for _ in range(3):
            came = len(mortal_influx.shim.writes)
            for _ in range(8):
                await way.accept(1_000)
            await eventually(partial(more_than, came))
            mortal_influx.influxd.kill()
            await way.accept(1_000)
            await way.in_trouble()
            mortal_influx.influxd.start()
        await way.settled()
        assert way.outbox.accounts.refused == 0
    assert await stored(store) == list(range(27_000))
