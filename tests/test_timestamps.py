"""The `ts` of a reading, to the nanosecond; durations and moments that people ask for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub import timestamps
from hub.timestamps import SECOND

NOW = 1_760_000_000 * SECOND
#: Nanoseconds in the range in which a number is one: from 1973 to the year 2262.
NANOSECONDS = st.integers(10**17, 2**63 - 1)
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(JSON | st.integers(-(10**500), 10**500) | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ].*"))
@example(10**400)
@example(-(10**400))
@example(float("inf"))
@example(float("nan"))
@example(1.7976931348623157e308)
@example(5e-324)
@example("9999-12-31T23:59:60-23:59")
@example("0001-01-01T00:00:00+23:59")
@example("2025-10-09T08:53:10." + "9" * 10_000 + "Z")
def test_anything_is_a_time_or_a_value_error(value: object):
    try:
        ns = timestamps.parse(value)
    except ValueError:
        return
    assert type(ns) is int
    assert abs(ns) <= 10**21


@given(NANOSECONDS)
def test_nanoseconds_are_exact(ns: int):
    assert timestamps.parse(ns) == ns


@given(st.integers(-(10**11) + 1, 10**11 - 1))
def test_seconds_are_exact(seconds: int):
    assert timestamps.parse(seconds) == seconds * SECOND


@given(st.integers(10**11, 10**14 - 1))
def test_milliseconds_are_exact(milliseconds: int):
    assert timestamps.parse(milliseconds) == milliseconds * 10**6


@given(st.integers(10**14, 10**17 - 1))
def test_microseconds_are_exact(microseconds: int):
    assert timestamps.parse(microseconds) == microseconds * 10**3


@given(st.integers(1_000_000_000, 2**32), st.integers(0, 999_999))
def test_seconds_with_six_decimals_keep_each_digit(seconds: int, micros: int):
    assert timestamps.parse(float(f"{seconds}.{micros:06d}")) == seconds * SECOND + micros * 1000


@given(NANOSECONDS, OFFSETS, st.sampled_from("Tt "))
def test_rfc3339_is_exact_at_every_offset(ns: int, offset: int, separator: str):
    seconds, fraction = divmod(ns, SECOND)
    zone = timezone(timedelta(minutes=offset))
    local = datetime.fromtimestamp(seconds, zone).strftime(f"%Y-%m-%d{separator}%H:%M:%S")
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    assert timestamps.parse(f"{local}.{fraction:09d}{sign}{hours:02d}:{minutes:02d}") == ns


@given(st.integers(1, 9), NANOSECONDS)
def test_rfc3339_with_fewer_decimals_is_exact(digits: int, ns: int):
    cut = ns - ns % 10 ** (9 - digits)
    assert timestamps.parse(timestamps.rfc3339(ns, digits)) == cut


@given(NANOSECONDS)
def test_rfc3339_is_written_and_read_back(ns: int):
    assert timestamps.parse(timestamps.rfc3339(ns)) == ns


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 1)))  # noqa: DTZ001
def test_every_second_of_the_calendar_is_read(when: datetime):
    whole = when.replace(microsecond=0)
    expected = round((whole - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * SECOND
    assert timestamps.parse(whole.isoformat()) == expected
    assert timestamps.parse(whole.isoformat().replace("+00:00", "z")) == expected


DURATIONS = {
    "1ms": 10**6,
    "250ms": 250 * 10**6,
    "10s": 10 * SECOND,
    "1m": 60 * SECOND,
    "2h": 7200 * SECOND,
    "7d": 604_800 * SECOND,
}


@pytest.mark.parametrize(("text", "ns"), DURATIONS.items())
def test_duration(text: str, ns: int):
    assert timestamps.duration(text) == ns


@pytest.mark.parametrize(
    "text",
    ["", "0s", "0ms", "-1s", "1", "s", "1.5s", "1 s", "1w", "1S", "１s", "1s\n", "9" * 10 + "s"],
)
def test_no_duration_is_told_with_what_one_looks_like(text: str):
    with pytest.raises(ValueError, match="write it like 250ms, 10s, 1m, 2h or 7d"):
        timestamps.duration(text)


MOMENTS = {
    "now": NOW,
    "-15m": NOW - 900 * SECOND,
    "-500ms": NOW - 500 * 10**6,
    "1760000000": NOW,
    "1760000000.5": NOW + SECOND // 2,
    "1.76e9": NOW,
    "1.76e+18": NOW,
    "1.76e 18": NOW,
    "1760000000000": NOW,
    "1760000000000000001": NOW + 1,
    "2025-10-09T08:53:20Z": NOW,
    "2025-10-09T17:53:20+09:00": NOW,
    # A + that was not escaped in an address arrives as a space.
    "2025-10-09T17:53:20 09:00": NOW,
    "2025-10-09 08:53:20Z": NOW,
    "2025-10-09 17:53:20 09:00": NOW,
    "-5": -5 * SECOND,
    "9999-12-31T23:59:59Z": 2**62,
    "9" * 300: 2**62,
    "-999999999d": -(2**62),
}


@pytest.mark.parametrize(("text", "ns"), MOMENTS.items())
def test_moment(text: str, ns: int):
    assert timestamps.moment(text, NOW) == ns


@given(st.text() | st.from_regex(r"-?\d*[.]?\d*(ms|s|m|h|d)?"))
@example("9" * 5000)
@example("nan.")
@example("1" + "0" * 400 + ".0")
def test_any_text_is_a_moment_in_64_bits_or_is_told_what_one_looks_like(text: str):
    try:
        ns = timestamps.moment(text, NOW)
    except ValueError as exc:
        said = str(exc)
    else:
        assert abs(ns) < 2**63
        return
    assert "write it like" in said


def test_a_year_of_three_digits_is_written_with_four():
    ns = timestamps.parse("0126-12-31T23:59:59Z")
    assert timestamps.rfc3339(ns) == "0126-12-31T23:59:59.000000000Z"
    assert timestamps.parse(timestamps.rfc3339(ns)) == ns


def test_a_duration_of_ages_is_one_that_a_store_can_hold():
    assert timestamps.duration("999999999d") == 2**63 - 1
