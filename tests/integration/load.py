"""Load by client processes that number their readings, and what must have become of them."""

import contextlib
import json
import socket
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import mqtt5

from harness.hub import Api, Hub
from harness.mosquitto import Mosquitto
from harness.process import Process
from harness.wait import DEADLINE, until
from tests.integration.publisher import READINGS

_TOGETHER = 1_000
"""Readings that are published before their PUBACKs are awaited."""
_SCRIPT = Path(__file__).with_name("publisher.py")
_MIX = (
    ("stream_meter:a", "wearable:b:ts", "smart_plug:c"),
    ("stream_meter:d:ts", "wearable:e", "smart_plug:f:ts"),
    ("stream_meter:g", "wearable:h", "smart_plug:i"),
)
"""For each process its devices: three kinds, with a time of their own and without."""


class Load:
    """Three publishers at one booth; `acknowledged` is known once they have stopped."""

    def __init__(self, folder: Path, port: int, booth: str, rate: float) -> None:
        self._booth = booth
        self._processes = [Process(folder / f"publisher{n}.log") for n in range(len(_MIX))]
        self._answers = [folder / f"pubacks{n}" for n in range(len(_MIX))]
        self.acknowledged: dict[str, set[int]] = defaultdict(set)
        for process, log, devices in zip(self._processes, self._answers, _MIX, strict=True):
            arguments = [str(port), str(log), str(rate / len(_MIX)), booth, *devices]
            process.launch([sys.executable, str(_SCRIPT), *arguments])

    with_ts = frozenset(
        item.split(":")[1] for devices in _MIX for item in devices if item.endswith(":ts")
    )
    """The devices that send a time of their own."""

    def stop(self) -> int:
        """Stop publishing; return how many readings have their PUBACK."""
        for process in self._processes:
            process.send_stop()
        for process in self._processes:
            assert process.wait(DEADLINE + 10) == 0, process.said
        for log in self._answers:
            for line in log.read_text(encoding="utf-8").splitlines():
                device, number = line.split()
                self.acknowledged[device].add(int(number))
        return sum(len(numbers) for numbers in self.acknowledged.values())

    def kill(self) -> None:
        for process in self._processes:
            process.kill()

    def stored(self, hub: Api) -> dict[str, Counter[int]]:
        """Return for each device how often each number is stored."""
        found: dict[str, Counter[int]] = defaultdict(Counter)
        for devices in _MIX:
            for kind, device, *_ in (item.split(":") for item in devices):
                field = READINGS[kind][0]
                for row in hub.readings(kind, booth=self._booth, device=device, field=field):
                    found[device][int(row["fields"][field])] += 1
        return found

    def lost(self, stored: dict[str, Counter[int]]) -> dict[str, list[int]]:
        """Return the numbers that have a PUBACK and are not stored."""
        missing = {
            device: sorted(acked - stored[device].keys())
            for device, acked in self.acknowledged.items()
        }
        return {device: numbers for device, numbers in missing.items() if numbers}

    def wait_until_stored(self, hub: Api) -> None:
        """Wait until all that has a PUBACK is stored.

        Where brokers or publishers repeat some as new, counts say too early that all has come.
        """
        until(
            lambda: not self.lost(self.stored(hub)),
            lambda: f"all is stored but {self.lost(self.stored(hub))}",
        )


def repeated(stored: dict[str, Counter[int]]) -> dict[str, dict[int, int]]:
    """Return the numbers that are stored more than once."""
    twice = {
        device: {number: count for number, count in numbers.items() if count > 1}
        for device, numbers in stored.items()
    }
    return {device: numbers for device, numbers in twice.items() if numbers}


@contextmanager
def publishing(folder: Path, port: int, booth: str, rate: float = 1_500) -> Iterator[Load]:
    """Publish until `Load.stop`, or the end of the block."""
    load = Load(folder, port, booth, rate)
    try:
        yield load
    finally:
        load.kill()


def settled(hub: Api, accepted: int) -> dict[str, int]:
    """Wait until so many readings are accepted and none waits; return the accounts then."""

    def look() -> dict[str, int] | None:
        found = hub.accounts()
        return found if found["accepted"] >= accepted and not found["waiting"] else None

    try:
        return until(look, f"{accepted} readings are stored", 2 * DEADLINE)
    except AssertionError:
        raise AssertionError(json.dumps([hub.accounts(), hub.health()[1]], indent=1)) from None


@contextmanager
def locked(hub: Hub) -> Iterator[None]:
    """Hold the embedded store's file, as someone who writes to it would."""
    with closing(sqlite3.connect(hub.data / "store.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield
        db.execute("ROLLBACK")


def stored_steps(hub: Hub, booth: str) -> list[int]:
    """Return the numbers that `flood` published and the hub has stored, oldest first."""
    return [row["fields"]["steps"] for row in hub.readings("wearable", booth=booth, field="steps")]


def flood(broker: Mosquitto, booth: str, numbers: range, qos: int = 1, device: str = "w1") -> None:
    """Publish numbered readings, and wait until they are sent, with QoS 1 for every PUBACK.

    A `{}` in the device's name becomes the number.
    """
    topic = f"smartlife/v1/{booth}/wearable/{device}"

    def message(number: int, packet_id: int) -> bytes:
        payload = json.dumps({"heart_rate": 60, "steps": number})
        return mqtt5.PublishPacket(
            topic.format(number),
            payload.encode(),
            qos=mqtt5.QoS(qos),
            packet_id=packet_id if qos else None,
        ).write()

    with socket.create_connection(("127.0.0.1", broker.port), DEADLINE) as link:
        link.sendall(
            mqtt5.ConnectPacket(f"flood-{link.getsockname()[1]}", clean_start=True).write()
        )
        _answers(link, 1)
        for start in range(0, len(numbers), _TOGETHER):
            some = numbers[start : start + _TOGETHER]
            link.sendall(b"".join(message(number, at) for at, number in enumerate(some, 1)))
            _answers(link, len(some) if qos else 0)
        link.sendall(mqtt5.DisconnectPacket().write())


def _answers(link: socket.socket, count: int) -> None:
    """Read so many packets."""
    rest = b""
    while count:
        came = link.recv(65_536)
        assert came, "the broker ended the connection"
        view, start = memoryview(rest + came), 0
        with contextlib.suppress(IndexError):
            while start < len(view):
                packet, size = mqtt5.read(view[start:])
                assert not isinstance(packet, mqtt5.DisconnectPacket), packet
                start, count = start + size, count - 1
        rest = bytes(view[start:])
