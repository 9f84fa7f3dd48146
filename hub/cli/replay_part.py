"""The part of one or more recordings that is played, and its progress."""

import heapq
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.mqtt.publisher import Publisher
    from hub.recording.controls import Controls
    from hub.recording.info import Info
    from hub.recording.layout import Recorded
    from hub.recording.player import Player
    from hub.recording.topic_map import TopicFilter
    from hub.recording.wall_controls import WallTitle
    from hub.recording.wall_player import Wall

_LONGEST_NAME = 200


class PlayedPart:
    """The part of recordings that is played, several as one: by their times of receipt.

    Raises:
        ValueError: a moment is none, or nothing is between them.
        RecordingError: a recording holds no messages.
    """

    def __init__(
        self,
        found: "Sequence[Info]",
        start: str | None,
        stop: str | None,
        booths: Collection[str],
        kinds: Collection[str],
        without: "TopicFilter",
    ) -> None:
        self._paths = [it.path for it in found]
        self._booths, self._kinds, self._without = booths, kinds, without
        spans = [it.span() for it in found]
        first, last = min(it[0] for it in spans), max(it[1] for it in spans)
        self._start, self._stop = _range(first, last, start, stop)
        self.first, self.last = max(self._start, first), min(self._stop - 1, last)

    def at(self, position: int) -> int:
        """Return a position within the part, in ns."""
        return min(max(position, self.first), self.last)

    def title(self) -> "WallTitle":
        """What it is, for the wall."""
        from hub.recording.wall_controls import WallTitle
        from hub.timestamps import SECOND, rfc3339

        name = ", ".join(path.name for path in self._paths)[:_LONGEST_NAME]
        return WallTitle(name, rfc3339(self.first, 3), (self.last - self.first) / SECOND)

    def messages(self, position: int) -> "Iterator[Recorded]":
        """Read the messages from a position on, in ns."""
        from hub.recording.format import read

        files = [
            read(path, start=position, stop=self._stop, booth=self._booths, kind=self._kinds)
            for path in self._paths
        ]
        found = files[0] if len(files) == 1 else heapq.merge(*files, key=lambda it: it.at)
        return (message for message in found if not self._without.matches(message.topic))

    def offset(self, position: int, speed: float | None) -> int:
        """The time shift when it begins to play now, from a position on, in ns."""
        from hub.recording.select import offset_to_now

        return offset_to_now(position, self.last, time.time_ns(), speed)


def _range(first: int, last: int, start: str | None, stop: str | None) -> tuple[int, int]:
    """The time range to play, in ns: from the first, before the second."""
    from hub.recording.moment import moment_in
    from hub.timestamps import rfc3339

    begin = first if start is None else moment_in(start, first, last)
    end = last + 1 if stop is None else moment_in(stop, first, last)
    if begin >= end or begin > last or end <= first:
        raise ValueError(
            f"nothing is between --start and --stop; it goes from {rfc3339(first, 3)} to "
            f"{rfc3339(last, 3)}"
        )
    return begin, end


@contextmanager
def progress(
    part: PlayedPart, player: "Player", sink: "Publisher | Wall", controls: "Controls | None"
) -> Iterator[Callable[[], None]]:
    """Show the progress on a terminal; yields the function that updates it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from hub.timestamps import rfc3339

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %  {task.fields[count]:,} messages"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as shown:
        task = shown.add_task("", total=max(1, part.last - part.first), count=0)

        def tell() -> None:
            at = player.at if player.at is not None else part.first
            said = sink.last_error or f"{rfc3339(at, 1)}{_state(controls)}"
            shown.update(task, completed=at - part.first, count=player.played, description=said)

        yield tell


def _state(controls: "Controls | None") -> str:
    if controls is None:
        return ""
    speed = f"  ×{controls.factor:g}" if controls.factor != 1 else ""
    return speed + ("  paused" if controls.paused else "")


@contextmanager
def keys() -> "Iterator[Controls | None]":
    """Yield the controls of a replay, to which each key goes; None without a terminal."""
    import asyncio
    import os
    import sys
    import termios
    import tty

    from hub.recording.controls import KEYS, Controls

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        yield None
        return
    terminal, controls, loop = sys.stdin.fileno(), Controls(), asyncio.get_running_loop()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    loop.add_reader(terminal, lambda: controls.press(os.read(terminal, 8).decode(errors="ignore")))
    print(KEYS, file=sys.stderr)
    try:
        yield controls
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
