"""A publisher in a process of its own: numbered readings until SIGTERM, each PUBACK written down.

Usage: python -m faults.publisher CLIENT PORT LOG RATE BOOTH START DEVICE...

CLIENT is `quick`, `crowd`, `paho` or `receipts`; a DEVICE is KIND:NAME:QOS[:ts]; START (ns) is the
time of its first reading. The log gets a line `DEVICE NUMBER` for each PUBACK as it comes,
`!DEVICE NUMBER` for each reading that is sent again, and at the end `=DEVICE COUNT` for what was
published; DEVICE is its place among the arguments. SIGUSR1 makes a crowd lose its connections. It
ends when everything is answered, or after `LIMIT`.
"""

import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path
from typing import TextIO

from faults.clients import Crowd, client
from faults.quick import Reading
from faults.readings import Device

LIMIT = 120.0
_TICK = 0.02


class Log:
    """The file; what gathers within a tick is written at once."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lines: list[str] = []

    def acknowledged(self, reading: Reading) -> None:
        """Write down a PUBACK."""
        self._lines.append(f"{reading[0]} {reading[1]}\n")

    def again(self, reading: Reading) -> None:
        """Write down that a reading is sent again."""
        self._lines.append(f"!{reading[0]} {reading[1]}\n")

    def count(self, device: int, count: int) -> None:
        """Write down how many readings a device has published."""
        self._lines.append(f"={device} {count}\n")

    def flush(self) -> None:
        """Hand it to the system."""
        self._file.write("".join(self._lines))
        self._file.flush()
        self._lines.clear()


async def publish(
    kind: str, port: int, file: TextIO, rate: float, booth: str, start: int, devices: list[Device]
) -> bool:
    """Publish until SIGTERM; returns whether everything was answered in the end."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    topics = [f"smartlife/v1/{booth}/{item.kind}/{item.name}" for item in devices]

    def message(reading: Reading) -> tuple[str, bytes]:
        device, number = reading
        return topics[device], json.dumps(devices[device].payload(number, start)).encode()

    log = Log(file)
    name = f"faults-{booth}-{devices[0].name}"
    receipts = f"smartlife/v1/{booth}/+/+/receipts"
    publisher = client(kind, port, name, message, log, devices=devices, receipts=receipts)
    if isinstance(publisher, Crowd):
        loop.add_signal_handler(signal.SIGUSR1, publisher.shake)
    running = asyncio.create_task(publisher.run())
    sent, due = 0, 0.0
    before = loop.time()
    while not stop.is_set():
        now = loop.time()
        due = min(due + (now - before) * rate, rate)  # what was missed is not made up for
        before = now
        while due >= 1 and publisher.ready():
            publisher.publish((sent % len(devices), sent // len(devices)))
            sent += 1
            due -= 1
        log.flush()
        await asyncio.sleep(_TICK)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LIMIT):
            while publisher.waiting():
                await asyncio.sleep(_TICK)
    for at in range(len(devices)):
        log.count(at, -(-(sent - at) // len(devices)))
    log.flush()
    running.cancel()
    await asyncio.wait({running})
    return not publisher.waiting()


def main() -> None:
    """Publish as the arguments say."""
    kind, port, path, rate, booth, start, *devices = sys.argv[1:]
    with Path(path).open("w", encoding="ascii") as file:
        parsed = [Device.parse(item) for item in devices]
        work = publish(kind, int(port), file, float(rate), booth, int(start), parsed)
        sys.exit(0 if asyncio.run(work) else "not everything was answered")


if __name__ == "__main__":
    main()
