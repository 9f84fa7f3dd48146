"""Programs of the hub without their second of imports: forked from a process that has done them.

It runs as `python -m harness.forked`, takes an order from the other end of its standard input, and
forks: the program becomes what `python -m` a module makes of it, with arguments, environment,
folder and output of its own. Other variables that only a new interpreter heeds need a new one.
"""

import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from harness import ROOT

_IMPORTED = (
    "hub.cli",
    "hub.cli.running",
    "hub.app.hub",
    "hub.app.wall",
    "faults.hub_with_failpoints",
    # What libraries import only once they are used.
    "encodings.idna",
    "pydantic.v1",
    "uvicorn.lifespan.off",
)
_HEEDED = ("PYTHON", "LC_", "LANG", "LD_", "TZ")
"""Beginnings of variables that an interpreter reads when it starts."""
_MOST = 1_000_000
_NUMBER = struct.Struct("i")
_sessions: list[tuple[contextlib.ExitStack, dict[str, str]]] = []


@contextlib.contextmanager
def forking() -> Iterator[None]:
    """Fork programs of the hub from now on."""
    with contextlib.ExitStack() as session:
        _sessions.append((session, dict(os.environ)))
        try:
            yield
        finally:
            _sessions.pop()
            _orders.cache_clear()


@functools.cache
def _orders() -> socket.socket:
    """Where the process takes orders; it is started with the first of them."""
    session, environment = _sessions[-1]
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-m", "harness.forked"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            cwd=str(ROOT),
            env=environment,
            start_new_session=True,
        )
    session.callback(server.wait)
    session.callback(ours.close)
    return ours


def can_fork(environment: Mapping[str, str]) -> bool:
    """Whether a program with such an environment can be forked, and is to be."""
    return bool(_sessions) and _heeded(environment) == _heeded(_sessions[-1][1])


def _heeded(environment: Mapping[str, str]) -> dict[str, str]:
    found = {name: value for name, value in environment.items() if name.startswith(_HEEDED)}
    return found | {"PYTHONPATH": found.get("PYTHONPATH", str(ROOT))}  # it finds the same without


class Forked:
    """A program that was forked, as `subprocess.Popen` shows one that was started."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], output: BinaryIO, cwd: Path
    ) -> None:
        self.returncode: int | None = None
        self._reply, theirs = os.pipe()
        order = json.dumps([*words, dict(environment), str(cwd)])
        socket.send_fds(_orders(), [order.encode()], [output.fileno(), theirs])
        os.close(theirs)
        self.pid = self._number()

    def _number(self) -> int:
        (number,) = _NUMBER.unpack(os.read(self._reply, _NUMBER.size))
        assert isinstance(number, int)
        return number

    def poll(self) -> int | None:
        return self._look(0.0)

    def wait(self, timeout: float | None = None) -> int:
        found = self._look(timeout)
        if found is None:
            raise subprocess.TimeoutExpired("hub", timeout or 0.0)
        return found

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._reply], [], [], timeout)[0]:
            self.returncode = self._number()
            os.close(self._reply)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _ordered(orders: socket.socket) -> str:
    """Fork for each order; return in the new process alone, with the module that it is to be."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        text, descriptors, _, _ = socket.recv_fds(orders, _MOST, 2)
        if not text:
            sys.exit()
        if not os.fork():
            break
        for descriptor in descriptors:
            os.close(descriptor)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    orders.close()
    output, reply = descriptors
    if pid := os.fork():
        os.write(reply, _NUMBER.pack(pid))
        _, status = os.waitpid(pid, 0)
        os.write(reply, _NUMBER.pack(os.waitstatus_to_exitcode(status)))
        os._exit(0)
    os.close(reply)
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    for descriptor, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(descriptor, target)
    os.close(null)
    os.close(output)
    module, *sys.argv[1:], environment, cwd = json.loads(text)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    return str(module)


if __name__ == "__main__":
    for name in _IMPORTED:
        importlib.import_module(name)
    assert len(list(Path("/proc/self/task").iterdir())) == 1, (
        "a process with threads cannot be forked"
    )
    gc.freeze()  # a collection in a program would copy all of these pages
    runpy.run_module(_ordered(socket.socket(fileno=os.dup(0))), run_name="__main__", alter_sys=True)
