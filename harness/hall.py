"""Halls as large as real ones: stands of 3 to 12 m, and exhibitors who send for each of them."""

import json
import threading
from collections.abc import Iterator
from itertools import cycle, islice
from random import Random
from typing import Any, Self

import paho.mqtt.client as mqtt

from schemas import kinds

LENGTHS = {12: 36.0, 50: 74.0, 300: 170.0}
"""Metres that the rows of so many stands are long: about twice as far as the hall is deep."""
_AISLE = 3.0
_STANDS = ((3, 3), (6, 3), (3, 3), (9, 6), (6, 6), (3, 3), (12, 9), (6, 3), (3, 6))
_NAMES = (
    ("Hanbit Home", "한빛홈"),
    ("Korea Smart Life Solution Technology Co., Ltd.", "(주)한국스마트라이프솔루션테크놀로지"),
    ("Garam Robotics", "가람로보틱스"),
    ("Duru Walkers", "두루워커스"),
    ("Mirae Health Data Lab", "㈜미래헬스데이터연구소"),
    ("Onsaem Living", "온샘리빙"),
    ("Seoul Urban Air Mobility Consortium", "서울 도심항공교통 컨소시엄"),
    ("Narae Sensor", "나래센서"),
    ("Bitgoeul AI Vision", "빛고을 에이아이 비전"),
)
_KINDS = ("thermostat", "air_quality", "mobile_robot", "wearable", "vision_ai", "smart_plug")
_SEND_EVERY = 2.0


def _stands(count: int) -> Iterator[tuple[float, float, int, int]]:
    """Rows of stands, an aisle between two rows and between three stands and the next."""
    length = LENGTHS[count]
    x = y = deepest = 0.0
    for index, (width, depth) in enumerate(islice(cycle(_STANDS), count)):
        if x + width > length:
            x, y, deepest = 0.0, y + deepest + _AISLE, 0.0
        yield x, y, width, depth
        x += width + (_AISLE if index % 3 == 2 else 0)
        deepest = max(deepest, depth)


def hall(count: int, event: str = "") -> str:
    """Return a zone file of so many booths, b001 and so on; `event` is more of its table."""
    lines = ["[event]", 'name = "Smart Life Week"', 'name_ko = "스마트라이프위크"', event]
    for index, (x, y, width, depth) in enumerate(_stands(count)):
        name, name_ko = _NAMES[index % len(_NAMES)]
        number = "" if index < len(_NAMES) else f" {index // len(_NAMES) + 1}"
        kind = _KINDS[index % len(_KINDS)]
        devices = f'{{ kind = "{kind}", id = "one" }}, {{ kind = "light", id = "sign" }}'
        lines += [
            "[[booth]]",
            f'id = "b{index + 1:03}"',
            f'name = "{name}{number}"',
            f'name_ko = "{name_ko}{number}"',
            f"place = {{ x = {x}, y = {y}, width = {width}, depth = {depth} }}",
            f"devices = [{devices}]",
        ]
    return "\n".join(lines)


class Exhibitors:
    """Every device of a hall, sending every two seconds until closed; some can be told not to."""

    def __init__(self, port: int, booths: int) -> None:
        known = kinds()
        self._devices = {
            f"smartlife/v1/b{index + 1:03}/{kind}/{name}": dict(known[kind].example)
            for index in range(booths)
            for kind, name in ((_KINDS[index % len(_KINDS)], "one"), ("light", "sign"))
        }
        self._silent: set[str] = set()
        self._random = Random(1)
        self._ended = threading.Event()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.connect("127.0.0.1", port)
        self._sender = threading.Thread(target=self._send, name="exhibitors")

    def __enter__(self) -> Self:
        self._client.loop_start()
        self._sender.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._sender.join()
        self._client.disconnect()
        self._client.loop_stop()

    def _send(self) -> None:
        while True:
            for topic, reading in list(self._devices.items()):
                if topic not in self._silent:
                    self.publish(topic, self._varied(reading))
            if self._ended.wait(_SEND_EVERY):
                return

    def _varied(self, reading: dict[str, Any]) -> dict[str, Any]:
        """The reading with its fractions a little different, as measured ones are."""
        return {
            name: round(value * self._random.uniform(0.998, 1.0), 3)
            if isinstance(value, float)
            else value
            for name, value in reading.items()
        }

    def publish(self, topic: str, reading: object) -> None:
        """Publish JSON with QoS 1."""
        text = reading if isinstance(reading, str) else json.dumps(reading)
        self._client.publish(topic, text, qos=1)

    def leave(self, booth: str) -> None:
        """Let all devices of a booth say goodbye and send no more."""
        for topic in self._devices:
            if f"/{booth}/" in topic:
                self.fall_silent(topic)
                self.publish(f"{topic}/status", "offline")

    def fall_silent(self, topic: str) -> None:
        """Let a device send no more."""
        self._silent.add(topic)
