"""Wishes: the kinds that booths have asked for, by the button on their page."""

import json
import logging
from pathlib import Path
from typing import Any, NamedTuple

from hub.errors import KindError
from hub.files import write_atomically
from hub.timestamps import rfc3339

OF_A_BOOTH = 5
"""Wishes of one booth at once."""
MOST = 500
"""Wishes of all."""

log = logging.getLogger("hub.kinds")


class Wish(NamedTuple):
    """A kind that a booth asked for, at a time in ns."""

    booth: str
    kind: str
    at: int

    def as_json(self) -> dict[str, Any]:
        """Return the wish as the API shows it."""
        return {"booth": self.booth, "kind": self.kind, "at": rfc3339(self.at, 3)}


class Wishes:
    """The wishes that nobody has seen to, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wishes = _read(path)

    def of(self, booth: str | None = None) -> list[Wish]:
        """Return the wishes of a booth, or all, the oldest first."""
        return [wish for wish in self._wishes if booth in (None, wish.booth)]

    def add(self, wish: Wish) -> None:
        """Add a wish; the same once more changes nothing.

        Raises:
            KindError: the booth has too many, or it cannot be kept.
        """
        if any((item.booth, item.kind) == (wish.booth, wish.kind) for item in self._wishes):
            return
        if len(self.of(wish.booth)) >= OF_A_BOOTH or len(self._wishes) >= MOST:
            raise KindError(
                f"{wish.booth} asks for {OF_A_BOOTH} kinds already; wait for the organisers",
                ko=f"이미 종류 {OF_A_BOOTH}개를 요청했습니다. 운영 측의 답을 기다리세요",
            )
        self._keep([*self._wishes, wish])
        log.info("booth %s asks for the kind %s", wish.booth, wish.kind)

    def end(self, kind: str, booth: str | None = None) -> bool:
        """Remove the wishes for a kind, of one booth or of all; whether there were any."""
        left = [w for w in self._wishes if w.kind != kind or booth not in (None, w.booth)]
        changed = len(left) < len(self._wishes)
        if changed:
            self._keep(left)
        return changed

    def _keep(self, wishes: list[Wish]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(wishes).encode())
        except OSError as exc:
            raise KindError(f"{self._path}: {exc.strerror}; correct the data folder") from exc
        self._wishes = wishes


def _read(path: Path) -> list[Wish]:
    """The wishes in a file; of a damaged one none, for a press of the button brings one back."""
    try:
        return [Wish(*item) for item in json.loads(path.read_bytes())]
    except (OSError, ValueError, TypeError):
        return []
