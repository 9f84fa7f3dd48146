"""The clients of the publishers: the quick one, a crowd of it, and paho with MQTT 3.1.1.

All come back by themselves, and send again what has no PUBACK (QoS 2: no PUBCOMP) yet.
"""

import asyncio
from collections import deque

import mqtt5
import paho.mqtt.client as paho

from faults.quick import WINDOW, Journal, Message, Quick, Reading
from faults.readings import Device


class Crowd:
    """A connection for each device, with a Last Will; they may all be lost in one moment."""

    def __init__(
        self, port: int, name: str, message: Message, journal: Journal, devices: list[Device]
    ) -> None:
        self._clients = [
            Quick(port, f"{name}-{at}", message, journal, "", _will(message((at, 0))[0]), 1.0)
            for at in range(len(devices))
        ]

    def waiting(self) -> int:
        """Return how many readings are without an answer."""
        return sum(client.waiting() for client in self._clients)

    def ready(self) -> bool:
        """Whether another reading may be published."""
        return True

    def publish(self, reading: Reading) -> None:
        """Publish a reading for the first time, now or when its device is back."""
        self._clients[reading[0]].publish(reading)

    def shake(self) -> None:
        """Lose every connection."""
        for client in self._clients:
            client.shake()

    async def run(self) -> None:
        """Stay connected until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for client in self._clients:
                tasks.create_task(client.run())


def _will(topic: str) -> mqtt5.Will:
    return mqtt5.Will(
        topic=f"{topic}/status", payload=b"offline", qos=mqtt5.QoS.AT_LEAST_ONCE, retain=True
    )


class Paho:
    """paho-mqtt, MQTT 3.1.1, with QoS 1 or 2 as each device says: about 100 µs a reading."""

    def __init__(
        self,
        port: int,
        client_id: str,
        message: Message,
        journal: Journal,
        devices: list[Device],
    ) -> None:
        self._message = message
        self._journal = journal
        self._devices = devices
        self._unanswered: dict[int, Reading] = {}
        self._events: deque[tuple[str, int]] = deque()
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False
        )
        self._client.max_inflight_messages_set(0)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = lambda _client, _data, mid, *_: self._events.append(("a", mid))
        self._client.on_disconnect = lambda *_: self._events.append(("d", 0))
        self._client.connect_async("127.0.0.1", port)

    def waiting(self) -> int:
        """Return how many readings are without an answer."""
        return len(self._unanswered)

    def ready(self) -> bool:
        """Whether another reading may be published."""
        return self.waiting() < WINDOW

    def publish(self, reading: Reading) -> None:
        """Publish a reading for the first time."""
        topic, payload = self._message(reading)
        qos = self._devices[reading[0]].qos
        self._unanswered[self._client.publish(topic, payload, qos).mid] = reading

    async def run(self) -> None:
        """Stay connected until cancelled."""
        self._client.loop_start()
        try:
            while True:
                await asyncio.sleep(0.02)
                self._settle()
        finally:
            self._client.disconnect()
            self._client.loop_stop()

    def _settle(self) -> None:
        """Deal with what the client's thread has seen; after the calls that it answers."""
        while self._events:
            what, mid = self._events.popleft()
            if what == "d":
                for reading in self._unanswered.values():
                    self._journal.again(reading)
            elif mid in self._unanswered:
                self._journal.acknowledged(self._unanswered.pop(mid))


def client(
    kind: str,
    port: int,
    client_id: str,
    message: Message,
    journal: Journal,
    *,
    devices: list[Device],
    receipts: str,
) -> Quick | Crowd | Paho:
    """Return the client of that name: `quick`, `receipts`, `crowd` or `paho`."""
    if kind in {"paho", "crowd"}:
        other = Paho if kind == "paho" else Crowd
        return other(port, client_id, message, journal, devices)
    return Quick(port, client_id, message, journal, receipts if kind == "receipts" else "")
