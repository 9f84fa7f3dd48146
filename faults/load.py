"""The load of a scenario: publisher processes at one booth, and what they sent."""

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from faults.oracle import Moments, Sent
from faults.publisher import LIMIT
from faults.readings import BAD, Device, mix
from harness import ROOT
from harness.hub import environment
from harness.process import Process
from harness.wait import DEADLINE, until

BOOTH = "b1"
Crew = tuple[str, float, list[Device]]
"""A client, its readings a second, and its devices."""


def crews(rate: float, devices: int = 24) -> list[Crew]:
    """Return publishers of all kinds, with `ts` and without: most of it MQTT 5 with QoS 1.

    150 readings a second each come from MQTT 3.1.1 with QoS 1 and 2, and 1 % are to be rejected.
    """
    paho = min(150.0, rate / 10)
    bad = Device("smart_plug", f"{BAD}1", 1, False)
    return [
        ("quick", rate - 2 * paho - rate / 100, mix("q", devices, 1)),
        ("paho", paho, mix("o", 6, 1)),
        ("paho", paho, mix("t", 6, 2)),
        ("quick", rate / 100, [bad]),
    ]


class Load:
    """Publishers that run from the start to `stop`."""

    def __init__(self, folder: Path, port: int, crews: Sequence[Crew], booth: str = BOOTH) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.booth = booth
        self._crews = crews
        self._start = time.time_ns()
        self._began = time.monotonic()
        self.seconds = 0.0
        self.waits: list[float] = []
        """Seconds that each receipt took; known once it has stopped."""
        self._logs = [folder / f"readings{at}" for at in range(len(crews))]
        self._processes = [Process(folder / f"publisher{at}.log") for at in range(len(crews))]
        known = environment({}) | {"PYTHONPATH": str(ROOT)}
        for process, log, (client, rate, devices) in zip(
            self._processes, self._logs, crews, strict=True
        ):
            arguments = [client, port, log, rate, booth, self._start, *devices]
            command = [sys.executable, "-m", "faults.publisher", *map(str, arguments)]
            process.launch(command, known)

    def stop(self) -> list[Sent]:
        """Stop publishing, wait for the last answers, and return what was sent."""
        self.seconds = time.monotonic() - self._began
        for process in self._processes:
            process.send_stop()
        for process in self._processes:
            code = process.wait(LIMIT + 10)
            assert code == 0, f"a publisher ended with {code}: {process.said}"
        return self.sent()

    def pause(self) -> None:
        """Publish nothing new, and wait until everything has its answer."""
        for process in self._processes:
            process.send_stop(signal.SIGUSR2)
        until(lambda: all(map(_is_paused, self._logs)), "everything has its answer", LIMIT + 10)

    def go_on(self) -> None:
        """Publish again after a pause."""
        for process in self._processes:
            process.send_stop(signal.SIGUSR2)

    def answered(self) -> int:
        """Return how many readings have their answer by now, a few others lines counted too."""
        return sum(log.read_bytes().count(b"\n") for log in self._logs if log.exists())

    def more(self, count: int, deadline: float = DEADLINE) -> None:
        """Wait until so many more readings have their answer."""
        before = self.answered()
        until(lambda: self.answered() >= before + count, f"{count} more are answered", deadline)

    def shake(self) -> None:
        """Have the crowds lose all of their connections in one moment."""
        for process, (client, _, _) in zip(self._processes, self._crews, strict=True):
            if client == "crowd":
                process.send_stop(signal.SIGUSR1)

    def sent(self) -> list[Sent]:
        """Return what was sent, for each device."""
        found = []
        self.waits.clear()
        for log, (_, _, devices) in zip(self._logs, self._crews, strict=True):
            moments = Moments(len(devices))
            crew = [
                Sent(device, self._start, moments=moments, place=place)
                for place, device in enumerate(devices)
            ]
            for line in log.read_text(encoding="ascii").splitlines():
                if line[0] == "@":
                    moments.note(*map(int, line[1:].split()))
                elif line[0] == "+":
                    self.waits.append(float(line))
                elif line[0] != "~":
                    _note(crew, line)
            found += crew
        return found

    def close(self) -> None:
        """End what still runs."""
        for process in self._processes:
            process.kill()


def _is_paused(log: Path) -> bool:
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - 2))
        return file.read() == b"~\n"


def _note(crew: list[Sent], line: str) -> None:
    device, number = map(int, line.lstrip("!=").split())
    if line[0] == "=":
        crew[device].count = number
    elif line[0] == "!":
        crew[device].again.add(number)
        crew[device].repeats += 1
    else:
        crew[device].acknowledged.add(number)
