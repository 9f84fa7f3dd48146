"""Gateways and bridges: whose Will holds also for the devices behind them. Pure.

Of several gateways that hear a device, one alone may go: the device is gone with the last.
"""

from hub.dialects.dialect import READINGS, Presence
from hub.dialects.mapping.names import bounded
from hub.dialects.memory import Memory

_MOST = 8
"""The most gateways of one device that are remembered."""


def heard_through(memory: Memory, gateway: str, device: str) -> None:
    """Remember that a device was heard through a gateway."""
    entry, gateway = f"via/{bounded(device)}", bounded(gateway)
    known = memory.get(entry) or []
    if gateway not in known and len(known) < _MOST:
        memory.set(entry, [*known, gateway])


def through(memory: Memory, gateway: str, online: bool) -> list[Presence]:
    """Return that a gateway is there or not, and so the devices that are heard through it alone."""
    gateway = bounded(gateway)
    memory.set(f"gone/{gateway}", None if online else True)
    found = list[str]()
    for entry in memory.names("via/"):
        gateways = memory.get(entry)
        if gateway in gateways and (online or all(memory.get(f"gone/{it}") for it in gateways)):
            found.append(entry.removeprefix("via/"))
    return _presences(found, online)


def under(
    memory: Memory, start: str, online: bool, *, beside: tuple[str, ...] = ()
) -> list[Presence]:
    """Return that those devices are there or not whose names begin with `start`.

    Those that begin with one of `beside` are another's.
    """
    entries = memory.names(f"kinds/{start}")
    names = [entry.removeprefix("kinds/") for entry in entries]
    return _presences([name for name in names if not name.startswith(beside)], online)


def _presences(names: list[str], online: bool) -> list[Presence]:
    return [Presence(name, online, behind=True) for name in names[-READINGS:]]
