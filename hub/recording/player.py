"""Plays a recording: each message when it is due, in the order of the recording."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from hub.clock import SECOND
from hub.mqtt.outgoing import Outgoing
from hub.recording.controls import Controls
from hub.recording.layout import Recorded
from hub.recording.select import Choice

_A_MILLISECOND = 0.001
_TURN = 2_000


class Sink(Protocol):
    """The destination of a played recording."""

    def offer(self, message: Outgoing) -> bool:
        """Enqueue a message; False when there is no room for it now."""
        ...

    def flush(self) -> None:
        """Send what is buffered."""
        ...

    async def room(self) -> None:
        """Wait until there may be room."""
        ...

    async def settled(self) -> None:
        """Wait until every accepted message has been acknowledged."""
        ...


class Pace:
    """Computes when a message is due, in seconds from the start of playing. Pure.

    A message whose time is before that of an earlier one is due at once: the order of the recording
    counts, which is the order of receipt.
    """

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._first: int | None = None
        self._began = 0.0

    def due(self, at: int) -> float:
        """Return when a message of the time `at` (ns) is due; 0 with no speed to keep to."""
        if self._speed is None:
            return 0.0
        if self._first is None:
            self._first = at
        return self._began + (at - self._first) / SECOND / self._speed

    def position(self, elapsed: float) -> int | None:
        """Return where it is after so many seconds of playing (ns); None if it has not begun."""
        if self._speed is None or self._first is None:
            return None
        return self._first + round((elapsed - self._began) * self._speed * SECOND)

    def go_on(self, position: int | None, elapsed: float, speed: float | None) -> None:
        """Go on from a position (ns) after so many seconds of playing, at another speed, too."""
        self._first, self._began, self._speed = position, elapsed, speed


class Player:
    """Plays messages to a sink.

    `played` counts messages sent, `left_out` those that `Choice` left out, `at` is the position in
    the recording (ns), and `behind` how late a message was sent, at most (s). With `controls` a
    replay can be paused and more; a seek ends `play`, and whoever called it goes on elsewhere.
    """

    def __init__(self, sink: Sink, speed: float | None, controls: Controls | None = None) -> None:
        self._sink = sink
        self._speed = speed
        self._controls = controls
        self.played = 0
        self.left_out = 0
        self.at: int | None = None
        self.behind = 0.0

    async def play(
        self, messages: Iterable[Recorded], choice: Choice, progress: Callable[[], None]
    ) -> None:
        """Play messages to the end as `choice` says; calls `progress` now and then.

        Raises:
            RecordingError: the recording turns out to be damaged; what came before was sent.
        """
        sink, pace = self._sink, Pace(self._speed_now())
        loop = asyncio.get_running_loop()
        started, due = loop.time(), 0.0
        try:
            for number, message in enumerate(messages):
                if self._controls is not None:
                    await self._controlled(self._controls, pace, message, started, progress)
                    if self._controls.seek:
                        break
                due = max(due, pace.due(message.at))
                wait = started + due - loop.time() if self._speed else 0.0
                if wait > _A_MILLISECOND:
                    sink.flush()
                    progress()
                    await asyncio.sleep(wait)
                elif number % _TURN == 0:  # others have their turn too
                    progress()
                    await asyncio.sleep(0)
                self.behind = max(self.behind, -wait)
                await self._send(choice.played(message), progress)
                self.at = message.at
        finally:
            sink.flush()
        await sink.settled()
        progress()

    def _speed_now(self) -> float | None:
        if self._speed is None or self._controls is None:
            return self._speed
        return self._speed * self._controls.factor

    async def _controlled(
        self,
        controls: Controls,
        pace: Pace,
        message: Recorded,
        started: float,
        progress: Callable[[], None],
    ) -> None:
        """Wait until a message is due or requested, whatever keys are pressed meanwhile."""
        loop = asyncio.get_running_loop()
        while not controls.seek:
            elapsed = loop.time() - started
            position = pace.position(elapsed)
            if controls.paused:
                if controls.step():
                    pace.go_on(message.at, elapsed, self._speed_now())
                    return
                self._sink.flush()
                progress()
                await controls.change()
                pace.go_on(position, loop.time() - started, self._speed_now())
                continue
            wait = pace.due(message.at) - elapsed if self._speed else 0.0
            if wait <= _A_MILLISECOND:
                return
            self._sink.flush()
            progress()
            if await controls.change(wait):
                elapsed = loop.time() - started
                pace.go_on(pace.position(elapsed), elapsed, self._speed_now())

    async def _send(self, message: Outgoing | None, progress: Callable[[], None]) -> None:
        if message is None:
            self.left_out += 1
            return
        while not self._sink.offer(message):
            progress()
            await self._sink.room()
        self.played += 1
