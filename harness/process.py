"""Programs of the system, and processes in the background."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.forked import Forked, can_fork
from harness.wait import DEADLINE

_PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def found(name: str) -> str | None:
    """Return the path of a program of the system, also where a user's PATH has no sbin."""
    return shutil.which(name) or shutil.which(name, path=_PLACES)


def program(name: str) -> str:
    """Return the path of a program of the system; a missing one is a failure, never a skip."""
    path = found(name)
    assert path is not None, f"{name} is not installed; run make test, or scripts/system and node"
    return path


def open_files() -> set[Path]:
    """Return the files that this process holds open."""
    descriptors = Path("/proc/self/fd").iterdir()
    return {item.readlink() for item in descriptors if item.is_symlink()}


class Process:
    """A program in the background, with its output in a file."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process: subprocess.Popen[bytes] | Forked | None = None

    def launch(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.log.parent,
                start_new_session=True,
            )

    def launch_module(
        self, words: Sequence[str], environment: dict[str, str], *, forks: bool = True
    ) -> None:
        """Launch `python -m` a module with arguments; it is forked where that is the same."""
        if not (forks and can_fork(environment)):
            self.launch([sys.executable, "-m", *words], environment)
            return
        with self.log.open("ab") as output:
            self._process = Forked(words, environment, output, self.log.parent)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> str:
        """Everything that it has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait(self, deadline: float = DEADLINE) -> int:
        assert self._process is not None
        return self._process.wait(deadline)

    def send_stop(self, number: int = signal.SIGTERM) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM, deadline: float = DEADLINE) -> int:
        """Send a signal and return the exit code."""
        self.send_stop(number)
        return self.wait(deadline)

    def kill(self) -> None:
        """End it as a crash would; nothing happens when it does not run."""
        if self.running:
            self.stop(signal.SIGKILL)

    @property
    def alone(self) -> bool:
        """Whether nothing that it started is left: it leads a process group of its own."""
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return True
        return False
