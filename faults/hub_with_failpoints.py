"""`hub`, killed at a chosen point or with a clock that can be set; its own code is unchanged.

FAULTS_KILL_AT=POINT:N kills the process (SIGKILL) the N-th time it comes to one of `POINTS`.
FAULTS_HALT=1 stops it there instead (SIGSTOP), until SIGCONT.
FAULTS_CLOCK=FILE adds the seconds in the file to the time of day of the hub; SIGUSR1 has it read
again, which is a step while it runs. Its monotonic clock goes on.
"""

import functools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

KILL_AT = "FAULTS_KILL_AT"
HALT = "FAULTS_HALT"
CLOCK = "FAULTS_CLOCK"


class Point(NamedTuple):
    """A call of the hub's before or after which it can be killed."""

    target: str
    method: str
    after: bool
    asynchronous: bool
    words: str


POINTS = {
    "gathered": Point(
        "hub.mqtt.gathering:Gathering",
        "read_on",
        True,
        False,
        "when messages have gathered in the socket, before they are read",
    ),
    "before-commit": Point(
        "hub.pipeline.outbox:AsyncOutbox", "commit", False, True, "before the commit to the outbox"
    ),
    "within-commit": Point(
        "hub.pipeline.outbox:Outbox", "_insert", True, False, "within the transaction of the commit"
    ),
    "committed": Point(
        "hub.pipeline.outbox:AsyncOutbox",
        "commit",
        True,
        True,
        "between commit and acknowledgement",
    ),
    "acknowledged": Point(
        "hub.mqtt.session:Session", "acknowledge", True, False, "just after the acknowledgement"
    ),
    "before-write": Point("store", "write", False, True, "in the drain, before the store has it"),
    "written": Point("store", "write", True, True, "in the drain, between store and settling"),
    "within-settle": Point(
        "hub.pipeline.outbox:Outbox",
        "_delete_stored",
        True,
        False,
        "within the transaction of the settling",
    ),
    "opening": Point(
        "hub.pipeline.outbox:AsyncOutbox",
        "delivered",
        False,
        True,
        "while starting, the outbox just open",
    ),
    "redelivered": Point(
        "hub.pipeline.redelivery:Redeliveries", "seen", True, False, "while the broker sends again"
    ),
}
"""Where a process can be killed for certain; `store` is whichever store is in use."""
_STORES = ("hub.stores.sqlite:SqliteStore", "hub.stores.influx.store:InfluxStore")


def _classes(target: str) -> list[type]:
    names = _STORES if target == "store" else (target,)
    found = []
    for name in names:
        module, _, attribute = name.partition(":")
        found.append(getattr(__import__(module, fromlist=[attribute]), attribute))
    return found


def _is_own(arguments: tuple[Any, ...]) -> bool:
    """Whether it is about the hub's own rows, which come without any message."""
    return any(getattr(item, "own", False) is True for item in arguments)


def wrap(owner: type, point: Point, hit: Callable[[], None]) -> None:
    """Call `hit` before or after each call of a method."""
    original = getattr(owner, point.method)

    @functools.wraps(original)
    async def slowly(*args: Any, **kwargs: Any) -> Any:
        if not point.after and not _is_own(args):
            hit()
        result = await original(*args, **kwargs)
        if point.after and not _is_own(args):
            hit()
        return result

    @functools.wraps(original)
    def at_once(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        if not _is_own(args):
            hit()
        return result

    setattr(owner, point.method, slowly if point.asynchronous else at_once)


def kill_at(name: str, times: int) -> None:
    """Have this process killed the `times`-th time it comes to a point."""
    left = [times]

    def hit() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGSTOP if HALT in os.environ else signal.SIGKILL)

    for owner in _classes(POINTS[name].target):
        wrap(owner, POINTS[name], hit)


def move_clock(path: Path) -> None:
    """Let the hub's clock be off by the seconds that stand in a file."""
    from hub.clock import SystemClock

    real, offset = SystemClock.now, [0]

    def read(*_: object) -> None:
        offset[0] = round(float(path.read_text(encoding="ascii")) * 1e9)

    read()
    signal.signal(signal.SIGUSR1, read)
    SystemClock.now = lambda self: real(self) + offset[0]  # type: ignore[method-assign]


def main() -> None:
    """Prepare what the environment asks for, and be `hub`."""
    if KILL_AT in os.environ:
        name, _, times = os.environ[KILL_AT].partition(":")
        kill_at(name, int(times))
    if CLOCK in os.environ:
        move_clock(Path(os.environ[CLOCK]))
    from hub.cli import main as hub

    hub()


if __name__ == "__main__":
    main()
