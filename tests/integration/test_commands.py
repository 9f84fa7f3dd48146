"""`hub tail` and `hub doctor` against a real broker."""

import signal
import subprocess
import sys
from pathlib import Path

import paho.mqtt.publish

from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto, chosen_mosquitto
from harness.ports import free_port
from harness.process import Process
from harness.wait import DEADLINE, until
from hub.mqtt.conformance import is_too_old


def _publish(broker: Mosquitto, topic: str, payload: str, *, retain: bool = False) -> None:
    paho.mqtt.publish.single(topic, payload, 1, retain, hostname="127.0.0.1", port=broker.port)


def _send(broker: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", "send", *words],
        env=environment({"broker": broker}),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def test_send_publishes_a_reading_and_shows_its_receipt(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    done = _send(standing_mosquitto.url, booth, "thermostat", "t1", '{"temperature": 21.5}')
    assert done.returncode == 0, done.stderr
    (row,) = until(lambda: standing_hub.readings("thermostat", booth=booth), "the reading")
    assert done.stdout == f"on the hub's disk, with the time {row['ts']}\n"


def test_send_says_why_a_reading_was_rejected(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    done = _send(standing_mosquitto.url, booth, "thermostat", "t1", '{"temperature": 412}')
    assert done.returncode == 1
    assert done.stdout == "rejected (schema): temperature: 412 is above the maximum 85 °C\n"


def test_send_names_a_booth_that_cannot_be(standing_mosquitto: Mosquitto):
    done = _send(standing_mosquitto.url, "B12", "thermostat", "t1", "{}")
    assert done.returncode == 2
    assert "write it like b12" in " ".join(done.stderr.split())


def test_send_says_that_no_hub_answers(mosquitto: Mosquitto):
    done = _send(mosquitto.url, "b12", "thermostat", "t1", '{"temperature": 21.5}')
    assert done.returncode == 1
    assert "no answer came within 5 s; is a hub connected to that broker" in done.stderr


def test_tail_ends_after_a_count(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str, tmp_path: Path
):
    tail = Process(tmp_path / "tail.log")
    tail.launch(
        [sys.executable, "-m", "hub", "tail", "--booth", booth, "--count", "1"],
        environment({"broker": standing_mosquitto.url}),
    )
    _publish_until_seen(standing_mosquitto, f"smartlife/v1/{booth}/thermostat/t1", tail)
    assert tail.wait() == 0
    assert len(tail.said.splitlines()) == 1


def _doctor(tmp_path: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    here = {"data": tmp_path / "data", "http": f"127.0.0.1:{free_port()}", "outbox_limit": "1MiB"}
    return subprocess.run(
        [sys.executable, "-m", "hub", "doctor"],
        env=environment({**here, **settings}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def test_tail_names_the_kind_and_the_booth_that_may_be_meant(
    standing_mosquitto: Mosquitto, tmp_path: Path
):
    zone = tmp_path / "zone.toml"
    zone.write_text('[[booth]]\nid = "b03"\nname = "Acme"\n', encoding="utf-8")
    tail = Process(tmp_path / "tail.log")
    here = environment({"broker": standing_mosquitto.url, "zone": zone})
    tail.launch([sys.executable, "-m", "hub", "tail", "--booth", "b3"], here)
    until(lambda: "no booth 'b3'; did you mean b03?" in tail.said, "it says so, and goes on")
    assert tail.stop(signal.SIGINT) == 0
    tail.launch([sys.executable, "-m", "hub", "tail", "--kind", "termostat"], here)
    assert tail.wait() == 2
    assert "there is no kind 'termostat'; did you mean thermostat?" in tail.said


def test_tail_shows_readings_states_and_rejections_as_they_pass(
    standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str, tmp_path: Path
):
    broker, topic = standing_mosquitto, f"smartlife/v1/{booth}/thermostat/t1"
    _publish(broker, f"{topic}/status", "offline", retain=True)
    tail = Process(tmp_path / "tail.log")
    command = [sys.executable, "-m", "hub", "tail", "--booth", booth]
    tail.launch(command, environment({"broker": broker.url}))
    try:
        _publish_until_seen(broker, topic, tail)
        _publish(broker, f"{topic}/status", "online")
        _publish(broker, topic, '{"temperature": 412}')
        _publish(broker, topic, '{"temperature": 21.5, "window_open": true}')
        # The rejection is the hub's answer: it may pass before what was published next, or after.
        last = ("temperature 21.5", "412 is above the maximum 85 °C")
        until(lambda: all(text in tail.said for text in last), lambda: tail.said)
        assert tail.stop() == 0
    finally:
        tail.kill()
    assert "offline" not in tail.said, "what was retained before did not pass now"
    assert "temperature 20" in tail.said
    assert "online" in tail.said
    assert "412 is above the maximum 85 °C" in tail.said
    assert "temperature 21.5" in tail.said
    assert f"{booth:6} thermostat/t1" in tail.said


def test_tail_shows_what_passes_on_a_booths_own_topics(
    standing_mosquitto: Mosquitto, booth: str, tmp_path: Path
):
    zone, own = tmp_path / "zone.toml", f"acme-{booth}"
    native = f'native = [{{ dialect = "tasmota", topics = ["{own}/#"] }}]'
    zone.write_text(f'[[booth]]\nid = "{booth}"\nname = "Plugs"\n{native}\n', encoding="utf-8")
    tail = Process(tmp_path / "tail.log")
    command = [sys.executable, "-m", "hub", "tail", "--kind", "climate_sensor", "--count", "1"]
    tail.launch(command, environment({"broker": standing_mosquitto.url, "zone": zone}))
    try:
        said = '{"AM2301":{"Temperature":20}}'
        _publish_until_seen(standing_mosquitto, f"{own}/air/tele/SENSOR", tail, said)
        assert tail.wait() == 0
    finally:
        tail.kill()
    assert f"{booth:6} climate_sensor/" in tail.said


def _publish_until_seen(
    broker: Mosquitto, topic: str, tail: Process, payload: str = '{"temperature": 20}'
) -> None:
    """Readings until `tail` is ready and shows one."""

    def seen() -> bool:
        _publish(broker, topic, payload)
        return "temperature 20" in tail.said

    until(seen, lambda: f"tail shows it: {tail.said}")


def test_tail_ends_without_a_word_of_python_when_the_broker_is_not_there(tmp_path: Path):
    tail = Process(tmp_path / "tail.log")
    tail.launch(
        [sys.executable, "-m", "hub", "tail"],
        environment({"broker": f"mqtt://127.0.0.1:{free_port()}"}),
    )
    assert tail.wait() == 1
    assert "is the broker running" in tail.said
    assert "Traceback" not in tail.said


def test_tail_ends_with_sigint(standing_mosquitto: Mosquitto, booth: str, tmp_path: Path):
    tail = Process(tmp_path / "tail.log")
    tail.launch(
        [sys.executable, "-m", "hub", "tail", "--booth", booth],
        environment({"broker": standing_mosquitto.url}),
    )
    try:
        _publish_until_seen(standing_mosquitto, f"smartlife/v1/{booth}/thermostat/t1", tail)
        assert tail.stop(2) == 0
    finally:
        tail.kill()
    assert "Traceback" not in tail.said


def test_the_doctor_finds_everything_well(standing_mosquitto: Mosquitto, tmp_path: Path):
    answer = _doctor(tmp_path, broker=standing_mosquitto.url)
    lines = [
        line for line in answer.stdout.splitlines() if not line[4:].startswith(("clock", "reading"))
    ]
    assert "!   reading  not tried, for no hub runs at " in answer.stdout
    broker = next(line for line in lines if "broker" in line)
    if is_too_old(f"mosquitto version {standing_mosquitto.version or chosen_mosquitto()}"):
        assert broker.startswith("! ")
        assert "Use Mosquitto 2.0.13 or newer" in broker
        lines.remove(broker)
    assert all(line.startswith("ok") for line in lines), answer.stdout
    assert "speaks MQTT 5" in broker
    assert answer.stderr == ""


def test_the_doctor_names_what_a_broker_cannot_do_for_several_hubs(tmp_path: Path):
    broker = Mosquitto(tmp_path / "mosquitto", listener=["max_qos 0"])
    try:
        said = _doctor(tmp_path, broker=broker.start().url, group="expo").stdout
    finally:
        broker.kill()
    (line,) = (line for line in said.splitlines() if line[4:].startswith("broker"))
    assert line.startswith("! ")
    assert "the broker knows QoS 0 alone" in line


def test_the_doctor_names_a_broker_that_is_not_there(tmp_path: Path):
    nowhere = f"127.0.0.1:{free_port()}"
    beyond_latin = {"grafana": f"http://{nowhere}", "grafana_token": "열쇠"}
    answer = _doctor(tmp_path, broker=f"mqtt://{nowhere}", **beyond_latin)
    assert answer.returncode == 1
    assert "!!  broker" in answer.stdout
    assert "is Grafana running" in answer.stdout
    assert "is the broker running" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_the_doctor_does_not_disturb_a_hub_that_runs(
    standing_mosquitto: Mosquitto, standing_hub: Hub, tmp_path: Path
):
    connected = standing_hub.said.count("connected to")
    answer = _doctor(tmp_path, broker=standing_mosquitto.url, http=standing_hub.settings["http"])
    assert (
        f"ok  http     a hub runs at {standing_hub.settings['http']}, and is well" in answer.stdout
    )
    assert "its receipt came after" in answer.stdout
    assert not any(item["booth"] == "hub-doctor" for item in standing_hub.get("/api/devices"))
    assert standing_hub.well()
    assert standing_hub.said.count("connected to") == connected
