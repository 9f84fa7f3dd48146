"""Whatever stands in a query, it stays inside its quotes."""

import re

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
