"""What every store promises. One suite over all of them; a new store adds one line to `STORES`."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import QueryError
from hub.stores import MemoryStore, SqliteStore, line_protocol, open_store, rows
from hub.stores.store import Aggregate, Query, Store, StoredRow
from schemas import FieldType, KindSpec
from schemas import kinds as catalogue

SECOND = 10**9
NOW = 1_760_000_000 * SECOND
ALWAYS: dict[str, Any] = {"start": 0, "stop": 2**62}
TAGS = {"booth": "b1", "device": "t1", "domain": "smart_home"}

Open = Callable[[Path], Store]
STORES: dict[str, Open] = {
    "memory": lambda _: MemoryStore(catalogue()),
    "sqlite": lambda folder: SqliteStore(folder / "store.db", catalogue()),
}


@pytest.fixture(scope="module", params=[*STORES, "influx"])
def opener(request: pytest.FixtureRequest) -> Open:
    if request.param == "influx":
        opened: Open = request.getfixturevalue("open_influx")
        return opened
    return STORES[request.param]


@pytest.fixture
async def store(opener: Open, tmp_path: Path) -> AsyncIterator[Store]:
    opened = opener(tmp_path)
    yield opened
    await opened.close()


def line(ts: int, fields: Mapping[str, Any], kind: str = "thermostat", **tags: str) -> bytes:
    return line_protocol.line(
        kind, tags if kind == "hub" else {**TAGS, **tags}, fields, ts
    ).encode()


def thermostat(**more: Any) -> Query:
    return Query("thermostat", **{**ALWAYS, **more})


async def seen(store: Store, query: Query) -> list[tuple[int, dict[str, Any]]]:
    return [(row.ts, row.fields) for row in await store.query(query)]


# --- writing


async def test_a_line_comes_back_as_it_was_written(store: Store):
    fields = {"temperature": 21.5, "mode": "heat", "window_open": True}
    assert await store.write([line(NOW, fields)]) == []
    (row,) = await store.query(thermostat())
    assert (row.ts, row.measurement, row.tags, row.fields) == (NOW, "thermostat", TAGS, fields)
    assert row.fields["window_open"] is True


async def test_written_twice_is_written_once(store: Store):
    lines = [line(NOW + n, {"temperature": float(n)}) for n in range(3)]
    await store.write(lines)
    await store.write(lines + lines)
    assert await seen(store, thermostat()) == [
        (NOW + n, {"temperature": float(n)}) for n in range(3)
    ]


async def test_nothing_to_write_is_fine(store: Store):
    assert await store.write([]) == []


async def test_fields_of_the_same_device_and_time_merge(store: Store):
    await store.write([line(NOW, {"temperature": 21.5, "humidity": 40.0})])
    await store.write([line(NOW, {"humidity": 41.0, "mode": "heat"})])
    merged = {"temperature": 21.5, "humidity": 41.0, "mode": "heat"}
    assert await seen(store, thermostat()) == [(NOW, merged)]


async def test_of_the_same_field_the_last_value_wins(store: Store):
    await store.write([line(NOW, {"temperature": float(n)}) for n in (1, 3, 2)])
    assert await seen(store, thermostat()) == [(NOW, {"temperature": 2.0})]


async def test_devices_at_the_same_time_are_kept_apart(store: Store):
    await store.write(
        [
            line(NOW, {"temperature": float(n)}, booth=booth, device=device)
            for n, (booth, device) in enumerate(itertools.product(("b1", "b2"), ("t1", "t2")))
        ]
    )
    rows = await store.query(thermostat())
    assert sorted(
        (row.tags["booth"], row.tags["device"], row.fields["temperature"]) for row in rows
    ) == [
        ("b1", "t1", 0.0),
        ("b1", "t2", 1.0),
        ("b2", "t1", 2.0),
        ("b2", "t2", 3.0),
    ]


HEADER = rows.header(
    "thermostat", "smart_home", {"temperature": FieldType.FLOAT, "mode": FieldType.STRING}
)


def row_of(ts: int, temperature: float, mode: str = "heat") -> rows.Row:
    return ["b1", "t1", temperature, mode, ts]


async def test_rows_are_kept_as_lines_are(store: Store):
    batch = rows.join([(HEADER, row_of(NOW + n, n / 2)) for n in range(3)])
    assert await store.write([batch, line(NOW + 3, {"temperature": 1.5, "mode": "heat"})]) == []
    expected = [(NOW + n, {"temperature": n / 2, "mode": "heat"}) for n in range(4)]
    assert await seen(store, thermostat()) == expected


@pytest.mark.parametrize(
    "damaged",
    [
        b'["b1","t1",2q.5,"heat",1760000000000000001]',
        b'["b1","t1",[1],"heat",1760000000000000001]',
        b'["b1","t1",20.5,"heat",9760000000000000001]',
        b'[null,"t1",20.5,"heat",1760000000000000001]',
        b'["b1","t1",20.5,1760000000000000001]',
    ],
)
@pytest.mark.parametrize("many", [1, 120])
async def test_of_damaged_rows_only_they_are_refused(store: Store, damaged: bytes, many: int):
    sound = [NOW, *range(NOW + 2, NOW + 2 + many)]
    header, first, *others = rows.below(HEADER, [row_of(ts, 1.0) for ts in sound]).split(b"\n")
    batch = b"\n".join([header, first, damaged, *others])
    assert len(await store.write([batch])) == 1
    assert [ts for ts, _ in await seen(store, thermostat())] == sound


@pytest.mark.parametrize("count", [49, 50, 51, 120])
async def test_of_however_many_rows_in_a_batch_the_later_of_one_time_counts(
    store: Store, count: int
):
    """Also where the embedded store writes several in one statement."""
    written = [row_of(NOW + n, n / 2) for n in range(count)]
    written[count // 2 : count // 2] = [row_of(NOW, -1.0), row_of(NOW, -2.0)]
    batch = rows.join([(HEADER, row) for row in [*written, row_of(NOW + count - 1, -3.0)]])
    assert await store.write([batch]) == []
    found = [fields["temperature"] for _, fields in await seen(store, thermostat())]
    assert found == [-2.0, *(n / 2 for n in range(1, count - 1)), -3.0]


@pytest.mark.parametrize("name", [b"th%rmostat", b"temp%rature"])
async def test_below_a_damaged_header_each_row_is_refused(store: Store, name: bytes):
    whole = name.replace(b"%", b"e")
    batch = rows.below(HEADER.replace(whole, name), [row_of(NOW + n, 1.0) for n in range(3)])
    refusals = await store.write([batch, line(NOW + 9, {"temperature": 21.5})])
    assert [refusal.line for refusal in refusals] == batch.split(b"\n")[1:]
    assert await seen(store, thermostat()) == [(NOW + 9, {"temperature": 21.5})]


async def test_rows_of_a_kind_that_nobody_declares_are_refused_as_lines(store: Store):
    header = rows.header("toaster", "smart_home", {"slices": FieldType.INTEGER})
    batch = rows.join([(header, ["b1", "t1", 2, NOW]), (HEADER, row_of(NOW, 1.0))])
    (refusal,) = await store.write([batch])
    stranger = f"toaster,booth=b1,device=t1,domain=smart_home slices=2i {NOW}".encode()
    assert refusal == (stranger, "no kind toaster is declared")
    assert len(await seen(store, thermostat())) == 1


async def test_of_rows_of_one_time_the_later_counts_field_by_field(store: Store):
    other = rows.header("thermostat", "smart_home", {"temperature": FieldType.FLOAT})
    alone = [["b1", "t1", value, NOW] for value in (20.0, 22.0)]
    first = rows.join([(other, alone[0])])
    mixed = rows.join_in_order([(HEADER, row_of(NOW, 21.0, "off")), (other, alone[1])])
    await store.write([first, mixed])
    assert await seen(store, thermostat()) == [(NOW, {"temperature": 22.0, "mode": "off"})]


async def test_a_measurement_that_nobody_declares_is_refused_and_the_rest_is_kept(store: Store):
    stranger = line(NOW, {"x": 1.0}, kind="toaster")
    refusals = await store.write([stranger, line(NOW, {"temperature": 21.5})])
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (stranger, "no kind toaster is declared")
    ]
    assert await seen(store, thermostat()) == [(NOW, {"temperature": 21.5})]


async def test_a_kind_that_is_declared_while_it_runs_is_taken_from_then_on(
    store: Store, kinds: Mapping[str, KindSpec]
):
    toaster = replace(kinds["thermostat"], name="toaster")
    known, toast = line(NOW, {"temperature": 21.5}), {"temperature": 180.0, "mode": "heat"}
    assert await store.write([known]) == []
    await store.declare(toaster)
    header = rows.header(
        "toaster", "smart_home", {"temperature": FieldType.FLOAT, "mode": FieldType.STRING}
    )
    row = rows.join([(header, ["b1", "t2", 180.0, "heat", NOW])])
    assert await store.write([known, line(NOW, toast, kind="toaster"), row]) == []
    assert [item.tags["device"] for item in await store.query(Query("toaster", **ALWAYS))] == [
        "t1",
        "t2",
    ]
    assert await seen(store, replace(thermostat(), measurement="toaster", device="t2")) == [
        (NOW, toast)
    ]
    assert await seen(store, thermostat()) == [(NOW, {"temperature": 21.5})]


@pytest.mark.parametrize("damaged", [b"\xff\xfe", b"thermostat"])
async def test_what_is_no_line_is_refused_and_the_rest_is_kept(store: Store, damaged: bytes):
    (refusal,) = await store.write([damaged, line(NOW, {"temperature": 21.5})])
    assert refusal.line == damaged
    assert refusal.reason.startswith("is no line protocol: ")
    assert await seen(store, thermostat()) == [(NOW, {"temperature": 21.5})]


async def test_a_field_that_nobody_declares_is_refused_and_the_rest_is_kept(store: Store):
    stranger = line(NOW, {"temperature": 20.0, "colour": "red"})
    refusals = await store.write([stranger, line(NOW + 1, {"temperature": 21.5})])
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (stranger, "thermostat declares no field colour")
    ]
    assert await seen(store, thermostat()) == [(NOW + 1, {"temperature": 21.5})]


HOSTILE = [
    "",
    '"',
    "\\",
    '\\"',
    "a,b=c d",
    "'; DROP TABLE vision_ai; --",
    "온도 🤖",
    "\u2028",
    "%s",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_text_comes_back_whatever_it_holds(store: Store, text: str):
    await store.write([line(NOW, {"people": 1, "model": text}, kind="vision_ai", domain="ai")])
    assert await seen(store, Query("vision_ai", **ALWAYS)) == [(NOW, {"people": 1, "model": text})]


async def test_each_type_comes_back_as_itself(store: Store, kinds: Mapping[str, KindSpec]):
    for kind in kinds.values():
        example = dict(kind.example)
        await store.write([line(NOW, example, kind=kind.name, domain=kind.domain.id)])
        ((_, fields),) = await seen(store, Query(kind.name, **ALWAYS))
        assert fields == example
        assert [type(fields[name]) for name in fields] == [type(example[name]) for name in fields]


async def test_the_largest_and_smallest_numbers_come_back(store: Store):
    fields = {"received": 2**63 - 1, "accepted": -(2**63)}
    await store.write([line(NOW, fields, kind="hub", client="smartlife-hub")])
    assert await seen(store, Query("hub", **ALWAYS)) == [(NOW, fields)]


async def test_the_hubs_own_rows_are_kept_too(store: Store):
    tags = {"booth": "b1", "device": "t1", "domain": "smart_home", "kind": "thermostat"}
    fields = {"state": "live", "level": 2}
    await store.write([line_protocol.line("device_state", tags, fields, NOW).encode()])
    (row,) = await store.query(Query("device_state", **ALWAYS, booth="b1"))
    assert (row.tags, row.fields) == (tags, fields)


async def test_many_lines_are_kept_in_one_call(store: Store):
    lines = [line(NOW + n, {"temperature": n / 100}) for n in range(5000)]
    assert await store.write(lines) == []
    assert len(await store.query(thermostat(limit=10_000))) == 5000


async def test_it_may_be_closed_twice(opener: Open, tmp_path: Path):
    store = opener(tmp_path)
    await store.close()
    await store.close()


async def test_writing_and_reading_at_the_same_time(store: Store):
    async def write(device: str) -> None:
        for n in range(20):
            await store.write([line(NOW + n, {"temperature": 1.0}, device=device)])

    async def read() -> None:
        for _ in range(20):
            await store.query(thermostat())

    await asyncio.gather(write("t1"), write("t2"), read(), read())
    assert len(await store.query(thermostat())) == 40


# --- asking


@pytest.fixture
async def filled(store: Store) -> Store:
    """Ten seconds of two devices at each of two booths; t2 says its mode too."""
    await store.write(
        [
            line(
                NOW + n * SECOND,
                {"temperature": float(n), **({"mode": "heat"} if device == "t2" else {})},
                booth=booth,
                device=device,
            )
            for n in range(10)
            for booth in ("b1", "b2")
            for device in ("t1", "t2")
        ]
    )
    return store


async def test_rows_come_oldest_first(filled: Store):
    times = [row.ts for row in await filled.query(thermostat())]
    assert times == sorted(times)
    assert len(times) == 40


async def test_only_a_booth(filled: Store):
    assert {row.tags["booth"] for row in await filled.query(thermostat(booth="b2"))} == {"b2"}


async def test_only_a_device(filled: Store):
    rows = await filled.query(thermostat(booth="b1", device="t1"))
    assert {(row.tags["booth"], row.tags["device"]) for row in rows} == {("b1", "t1")}
    assert len(rows) == 10


async def test_a_booth_that_never_was_is_empty(filled: Store):
    assert await filled.query(thermostat(booth="b9")) == []


async def test_only_a_field_and_only_rows_that_have_it(filled: Store):
    rows = await filled.query(thermostat(fields=("mode",)))
    assert {row.tags["device"] for row in rows} == {"t2"}
    assert [row.fields for row in rows] == [{"mode": "heat"}] * 20


async def test_the_start_is_inside_and_the_stop_is_not(filled: Store):
    query = thermostat(booth="b1", device="t1", start=NOW + 3 * SECOND, stop=NOW + 5 * SECOND)
    assert [ts for ts, _ in await seen(filled, query)] == [NOW + 3 * SECOND, NOW + 4 * SECOND]


async def test_a_span_that_ends_before_it_starts_is_empty(filled: Store):
    assert await filled.query(thermostat(start=NOW + 5 * SECOND, stop=NOW)) == []


async def test_the_limit_keeps_the_newest(filled: Store):
    rows = await seen(filled, thermostat(booth="b1", device="t1", limit=3))
    assert [ts for ts, _ in rows] == [NOW + n * SECOND for n in (7, 8, 9)]


@pytest.mark.parametrize("aggregate", Aggregate)
async def test_the_limit_keeps_the_newest_buckets(filled: Store, aggregate: Aggregate):
    query = thermostat(
        booth="b1",
        device="t1",
        fields=("temperature",),
        every=2 * SECOND,
        aggregate=aggregate,
        limit=2,
    )
    rows = await seen(filled, query)
    assert [ts for ts, _ in rows] == [NOW + 6 * SECOND, NOW + 8 * SECOND]


async def test_a_field_that_nobody_declares_is_no_question(store: Store):
    with pytest.raises(QueryError, match="thermostat has no field 'colour'; it has temperature, t"):
        await store.query(thermostat(fields=("colour",)))


@pytest.mark.parametrize("field", ["mode", "window_open"])
@pytest.mark.parametrize("aggregate", [Aggregate.MEAN, Aggregate.MIN, Aggregate.MAX, Aggregate.SUM])
async def test_words_and_states_have_no_mean(store: Store, field: str, aggregate: Aggregate):
    with pytest.raises(
        QueryError, match=f"{aggregate} needs numbers, {field} .* use last or count"
    ):
        await store.query(thermostat(fields=(field,), every=SECOND, aggregate=aggregate))


async def test_without_fields_the_mean_is_of_those_that_have_one(filled: Store):
    query = thermostat(booth="b1", device="t2", every=10 * SECOND, aggregate=Aggregate.MEAN)
    assert await seen(filled, query) == [(NOW, {"temperature": 4.5})]


async def test_the_last_state_of_a_bucket_is_still_a_boolean(store: Store):
    await store.write(
        [line(NOW + n, {"temperature": 1.0, "window_open": n % 2 == 0}) for n in range(4)]
    )
    query = thermostat(fields=("window_open",), every=SECOND, aggregate=Aggregate.LAST)
    ((_, fields),) = await seen(store, query)
    assert fields["window_open"] is False


async def test_states_are_counted(store: Store):
    await store.write([line(NOW + n, {"window_open": True}) for n in range(4)])
    query = thermostat(fields=("window_open",), every=SECOND, aggregate=Aggregate.COUNT)
    ((_, fields),) = await seen(store, query)
    assert fields == {"window_open": 4}
    assert type(fields["window_open"]) is int


async def test_a_bucket_holds_only_the_fields_that_came(store: Store):
    await store.write([line(NOW, {"temperature": 1.0})])
    for aggregate in Aggregate:
        query = thermostat(every=SECOND, aggregate=aggregate)
        ((_, fields),) = await seen(store, query)
        assert list(fields) == ["temperature"], aggregate


async def test_the_last_value_of_each_field_may_come_from_different_rows(store: Store):
    await store.write(
        [
            line(NOW, {"temperature": 1.0, "mode": "heat"}),
            line(NOW + 1, {"temperature": 2.0}),
            line(NOW + 2, {"humidity": 40.0}),
        ]
    )
    query = thermostat(every=SECOND, aggregate=Aggregate.LAST)
    assert await seen(store, query) == [
        (NOW, {"temperature": 2.0, "humidity": 40.0, "mode": "heat"})
    ]


@pytest.mark.parametrize("every", [2**62, 2**63, 999_999_999 * 86_400 * SECOND])
@pytest.mark.parametrize("aggregate", Aggregate)
async def test_a_bucket_longer_than_history_holds_everything(
    filled: Store, every: int, aggregate: Aggregate
):
    query = thermostat(
        booth="b1", device="t1", fields=("temperature",), every=every, aggregate=aggregate
    )
    rows = await filled.query(query)
    assert [(row.ts, type(row.ts)) for row in rows] == [(0, int)]


async def test_the_hubs_own_rows_belong_to_no_booth(store: Store):
    await store.write([line(NOW, {"received": 1}, kind="hub", client="smartlife-hub")])
    assert await store.query(Query("hub", **ALWAYS, booth="b1")) == []
    assert await store.query(Query("hub", **ALWAYS, booth="booth")) == []
    assert await store.query(Query("hub", **ALWAYS, device="device")) == []
    assert len(await store.query(Query("hub", **ALWAYS))) == 1


# --- buckets, against a plain model

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2"]),
        st.integers(0, 40).map(lambda step: NOW + step * SECOND // 4),
        st.fixed_dictionaries(
            {},
            optional={
                "temperature": st.integers(-4000, 8500).map(lambda n: n / 100),
                "humidity": st.integers(0, 100).map(float),
                "mode": st.sampled_from(["off", "heat", "cool"]),
                "window_open": st.booleans(),
            },
        ).filter(bool),
    ),
    max_size=30,
)
FUNCTIONS: dict[Aggregate, Callable[[Sequence[Any]], Any]] = {
    Aggregate.MEAN: fmean,
    Aggregate.MIN: min,
    Aggregate.MAX: max,
    Aggregate.LAST: lambda values: values[-1],
    Aggregate.COUNT: len,
    Aggregate.SUM: sum,
}
EVERYTHING = {Aggregate.LAST, Aggregate.COUNT}
ROUNDED = {Aggregate.MEAN, Aggregate.SUM}

Written = Sequence[tuple[str, int, dict[str, Any]]]


def merged(rows: Written) -> dict[tuple[str, int], dict[str, Any]]:
    kept: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for device, ts, fields in rows:
        kept[device, ts].update(fields)
    return kept


def bucketed(rows: Written, query: Query) -> dict[tuple[int, str], dict[str, Any]]:
    values: dict[tuple[int, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    assert query.every is not None
    for (device, ts), fields in sorted(merged(rows).items(), key=lambda item: item[0][1]):
        for name, value in fields.items():
            fits = query.aggregate in EVERYTHING or name in {"temperature", "humidity"}
            if query.start <= ts < query.stop and fits and name in (query.fields or fields):
                values[ts - ts % query.every, device][name].append(value)
    return {
        key: {name: FUNCTIONS[query.aggregate](found) for name, found in fields.items()}
        for key, fields in values.items()
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contract")


booths = itertools.count(1)


async def answer(store: Store, rows: Written, query: Query) -> list[StoredRow]:
    """Write the rows at a booth of their own, ask about it, close the store."""
    booth = f"m{next(booths)}"
    await store.write([line(ts, said, booth=booth, device=device) for device, ts, said in rows])
    found = await store.query(replace(query, booth=booth))
    await store.close()
    return found


@settings(max_examples=25)
@given(
    ROWS,
    st.sampled_from(Aggregate),
    st.integers(1, 20).map(lambda n: n * SECOND // 4)
    | st.sampled_from([1, 7 * SECOND // 3, 10**12]),
    st.sampled_from([(), ("temperature",), ("humidity", "temperature")]),
    st.tuples(st.integers(-5, 45), st.integers(-5, 45)),
)
def test_buckets_are_those_of_a_plain_model(
    opener: Open,
    home: Path,
    rows: Written,
    aggregate: Aggregate,
    every: int,
    fields: tuple[str, ...],
    span: tuple[int, int],
):
    start, stop = (NOW + step * SECOND // 4 for step in span)
    query = Query(
        "thermostat", start, stop, fields=fields, every=every, aggregate=aggregate, limit=1000
    )
    found = asyncio.run(answer(opener(home), rows, query))
    got = {(row.ts, row.tags["device"]): row.fields for row in found}
    assert len(got) == len(found)
    assert got == {
        key: {
            name: pytest.approx(value) if aggregate in ROUNDED else value
            for name, value in fields.items()
        }
        for key, fields in bucketed(rows, query).items()
    }
    assert [row.ts for row in found] == sorted(row.ts for row in found)


@settings(max_examples=25)
@given(ROWS, st.integers(1, 10))
def test_raw_rows_are_those_of_a_plain_model(opener: Open, home: Path, rows: Written, limit: int):
    found = asyncio.run(answer(opener(home), rows, thermostat(limit=limit)))
    everything = {(ts, device): fields for (device, ts), fields in merged(rows).items()}
    assert [((row.ts, row.tags["device"]), row.fields) for row in found] == sorted(
        everything.items(), key=lambda item: item[0]
    )[-limit:]


# --- the file


async def test_reopening_keeps_what_was_written(tmp_path: Path, kinds: Mapping[str, KindSpec]):
    first = open_store("sqlite:", tmp_path, kinds)
    await first.write([line(NOW, {"temperature": 21.5})])
    await first.close()
    second = open_store("sqlite:", tmp_path, kinds)
    assert await seen(second, thermostat()) == [(NOW, {"temperature": 21.5})]
    await second.close()


async def test_a_field_declared_later_gets_its_column(
    tmp_path: Path, kinds: Mapping[str, KindSpec]
):
    spec = kinds["thermostat"]
    older = replace(spec, fields=tuple(f for f in spec.fields if f.name != "battery"))
    first = SqliteStore(tmp_path / "store.db", {"thermostat": older})
    await first.write([line(NOW, {"temperature": 21.5})])
    assert await first.write([line(NOW, {"battery": 80.0})]) != []
    await first.close()
    second = SqliteStore(tmp_path / "store.db", kinds)
    assert await second.write([line(NOW + 1, {"temperature": 22.0, "battery": 80.0})]) == []
    assert await seen(second, thermostat()) == [
        (NOW, {"temperature": 21.5}),
        (NOW + 1, {"temperature": 22.0, "battery": 80.0}),
    ]
    await second.close()


async def test_a_kind_declared_no_more_keeps_its_rows(
    tmp_path: Path, kinds: Mapping[str, KindSpec]
):
    first = SqliteStore(tmp_path / "store.db", kinds)
    await first.write([line(NOW, {"temperature": 21.5})])
    await first.close()
    without = SqliteStore(tmp_path / "store.db", {"drone": kinds["drone"]})
    await without.close()
    third = SqliteStore(tmp_path / "store.db", kinds)
    assert len(await third.query(thermostat())) == 1
    await third.close()
