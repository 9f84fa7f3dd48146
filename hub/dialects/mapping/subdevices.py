"""Subdevices: the channels of a relay, the further sensors of a board. Pure.

A part is a device of the hub whose name is that of the device, a dash, and the part's. It is
remembered, because the state of the device is the part's too.
"""

from hub.dialects.dialect import Heard, Presence, Told
from hub.dialects.memory import Memory

_SENSORS = ("climate_sensor", "safety_sensor", "presence_sensor", "contact_sensor")
PARTS = 64
"""The most parts of a device that are remembered."""


def part_of(memory: Memory, device: str, part: str) -> str:
    """Return the name of a part of a device, and remember it; of the device itself if it is ""."""
    if not part:
        return device
    known = parts(memory, device)
    if part not in known and len(known) < PARTS:
        memory.set(f"parts/{device}", [*known, part])
    return f"{device}-{part}"


def parts(memory: Memory, device: str) -> list[str]:
    """Return the parts of a device that were heard of."""
    return memory.get(f"parts/{device}") or []


def presences(memory: Memory, device: str, online: bool) -> list[Presence]:
    """Return that a device is there or not, and so all its parts."""
    names = [device, *(f"{device}-{part}" for part in parts(memory, device))]
    return [Presence(name, online) for name in names]


def sensor_kind(told: Told, heard: Heard, device: str) -> str:
    """Return the kind that a battery belongs to: what the device is known to measure, or ""."""
    kinds = [draft.kind for draft in told.drafts if draft.device == device]
    known = [*kinds, *heard.kinds_of(device)]
    return next((kind for kind in known if kind in _SENSORS), "")
