"""Loops to move along: streets around COEX, aisles of the hall.

The waypoints are hand-made after the crossings of Yeongdong-daero, Bongeunsa-ro, Samseong-ro and
Teheran-ro: right to some ten metres, which is enough for a demo and for nothing else.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise, starmap
from typing import NamedTuple

#: Degrees north and east (WGS 84) on streets, metres (x, y) on a floor.
Point = tuple[float, float]

COEX: Point = (37.5118, 127.0592)
#: Metres in one degree of latitude (mean meridian of WGS 84).
METRES = 111_195.0

SAMSEONG: Point = (37.5088, 127.0632)
BONGEUNSA: Point = (37.5143, 127.0603)
SAMSEONG_JUNGANG: Point = (37.5130, 127.0531)
POSCO: Point = (37.5066, 127.0560)
SEOLLEUNG: Point = (37.5045, 127.0490)
SEONJEONGNEUNG: Point = (37.5103, 127.0437)

#: Yeongdong-daero, Bongeunsa-ro, Samseong-ro, Teheran-ro: once around COEX, about 2.9 km.
COEX_LOOP: tuple[Point, ...] = (
    SAMSEONG,
    (37.5115, 127.0618),
    BONGEUNSA,
    (37.5137, 127.0567),
    SAMSEONG_JUNGANG,
    (37.5098, 127.0546),
    POSCO,
    (37.5077, 127.0596),
)
#: The longer way by Seolleung-ro and the royal tombs, about 5 km.
TOMBS_LOOP: tuple[Point, ...] = (
    SAMSEONG,
    BONGEUNSA,
    SAMSEONG_JUNGANG,
    SEONJEONGNEUNG,
    (37.5074, 127.0462),
    SEOLLEUNG,
    POSCO,
)
#: Around the middle row of booths of the demo hall (see zone.toml), in metres.
AISLE_LOOP: tuple[Point, ...] = ((2.0, 12.75), (58.0, 12.75), (58.0, 23.25), (2.0, 23.25))


def east_north(place: Point, origin: Point = COEX) -> Point:
    """Return how many metres `place` lies east and north of `origin`.

    Equirectangular: wrong by less than 0.1 % over the few kilometres of a city.
    """
    east = (place[1] - origin[1]) * METRES * math.cos(math.radians(origin[0]))
    return east, (place[0] - origin[0]) * METRES


def metres(one: Point, other: Point) -> float:
    """Return the distance of two places on earth in metres."""
    return math.hypot(*east_north(other, one))


class Spot(NamedTuple):
    """A spot on a loop in metres; `heading` in degrees counter-clockwise from the x axis."""

    x: float
    y: float
    heading: float


class Loop:
    """A closed line through points given in metres, measured from the first one."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._legs = list(pairwise([*points, points[0]]))
        self._lengths = list(starmap(math.dist, self._legs))
        *self._starts, self.length = accumulate(self._lengths, initial=0.0)

    @property
    def corners(self) -> tuple[float, ...]:
        """Where the points lie along the loop, in metres."""
        return tuple(self._starts)

    def spot(self, distance: float) -> Spot:
        """Return the spot `distance` metres along the loop, which repeats."""
        along = distance % self.length
        leg = bisect_right(self._starts, along) - 1
        (x, y), (to_x, to_y) = self._legs[leg]
        share = (along - self._starts[leg]) / self._lengths[leg]
        heading = math.degrees(math.atan2(to_y - y, to_x - x))
        return Spot(x + (to_x - x) * share, y + (to_y - y) * share, heading)


class Place(NamedTuple):
    """A place on earth: degrees north and east, and degrees clockwise from north."""

    latitude: float
    longitude: float
    heading: float


class Route(Loop):
    """A loop through places on earth."""

    def __init__(self, places: Sequence[Point]) -> None:
        super().__init__([east_north(place) for place in places])

    def place(self, distance: float) -> Place:
        """Return the place `distance` metres along the route, which repeats."""
        east, north, heading = self.spot(distance)
        return Place(
            COEX[0] + north / METRES,
            COEX[1] + east / METRES / math.cos(math.radians(COEX[0])),
            (90 - heading) % 360,
        )
