"""Forgotten devices: retained messages do not bring them back, a new message does."""

import json
import logging
from pathlib import Path

from hub.files import write_atomically
from hub.topics import Address

MOST = 10_000

log = logging.getLogger("hub.live")


class Forgotten:
    """A set of addresses, kept in a file so that it survives a restart; in memory without one.

    Above `MOST` the oldest goes.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._addresses: dict[Address, None] = {}
        if path is not None and path.exists():
            self._addresses = _read(path)

    def __contains__(self, address: object) -> bool:
        return address in self._addresses

    def add(self, address: Address) -> None:
        """Add an address."""
        self._addresses[address] = None
        if len(self._addresses) > MOST:
            del self._addresses[next(iter(self._addresses))]
        self._save()

    def discard(self, address: Address) -> None:
        """Remove an address, if it is there."""
        if address in self._addresses:
            del self._addresses[address]
            self._save()

    def _save(self) -> None:
        if self._path is None:
            return
        try:
            write_atomically(self._path, json.dumps(list(self._addresses)).encode())
        except OSError as exc:  # it is on the way of a reading
            log.warning("%s: %s; a forgotten device may be back after a restart", self._path, exc)


def _read(path: Path) -> dict[Address, None]:
    """The addresses in a file; of a damaged one none, for the worst is a tile to forget again."""
    try:
        return {Address(*item): None for item in json.loads(path.read_bytes())}
    except (OSError, ValueError, TypeError):
        return {}
