"""What a device says on the wire: its topics, its payloads, its time."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from devices.errors import WrongUseError

ROOT = "smartlife/v1"
_BOOTH = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class Ts(StrEnum):
    """How a reading carries its time: not at all, as text, or as epoch milliseconds."""

    NONE = "none"
    RFC3339 = "rfc3339"
    EPOCH = "epoch"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device publishes: `<root>/<booth>/<kind>/<device>`.

    Raises:
        WrongUseError: the booth or the device has no valid name.
    """

    booth: str
    kind: str
    device: str
    root: str = ROOT

    def __post_init__(self) -> None:
        if not _BOOTH.fullmatch(self.booth):
            raise WrongUseError(
                f"booth: {self.booth!r} is no booth; use lower-case letters, digits and -, "
                "32 characters at most, e.g. b12"
            )
        if not _DEVICE.fullmatch(self.device):
            raise WrongUseError(
                f"device: {self.device!r} is no device; use letters, digits, _, . and -, "
                "64 characters at most, e.g. t1"
            )

    @property
    def topic(self) -> str:
        """Where readings go."""
        return f"{self.root}/{self.booth}/{self.kind}/{self.device}"

    @property
    def status(self) -> str:
        """Where `online` and `offline` go, retained."""
        return f"{self.topic}/status"

    @property
    def errors(self) -> str:
        """Where the hub answers readings that it did not accept."""
        return f"{self.topic}/errors"


def encode(payload: Mapping[str, Any]) -> bytes:
    """Return the payload as compact JSON in UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def stamp(payload: Mapping[str, Any], nanoseconds: int, ts: Ts) -> dict[str, Any]:
    """Return the payload with its time (`nanoseconds` of the Unix epoch), as `ts` says."""
    match ts:
        case Ts.NONE:
            return dict(payload)
        case Ts.EPOCH:
            return {**payload, "ts": nanoseconds // 1_000_000}
        case Ts.RFC3339:
            moment = datetime.fromtimestamp(nanoseconds // 1_000_000 / 1000, UTC)
            return {**payload, "ts": moment.isoformat(timespec="milliseconds")}
