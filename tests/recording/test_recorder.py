"""The recorder against a real broker: nothing missing, nothing twice, whatever ends it."""

import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_bytes

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.process import Process
from harness.wait import until
from hub.booths.registry import Registry
from hub.cli import main
from hub.event.zone import NativeTopics
from hub.recording.format import info, read
from hub.recording.recorder import CONNECTION_LOST
from hub.recording.repair import repair
from schemas import kinds
from tests.event.test_catalogue import TANK

ROOT = "smartlife/v1"
T1 = f"{ROOT}/b12/thermostat/t1"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "mosquitto", "allow_anonymous true", "log_type all")
    try:
        yield broker.start()
    finally:
        broker.kill()


class Recording(Process):
    """`hub record` as a process."""

    def __init__(self, folder: Path, broker: Mosquitto, *flags: str) -> None:
        super().__init__(folder / "record.log")
        self.path = folder / "a.mcap"
        self._broker = broker
        self._command = ["hub", "record", "--out", str(self.path)]
        self._command += ["--broker", broker.url, *flags]

    def begin(self) -> "Recording":
        self.launch_module(self._command, environment({}))
        until(lambda: self.subscriptions or not self.running, "it subscribes")
        assert self.running, self.said
        return self

    @property
    def subscriptions(self) -> int:
        return self._broker.said.count("SUBACK to smartlife-recorder")

    def end(self, kept: int, number: int = signal.SIGTERM) -> str:
        """Stop it once so many messages with QoS 1 are acknowledged; return what it said."""
        until(lambda: self._broker.said.count("PUBACK from smartlife-recorder") >= kept, "kept")
        assert self.stop(number) == 0, self.said
        return self.said


@pytest.fixture
def record(tmp_path: Path, broker: Mosquitto) -> Iterator[Callable[..., Recording]]:
    """Begin to record; what was begun is ended with the test."""
    made: list[Recording] = []

    def begin(*flags: str) -> Recording:
        made.append(Recording(tmp_path, broker, *flags))
        return made[-1].begin()

    yield begin
    for item in made:
        item.kill()


class Sender:
    """A device that counts its messages; `sent` are those that the broker took."""

    def __init__(self, broker: Mosquitto) -> None:
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.max_inflight_messages_set(1000)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        self.sent: list[tuple[str, bytes]] = []

    def send(self, topic: str, payload: bytes, *, qos: int = 1, **properties: object) -> None:
        packed = Properties(PacketTypes.PUBLISH)
        for name, value in properties.items():
            setattr(packed, name, value)
        taken = self._client.publish(topic, payload, qos=qos, properties=packed)
        taken.wait_for_publish(20)
        self.sent.append((topic, payload))

    def send_many(self, count: int) -> None:
        first = len(self.sent)
        payloads = [
            b'{"temperature": 20, "n": %d}' % number for number in range(first, first + count)
        ]
        waiting = [self._client.publish(T1, payload, qos=1) for payload in payloads]
        for item in waiting:
            item.wait_for_publish(20)
        self.sent += [(T1, payload) for payload in payloads]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def sender(broker: Mosquitto) -> Iterator[Sender]:
    sender = Sender(broker)
    yield sender
    sender.close()


def session_present(broker: Mosquitto, client_id: str) -> bool:
    asked = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv5)
    told: list[bool] = []
    asked.on_connect = lambda _c, _u, flags, _r, _p: told.append(flags.session_present)
    asked.connect("127.0.0.1", broker.port, clean_start=False)
    asked.loop_start()
    until(lambda: told, "it connects")
    asked.disconnect()
    asked.loop_stop()
    return told[0]


def came(path: Path) -> list[tuple[str, bytes]]:
    return [(message.topic, message.payload) for message in read(path)]


def test_what_comes_is_recorded_in_order_with_verdict_and_properties(record, sender, broker):
    recording = record()
    sender.send(T1, b'{"temperature": 21.5}', ContentType="application/json")
    sender.send(T1, b'{"temperature": 412}')
    sender.send(T1, b"\xff\xfe", qos=0)
    sender.send(f"{T1}/status", b"online")
    sender.send(f"{ROOT}/b12/toaster/t1", b"{}", UserProperty=("a", "ㄱ"))
    sender.send(T1, b'{"temperature": 2}', ResponseTopic="r/1", CorrelationData=b"\x00\xff")
    sender.send_many(500)
    assert "recorded 506 messages, 3 rejected" in recording.end(505)
    found = list(read(recording.path))
    assert [(item.topic, item.payload) for item in found] == sender.sent
    assert [item.verdict for item in found[:6]] == [
        "accepted",
        "rejected:schema",
        "rejected:json",
        "state",
        "rejected:kind",
        "accepted",
    ]
    assert [item.qos for item in found[:3]] == [1, 1, 0]
    assert found[0].properties == {"content_type": "application/json"}
    assert found[4].properties == {"user_properties": [["a", "ㄱ"]]}
    assert found[5].properties == {"response_topic": "r/1", "correlation_data": "AP8="}
    assert [item.at for item in found] == sorted({item.at for item in found})
    assert info(recording.path).end["rejected:schema"] == "1"


def test_a_hubs_answers_are_not_recorded(record, sender):
    recording = record()
    sender.send(f"{T1}/errors", b"{}")
    sender.send(f"{T1}/receipts", b"{}")
    sender.send(T1, b"{}")
    recording.end(3)
    assert came(recording.path) == [(T1, b"{}")]


def test_only_the_booth_and_kind_asked_for(record, sender):
    recording = record("--booth", "b12", "--kind", "light")
    sender.send(T1, b"{}")
    sender.send(f"{ROOT}/b12/light/l1", b"{}")
    sender.send(f"{ROOT}/b1/light/l1", b"{}")
    recording.end(1, signal.SIGINT)
    assert came(recording.path) == [(f"{ROOT}/b12/light/l1", b"{}")]


def test_topics_of_a_booths_own_are_recorded_with_what_became_of_them(record, sender, tmp_path):
    zone, data = tmp_path / "zone.toml", tmp_path / "data"
    zone.write_text(
        '[[booth]]\nid = "b12"\nname = "Plugs"\n'
        'native = [{ dialect = "tasmota", topics = ["acme/#"] }]\n',
        encoding="utf-8",
    )
    robots = NativeTopics(dialect="vda5050", topics=("uagv/#",))
    Registry(data).put("b13", "", "", (), (robots,))
    recording = record("--zone", str(zone), "--data", str(data))
    sender.send("acme/plug1/tele/SENSOR", b'{"ENERGY":{"Power":12}}')
    sender.send("uagv/v2/ACME/1/connection", b"{")
    sender.send("other/plug1/tele/SENSOR", b'{"ENERGY":{"Power":12}}')
    recording.end(2)
    assert [(item.topic, item.verdict) for item in read(recording.path)] == [
        ("acme/plug1/tele/SENSOR", "accepted"),
        ("uagv/v2/ACME/1/connection", "rejected:json"),
    ]


def test_of_one_booth_only_its_own_topics_are_recorded(record, sender, tmp_path):
    data = tmp_path / "data"
    for booth in ("b12", "b13"):
        own = NativeTopics(dialect="tasmota", topics=(f"{booth}-acme/#",))
        Registry(data).put(booth, "", "", (), (own,))
    recording = record("--data", str(data), "--booth", "b13")
    sender.send("b12-acme/plug1/tele/SENSOR", b"{}")
    sender.send("b13-acme/plug1/tele/SENSOR", b"{}")
    recording.end(1)
    assert came(recording.path) == [("b13-acme/plug1/tele/SENSOR", b"{}")]


def test_it_ends_by_itself_and_leaves_no_session_behind(record, sender, broker):
    recording = record("--for", "1s")
    sender.send(T1, b"{}")
    assert recording.wait() == 0, recording.said
    assert came(recording.path) == [(T1, b"{}")]
    assert not session_present(
        broker, f"smartlife-recorder-{socket.gethostname()[:24]}-{recording.pid}"
    )


def test_a_lost_connection_costs_nothing_and_is_noted(record, sender, broker, tmp_path):
    recording = record()
    sender.send_many(200)
    broker.stop(signal.SIGTERM)  # which saves sessions and queues
    sender.close()
    broker.start()
    late = Sender(broker)
    late.sent = sender.sent
    late.send_many(300)
    until(lambda: broker.said.count("as smartlife-recorder") > 1, "it comes back")
    late.send_many(100)
    late.close()
    recording.end(600)
    found = list(read(recording.path))
    once = [(item.topic, item.payload) for item in found if item.verdict != "duplicate"]
    assert once == late.sent
    assert [gap.why for gap in info(recording.path).gaps] == [CONNECTION_LOST]


def test_after_a_kill_everything_up_to_the_last_second_is_there(record, sender, broker):
    recording = record()
    sender.send_many(300)
    until(lambda: broker.said.count("PUBACK from smartlife-recorder") >= 300, "all is on disk")
    recording.kill()
    saved = recording.path.with_name("saved.mcap")
    result = repair(recording.path, saved, kinds())
    assert (result.saved, result.messages_lost, result.closed) == (300, 0, False)
    assert came(saved) == sender.sent


def test_files_follow_one_another_by_size(record, sender):
    recording = record("--rotate-size", "1MiB")
    for _ in range(120):
        sender.send(T1, token_bytes(50_000))  # not to be compressed
    recording.end(120)
    files = sorted(recording.path.parent.glob("a-*.mcap"))
    assert files[0].name == "a-0001.mcap"
    assert len(files) > 1
    assert [it for path in files for it in came(path)] == sender.sent


def refused(capsys, monkeypatch, *words: object) -> tuple[int, str]:
    """Run `hub record` in this process; return exit code and what it said."""
    monkeypatch.setattr(sys, "argv", ["hub", "record", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out + err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--for", "soon"), "is no duration"),
        (("--rotate-size", "big"), "is no size"),
        (("--booth", "+/+"), "is no booth"),
        (("--kind", "#"), "is no kind"),
        (("--kind", "termostat"), "did you mean thermostat?"),
        (("--last", "60s", "--for", "1m"), "leave the others out"),
    ],
)
def test_impossible_wishes_are_refused(capsys, monkeypatch, tmp_path: Path, flags, said: str):
    code, answer = refused(capsys, monkeypatch, "--out", tmp_path / "a.mcap", *flags)
    assert code == 2
    assert said in answer
    assert not (tmp_path / "a.mcap").exists()


def test_a_file_that_is_there_is_left_alone(capsys, monkeypatch, tmp_path: Path):
    path = tmp_path / "a.mcap"
    path.write_bytes(b"precious")
    for more in ((), ("--last", "60s")):
        code, said = refused(capsys, monkeypatch, "--out", path, *more)
        assert code == 1
        assert "is there already; give another name" in said
    assert path.read_bytes() == b"precious"


def test_the_past_of_a_running_hub_is_saved(tmp_path: Path, broker, sender):
    hub = Hub(tmp_path / "hub", broker.url, ops_token="a-token-of-some-length")
    hub._client.headers["authorization"] = "Bearer a-token-of-some-length"
    try:
        hub.start()
        sender.send(T1, b'{"temperature": 21.5}', ContentType="application/json")
        sender.send(T1, b"\xff")
        sender.send(f"{ROOT}/b1/thermostat/t1", b'{"temperature": 21.5}')
        until(lambda: hub.accounts()["received"] >= 3, "the hub has them")
        saved = Process(tmp_path / "last.log")
        command = [sys.executable, "-m", "hub", "record", "--out", str(tmp_path / "last.mcap")]
        command += ["--last", "60s", "--booth", "b12"]
        settings = {"http": hub.settings["http"], "ops_token": "a-token-of-some-length"}
        saved.launch(command, environment(settings))
        assert saved.wait() == 0, saved.said
        found = list(read(tmp_path / "last.mcap"))
        assert [(item.payload, item.verdict) for item in found] == [
            (b'{"temperature": 21.5}', "accepted"),
            (b"\xff", "rejected:json"),
        ]
        assert found[0].properties == {"content_type": "application/json"}
    finally:
        hub.close()


def test_a_broker_that_is_not_there_is_named_and_no_file_is_left(
    capsys, monkeypatch, tmp_path: Path
):
    monkeypatch.setattr("hub.cli.record._PATIENCE", 0.3)
    path, address = tmp_path / "a.mcap", f"mqtt://127.0.0.1:{free_port()}"
    code, said = refused(capsys, monkeypatch, "--out", path, "--broker", address)
    assert code == 1
    assert f"{address}: connection refused" in said
    assert not path.exists()


def test_a_hub_that_does_not_answer_is_named(capsys, monkeypatch, tmp_path: Path):
    path, address = tmp_path / "a.mcap", f"127.0.0.1:{free_port()}"
    code, said = refused(capsys, monkeypatch, "--out", path, "--last", "1m", "--http", address)
    assert code == 1
    assert f"no hub answers at http://{address}" in said
    assert not path.exists()


def test_a_kind_of_the_event_s_own_is_accepted(record, broker, tmp_path):
    folder = tmp_path / "kinds"
    folder.mkdir()
    (folder / "water_tank.json").write_text(json.dumps(TANK))
    recording = record("--kinds", str(folder))
    Sender(broker).send(f"{ROOT}/b12/water_tank/w1", b'{"fill": 71.5}')
    recording.end(1)
    assert info(recording.path).verdicts == {"accepted": 1}
