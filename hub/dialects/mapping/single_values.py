"""Devices that publish one value a topic: a table of topics says which field each one is. Pure.

Nothing is merged: each message is a reading of one field, and the fields that belong together stand
beside each other in the store. What a charging point does follows from several flags, though; the
last of each is remembered.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hub.dialects.dialect import Draft, Misfit
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import parsed, switch, text_of

PLUGGED, CHARGING, FAULTED = "plugged", "charging", "faulted"
"""Flags of a charging point."""


def value_of(payload: bytes) -> Any:
    """Return a payload that is a JSON value, or else plain text.

    Raises:
        Misfit: it is neither.
    """
    try:
        return parsed(payload)
    except ValueError:
        return text_of(payload)


def charger_status(
    draft: Draft, memory: Memory, flag: str, value: Any, place: str, convert: Any = switch
) -> None:
    """Take a flag of a charging point into its status, with what the others were last."""
    try:
        said = convert(value)
    except Misfit:
        draft.take("status", value, place, convert)  # reports the misfit
        return
    if said is None:
        return
    name = f"flags/{draft.device}"
    flags = {**(memory.get(name) or {}), flag: said}
    memory.set(name, flags)
    status = _status(flags)
    if status is not None:
        draft.take("status", status, place)


def _status(flags: Mapping[str, bool]) -> str | None:
    if flags.get(FAULTED):
        return "faulted"
    if flags.get(CHARGING):
        return "charging"
    if PLUGGED not in flags:
        return None
    return "connected" if flags[PLUGGED] else "available"


def part(place: int, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what converts one item of a list."""

    def converted(value: Any) -> Any:
        if not isinstance(value, list) or len(value) <= place:
            raise Misfit(
                f"is no list with item {place}", f"항목 {place}이(가) 있는 목록이 아닙니다"
            )
        return convert(value[place])

    return converted
