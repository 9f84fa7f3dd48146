"""Moving times: the same unit and format as before, and no other byte."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import timestamps
from hub.recording.format import Recorded
from hub.recording.select import Choice, offset_to_now, renamed_booths, speed_of
from hub.recording.time_shift import shifted

HOUR = 3_600 * timestamps.SECOND
ROOT = "smartlife/v1"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"ts":1760000000,"a":1}', '{"ts":1760003600,"a":1}'),
        ('{"a": 1, "ts" : 1760000000.123}', '{"a": 1, "ts" : 1760003600.123}'),
        ('{"ts":1760000000123}', '{"ts":1760003600123}'),
        ('{"ts":1760000000123456}', '{"ts":1760003600123456}'),
        ('{"ts":1760000000123456789}', '{"ts":1760003600123456789}'),
        ('{"ts":1.76e9}', '{"ts":1760003600.000000000}'),
        ('{"ts":"2026-10-07T23:30:00.5+09:00"}', '{"ts":"2026-10-08T00:30:00.5+09:00"}'),
        ('{"ts":"2026-10-07 10:00:00-03:30"}', '{"ts":"2026-10-07 11:00:00-03:30"}'),
        ('{"ts":"2026-10-07T23:30:00+0900"}', '{"ts":"2026-10-08T00:30:00+0900"}'),
        ('{"ts":"2026-10-07T23:30:00+09"}', '{"ts":"2026-10-08T00:30:00+09"}'),
        ('{"ts":"2026-10-07T10:00:00.123456789Z"}', '{"ts":"2026-10-07T11:00:00.123456789Z"}'),
        ('{"m":{"ts":5},"ts":1760000000}', '{"m":{"ts":5},"ts":1760003600}'),
        (
            '{"l":[{"ts":5}],"n":"\\"ts\\": 5","ts":7}',
            '{"l":[{"ts":5}],"n":"\\"ts\\": 5","ts":3607}',
        ),
    ],
)
def test_a_time_moves_in_its_own_unit_and_format(before, after):
    assert shifted(before.encode(), HOUR).decode() == after


@pytest.mark.parametrize(
    "payload",
    [
        '{"ts":"yesterday"}',
        '{"ts":null}',
        '{"ts":[1]}',
        '{"a":"ts"}',
        "",
        "\xff",
        '{"mode":"heat"}',
    ],
)
def test_what_has_no_time_stays_as_it_is(payload):
    assert shifted(payload.encode("latin-1"), HOUR) == payload.encode("latin-1")


@given(st.binary(max_size=60), st.integers(-(10**18), 10**18))
def test_no_bytes_make_it_fail(noise, offset):
    shifted(noise, offset)
    shifted(b'{"ts":' + noise, offset)
    shifted(b'{"ts":{' + noise, offset)


@given(
    st.integers(10**9, 2 * 10**9),
    st.sampled_from([1, 10**3, 10**6, 10**9]),
    st.integers(-(10**8), 10**8),
)
def test_a_moved_time_is_as_much_later_as_it_was_moved(seconds, unit, by):
    payload = json.dumps({"ts": seconds * unit, "a": "ts"}).encode()
    moved = json.loads(shifted(payload, by * timestamps.SECOND))
    assert timestamps.parse(moved["ts"]) == (seconds + by) * timestamps.SECOND
    assert moved["a"] == "ts"


def test_at_speed_1_the_first_message_is_now_and_else_the_last_one_is_on_time():
    assert offset_to_now(1_000, 9_000, 50_000, 1.0) + 1_000 == 50_000
    assert offset_to_now(1_000, 9_000, 50_000, 2.0) + 9_000 == 54_000
    assert offset_to_now(1_000, 9_000, 50_000, None) + 9_000 == 50_000


def test_a_booth_gets_another_name_in_its_topics_and_where_it_wants_its_answer():
    choice = Choice(ROOT, {"b12": "b99"})
    answer = f"{ROOT}/b12/thermostat/t1/receipts"
    properties = {"response_topic": answer, "correlation_data": "AQI="}
    message = Recorded(f"{ROOT}/b12/thermostat/t1", b"{}", 1, 1, properties=properties)
    played = choice.played(message)
    assert played is not None
    assert played.topic == f"{ROOT}/b99/thermostat/t1"
    assert played.properties == {
        "response_topic": f"{ROOT}/b99/thermostat/t1/receipts",
        "correlation_data": b"\1\2",
    }
    for other in (f"{ROOT}/b1/thermostat/t1", f"{ROOT}/b123/x", "elsewhere/b12", ROOT):
        kept = choice.played(Recorded(other, b"", 1))
        assert kept is not None
        assert kept.topic == other


def test_what_was_not_new_is_left_out_unless_it_is_asked_for():
    again = Recorded("t", b"{}", 1, 1, verdict="duplicate")
    kept = Recorded("t", b"{}", 1, 1, retain=True, verdict="ignored")
    state = Recorded("t/status", b"online", 1, 1, retain=True, verdict="state")
    choice, raw = Choice(ROOT), Choice(ROOT, raw=True)
    assert [choice.played(item) is None for item in (again, kept, state)] == [True, True, False]
    assert [raw.played(item) is None for item in (again, kept, state)] == [False, False, False]
    played = choice.played(state)
    assert played is not None
    assert played.retain


@pytest.mark.parametrize("text", ["", "b12", "b12=", "=b99", "B12=b99", "b12=b99=b1", "a/b=c"])
def test_what_is_no_pair_of_booths_is_refused(text):
    with pytest.raises(ValueError, match="b12=b99"):
        renamed_booths([text])


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "1e9"])
def test_what_is_no_speed_is_refused(text):
    with pytest.raises(ValueError, match="or max"):
        speed_of(text)
