"""When to read from the broker again: messages gather in the socket, because a read costs much."""

import asyncio
import fcntl
import math
import struct
import termios

GATHER = 0.26
"""Seconds from one read to the next, in which messages gather in the socket; a hub that was busy
for longer reads on at once. A read with its decisions and its commit costs 3 ms with cold caches,
however few messages it has: at 1,000 a second a reading costs 158 µs with 22 ms, 76 with 100, 50
with 260. The wall is told just after a commit, four times a second: with 260 ms not later than
with 100."""
STAMPED = 0.1
"""The same, while readings come that bring no time of their own: so far off is the time of their
arrival, under which they are stored."""
PROMPT, MANY, PROMPT_MANY = 0.022, 40, 0.015
"""The same, while senders wait for receipts, and in a recording; after a read of `MANY` messages,
whose number is what costs and takes time, `PROMPT_MANY`. A receipt takes 30 ms (p99)."""
REMEMBERED = 60.0
"""Seconds for which the next messages are taken to be like one of those."""
TARGET = 2_000
"""Messages that gather at most, about: where more would, they do for half as long, or a quarter, …
"""
LOOK = 0.001
"""Seconds from an acknowledgement until it is seen whether the broker had waited for it."""
PLENTY, FAST = 16 * 1024, 1_600_000
"""Bytes that wait in the socket, and that came in a second since the latest read: where it is more,
the next read follows at once. More at a time would not make each cheaper, and the broker need not
wait: it empties a queue by a half quicker, and 20,000 a second are kept up with."""
TWICE = 2
"""So often the broker came to the same number of messages without an acknowledgement, and never
beyond it: that is taken for all that it sends ahead, which may be fewer than our Receive Maximum
(20 by Mosquitto's default: 77 a second if each 20 waited for `GATHER`)."""


class Gathering:
    """Pauses the reading of a transport between two reads.

    While it is `held` nothing is read at all.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._next: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._at = self._since = -math.inf
        self._limits: dict[float, float] = {}
        self._gathered = self._ahead = self._most = self._reached = 0
        self._waited = self.held = False

    def limit(self, pause: float) -> None:
        """For a while, pause for so many seconds at most."""
        self._limits[pause] = self._loop.time() + REMEMBERED

    def received(self, messages: int, ahead: int, at: float) -> None:
        """Pause after a read at a time of the loop, unless plenty waits in the socket already.

        The read had so many messages, of which `ahead` are to be acknowledged.
        """
        self._at = at
        self._ahead += ahead
        self._gathered += messages
        if self._plenty_waits():
            return
        self._transport.pause_reading()
        if self._next is not None:
            self._next.cancel()
        self._next = self._loop.call_at(at + self._pause(messages), self.read_on)

    def _pause(self, messages: int) -> float:
        gathered, self._gathered = self._gathered, 0
        passed, self._since = self._at - self._since, self._at
        in_force = [limit for limit, end in self._limits.items() if self._at < end]
        pause = min(in_force, default=GATHER)
        if pause <= PROMPT:
            return pause if messages < MANY else PROMPT_MANY
        while pause * gathered > TARGET * passed:
            pause /= 2
        return pause

    def acknowledged(self, messages: int) -> None:
        """So many were acknowledged: read on soon if the broker had waited for that."""
        if self._ahead > self._most:
            self._most, self._reached = self._ahead, 0
        at_its_limit = self._ahead == self._most
        self._reached += at_its_limit
        self._ahead -= messages
        self._waited |= at_its_limit and self._reached >= TWICE
        if self._look is not None:
            self._look.cancel()
        self._look = self._loop.call_later(LOOK, self._look_now)

    def _look_now(self) -> None:
        waited, self._waited = self._waited, False
        if waited or self._plenty_waits():
            self.read_on()

    def _plenty_waits(self) -> bool:
        connection = self._transport.get_extra_info("socket")
        if connection is None or connection.fileno() < 0:  # it has just been closed
            return False
        (size,) = struct.unpack("i", fcntl.ioctl(connection, termios.FIONREAD, bytes(4)))
        return bool(size >= PLENTY and size >= FAST * (self._loop.time() - self._at))

    def hold(self) -> None:
        """Read nothing until `release`."""
        self.held = True
        self._transport.pause_reading()

    def release(self) -> None:
        """Read again, at once."""
        self.held = False
        self.read_on()

    def read_on(self) -> None:
        """Read again, unless it is held."""
        if not self.held:
            self._transport.resume_reading()
