"""Routes through the demo hall, where its zone file says that the hall lies on earth.

Another hall has the same routes, beside its own origin.
"""

import math
import tomllib
from collections.abc import Sequence
from typing import Any

from devices.route import METRES, Point, Route, east_north
from devices.zone import DEMO_ZONE, Origin

#: A flight above the stands of the demo hall (see zone.toml), in metres on the plan: about 125 m.
#: Its first leg is at b07, where the pads are.
HALL_FLIGHT: tuple[Point, ...] = (
    (40.0, 20.2),
    (34.5, 20.2),
    (31.5, 9.0),
    (18.0, 7.5),
    (8.0, 13.0),
    (12.0, 24.0),
    (26.0, 29.0),
    (44.0, 28.0),
    (53.0, 20.0),
    (50.0, 9.0),
    (45.5, 12.5),
)
#: Once around the two stands in the middle, 78 m.
SHUTTLE_LOOP: tuple[Point, ...] = ((18.5, 11.9), (45.5, 11.9), (45.5, 24.1), (18.5, 24.1))

ORIGIN = Origin.model_validate(tomllib.loads(DEMO_ZONE.read_text(encoding="utf-8"))["origin"])


def on_earth(spot: Point, origin: Origin = ORIGIN) -> Point:
    """Return the place on earth of a spot of the plan in metres, x to the right and y down."""
    (x, y), bearing = spot, math.radians(origin.bearing)
    east = x * math.cos(bearing) - y * math.sin(bearing)
    north = -x * math.sin(bearing) - y * math.cos(bearing)
    shorter = math.cos(math.radians(origin.latitude))
    return origin.latitude + north / METRES, origin.longitude + east / METRES / shorter


def hall_route(spots: Sequence[Point]) -> Route:
    """Return a loop through spots of the plan, as places on earth."""
    return Route([on_earth(spot) for spot in spots])


def in_hall(reading: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """Return a reading with its place and heading in the hall of another `origin`."""
    if origin == ORIGIN or "latitude" not in reading or "longitude" not in reading:
        return reading
    here = reading["latitude"], reading["longitude"]
    east, north = east_north(here, (ORIGIN.latitude, ORIGIN.longitude))
    bearing = math.radians(ORIGIN.bearing)
    spot = (
        east * math.cos(bearing) - north * math.sin(bearing),
        -east * math.sin(bearing) - north * math.cos(bearing),
    )
    latitude, longitude = (round(degrees, 6) for degrees in on_earth(spot, origin))
    moved = {**reading, "latitude": latitude, "longitude": longitude}
    if "heading" in reading:
        turned = reading["heading"] + origin.bearing - ORIGIN.bearing
        moved["heading"] = round(turned, 1) % 360
    return moved
