"""Mosquitto with the project's configuration, in each version that there is."""

import functools
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from harness import ROOT
from harness.ports import free_port, open_port
from harness.process import Process, found
from harness.wait import until

CONFIGURATION = ROOT / "mosquitto" / "mosquitto.conf"


@functools.cache
def mosquittos() -> dict[str, str]:
    """Return the Mosquittos that there are, newest first: the version, and the program.

    They are the system's, and where that does not keep to Receive Maximum (before 2.0.13) the one
    that scripts/mosquitto has unpacked.
    """
    paths = [found("mosquitto"), *sorted(map(str, ROOT.glob(".venv/mosquitto-*/mosquitto")))]
    versions = {}
    for path in filter(None, paths):
        said = subprocess.run([path, "-h"], capture_output=True, text=True, check=False).stdout
        versions[said.split(maxsplit=3)[2]] = path
    return {name: versions[name] for name in sorted(versions, key=_numbers, reverse=True)}


def chosen_mosquitto() -> str:
    """Return the version that is started where none is asked for: $MOSQUITTO, else the newest."""
    if asked := os.environ.get("MOSQUITTO"):
        assert asked in mosquittos(), f"$MOSQUITTO is {asked}; there is {', '.join(mosquittos())}"
        return asked
    newest = next(iter(mosquittos()), "0")
    assert keeps_to_receive_maximum(newest), f"there is {mosquittos()}; run scripts/mosquitto"
    return newest


def oldest_mosquitto() -> str:
    """Return the oldest version that there is, on Debian 12 the system's 2.0.11."""
    return next(reversed(mosquittos()))


def keeps_to_receive_maximum(version: str) -> bool:
    """Whether a version of Mosquitto sends no more than the hub asks for before it has a PUBACK."""
    return _numbers(version) >= (2, 0, 13)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


class Mosquitto(Process):
    """Mosquitto with the project's configuration; only what a test must choose stands before it.

    It is the newest where no `version` is asked for (`chosen_mosquitto`). Without `persistence` it
    keeps sessions and queues in memory alone.
    """

    version = ""

    def __init__(
        self,
        folder: Path,
        *extra: str,
        listener: Sequence[str] = (),
        version: str = "",
        persistence: bool = True,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder / "mosquitto.log")
        self.version = version
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        head = [
            "user root",  # as root Mosquitto would become a user who may not read the test's files
            *(extra or ["allow_anonymous true"]),
            f"persistence_location {folder}/",
            f"listener {self.port} 127.0.0.1",
            *listener,
        ]
        shipped = CONFIGURATION.read_text(encoding="utf-8")
        if not persistence:
            shipped = shipped.replace("persistence true", "persistence false")
        self._config.write_text("\n".join([*head, shipped]))

    def start(self) -> Self:
        self.launch([mosquittos()[self.version or chosen_mosquitto()], "-c", str(self._config)])
        until(self._listens, lambda: f"mosquitto listens\n{self.said}")
        return self

    def _listens(self) -> bool:
        assert self.running, f"mosquitto ended:\n{self.said}"
        return open_port(self.port)

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Where it keeps sessions and what they have queued."""
        return self.log.with_name("mosquitto.db")
