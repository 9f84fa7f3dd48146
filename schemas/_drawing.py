"""How a field is drawn, and what several of its values make together."""

from enum import StrEnum

from schemas._units import Unit


class Draw(StrEnum):
    """How a field is best drawn."""

    STAT = "stat"
    GAUGE = "gauge"
    SERIES = "series"
    STATE = "state"
    MAP = "map"


class Combine(StrEnum):
    """What several values of a field make together, of a time bucket or of several devices.

    `LAST` is the newest of one device; of several devices such values make nothing together.
    """

    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    LAST = "last"


def usual_combine(
    unit: Unit, draw: Draw, normal: tuple[float | None, float | None] | None
) -> Combine:
    """Return what several numbers make together: where one side is trouble, the worst of them.

    Without such a side: of angles, places and amounts (drawn as a stat) the newest, else the mean.
    """
    low, high = normal or (None, None)
    if (low is None) is not (high is None):
        return Combine.MAX if low is None else Combine.MIN
    stands = draw in {Draw.STAT, Draw.MAP} or unit in {Unit.DEGREE, Unit.RADIAN}
    return Combine.LAST if stands else Combine.MEAN
