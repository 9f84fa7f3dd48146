"""Muted alarms: which, by whom, and until when."""

import json
import logging
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hub.errors import MuteError
from hub.files import write_atomically
from hub.timestamps import SECOND, rfc3339
from hub.topics import Address

MOST = 500
"""Mutes at once."""
LONGEST = 7 * 24 * 60
"""Minutes that one lasts, at most."""

log = logging.getLogger("hub.live.mutes")


@dataclass(frozen=True, slots=True)
class Mute:
    """An alarm that is muted from `at` until `until` (ns), by its `cause` or by its device.

    A `cause` is what the wall groups by, in its words, like ``value thermostat temperature``.
    """

    id: str
    by: str
    at: int
    until: int
    cause: str | None = None
    device: Address | None = None

    @property
    def what(self) -> str:
        """What is muted, in one word or more."""
        return "/".join(self.device) if self.device is not None else str(self.cause)

    def as_json(self) -> dict[str, Any]:
        """Return the mute as the API shows it."""
        return {
            "id": self.id,
            "cause": self.cause,
            "device": self.device and self.device._asdict(),
            "by": self.by,
            "at": rfc3339(self.at, 3),
            "until": rfc3339(self.until, 3),
        }


class Mutes:
    """The mutes in force, kept in a file so that they survive a restart; in memory without one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._mutes = {} if path is None else _read(path)

    def in_force(self, now: int) -> list[Mute]:
        """Return those that last at a time (ns), the newest first."""
        found = [mute for mute in self._mutes.values() if mute.until > now]
        return sorted(found, key=lambda mute: -mute.at)

    def add(self, what: str | Address, by: str, minutes: int, now: int) -> Mute:
        """Mute a cause or a device for so many minutes; what was muted before gets the new end.

        Raises:
            MuteError: `MOST` are in force, or it cannot be kept.
        """
        cause, device = (what, None) if isinstance(what, str) else (None, what)
        before = [(mute.cause, mute.device) for mute in self.in_force(now)]
        if len(before) >= MOST and (cause, device) not in before:
            raise MuteError(f"{MOST} alarms are muted, which is the most; end some of them first")
        until = now + minutes * 60 * SECOND
        mute = Mute(secrets.token_hex(6), by, now, until, cause, device)
        others = [it for it in self.in_force(now) if (it.cause, it.device) != (cause, device)]
        self._keep([*others, mute])
        log.info("%s muted %s until %s", by, mute.what, rfc3339(until))
        return mute

    def end(self, id_: str, now: int) -> Mute | None:
        """End a mute before its time; None if there is none of this id.

        Raises:
            MuteError: that cannot be kept.
        """
        mute = self._mutes.get(id_)
        if mute is None or mute.until <= now:
            return None
        self._keep([item for item in self.in_force(now) if item.id != id_])
        log.info("%s is no longer muted (it was by %s)", mute.what, mute.by)
        return mute

    def _keep(self, mutes: list[Mute]) -> None:
        if self._path is not None:
            try:
                content = json.dumps([asdict(mute) for mute in mutes], ensure_ascii=False)
                write_atomically(self._path, content.encode())
            except OSError as exc:
                raise MuteError(f"{self._path}: {exc.strerror}; correct the data folder") from exc
        self._mutes = {mute.id: mute for mute in mutes}


def _read(path: Path) -> dict[str, Mute]:
    """The mutes in a file; of a damaged one none, for the worst is an alarm too many."""
    try:
        said = json.loads(path.read_bytes())
        found = [Mute(**{**item, "device": _address(item["device"])}) for item in said]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as exc:
        log.warning("%s: %s; nothing is muted", path, exc)
        return {}
    return {mute.id: mute for mute in found}


def _address(said: list[str] | None) -> Address | None:
    return None if said is None else Address(*said)
