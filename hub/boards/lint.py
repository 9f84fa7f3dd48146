"""Lints rendered boards: finds what would not work or not be understood. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from hub.boards.dataquery import SOURCE_TYPE, SOURCE_UID
from hub.boards.model import COLUMNS, MARK
from hub.stores.store import Measurement

Json = dict[str, Any]
_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_FROM = re.compile(r'\bFROM ("[^"]+"(?:,"[^"]+")*)')
_NAME = re.compile(r'"([^"]+)"')
_MADE = re.compile(r'\bAS "([^"]+)"')
_CHOSEN = re.compile(r"(.*?)\$(\w+)\$/")
_ANY_KIND = Measurement("$kind", ("booth", "device", "domain"), {})
"""What the variable of that name chooses."""
_WORDS = {"stat", "state-timeline", "table", "geomap"}
"""Panels that may have no unit: they can show words, or columns that have units."""


def lint(board: Json, known: Mapping[str, Measurement]) -> list[str]:
    """Return the faults of a board, each in a line that names board and panel."""
    return [f"{board.get('uid')}: {finding}" for finding in _findings(board, known)]


def _findings(board: Json, known: Mapping[str, Measurement]) -> Iterator[str]:
    yield from _head(board)
    yield from _ids(board)
    yield from _overlaps(board)
    for panel in panels(board):
        for finding in _panel(panel, known):
            yield f"panel {panel.get('title') or panel.get('id')!r}: {finding}"
    for variable in board["templating"].get("list", []):
        for finding in _variable(variable, known):
            yield f"variable {variable.get('name')}: {finding}"
    for item in board["annotations"].get("list", []):
        for finding in _target(item["target"], known):
            yield f"annotation {item['name']}: {finding}"


def panels(board: Json) -> Iterator[Json]:
    """Yield every panel except rows, those inside collapsed rows too."""
    for item in board.get("panels", []):
        if item["type"] == "row":
            yield from item.get("panels", [])
        else:
            yield item


def _head(board: Json) -> Iterator[str]:
    if not _UID.fullmatch(board.get("uid") or ""):
        yield "uid: not 1 to 40 letters, digits, - and _; give the kind a shorter name"
    for name in ("title", "description"):
        if not board.get(name):
            yield f"it has no {name}"
    if MARK not in board.get("tags", []):
        yield f"it lacks the tag {MARK}"
    if board.get("editable") is not False:
        yield "it can be edited by hand"
    if board.get("schemaVersion") != 42:
        yield "schemaVersion is not 42"
    if not board.get("refresh"):
        yield "it does not refresh"


def _ids(board: Json) -> Iterator[str]:
    rows = [item for item in board.get("panels", []) if item["type"] == "row"]
    every = [*rows, *panels(board)]
    for number, times in Counter(item.get("id") for item in every).items():
        if times > 1 or not number:
            titles = [item.get("title") for item in every if item.get("id") == number]
            yield f"id {number} stands {times} times: {titles}"


def _overlaps(board: Json) -> Iterator[str]:
    top = board.get("panels", [])
    for group in (top, *(item["panels"] for item in top if item.get("panels"))):
        for one in group:
            if one["gridPos"]["x"] + one["gridPos"]["w"] > COLUMNS:
                yield f"panel {one.get('title')!r} stands beyond the grid's {COLUMNS} columns"
        for one, other in combinations(group, 2):
            if _meet(one["gridPos"], other["gridPos"]):
                yield f"panels {one.get('title')!r} and {other.get('title')!r} overlap"


def _meet(one: Json, other: Json) -> bool:
    apart = (
        one["x"] + one["w"] <= other["x"]
        or other["x"] + other["w"] <= one["x"]
        or one["y"] + one["h"] <= other["y"]
        or other["y"] + other["h"] <= one["y"]
    )
    return not apart


def _panel(panel: Json, known: Mapping[str, Measurement]) -> Iterator[str]:
    for name in ("title", "description"):
        if not panel.get(name):
            yield f"it has no {name}"
    yield from _datasource(panel)
    defaults = panel.get("fieldConfig", {}).get("defaults", {})
    if "unit" not in defaults:
        yield "it has no unit"
    if panel["type"] not in _WORDS and not defaults.get("unit"):
        yield "its unit is empty"
    targets = panel.get("targets", [])
    if not targets:
        yield "it asks nothing"
    names = [target.get("refId") for target in targets]
    if len(set(names)) != len(names):
        yield "two queries have the same refId"
    for target in targets:
        yield from _target(target, known)


def _target(target: Json, known: Mapping[str, Measurement]) -> Iterator[str]:
    yield from _datasource(target)
    text = target.get("query", "")
    # Once: of an annotation's, Grafana replaces the first only.
    if text.count("$timeFilter") != 1:
        yield f"$timeFilter stands {text.count('$timeFilter')} times, not once, in: {text}"
    if target.get("fromAnnotations") and "$__interval" in text:
        yield f"Grafana knows no $__interval in annotations: {text}"
    yield from names(text, known)


def _variable(variable: Json, known: Mapping[str, Measurement]) -> Iterator[str]:
    yield from _datasource(variable)
    if not variable.get("label"):
        yield "it has no label"
    if variable.get("includeAll") and variable.get("allValue") != ".*":
        yield "all is not .*"
    yield from names(variable["query"]["query"], known)


def _datasource(item: Json) -> Iterator[str]:
    if item.get("datasource") != {"type": SOURCE_TYPE, "uid": SOURCE_UID}:
        yield f"its data source is not {SOURCE_UID}"


def names(query: str, known: Mapping[str, Measurement]) -> Iterator[str]:
    """Yield undeclared names in a query: measurements, tags, fields."""
    found = _FROM.search(query)
    if found is None:
        yield f"it names no measurement: {query}"
        return
    asked = _NAME.findall(found[1])
    for item in asked:
        measurement = _ANY_KIND if item == "$kind" else known.get(item)
        if measurement is None:
            yield f"there is no measurement {item}: {query}"
            continue
        holds = {*asked, *measurement.tags, *measurement.fields, *_MADE.findall(query)}
        for name in dict.fromkeys(_NAME.findall(query)):
            if name not in holds:
                yield f"{measurement.name} has no tag and no field {name}: {query}"
    for before, variable in _CHOSEN.findall(query):
        if not before.endswith(f'"{variable}" =~ /^'):
            yield f"${variable} does not choose the tag of its name: {query}"
