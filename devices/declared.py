"""The kinds that devices can be: those that ship, and those declared for the event."""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from devices.errors import BadKindsError
from schemas import KindSpec, declared, kinds

FOLDER = "DEVICES_KINDS"
"""Environment variable with the folder of declarations, as `HUB_KINDS` is the hub's."""


@cache
def known_kinds() -> Mapping[str, KindSpec]:
    """Return every kind by its name.

    Raises:
        BadKindsError: a declaration in the folder `FOLDER` cannot be used.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return kinds()
    found = dict(kinds())
    for path in sorted(Path(folder).glob("*.json")):
        try:
            spec = declared(json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError) as exc:
            raise BadKindsError(f"{FOLDER}: {path}: {exc}") from exc
        found.setdefault(spec.name, spec)
    return found
