"""What can go wrong with demo devices.

DeviceError
├── WrongUseError            what was asked for does not exist or cannot be (exit code 2)
│   ├── UnknownKindError
│   ├── BadBrokerError
│   ├── BadKindsError
│   └── BadZoneError
└── BrokerUnreachableError   there is no way to the broker (exit code 1)
"""

from collections.abc import Iterable
from difflib import get_close_matches


class DeviceError(Exception):
    """The base of all errors of this package; the message is for people."""


class WrongUseError(DeviceError):
    """What was asked for does not exist or cannot be."""


class UnknownKindError(WrongUseError):
    """No kind has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, cutoff=0.5)
        say = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}"
        super().__init__(f"kind: there is no {name!r}; {say}")


class BadBrokerError(WrongUseError):
    """The address of the broker cannot be used."""


class BadKindsError(WrongUseError):
    """A declaration of a kind cannot be used."""


class BadZoneError(WrongUseError):
    """The zone file cannot be used."""


class BrokerUnreachableError(DeviceError):
    """There is no way to the broker, or it does not let the device in."""
