"""A client that publishes numbered readings until SIGTERM, and then writes down each PUBACK.

Usage: publisher.py PORT LOG RATE BOOTH KIND:DEVICE[:ts] ...

Readings are numbered from 0 for each device, in a field of its kind. At the end it waits until
every reading has its PUBACK; the log then holds a line ``DEVICE NUMBER`` for each.
"""

import itertools
import json
import signal
import sys
import threading
import time
from collections import deque
from pathlib import Path

import paho.mqtt.client as mqtt

READINGS: dict[str, tuple[str, dict[str, object]]] = {
    "stream_meter": ("errors", {"records_rate": 1.5}),
    "wearable": ("steps", {"heart_rate": 78, "worn": True}),
    "smart_plug": ("energy", {"power": 12.25}),
}
"""For each kind the field that takes the number, and what else is needed."""
LIMIT = 120.0
LONGEST = 900.0
"""Seconds after which it stops by itself."""


class Publisher:
    """The client, and what was acknowledged so far."""

    def __init__(self, port: int, client_id: str) -> None:
        self.unanswered: dict[int, str] = {}
        self.acknowledged: list[str] = []
        self._pubacks: deque[int] = deque()
        self._answered = threading.Condition()
        self._client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False
        )
        self._client.max_inflight_messages_set(0)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = self._puback
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def publish(self, topic: str, reading: dict[str, object], name: str) -> None:
        sent = self._client.publish(topic, json.dumps(reading), qos=1)
        with self._answered:
            self.unanswered[sent.mid] = name
            self._settle()

    def _puback(self, client, userdata, mid, reason_code, properties) -> None:
        with self._answered:
            self._pubacks.append(mid)  # it may be here before `publish` has returned
            self._settle()
            self._answered.notify_all()

    def _settle(self) -> None:
        while self._pubacks and self._pubacks[0] in self.unanswered:
            self.acknowledged.append(self.unanswered.pop(self._pubacks.popleft()))

    def close(self) -> None:
        with self._answered:
            assert self._answered.wait_for(lambda: not self.unanswered, LIMIT), "no PUBACK"
        self._client.disconnect()
        self._client.loop_stop()


def main() -> None:
    port, log, rate, booth, *devices = sys.argv[1:]
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    publisher = Publisher(int(port), f"publisher-{booth}-{devices[0].replace(':', '-')}")
    due = time.monotonic()
    end = due + LONGEST
    for number in itertools.count():
        for device in devices:
            kind, name, *with_ts = device.split(":")
            field, reading = READINGS[kind]
            reading = {**reading, field: number}
            if with_ts:
                reading["ts"] = time.time_ns()
            publisher.publish(f"smartlife/v1/{booth}/{kind}/{name}", reading, f"{name} {number}")
        due += len(devices) / float(rate)
        if stopped or time.monotonic() > end:  # whoever should have stopped us may be gone
            break
        time.sleep(max(0.0, due - time.monotonic()))
    publisher.close()
    Path(log).write_text("\n".join(publisher.acknowledged), encoding="utf-8")


if __name__ == "__main__":
    main()
