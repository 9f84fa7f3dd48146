"""A publisher in a process of its own: numbered readings until SIGTERM, each PUBACK written down.

Usage: python -m faults.publisher CLIENT PORT LOG RATE BOOTH START DEVICE...

CLIENT is `quick`, `crowd`, `paho` or `receipts`; a DEVICE is KIND:NAME:QOS[:ts]; START (ns) is the
time of its first reading. The log gets a line `DEVICE NUMBER` for each PUBACK as it comes,
`!DEVICE NUMBER` for each reading that is sent again, `@TIME COUNT` for what had been published when
(ns), `+SECONDS` for how long a receipt took, and at the end `=DEVICE COUNT` for what was published;
DEVICE is its place among the arguments. SIGUSR1 makes a crowd lose its connections. SIGUSR2 pauses
it, which it says by `~` once everything is answered, and has it go on. It ends when everything is
answered, or after `LIMIT`.
"""

import asyncio
import contextlib
import json
import signal
import sys
import time
from pathlib import Path
from typing import TextIO

from faults.clients import Crowd, client
from faults.quick import Quick, Reading
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

    def note(self, line: str) -> None:
        """Write down something else."""
        self._lines.append(f"{line}\n")

    def flush(self) -> None:
        """Hand it to the system."""
        self._file.write("".join(self._lines))
        self._file.flush()
        self._lines.clear()


class _Pause:
    """Whether nothing new is published, and whether that was said."""

    on = told = False

    def turn(self) -> None:
        self.on, self.told = not self.on, False


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
    pause = _Pause()
    loop.add_signal_handler(signal.SIGUSR2, pause.turn)
    sent, due = 0, 0.0
    before = loop.time()
    while not stop.is_set():
        now = loop.time()
        due = min(due + (now - before) * rate, rate)  # what was missed is not made up for
        before = now
        if pause.on:
            due = 0.0
            if not (pause.told or publisher.waiting()):
                pause.told = True
                log.note("~")
        elif due >= 1:
            log.note(f"@{time.time_ns()} {sent}")
        while due >= 1 and publisher.ready():
            publisher.publish((sent % len(devices), sent // len(devices)))
            sent += 1
            due -= 1
        _note_waits(log, publisher)
        log.flush()
        await asyncio.sleep(_TICK)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LIMIT):
            while publisher.waiting():
                await asyncio.sleep(_TICK)
    _note_waits(log, publisher)
    for at in range(len(devices)):
        log.count(at, -(-(sent - at) // len(devices)))
    log.flush()
    running.cancel()
    await asyncio.wait({running})
    return not publisher.waiting()


def _note_waits(log: Log, publisher: object) -> None:
    if isinstance(publisher, Quick):
        for seconds in publisher.waits:
            log.note(f"+{seconds:.4f}")
        publisher.waits.clear()


def main() -> None:
    """Publish as the arguments say."""
    kind, port, path, rate, booth, start, *devices = sys.argv[1:]
    with Path(path).open("w", encoding="ascii") as file:
        parsed = [Device.parse(item) for item in devices]
        work = publish(kind, int(port), file, float(rate), booth, int(start), parsed)
        sys.exit(0 if asyncio.run(work) else "not everything was answered")


if __name__ == "__main__":
    main()
