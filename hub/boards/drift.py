"""Drift: the differences between a Grafana and the plan, for people to read. Pure."""

import difflib
from collections.abc import Mapping
from typing import Any

from hub.boards.render import text

Json = dict[str, Any]
_OWN = {"id", "version", "iteration"}
"""What Grafana itself keeps in a board."""


def board(expected: Json, found: Json) -> list[str]:
    """Return the difference between two boards as a unified diff; empty if there is none."""
    return lines(expected, {name: value for name, value in found.items() if name not in _OWN})


def subset(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Return the difference in the keys of `expected`; further keys of `found` are ignored."""
    return lines(dict(expected), _like(expected, found))


def _like(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Json:
    """`found`, reduced to the keys of `expected`."""
    return {name: _part(value, found[name]) for name, value in expected.items() if name in found}


def _part(expected: Any, found: Any) -> Any:
    if isinstance(expected, dict) and isinstance(found, dict):
        return _like(expected, found)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [_part(*pair) for pair in zip(expected, found, strict=True)]
    return found


def lines(expected: Json, found: Json) -> list[str]:
    """Return a unified diff from what was found to what is expected."""
    if expected == found:
        return []
    there, should = text(found).splitlines(), text(expected).splitlines()
    return list(difflib.unified_diff(there, should, "in Grafana", "as declared", lineterm="", n=2))
