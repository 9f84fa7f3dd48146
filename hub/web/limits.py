"""Concurrency limits for each link and each client address. Pure."""

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_NETWORK = 64
"""Bits of an IPv6 address that count: one machine has all the addresses behind them."""


def address_of(client: tuple[Any, ...] | None) -> str:
    """Return the part of a client's address that limits apply to; empty without one."""
    try:
        address = ipaddress.ip_address(client[0]) if client else None
    except ValueError:  # a proxy may have said anything
        return str(client[0])[:64] if client else ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback:
        return str(ipaddress.ip_network((address, _NETWORK), strict=False))
    return str(address or "")


def is_loopback(address: str) -> bool:
    """Whether an address of `address_of` is this machine's own: a program here, or a proxy."""
    return address == "::1" or address.startswith("127.")


class ConcurrencyLimits:
    """Counts what is open at once by key; checking a limit and counting are one step.

    So concurrent requests cannot exceed a limit.
    """

    def __init__(self) -> None:
        self._open = Counter[str]()

    def acquire(self, limits: Mapping[str, int]) -> str | None:
        """Increment each key; or increment none, and return the first key at its limit."""
        for key, most in limits.items():
            if self._open[key] >= most:
                return key
        self._open.update(limits.keys())
        return None

    def release(self, keys: Iterable[str]) -> None:
        """Decrement each key."""
        for key in keys:
            self._open[key] -= 1
            if self._open[key] <= 0:
                del self._open[key]
