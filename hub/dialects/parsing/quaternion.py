"""Converts quaternions {x, y, z, w} in JSON to angles in degrees. Pure.

Each raises Misfit for what is none; one of zeros or with NaN has no angles: None.
"""

import math
from typing import Any

from hub.dialects.dialect import Misfit
from hub.dialects.parsing.payload import number


def _quaternion(value: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(value, dict):
        raise Misfit("is no quaternion {x, y, z, w}", "쿼터니언 {x, y, z, w}이 아닙니다")
    x, y, z, w = (number(value.get(axis, 0.0)) for axis in "xyzw")
    if x is None or y is None or z is None or w is None or not (x or y or z or w):
        return None
    length = math.hypot(x, y, z, w)
    return x / length, y / length, z / length, w / length


def yaw(value: Any) -> float | None:
    """Return the rotation about the upright axis, from -180° to 180°, counter-clockwise."""
    found = _quaternion(value)
    if found is None:
        return None
    x, y, z, w = found
    return round(math.degrees(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))), 2)


def roll(value: Any) -> float | None:
    """Return the rotation about the axis ahead, from -180° to 180°."""
    found = _quaternion(value)
    if found is None:
        return None
    x, y, z, w = found
    return round(math.degrees(math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))), 2)


def pitch(value: Any) -> float | None:
    """Return the rotation about the axis to the left, from -90° to 90°."""
    found = _quaternion(value)
    if found is None:
        return None
    x, y, z, w = found
    return round(math.degrees(math.asin(max(-1.0, min(1.0, 2 * (w * y - z * x))))), 2)
