"""Plays a recording: each message when it is due, in the order of the recording."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from hub.clock import SECOND
from hub.mqtt.outgoing import Outgoing
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

    def due(self, at: int) -> float:
        """Return when a message of the time `at` (ns) is due; 0 with no speed to keep to."""
        if self._speed is None:
            return 0.0
        if self._first is None:
            self._first = at
        return (at - self._first) / SECOND / self._speed


class Player:
    """Plays messages to a sink.

    `played` counts messages sent, `left_out` those that `Choice` left out, `at` is the position in
    the recording (ns), and `behind` how late a message was sent, at most (s).
    """

    def __init__(self, sink: Sink, speed: float | None) -> None:
        self._sink = sink
        self._speed = speed
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
        sink, pace = self._sink, Pace(self._speed)
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            for number, message in enumerate(messages):
                wait = started + pace.due(message.at) - loop.time() if self._speed else 0.0
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

    async def _send(self, message: Outgoing | None, progress: Callable[[], None]) -> None:
        if message is None:
            self.left_out += 1
            return
        while not self._sink.offer(message):
            progress()
            await self._sink.room()
        self.played += 1
