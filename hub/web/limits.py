"""Limits for each link and each address: what counts as one address, how many at once. Pure."""

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_NETWORK = 64
"""Bits of an IPv6 address that count: one machine has all the addresses behind them."""


def address_of(client: tuple[Any, ...] | None) -> str:
    """Return what of a client's address its limits hang on; empty without one."""
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
    """Counts what is open at once, for each key; limits are looked at and taken in one step.

    So of many that come in the same moment no more than the limit get in.
    """

    def __init__(self) -> None:
        self._open = Counter[str]()

    def acquire(self, limits: Mapping[str, int]) -> str | None:
        """Count one more for each key; or count nothing and return the first key at its limit."""
        for key, most in limits.items():
            if self._open[key] >= most:
                return key
        self._open.update(limits.keys())
        return None

    def release(self, keys: Iterable[str]) -> None:
        """Count one less for each key."""
        for key in keys:
            self._open[key] -= 1
            if self._open[key] <= 0:
                del self._open[key]
