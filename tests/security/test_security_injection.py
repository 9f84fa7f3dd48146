"""Whatever a name or a text holds, it comes back from a real store as itself and touches nothing.

InfluxDB is asked in InfluxQL and told in line protocol, SQLite in SQL; the lines are the decoder's.
"""

import asyncio
import itertools
import json

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from harness.wait import DEADLINE
from hub.clock import HeldClock
from hub.errors import QueryError
from hub.messages import Reading
from hub.pipeline.decode import Decoder
from hub.stores import SqliteStore, line_protocol
from hub.stores.store import Query
from hub.topics import BOOTH, DEVICE
from schemas import kinds
from tests.lines import line_of
from tests.web.conftest import open_site

NOW = 1_760_000_000 * 10**9
HOSTILE = [
    "' OR '1'='1", "t1' OR 1=1 --", "'; DROP TABLE shuttle; --", '"; DROP MEASUREMENT "shuttle"',
    "\\", "\\'", "\\\\' OR 1=1 --", '\\"', "/.*/", "=~ /.*/", "a,b=c d=1i 1", "a b", "a=b", "x\ny",
    "speed=1 1\nshuttle,booth=b1,device=d speed=2", "%s", "%b", "%(x)s", "{}", "$timeFilter",
    "now()", "*", "?", ":booth", "NULL", "", " ", "#", "é", "코엑스", "\u2028", "\U0001f600",
    "\x00",
]  # fmt: skip
one_line = st.text(
    st.one_of(st.sampled_from("\"\\',= #%/*;:-()"), st.characters(exclude_categories=["Cc", "Cs"])),
    max_size=40,
)
texts = st.one_of(st.sampled_from([text for text in HOSTILE if text.isprintable()]), one_line)
devices = st.from_regex(DEVICE, fullmatch=True)
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), devices)
_booths = (f"b{number}" for number in itertools.count(1))
DECODER = Decoder("smartlife/v1", kinds())
LONG = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "influx"])
async def store(request, tmp_path_factory):
    """A real store that all tests of this module write into."""
    folder = tmp_path_factory.mktemp("store")
    if request.param == "influx":
        opened = request.getfixturevalue("open_influx")(folder)
    else:
        opened = SqliteStore(folder / "store.db", kinds())
    yield opened
    await opened.close()


def stored_line(booth, device, next_stop, ts=NOW):
    payload = {**kinds()["shuttle"].example, "next_stop": next_stop, "ts": ts}
    topic = f"smartlife/v1/{booth}/shuttle/{device}"
    verdict = DECODER.decode(topic, json.dumps(payload).encode(), NOW)
    assert isinstance(verdict, Reading), verdict
    return line_of(verdict)


async def rows(store, **more):
    return await store.query(Query("shuttle", 0, 2**62, **{"limit": 100_000, **more}))


@given(said=st.dictionaries(devices, texts, min_size=1, max_size=12))
@LONG
async def test_a_text_comes_back_as_itself(store, said):
    said = {device: text[:40] for device, text in said.items()}
    booth, before = next(_booths), len(await rows(store))
    assert await store.write([stored_line(booth, *item) for item in said.items()]) == []
    found = await rows(store, booth=booth)
    assert {row.tags["device"]: row.fields["next_stop"] for row in found} == said
    assert len(await rows(store)) == before + len(said)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
async def test_a_hostile_text_comes_back_as_itself(store, text):
    booth = next(_booths)
    await store.write([stored_line(booth, "t1", text)])
    assert [row.fields["next_stop"] for row in await rows(store, booth=booth)] == [text]


@given(wanted=names, booth=names)
@example(wanted="canary", booth="canary")
@LONG
async def test_a_filter_finds_what_is_called_so_and_nothing_else(store, wanted, booth):
    await store.write([stored_line("canary", "canary", "here")])
    before = await rows(store)
    for query in ({"device": wanted}, {"booth": booth}, {"device": wanted, "booth": booth}):
        found = await rows(store, **query)
        assert found == [
            row for row in before if all(row.tags[tag] == value for tag, value in query.items())
        ]
        await rows(store, **query, every=10**9)
    assert await rows(store) == before


@given(field=names)
@LONG
async def test_a_field_that_is_none_is_refused_and_runs_nothing(store, field):
    before = await rows(store)
    if field not in {spec.name for spec in kinds()["shuttle"].fields}:
        with pytest.raises(QueryError):
            await rows(store, fields=(field,))
    assert await rows(store) == before


@given(
    booth=st.from_regex(BOOTH, fullmatch=True),
    device=devices,
    extra=st.dictionaries(names, st.one_of(st.none(), st.integers(), names), max_size=5),
    text=texts,
)
async def test_a_line_holds_what_was_declared_and_is_one_line(booth, device, extra, text):
    """Names that nobody declared never reach the store, whatever they hold."""
    known = {spec.name for spec in kinds()["shuttle"].fields} | {"ts"}
    extra = {name: value for name, value in extra.items() if name not in known}
    payload = {**kinds()["shuttle"].example, "next_stop": text[:40], **extra}
    topic = f"smartlife/v1/{booth}/shuttle/{device}"
    verdict = DECODER.decode(topic, json.dumps(payload).encode(), NOW)
    assert isinstance(verdict, Reading)
    assert b"\n" not in line_of(verdict)
    row = line_protocol.parse(line_of(verdict).decode())
    assert (row.measurement, row.ts) == ("shuttle", NOW)
    assert row.tags == {"booth": booth, "device": device, "domain": "mobility"}
    assert row.fields == {name: payload[name] for name in kinds()["shuttle"].example}


@given(topic=st.text(max_size=80), payload=st.binary(max_size=80))
async def test_no_topic_and_no_payload_makes_more_than_one_line(topic, payload):
    for name in (topic, f"smartlife/v1/{topic}", f"smartlife/v1/b1/thermostat/{topic}"):
        verdict = DECODER.decode(name, payload, NOW)
        assert not isinstance(verdict, Reading) or b"\n" not in line_of(verdict)


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_over_http_a_hostile_filter_finds_nothing(web, hostile):
    for name in ("booth", "device", "field"):
        answer = await web.get("/api/readings", params={"kind": "shuttle", name: hostile})
        assert answer.status_code in {200, 400, 422}
        if answer.status_code == 200 and hostile:
            assert answer.json() == [] or name == "field"
    assert len((await web.get("/api/readings?kind=shuttle")).json()) == 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def web(tmp_path_factory):
    """A hub with one reading of a shuttle."""
    async with open_site(tmp_path_factory.mktemp("web"), HeldClock()) as site:
        await site.publish("canary/shuttle/t1", json.dumps(dict(kinds()["shuttle"].example)))
        async with asyncio.timeout(DEADLINE):
            await site.stored()
        yield site
