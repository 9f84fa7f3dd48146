"""Drift: the differences between a Grafana and the plan, for people to read. Pure."""

import difflib
from collections.abc import Mapping
from typing import Any

from hub.boards.render import text

Json = dict[str, Any]
_OWN = {"id", "version", "iteration"}
"""What Grafana itself keeps in a board."""


def board(wanted: Json, found: Json) -> list[str]:
    """Return the difference between two boards as a unified diff; empty if there is none."""
    return lines(wanted, {name: value for name, value in found.items() if name not in _OWN})


def subset(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Return the difference in the keys of `wanted`; further keys of `found` are ignored."""
    return lines(dict(wanted), _like(wanted, found))


def _like(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Json:
    """`found`, reduced to the keys of `wanted`."""
    return {name: _part(value, found[name]) for name, value in wanted.items() if name in found}


def _part(wanted: Any, found: Any) -> Any:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return _like(wanted, found)
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [_part(*pair) for pair in zip(wanted, found, strict=True)]
    return found


def lines(wanted: Json, found: Json) -> list[str]:
    """Return a unified diff from what was found to what is wanted."""
    if wanted == found:
        return []
    there, should = text(found).splitlines(), text(wanted).splitlines()
    return list(difflib.unified_diff(there, should, "in Grafana", "as declared", lineterm="", n=2))
