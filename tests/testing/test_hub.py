"""A hub that nothing moves but a call: the same messages give the same result, to the byte."""

import asyncio

import pytest

from hub.clock import SECOND
from hub.recording.format import Recorded
from tests.recording.made import FIRST, ROOT, reading

T1 = "b12/thermostat/t1"


def test_a_reading_is_stored_at_once(hub):
    hub.publish(T1, {"temperature": 21.5})
    (row,) = hub.readings("thermostat", booth="b12")
    assert row.fields == {"temperature": 21.5}
    assert row.ts == hub.clock.now()
    assert hub.acknowledged == 1


def test_a_rejection_says_why(hub):
    hub.publish(T1, {"temperature": 412})
    (rejection,) = hub.rejections("b12")
    assert rejection["code"] == "schema"
    assert hub.readings("thermostat") == []
    assert hub.accounts.as_json() == {
        "received": 1,
        "readings": 0,
        "accepted": 0,
        "merged": 0,
        "rejected": 1,
        "duplicate": 0,
        "ignored": 0,
        "stored": 0,
        "refused": 0,
        "waiting": 0,
    }


def test_silence_makes_a_device_late_and_then_offline(hub):
    hub.publish(T1, {"temperature": 21.5})
    assert hub.state(T1) == "live"
    hub.advance(15)
    assert hub.state(T1) == "late"
    hub.advance(35)
    assert hub.state(T1) == "offline"
    assert hub.states(T1) == ["live", "late", "offline"]


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_clock_that_is_set_delays_no_silence(hub, seconds):
    hub.publish("b12/thermostat/t1", {"temperature": 21.5})
    hub.clock.hold_at(hub.clock.now() + seconds * SECOND)
    hub.advance(49)
    assert hub.states("b12/thermostat/t1") == ["live", "late"]
    hub.advance(1)
    assert hub.states("b12/thermostat/t1") == ["live", "late", "offline"]
    hub.publish("b12/thermostat/t1", {"temperature": 22.5})
    stamps = [row.ts for row in hub.readings("thermostat")]
    assert min(abs(stamp - hub.clock.now()) for stamp in stamps) < SECOND


def test_a_last_will_makes_a_device_offline_at_once(hub):
    hub.publish(T1, {"temperature": 21.5})
    hub.publish(f"{T1}/status", "offline", retain=True)
    assert hub.states(T1) == ["live", "offline"]


def test_a_device_is_shown_as_the_api_shows_it(hub):
    assert hub.device(T1) is None
    hub.publish(T1, b'{"temperature": 21.5, "note": "x"}')
    assert hub.device(T1)["warnings"] == ["ignored: note"]


async def test_it_works_inside_of_a_running_loop_too(hub):
    asyncio.get_running_loop()
    hub.publish(T1, {"temperature": 21.5})
    hub.advance(100)
    assert hub.state(T1) == "offline"


@pytest.mark.hub(root="other/root")
def test_a_marker_gives_it_settings(hub):
    hub.publish("other/root/b12/thermostat/t1", {"temperature": 21.5})
    assert len(hub.readings("thermostat")) == 1


def test_the_environment_does_not_count(hub, monkeypatch, tmp_path):
    from hub.testing import held_hub

    monkeypatch.setenv("HUB_ROOT", "elsewhere")
    monkeypatch.setenv("HUB_NONSENSE", "1")
    with held_hub(tmp_path / "other") as other:
        assert other.root == ROOT


def busy(count=2_000, seconds=3_600):
    """Readings with and without a time, rejections, states and redeliveries, an hour of them."""
    for number in range(count):
        at = FIRST + number * seconds * 10**9 // count
        yield reading(number, at=at)
        if number % 7 == 0:
            yield Recorded(
                f"{ROOT}/{T1}", b'{"temperature": 412}', at, 1, verdict="rejected:schema"
            )
        if number % 100 == 0:
            yield Recorded(f"{ROOT}/{T1}/status", b"offline", at, 1, True, verdict="state")
            yield reading(number, at=at, verdict="duplicate")
        if number % 50 == 0:
            ts = at // 10**6
            yield Recorded(f"{ROOT}/{T1}", b'{"temperature": 21.5, "ts": %d}' % ts, at, 0)


def test_a_recording_gives_what_the_hub_made_of_it_then(replay, record):
    hub = replay(record(busy()))
    found = hub.accounts.as_json()
    assert (found["accepted"], found["rejected"], found["duplicate"]) == (2_040, 286, 0)
    assert found["waiting"] == found["refused"] == 0
    rows = hub.readings("wearable")
    assert [row.fields["steps"] for row in rows] == list(range(2_000))
    assert [row.ts for row in rows] == [FIRST + n * 1_800_000_000 for n in range(2_000)]


def test_a_recording_gives_the_same_to_the_byte_each_time(replay, record):
    path = record(busy(600, seconds=120))
    hubs = [replay(path) for _ in range(10)]
    assert len({hub.stored() for hub in hubs}) == 1
    assert len({str(hub.rejections()) for hub in hubs}) == 1
    assert len({str(hub.device("b12/wearable/w1")) for hub in hubs}) == 1
    assert hubs[0].stored().count("\n") > 600


def test_a_part_of_a_recording_is_played(replay, record):
    hub = replay(record(busy()), kind="thermostat", start=FIRST + 10**9)
    assert hub.readings("wearable") == []
    assert hub.accounts.rejected == 285


def test_times_out_of_order_and_equal_times_are_taken_in_the_order_of_the_file(replay, record):
    times = [0, 5, 5, 5, 2, 9, 1]
    messages = [reading(n, at=FIRST + at * 10**9) for n, at in enumerate(times)]
    rows = replay(record(messages)).readings("wearable")
    assert [row.fields["steps"] for row in rows] == list(range(7))


def test_a_broker_of_ones_own_takes_messages(broker):
    import paho.mqtt.client as mqtt

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect(broker.host, broker.port)
    client.loop_start()
    sent = client.publish(T1, b"x", qos=1)
    sent.wait_for_publish(10)
    assert sent.is_published()
    client.disconnect()
    client.loop_stop()
