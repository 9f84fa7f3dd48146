"""The course of a day at the event: visitors in the hall, weather outside it.

Temperatures follow the climate normals of Seoul for October (KMA, 1991-2020: lowest 10, highest
20 °C on average); the sun that of 8 October at 37.5° N.
"""

import math
from itertools import pairwise

OPENS = 10.0
CLOSES = 18.0
SUNRISE = 6.6
SUNSET = 18.1

#: Share of the hall's capacity at an hour: a rush at the doors, a dip at lunch, a full afternoon.
_VISITORS = (
    (0.0, 0.0),
    (9.0, 0.0),
    (OPENS, 0.12),
    (11.0, 0.62),
    (12.2, 0.78),
    (12.8, 0.55),
    (14.5, 0.97),
    (16.0, 0.82),
    (17.4, 0.35),
    (CLOSES, 0.08),
    (18.5, 0.0),
    (24.0, 0.0),
)


def crowd(hour: float) -> float:
    """Return how full the hall is (0 to 1) at `hour` (0 to 24)."""
    for (start, low), (stop, high) in pairwise(_VISITORS):
        if start <= hour <= stop:
            return low + (high - low) * (hour - start) / (stop - start)
    return 0.0


def sun(hour: float) -> float:
    """Return the height of the sun (0 at night, 1 at its highest) at `hour`."""
    if not SUNRISE < hour < SUNSET:
        return 0.0
    return math.sin(math.pi * (hour - SUNRISE) / (SUNSET - SUNRISE))


def outdoor(hour: float) -> float:
    """Return the temperature outside in °C at `hour`: coldest at three, warmest at fifteen."""
    return 15.2 - 5.0 * math.cos(math.tau * (hour - 3.0) / 24)
