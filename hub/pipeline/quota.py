"""Quotas: limit the rate of each booth's messages, and drop or delay the surplus. Pure.

One booth that floods must not slow the others. Its surplus of QoS 0 is dropped and counted; of QoS
1 and 2 nothing may be lost, so it is committed and acknowledged like everything else, but delayed:
it is stored after the others' readings.

A rejection costs more than a reading: it counts as several, as a debt of its booth, charged once it
is decoded. Rejections of a booth in debt are counted, and only a few a second kept and published.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hub.messages import Message
from hub.timestamps import SECOND
from hub.topics import BOOTH

BURST = 10
"""Seconds' worth of its quota that a booth may send at once."""
CATCH_UP = 30 * SECOND
"""Time after the hub resumed its session in which nothing is surplus (ns): the broker delivers what
it queued while the hub was disconnected, which is no booth's fault."""
BOOTHS = 2_000
"""Booths with a quota each; those above it share one until one of these has sent nothing for long
enough to have its whole quota back."""
NOBODY = ""
_TOPICS, _LONGEST = 20_000, 256
"""Topics whose booth is remembered, and the characters of the longest such."""
REJECTION = 10
"""Readings as which a rejection counts: measured, to decode, explain, keep and publish one takes
about ten times as long as a reading."""
REJECTION_BYTES = 512
"""Bytes of a payload that is rejected, or in a dialect, that count as one reading more."""
KEPT = 5
"""Rejections a second that are kept of a booth in debt, with their reasons."""
_SHOWN = 10 * SECOND
_DEEPEST = 2 * BURST * SECOND
"""Time after which a booth is out of the deepest debt (ns)."""


class Surplus(NamedTuple):
    """A batch with surplus: the messages not dropped, and the indexes of the delayed among them."""

    messages: Sequence[Message]
    delayed: frozenset[int]
    dropped: int


class Usage:
    """The token buckets of a booth, and its surplus; `over` is when it last had any."""

    __slots__ = (
        *("_at", "_kept", "_readings", "_second", "_size"),
        *("counted", "delayed", "dropped", "over"),
    )

    def __init__(self, readings: float, size: float, now: int) -> None:
        self._readings, self._size, self._at = readings * BURST, size * BURST, now
        self._second = self._kept = 0
        self.dropped = self.delayed = self.counted = 0
        self.over: int | None = None

    def refill(self, readings: int, size: int, now: int) -> None:
        """Add the tokens of the time since the last call; a clock set back adds none."""
        # Without min() and max(): for each booth of each batch they cost as much as the rest.
        passed, self._at = now - self._at, now
        if passed <= 0:
            return
        seconds = passed / SECOND if passed < _DEEPEST else 2 * BURST
        left, most = self._readings + seconds * readings, readings * BURST
        self._readings = left if left < most else most  # noqa: FURB136
        left, most = self._size + seconds * size, size * BURST
        self._size = left if left < most else most  # noqa: FURB136

    def whole(self, now: int) -> bool:
        """Whether the buckets are full again, so that evicting them changes nothing."""
        return not 0 <= now - self._at < _DEEPEST

    def consume(self, count: int, size: int) -> bool:
        """Consume tokens, all or none; return whether there were enough."""
        if count > self._readings or size > self._size:
            return False
        self._readings -= count
        self._size -= size
        return True

    def owe(self, count: int, most: int) -> bool:
        """Consume tokens, down to a debt of `most`; return whether some were left before."""
        left = self._readings > 0
        self._readings = max(self._readings - count, -most)
        return left

    def may_keep(self, now: int) -> bool:
        """Whether another rejection of a booth in debt is kept in this second."""
        if self._second != now // SECOND:
            self._second, self._kept = now // SECOND, 0
        self._kept += 1
        return self._kept <= KEPT


class Quotas:
    """Separates the surplus of each booth from the messages received.

    `dropped`, `delayed` and `counted` (rejections) are the surplus of all booths since the start.

    Args:
        root: what every topic starts with.
        readings: messages a second that a booth may send; 0 for any number.
        size: bytes of payload a second that a booth may send; 0 for any number.
        owner: returns the booth of a topic that does not start with the root, if it has one.
    """

    def __init__(
        self,
        root: str,
        readings: int = 0,
        size: int = 0,
        owner: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._start, self._owner = f"{root}/", owner
        self._readings, self._size = readings or 1 << 60, size or 1 << 60
        self._unlimited = not readings and not size
        self._all: Usage | None = None
        self._watched_until = self._free_until = 0
        self._levels: dict[str, str] = {}
        self._booths = OrderedDict[str, Usage]()  # the one that sent last comes last
        self._surplus = Counter[tuple[str, str]]()
        self.dropped = self.delayed = self.counted = 0

    def resumed(self, now: int) -> None:
        """The session was resumed: allow the backlog for `CATCH_UP`."""
        self._free_until = now + CATCH_UP

    def sort(self, messages: Sequence[Message], now: int) -> Surplus | None:
        """Return the surplus of a batch received at `now` (ns); None if there is none."""
        if self._free(now):
            return None
        lengths = [len(message.payload) for message in messages]
        if not self._watch(len(messages), sum(lengths), now):
            return None
        booths = self._named(messages, now)
        sizes = dict.fromkeys(booths, 0)  # a Counter takes half as long again
        for booth, length in zip(booths, lengths, strict=True):
            sizes[booth] += length
        counts = Counter(booths)
        over = {
            booth
            for booth, count in counts.items()
            if not self._booths[booth].consume(count, sizes[booth])
        }
        return self._sorted(messages, booths, over, now) if over else None

    def _free(self, now: int) -> bool:
        # Further ahead than that: the clock was set back.
        return self._unlimited or 0 < self._free_until - now <= CATCH_UP

    def keeps(self, booth: str | None, size: int, now: int) -> bool:
        """Charge a booth for a rejection of `size` bytes; return whether to keep and publish it."""
        if self._free(now):
            return True
        booth, usage, left = self._owe(booth, REJECTION + size // REJECTION_BYTES, now)
        if left:
            return True
        usage.over = now
        if usage.may_keep(now):
            return True
        usage.counted += 1
        self.counted += 1
        self._surplus[booth, "counted"] += 1
        return False

    def charge(self, booth: str, count: int, now: int) -> None:
        """Charge a booth for what its message cost beyond one reading."""
        if not self._free(now):
            self._owe(booth, count, now)

    def _owe(self, booth: str | None, cost: int, now: int) -> tuple[str, Usage, bool]:
        """Charge a booth, also into debt; return how it counts, its usage, whether it had any."""
        debt = self._readings * BURST
        if self._all is not None:
            self._all.owe(cost, debt)
        booth = self._look_up(booth or NOBODY, now)
        usage = self._booths[booth]
        return booth, usage, usage.owe(cost, debt)

    def levels(self, messages: Sequence[Message]) -> list[str]:
        """Return what stands where a topic has its booth, of each message."""
        if len(self._levels) > _TOPICS:
            self._levels.clear()
        levels, level_of = self._levels, self._level
        return [levels.get(item.topic) or level_of(item.topic) for item in messages]

    def _named(self, messages: Sequence[Message], now: int) -> list[str]:
        """The booth of each topic; topics without a valid booth count together, as NOBODY's."""
        found = self.levels(messages)
        known = {level: self._look_up(level, now) for level in set(found)}
        return [known[level] for level in found]

    def _level(self, topic: str) -> str:
        if topic.startswith(self._start):
            level = topic[len(self._start) :].partition("/")[0]
            if len(topic) <= _LONGEST:
                self._levels[topic] = level
            return level
        return self._owner(topic) or NOBODY  # whose it is can change

    def _watch(self, count: int, size: int, now: int) -> bool:
        """Whether any booth can be above its quota: only if all together exceed that of one."""
        if self._all is None:
            self._all = Usage(self._readings, self._size, now)
        self._all.refill(self._readings, self._size, now)
        if not self._all.consume(count, size):
            self._watched_until = now + BURST * SECOND
        return 0 < self._watched_until - now <= BURST * SECOND

    def _look_up(self, level: str, now: int) -> str:
        """The booth that a level's messages are charged to; its usage exists and is refilled."""
        usage = self._booths.get(level)
        if usage is None:
            if not self._may_have_its_own(level, now):
                level = NOBODY
            usage = self._booths.setdefault(level, Usage(self._readings, self._size, now))
        usage.refill(self._readings, self._size, now)
        self._booths.move_to_end(level)
        return level

    def _may_have_its_own(self, level: str, now: int) -> bool:
        if not BOOTH.fullmatch(level):
            return False
        while len(self._booths) >= BOOTHS and next(iter(self._booths.values())).whole(now):
            self._booths.popitem(last=False)
        return len(self._booths) < BOOTHS

    def _sorted(
        self, messages: Sequence[Message], booths: Iterable[str], over: set[str], now: int
    ) -> Surplus:
        kept: list[Message] = []
        delayed: list[int] = []
        for booth, message in zip(booths, messages, strict=True):
            usage = self._booths[booth] if booth in over else None
            if usage is not None and not usage.consume(1, len(message.payload)):
                usage.over = now
                if message.packet_id is None:
                    usage.dropped += 1
                    self._surplus[booth, "dropped"] += 1
                    continue
                usage.delayed += 1
                self._surplus[booth, "delayed"] += 1
                delayed.append(len(kept))
            kept.append(message)
        dropped = len(messages) - len(kept)
        self.dropped += dropped
        self.delayed += len(delayed)
        return Surplus(kept, frozenset(delayed), dropped)

    def of(self, booth: str, now: int) -> dict[str, int | bool] | None:
        """Return a booth's surplus as its page shows it; None if it never had any."""
        usage = self._booths.get(booth)
        if usage is None or usage.over is None:
            return None
        over = 0 <= now - usage.over < _SHOWN
        return {
            "over": over,
            "dropped": usage.dropped,
            "delayed": usage.delayed,
            "counted": usage.counted,
        }

    def over(self, now: int) -> list[str]:
        """Return the booths that are above their quota now."""
        shown = ((booth, self.of(booth, now)) for booth in self._booths)
        over = [booth for booth, usage in shown if usage is not None and usage["over"]]
        return sorted(booth for booth in over if booth != NOBODY)

    def pop_surplus(self) -> dict[tuple[str, str], int]:
        """Return what was `dropped`, `delayed` and `counted` of each booth since the last call."""
        surplus, self._surplus = self._surplus, Counter()
        return dict(surplus)
