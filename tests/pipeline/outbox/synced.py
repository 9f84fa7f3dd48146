"""Whether what SQLite writes waits for the disk."""

import contextlib
import sqlite3
from typing import Any

import pytest

FULL = 2
"""`PRAGMA synchronous`: a commit is on disk when it returns."""


def synced(patch: pytest.MonkeyPatch) -> list[int]:
    """Return where each connection notes, when it is closed, how much its commits waited for."""
    found: list[int] = []

    class Noting(sqlite3.Connection):
        def close(self) -> None:
            with contextlib.suppress(sqlite3.ProgrammingError):  # closed before
                found.append(self.execute("PRAGMA synchronous").fetchone()[0])
            super().close()

    real = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        return real(*given, **{"factory": Noting, **named})

    patch.setattr(sqlite3, "connect", connect)
    return found
