"""Faults of a network on the way of recorded messages: seeded, so the same each time."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hub import timestamps
from hub.recording.layout import Recorded

_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_DELAY = re.compile(r"(\d+)(ms|s)(?:(?:±|\+-)(\d+)(ms|s)?)?")
_CUT = re.compile(r"\+(\w+)/(\w+)")


@dataclass(frozen=True, slots=True)
class Faults:
    """What happens to messages on the way.

    `drop`, `duplicate` and `reorder` are shares of the messages, 0 to 1; `delay` and `jitter` are
    in ns; a cut is from (ns after the first message) and its length (ns). The same `seed` gives the
    same faults.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    delay: int = 0
    jitter: int = 0
    cuts: tuple[tuple[int, int], ...] = ()
    seed: int = 0

    @classmethod
    def of(
        cls,
        *,
        drop: str = "0%",
        duplicate: str = "0%",
        reorder: str = "0%",
        delay: str = "0ms",
        cut: str | Iterable[str] = (),
        seed: int = 0,
    ) -> "Faults":
        """Parse faults as `hub replay` takes them: ``1%``, ``200ms±50``, ``+30s/10s``.

        Raises:
            ValueError: one is written otherwise.
        """
        cuts = [cut] if isinstance(cut, str) else cut
        return cls(
            share(drop),
            share(duplicate),
            share(reorder),
            *delay_of(delay),
            tuple(map(cut_of, cuts)),
            seed,
        )

    def __bool__(self) -> bool:
        return self != Faults(seed=self.seed)


def share(text: str) -> float:
    """Parse a share of the messages, like ``1%`` or ``0.5%``.

    Raises:
        ValueError: it is none.
    """
    match = _SHARE.fullmatch(text)
    if match is None or float(match[1]) > 100:
        raise ValueError(f"{text!r} is no share of the messages; write it like 1% or 0.5%")
    return float(match[1]) / 100


def delay_of(text: str) -> tuple[int, int]:
    """Parse a delay like ``200ms`` or ``200ms±50`` to itself and its jitter, in ns.

    Raises:
        ValueError: it is none.
    """
    match = _DELAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no delay; write it like 200ms or 200ms±50")
    units = {"ms": 10**6, "s": timestamps.SECOND}
    jitter = int(match[3] or 0) * units[match[4] or match[2]]
    return int(match[1]) * units[match[2]], jitter


def cut_of(text: str) -> tuple[int, int]:
    """Parse a cut like ``+30s/10s``: from 30 s after the first message on, for 10 s.

    Raises:
        ValueError: it is none.
    """
    match = _CUT.fullmatch(text)
    try:
        if match is None:
            raise ValueError  # noqa: TRY301 - one message for all
        return timestamps.duration(match[1]), timestamps.duration(match[2])
    except ValueError as exc:
        raise ValueError(
            f"{text!r} is no cut; write it like +30s/10s: after 30 s, for 10 s"
        ) from exc


class FaultyLink:
    """Carries messages, with faults; `counts` says how many of each.

    Messages keep their order, as on a connection of TCP, but for those that are reordered: each
    goes behind its next one. While the link is cut, QoS 0 is lost and the rest waits.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._random = random.Random(faults.seed)
        self.counts = Counter[str]()

    def carry(self, messages: Iterable[Recorded]) -> Iterator[Recorded]:
        """Yield the messages as they come out of it, `at` being when."""
        held: Recorded | None = None
        for message in self._delayed(self._few_or_many(self._cut(messages))):
            if held is not None:
                yield message
                yield replace(held, at=message.at)
                held = None
            elif self._happens(self._faults.reorder, "reordered"):
                held = message
            else:
                yield message
        if held is not None:
            yield held

    def _happens(self, share: float, word: str) -> bool:
        happens = bool(share) and self._random.random() < share
        if happens:
            self.counts[word] += 1
        return happens

    def _cut(self, messages: Iterable[Recorded]) -> Iterator[Recorded]:
        first: int | None = None
        for message in messages:
            first = message.at if first is None else first
            ends = [
                first + start + length
                for start, length in self._faults.cuts
                if start <= message.at - first < start + length
            ]
            if not ends:
                yield message
            elif message.qos:
                self.counts["held back"] += 1
                yield replace(message, at=max(ends))
            else:
                self.counts["lost while cut"] += 1

    def _few_or_many(self, messages: Iterable[Recorded]) -> Iterator[Recorded]:
        for message in messages:
            if self._happens(self._faults.drop, "dropped"):
                continue
            yield message
            if self._happens(self._faults.duplicate, "duplicated"):
                yield message

    def _delayed(self, messages: Iterable[Recorded]) -> Iterator[Recorded]:
        latest = 0
        spread = self._faults.jitter
        for message in messages:
            if not self._faults.delay and not spread and not self._faults.cuts:
                yield message
                continue
            delay = max(0, self._faults.delay + self._random.randint(-spread, spread))
            latest = max(latest, message.at + delay)
            yield replace(message, at=latest)

    def __str__(self) -> str:
        said = [f"{count:,} {word}" for word, count in sorted(self.counts.items()) if count]
        return f"{', '.join(said) or 'nothing happened'} (seed {self._faults.seed})"
