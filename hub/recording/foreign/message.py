"""A message as another tool recorded it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Foreign:
    """A message that another tool recorded; `at` in ns, `properties` as in `Recorded`."""

    topic: str
    payload: bytes
    at: int
    qos: int = 0
    retain: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is no message: where it stands, and why."""

    where: str
    why: str


Source = Iterator[Foreign | Unread]
