"""A message as another tool recorded it. Pure."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_LATEST = 2**63


@dataclass(frozen=True, slots=True)
class Foreign:
    """A message that another tool recorded; `at` in ns, `properties` as in `Recorded`."""

    topic: str
    payload: bytes
    at: int
    qos: int = 0
    retain: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)

    def fault(self) -> str | None:
        """Return why no message can be so, or None."""
        if self.qos not in {0, 1, 2}:
            return f"its QoS {self.qos} is none of 0, 1 and 2"
        if not 0 <= self.at < _LATEST:
            return "its time is none that a message can have"
        try:
            self.topic.encode()
            json.dumps(self.properties, ensure_ascii=False).encode()
            b64decode(self.properties.get("correlation_data", ""))
        except (TypeError, ValueError) as exc:
            return f"its topic or its properties are none that a message can have: {exc}"
        return None


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is no message: where it stands, and why."""

    where: str
    why: str


Source = Iterator[Foreign | Unread]
