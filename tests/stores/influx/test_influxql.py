"""Whatever stands in a query, it stays inside its quotes."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.influx_shim import TOKEN, Influx
from hub.errors import QueryError
from hub.stores.influx import influxql
from hub.stores.influx.address import InfluxAddress
from hub.stores.influx.store import InfluxStore
from hub.stores.store import Aggregate, Measurement, Query
from schemas import FieldType

_QUOTED = re.compile(r"""'((?:\\[\\'n]|[^'\\\n])*)'|"((?:\\[\\"n]|[^"\\\n])*)\"""")
"""A string or an identifier, as InfluxQL's scanner reads it."""
_YEAR_1700, _YEAR_2116, _YEAR_2250 = (
    int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 10**9 for year in (1700, 2116, 2250)
)
_ESCAPES = {"\\n": "\n", "\\\\": "\\", "\\'": "'", '\\"': '"'}

ATTACKS = (
    "' OR '1'='1",
    "\\' OR 1=1 --",
    "'; DROP DATABASE expo; --",
    '"; DROP MEASUREMENT thermostat; --',
    "\\",
    "\\\\'",
    "b1' /* ",
    "=~ /.*/",
    "$booth",
    "",
)
hostile = st.text() | st.sampled_from(ATTACKS) | st.text(st.sampled_from("'\"\\\n;-/*$ a"))


def taken_apart(statement: str) -> tuple[str, list[str]]:
    """Return the statement without what is quoted, and what is quoted, unescaped."""
    found = [
        re.sub(r"\\.", lambda escape: _ESCAPES[escape[0]], match[1] or match[2] or "")
        for match in _QUOTED.finditer(statement)
    ]
    return _QUOTED.sub("?", statement), found


def statements(measurement: Measurement, query: Query) -> list[str]:
    names = list(measurement.fields)
    return [
        influxql.raw(measurement, query, names),
        influxql.at(measurement, query, names, 5),
        influxql.bucketed(measurement, query, names, 10**9),
    ]


@given(hostile, hostile, hostile, hostile)
def test_no_value_and_no_name_breaks_out(booth: str, device: str, name: str, field: str):
    tame = Measurement("m", ("booth", "device"), {"f": FieldType.FLOAT})
    wild = Measurement(name, ("booth", "device"), {field: FieldType.FLOAT})
    expected = statements(tame, Query("m", 0, 10, "b", "d"))
    for ours, theirs in zip(
        statements(wild, Query(name, 0, 10, booth, device)), expected, strict=True
    ):
        shape, quoted = taken_apart(ours)
        plain = {"m": name, "f": field, "b": booth, "d": device}
        assert shape == taken_apart(theirs)[0]
        assert quoted == [plain.get(word, word) for word in taken_apart(theirs)[1]]


def test_a_query_over_all_time_stays_within_the_times_that_influxdb_takes():
    ever = Measurement("m", ("booth", "device"), {"f": FieldType.FLOAT})
    statement = influxql.raw(ever, Query("m", -(10**30), 10**30), ["f"])
    start, stop = map(int, re.findall(r"time >?<?=? ?(-?\d+)", statement))
    # InfluxDB's documentation states these two as the first and the last valid time.
    assert -9223372036854775806 <= start < _YEAR_1700 < _YEAR_2250 < stop <= 9223372036854775806


def test_the_rows_at_one_time_are_those_of_its_nanosecond_alone():
    ever = Measurement("m", ("booth", "device"), {"f": FieldType.FLOAT})
    statement = influxql.at(ever, Query("m", 0, 10), ["f"], 5)
    assert "time >= 5 AND time < 6" in statement


def test_the_largest_bucket_holds_every_time_until_2116_and_fits_64_bits():
    ever = Measurement("m", ("booth", "device"), {"f": FieldType.FLOAT})
    statement = influxql.bucketed(ever, Query("m", 0, 10), ["f"], 10**30)
    (width,) = map(int, re.findall(r"time\((\d+)ns\)", statement))
    assert _YEAR_2116 < width < 2**63


@pytest.mark.parametrize("value", ATTACKS)
async def test_influxdb_itself_finds_nothing_for_a_hostile_value(influx: Influx, kinds, value: str):
    store = InfluxStore(InfluxAddress.parse(influx.address), kinds, TOKEN)
    try:
        await store.write([b"thermostat,booth=b1,device=t1,domain=smart_home temperature=1 5"])
        for every in (None, 10):
            for booth, device in ((value, None), (None, value), (value, value)):
                query = Query(
                    "thermostat", 0, 10, booth, device, every=every, aggregate=Aggregate.LAST
                )
                assert await store.query(query) == []
            with pytest.raises(QueryError, match="has no field"):
                await store.query(Query("thermostat", 0, 10, fields=(value,), every=every))
        assert len(await store.query(Query("thermostat", 0, 10))) == 1
    finally:
        await store.close()
