"""The hub's session at the broker: what survives, what is dropped, and who may share it."""

import json
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import paho.mqtt.publish

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.ports import free_port
from harness.wait import until
from tests.integration.load import publishing


def _publish(broker: Mosquitto, topic: str, numbers: Iterable[int]) -> None:
    messages: list[Any] = [
        {"topic": topic, "payload": json.dumps({"heart_rate": 60, "steps": n}), "qos": 1}
        for n in numbers
    ]
    paho.mqtt.publish.multiple(messages, hostname="127.0.0.1", port=broker.port)


def _numbers(hub: Hub, booth: str) -> list[int]:
    return [row["fields"]["steps"] for row in hub.readings("wearable", booth=booth)]


def test_what_came_while_the_hub_was_away_is_stored(
    each_mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    mosquitto, hub = each_mosquitto, make_hub(each_mosquitto.url).start()
    topic = f"smartlife/v1/{booth}/wearable/w1"
    for number, end in enumerate((signal.SIGTERM, signal.SIGKILL)):
        hub.stop(end)
        _publish(mosquitto, topic, range(number * 2_000, number * 2_000 + 2_000))
        hub.start()
        hub.wait_for("stored", 2_000 * (number + 1))
    assert _numbers(hub, booth) == list(range(4_000))
    assert hub.accounts()["duplicate"] == 0


def test_a_broker_that_comes_later_is_waited_for(make_hub: Callable[..., Hub], tmp_path: Path):
    broker = Mosquitto(tmp_path / "mosquitto")
    hub = make_hub(broker.url).start(well=False)
    assert hub.health()[0] == 503
    try:
        broker.start()
        until(hub.well, "the hub is connected")
    finally:
        broker.kill()


def test_a_broker_that_forgot_the_session_is_subscribed_anew(
    mosquitto: Mosquitto, hub: Hub, booth: str
):
    topic = f"smartlife/v1/{booth}/wearable/w1"
    _publish(mosquitto, topic, range(10))
    until(lambda: hub.accounts()["stored"] == 10, "ten are stored")
    mosquitto.kill()
    mosquitto.database.unlink(missing_ok=True)
    until(lambda: not hub.well(), "the hub notices")
    mosquitto.start()
    until(hub.well, "the hub is connected again")
    _publish(mosquitto, topic, range(10, 20))
    until(lambda: hub.accounts()["stored"] == 20, "the others are stored")
    assert _numbers(hub, booth) == list(range(20))


def test_another_root_drops_the_old_subscription(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    hub = make_hub(mosquitto.url, root="old/v1").start()
    assert hub.stop() == 0
    hub.settings["root"] = "new/v1"
    hub.start()
    for root in ("old", "new"):
        _publish(mosquitto, f"{root}/v1/{booth}/wearable/w1", [1])
    until(lambda: _numbers(hub, booth) == [1], "what came under the new root is stored")
    assert hub.accounts()["received"] == 1
    assert hub.get("/api/rejections") == []


def test_a_group_drops_the_subscription_of_a_single_hub(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    hub = make_hub(mosquitto.url, client_id="one-of-us").start()
    assert hub.stop() == 0
    hub.settings["group"] = "event"
    hub.start()
    _publish(mosquitto, f"smartlife/v1/{booth}/wearable/w1", range(50))
    until(lambda: hub.accounts()["stored"] == 50, "all are stored")
    assert hub.stop() == 0
    hub.settings["group"] = ""
    hub.start()
    _publish(mosquitto, f"smartlife/v1/{booth}/wearable/w1", range(50, 100))
    until(lambda: hub.accounts()["stored"] == 100, "all are stored")
    assert _numbers(hub, booth) == list(range(100))
    assert hub.accounts()["received"] == 100


def test_two_hubs_in_a_group_store_each_reading_once(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str, tmp_path: Path
):
    hubs = [
        make_hub(mosquitto.url, group="event", client_id=f"hub-{name}").start() for name in "ab"
    ]
    with publishing(tmp_path, mosquitto.port, booth) as load:
        until(lambda: all(hub.accounts()["stored"] > 300 for hub in hubs), "both take readings")
        hubs[1].kill()
        hubs[1].start()
        acknowledged = load.stop()
    until(lambda: sum(h.accounts()["stored"] for h in hubs) >= acknowledged, "all are stored")
    both: dict[str, Counter[int]] = {}
    for found in map(load.stored, hubs):
        for device, numbers in found.items():
            both.setdefault(device, Counter()).update(numbers)
    assert {device: set(numbers) for device, numbers in both.items()} == load.acknowledged
    assert max(count for numbers in both.values() for count in numbers.values()) == 1


def test_two_hubs_with_one_client_id_are_told(mosquitto: Mosquitto, make_hub: Callable[..., Hub]):
    hubs = [make_hub(mosquitto.url, client_id="twin").start() for _ in range(2)]

    def told(hub: Hub) -> bool:
        said = hub.part("broker")
        # Mosquitto before 2.0.15 does not say who took the session, so nobody is blamed.
        blamed = "another hub took our session" in said
        guessed = "Possible causes: " in said and "client id twin" in said
        return (blamed or guessed) and "HUB_CLIENT_ID" in said

    until(lambda: any(told(hub) for hub in hubs), "one of them says what is wrong")


def test_a_hub_with_the_data_folder_of_another_does_not_start(
    mosquitto: Mosquitto, hub: Hub, make_hub: Callable[..., Hub]
):
    second = make_hub(mosquitto.url, data=hub.data, http=f"127.0.0.1:{free_port()}")
    second.settings["data"] = hub.data
    second.launch_hub()
    assert second.wait() == 2
    assert "another hub is using" in second.said
    assert hub.well()


def test_a_network_that_is_cut_while_the_hub_connects_does_no_harm(
    mosquitto: Mosquitto, make_hub: Callable[..., Hub], booth: str
):
    with Cuttable(mosquitto.port) as network:
        network.cut_next(3)
        hub = make_hub(network.url).start()
        assert network.connections == 4
        _publish(mosquitto, f"smartlife/v1/{booth}/wearable/w1", [1, 2, 3])
        until(lambda: _numbers(hub, booth) == [1, 2, 3], "all are stored")


def test_a_client_that_sends_nonsense_does_not_disturb_the_others(
    mosquitto: Mosquitto, hub: Hub, booth: str
):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    odd = ["", "/", "//", "///", "b", "B/C/D", "b/thermostat/t1/status/x", "ü/ü/ü", "b/c/d/errors"]
    for level in odd:
        client.publish(f"smartlife/v1/{level}", bytes(range(256)), 1)
    client.publish("smartlife/v1", b"the root itself", 1)
    client.publish(f"smartlife/v1/{booth}/wearable/w1", b'{"heart_rate": 60, "steps": 1}', 1)
    until(lambda: _numbers(hub, booth) == [1], "the good one is stored")
    client.disconnect()
    client.loop_stop()
    assert hub.well()
    assert "Traceback" not in hub.said
