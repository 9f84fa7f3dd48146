"""The lag of a device's clock: whether its `ts` is steadily behind while it sends live. Pure."""

from hub.clock import SECOND
from schemas import Label

BEHIND = 60 * SECOND
"""A `ts` further behind the hub's clock than this may be a wrong clock, in ns."""
_READINGS = 3
_LASTS = 2 * SECOND
_JITTER = 2 * SECOND
_DRIFT = 10
_HALF_HOUR = 1800
_NEAR = 120
_ZONES = 14
_DAY = 24


class Lag:
    """Distinguishes a clock that is behind from a backlog sent after a connection was lost.

    Of the first, time passes as it does here: the lag stays the same. Of the second it passes
    faster, and the lag shrinks.
    """

    __slots__ = ("_at", "_count", "_lag")

    def __init__(self) -> None:
        self._lag = self._at = self._count = 0

    def steady(self, lag: int, now: int) -> bool:
        """Take in the lag of a reading that came at `now` (ns); return whether it is steady."""
        passed = now - self._at
        if not self._count or abs(lag - self._lag) > _JITTER + passed // _DRIFT:
            self._lag, self._at, self._count = lag, now, 1
            return False
        self._count += 1
        return self._count >= _READINGS and passed >= _LASTS


def guess(skew: int) -> Label | None:
    """Return the likely cause of a clock that is `skew` ahead of the hub's (ns); None for none.

    A difference of whole or half hours is a time zone: in Seoul, UTC that is sent as +09:00 is nine
    hours behind, and local time that is sent as UTC nine hours ahead.
    """
    seconds = abs(skew) / SECOND
    hours = round(seconds / _HALF_HOUR) / 2
    shown = f"{hours:g}"
    if not 0 < hours <= _ZONES or abs(seconds - hours * 3600) > _NEAR:
        if seconds < _DAY * 3600:
            return None
        days = round(seconds / (_DAY * 3600))
        way, way_ko = ("behind", "느림") if skew < 0 else ("ahead", "빠름")
        return Label(
            f"{days} d {way}: a clock that was never set, or lost its battery?",
            f"{days}일 {way_ko}: 시계를 맞추지 않았거나 배터리가 없는지 확인하세요",
        )
    if skew < 0:
        return Label(
            f"{shown} h behind: UTC marked as local time, or local time as UTC?",
            f"{shown}시간 느림: UTC 시각에 현지 시간대를 붙였는지 확인하세요",
        )
    return Label(
        f"{shown} h ahead: local time marked as UTC?",
        f"{shown}시간 빠름: 현지 시각을 UTC로 표시했는지 확인하세요",
    )
