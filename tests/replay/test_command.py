"""`hub replay` to a real broker: what comes out there, and what becomes of bad input."""

import contextlib
import itertools
import threading
import time
from dataclasses import replace

import paho.mqtt.client as mqtt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from harness.wait import DEADLINE, until
from hub.recording.format import Recorded, Writer, info, read
from hub.recording.player import Player
from hub.recording.select import Choice
from tests.recording.made import FIRST, ROOT, reading, written
from tests.replay.conftest import play

_places = itertools.count(1)


class Listener:
    """A client of another make that notes what it gets, at its own QoS."""

    def __init__(self, port, pattern, qos=2):
        self.got: list[mqtt.MQTTMessage] = []
        self._ready = threading.Event()
        self._client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        self._client.on_message = lambda _, __, message: self.got.append(message)
        self._client.on_subscribe = lambda *_: self._ready.set()
        options = SubscribeOptions(qos=qos, retainAsPublished=True)
        connect = Properties(PacketTypes.CONNECT)
        connect.ReceiveMaximum = 65_535
        self._client.connect("127.0.0.1", port, properties=connect)
        self._client.subscribe(pattern, options=options)
        self._client.loop_start()
        assert self._ready.wait(DEADLINE)

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()

    def wait(self, count):
        until(lambda: len(self.got) >= count, f"{count} messages; there are {len(self.got)}")

    def take(self, count):
        self.wait(count)
        assert len(self.got) == count
        return [(item.topic, item.payload, item.qos, bool(item.retain)) for item in self.got]


@contextlib.contextmanager
def listening(broker, pattern, qos=2):
    listener = Listener(broker.port, pattern, qos)
    try:
        yield listener
    finally:
        listener.close()


def same(messages):
    return [(item.topic, item.payload, item.qos, item.retain) for item in messages]


def mixed(booth):
    topic = f"{ROOT}/{booth}/thermostat/t1"
    yield Recorded(f"{topic}/status", b"online", FIRST, 1, True, verdict="state")
    for number in range(40):
        qos = number * 7 % 3
        yield reading(number, booth=booth, qos=qos, every=0)
        yield Recorded(topic, b"\x00\xff" * number, FIRST, qos, verdict="rejected:json")


def test_order_qos_retain_and_bytes_are_kept(record, booth, mosquitto):
    messages = list(mixed(booth))
    words = ("--to", mosquitto.url, "--speed", "max", "--delivery", "recorded")
    with listening(mosquitto, f"{ROOT}/{booth}/#") as listener:
        assert play(record(messages), *words).code == 0
        got, expected = listener.take(len(messages)), same(messages)
    # paho hands over QoS 2 when the broker has released it: each of the two is in order.
    for qos in ({0, 1}, {2}):
        assert [item for item in got if item[2] in qos] == [i for i in expected if i[2] in qos]


def test_delivered_once_a_subscriber_of_qos_1_sees_no_difference(record, booth, mosquitto):
    messages = list(mixed(booth))
    with listening(mosquitto, f"{ROOT}/{booth}/#", qos=1) as listener:
        assert play(record(messages), "--to", mosquitto.url, "--speed", "max").code == 0
        expected = [
            (topic, payload, min(qos, 1), kept) for topic, payload, qos, kept in same(messages)
        ]
        assert listener.take(len(messages)) == expected


def test_properties_come_back_and_a_booth_gets_another_name(record, booth, mosquitto):
    properties = {
        "content_type": "application/json",
        "response_topic": f"{ROOT}/b12/thermostat/t1/receipts",
        "correlation_data": "AQI=",
        "message_expiry_interval": 600,
        "payload_format_indicator": 1,
        "user_properties": [["a", "1"], ["a", "2"]],
    }
    message = Recorded(f"{ROOT}/b12/thermostat/t1", b"{}", FIRST, 1, properties=properties)
    with listening(mosquitto, f"{ROOT}/{booth}/#") as listener:
        assert play(record([message]), "--to", mosquitto.url, "--map", f"b12={booth}").code == 0
        listener.take(1)
    got = listener.got[0].properties
    assert got.ContentType == "application/json"
    assert got.ResponseTopic == f"{ROOT}/{booth}/thermostat/t1/receipts"
    assert got.CorrelationData == b"\1\2"
    assert got.UserProperty == [("a", "1"), ("a", "2")]
    assert got.PayloadFormatIndicator == 1
    assert got.MessageExpiryInterval <= 600


def test_times_are_moved_to_now(record, booth, mosquitto):
    topic = f"{ROOT}/{booth}/thermostat/t1"
    first = FIRST // 10**9
    said = [b'{"temperature": 20.5, "ts": %d}' % (first + n) for n in (0, 2)]
    messages = [Recorded(topic, text, FIRST + 2 * n * 10**9) for n, text in enumerate(said)]
    before = int(time.time())
    with listening(mosquitto, topic) as listener:
        words = ("--to", mosquitto.url, "--shift", "now", "--speed", "100")
        assert play(record(messages), *words).code == 0
        listener.take(2)
    times = [int(item.payload.split()[-1][:-1]) for item in listener.got]
    assert times[1] - times[0] == 2
    assert before <= times[1] <= time.time() + 1


def test_a_part_is_played_and_played_again(record, booth, replaying, mosquitto):
    path = record(reading(number, booth=booth, every=10**9) for number in range(20))
    words = ("--start", "+5s", "--stop", "-12s", "--kind", "wearable", "--booth", booth, "--loop")
    with listening(mosquitto, f"{ROOT}/{booth}/#") as listener:
        replaying.begin(path, "--to", mosquitto.url, "--speed", "200", *words)
        until(lambda: len(listener.got) >= 6, "it begins again")
        assert replaying.stop() == 0
        numbers = [b'"steps": %d}' % number for number in (5, 6)]
        assert [item.payload[-11:].lstrip(b" ,") for item in listener.got[:6]] == numbers * 3


# --- record, replay, record


@st.composite
def messages_of_all_sorts(draw):
    topics = st.sampled_from(
        ["p/thermostat/t1", "p/thermostat/t1/status", "p/nothing", "p/x/y/z/w"]
    )
    at = st.integers(FIRST, FIRST + 3 * 10**6)
    found = draw(
        st.lists(
            st.tuples(topics, st.binary(max_size=40), at, st.integers(0, 2), st.booleans()),
            min_size=1,
            max_size=40,
        )
    )
    return [
        Recorded(f"{ROOT}/{topic}", payload, moment, qos, retain, verdict="rejected:json")
        for topic, payload, moment, qos, retain in found
    ]


class Sink:
    """Takes everything, a few at a time."""

    def __init__(self):
        self.got = []
        self._room = 0

    def offer(self, message):
        self._room -= 1
        if self._room < 0:
            return False
        self.got.append(message)
        return True

    def flush(self):
        pass

    async def room(self):
        self._room = 3

    async def settled(self):
        pass


@given(messages_of_all_sorts(), st.sampled_from([None, 1.0, 1_000.0]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_record_replay_record_gives_the_same_messages(tmp_path, messages, speed):
    import asyncio

    sink = Sink()
    path = written(tmp_path / "first.mcap", messages)
    player = Player(sink, speed)
    asyncio.run(player.play(read(path), Choice(ROOT, raw=True), lambda: None))
    again = [Recorded(m.topic, m.payload, FIRST, m.qos, m.retain) for m in sink.got]
    second = written(tmp_path / "second.mcap", again)
    assert same(read(second)) == same(read(path)) == same(messages)
    assert player.played == len(messages)


@given(messages=messages_of_all_sorts())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("speed", [None, 1_000.0])
def test_record_replay_record_through_a_broker(tmp_path, mosquitto, speed, messages):
    import asyncio

    from hub.mqtt.connecting import Broker
    from hub.mqtt.publisher import Publisher
    from hub.settings.values import BrokerAddress

    async def publish(path, once):
        client = f"replay-{time.monotonic_ns()}"
        publisher = Publisher(Broker(BrokerAddress("127.0.0.1", mosquitto.port), client), once=once)
        await publisher.open()
        await Player(publisher, speed).play(read(path), Choice(ROOT, raw=True), lambda: None)
        await publisher.close()
        assert publisher.sent == len(messages)

    # Of topics that no other example has; what is retained would meet the next listener.
    place = f"{ROOT}/p{next(_places)}"
    messages = [
        replace(item, topic=item.topic.replace(f"{ROOT}/p", place), retain=False)
        for item in messages
    ]
    first = written(tmp_path / "first.mcap", messages)
    for once, qos in ((False, 2), (True, 1)):
        with listening(mosquitto, f"{place}/#", qos) as listener:
            asyncio.run(publish(first, once))
            listener.wait(len(messages))
            got = [Recorded(m.topic, m.payload, FIRST, m.qos) for m in listener.got]
        second = written(tmp_path / "second.mcap", got)
        expected = [(m.topic, m.payload, min(m.qos, qos)) for m in messages]
        found = [(m.topic, m.payload, m.qos) for m in read(second)]
        for sort in ({0, 1}, {2}):  # paho hands over QoS 2 when the broker has released it
            assert [i for i in found if i[2] in sort] == [i for i in expected if i[2] in sort]


# --- bad input


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-50])


def damaged(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


BAD = {
    "missing": (lambda path: path.unlink(), "cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "foreign": (lambda path: path.write_text("time,value\n"), "is no MCAP file"),
    "truncated": (cut_short, "hub recording repair"),
    "corrupt": (damaged, "hub recording repair"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_recording_is_refused_with_the_way_out(record, mosquitto, name):
    spoil, said = BAD[name]
    path = record(reading(number) for number in range(200))
    spoil(path)
    found = play(path, "--to", mosquitto.url, "--speed", "max")
    assert found.code == 1
    assert said in found.said


def test_a_recording_without_messages_is_refused(record):
    found = play(record([]), "--to", "mqtt://127.0.0.1:1")
    assert found.code == 1
    assert "holds no messages" in found.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--speed", "fast"), "no speed"),
        (("--map", "b12"), "no pair of booths"),
        (("--booth", "b99"), "'b99' is not in the recording"),
        (("--kind", "wearabel"), "did you mean wearable?"),
        (("--map", "b99=b1"), "'b99' is not in the recording"),
        (("--start", "noon"), "no time"),
        (("--start", "+1h"), "nothing is between"),
        (("--stop", "14:03:10"), "no such time"),
        (("--to", "http://:secret@x"), "mqtt://127.0.0.1:1883"),
        (("--to", "mqtt://x", "--into-hub"), "one of --to and --into-hub"),
    ],
)
def test_wrong_usage_is_told(record, words, said):
    found = play(record([reading(1)]), *words)
    assert found.code == 2
    assert said in " ".join(found.said.replace("│", " ").split())
    assert "secret" not in found.said


def test_a_broker_that_is_not_there_is_told(record):
    found = play(record([reading(1)]), "--to", "mqtt://127.0.0.1:1")
    assert found.code == 1
    assert "mqtt://127.0.0.1:1: connection refused" in found.said


def test_a_schema_of_an_older_kind_changes_nothing(record, booth, mosquitto, tmp_path):
    path = tmp_path / "old.mcap"
    writer = Writer(path, {}, schemas={"wearable": b'{"type": "object", "title": "older"}'})
    message = reading(1, booth=booth)
    writer.add(message)
    writer.close()
    assert info(path).schemas["wearable"].endswith(b'"older"}')
    with listening(mosquitto, f"{ROOT}/{booth}/#") as listener:
        assert play(path, "--to", mosquitto.url).code == 0
        assert listener.take(1)[0][1] == message.payload


def test_times_that_go_back_and_equal_times_keep_the_order(record, booth, mosquitto):
    times = [0, 500, 500, 100, 900, 0]
    messages = [reading(n, booth=booth, at=FIRST + t * 10**6) for n, t in enumerate(times)]
    with listening(mosquitto, f"{ROOT}/{booth}/#", qos=1) as listener:
        assert play(record(messages), "--to", mosquitto.url).code == 0
        assert listener.take(6) == same(messages)


def test_several_recordings_are_played_as_one_by_time(record, booth, mosquitto, tmp_path):
    messages = [reading(n, booth=booth) for n in range(20)]
    one, other = record(messages[::2]), written(tmp_path / "other.mcap", messages[1::2])
    with listening(mosquitto, f"{ROOT}/{booth}/#") as listener:
        words = ("--to", mosquitto.url, "--speed", "max", "--delivery", "recorded")
        assert play(one, str(other), *words).code == 0
        assert listener.take(20) == same(messages)


def test_several_booths_and_kinds_and_what_is_excluded(record, booth, mosquitto):
    names = [f"{name}/thermostat" for name in (booth, f"{booth}x", f"{booth}y")]
    names += [f"{booth}/wearable", f"{booth}/light"]
    topics = [f"{ROOT}/{name}/for-{booth}" for name in names]
    messages = [Recorded(topic, b"{}", FIRST, 1, verdict="rejected:schema") for topic in topics]
    with listening(mosquitto, f"{ROOT}/+/+/for-{booth}") as listener:
        words = [
            "--booth",
            booth,
            "--booth",
            f"{booth}x",
            "--kind",
            "thermostat",
            "--kind",
            "light",
        ]
        words += ["--exclude", f"{ROOT}/+/light/#", "--to", mosquitto.url, "--speed", "max"]
        assert play(record(messages), *words).code == 0
        assert [item[0] for item in listener.take(2)] == topics[:2]


def test_topics_get_another_root(record, booth, mosquitto):
    properties = {"response_topic": f"{ROOT}/{booth}/thermostat/t/errors"}
    message = Recorded(f"{ROOT}/{booth}/thermostat/t", b"{}", FIRST, 1, properties=properties)
    with listening(mosquitto, f"lab/{booth}/#") as listener:
        words = ("--to", mosquitto.url, "--map-topic", f"{ROOT}/#=lab/#")
        assert play(record([message]), *words).code == 0
        assert listener.take(1)[0][0] == f"lab/{booth}/thermostat/t"
    assert listener.got[0].properties.ResponseTopic == f"lab/{booth}/thermostat/t/errors"


def test_faults_happen_and_are_counted(record, booth, mosquitto):
    messages = [reading(n, booth=booth) for n in range(200)]
    with listening(mosquitto, f"{ROOT}/{booth}/#") as listener:
        words = ("--to", mosquitto.url, "--speed", "max", "--drop", "10%", "--seed", "7")
        done = play(record(messages), *words)
        dropped = int(done.said.partition("faults: ")[2].partition(" dropped (seed 7)")[0])
        assert 0 < dropped < 60
        listener.take(200 - dropped)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--drop", "1"], "is no share of the messages"),
        (["--exclude", "a#"], "is no whole level"),
        (["--map-topic", "a"], "maps no topic"),
    ],
)
def test_wrong_words_are_refused_with_the_right_ones(record, words, said):
    done = play(record([reading(1)]), *words)
    assert done.code == 2
    assert said in " ".join(done.said.split())
