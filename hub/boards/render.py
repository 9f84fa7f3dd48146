"""Renders boards as Grafana's classic JSON, schemaVersion 42, which Grafana 11 to 13 load.

Keys are sorted and ids follow from names, so the same declarations give the same bytes.
"""

import json
import warnings
from collections.abc import Iterable
from typing import Any

with warnings.catch_warnings():
    # The SDK marks classic boards as deprecated; Grafana 11 has no others.
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import dashboard as build
    from grafana_foundation_sdk.models import dashboard as models

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from hub.boards import forms
from hub.boards.dataquery import SOURCE, InfluxQL, QueryBuilder
from hub.boards.lint import panels as every_panel
from hub.boards.model import (
    COLUMNS,
    Annotation,
    Board,
    BoardRow,
    Language,
    Link,
    Panel,
    Variable,
)

_Standing = tuple[Panel, models.GridPos]

FOLDERS = {
    Language.EN: ("smartlife-en", "Smart Life (English)"),
    Language.KO: ("smartlife-ko", "스마트라이프 (한국어)"),
}
"""Each language's folder: uid and title."""


def files(boards: Iterable[Board]) -> dict[str, str]:
    """Return each board's text by its path from the project's folder."""
    return {
        f"grafana/dashboards/{board.language}/{board.uid}.json": text(render(board))
        for board in boards
    }


def text(rendered: Any) -> str:
    """Return JSON with sorted keys, Korean unescaped."""
    return json.dumps(rendered, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def render(board: Board) -> dict[str, Any]:
    """Return a board as Grafana's API accepts it."""
    made = (
        build.Dashboard(board.title)
        .uid(board.uid)
        .description(board.description)
        .tags(list(board.tags))
        .timezone(board.timezone)
        .readonly()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .time(board.since, "now")
        .refresh(board.refresh)
        .variables([_variable(item) for item in board.variables])
        .annotations([_annotation(item) for item in board.annotations])
        .links([_link(item) for item in board.links])
    )
    top = 0
    for row in board.rows:
        top = _place(made, row, top, board)
    result: dict[str, Any] = json.loads(json.dumps(made.build(), cls=JSONEncoder))
    for item in (*result["templating"].get("list", []), *every_panel(result)):
        for name in _FOREIGN:
            item.pop(name, None)
            item.get("options", {}).pop(name, None)
    return result


_FOREIGN = ("auto", "auto_count", "auto_min", "footer")
"""What the SDK writes and Grafana's types lack: of variables and, from 12 on, of tables."""


def _place(made: build.Dashboard, row: BoardRow, top: int, board: Board) -> int:
    """Add a row and its panels from line `top` on; return the first line below."""
    if not row.title:
        standing = list(_flow(row.panels, top))
        return _stand(made, standing, board) or top
    heading = build.Row(row.title).id(row.id).collapsed(row.collapsed)
    heading.grid_pos(models.GridPos(h=1, w=COLUMNS, x=0, y=top))
    standing = list(_flow(row.panels, top + 1))
    if row.collapsed:
        for panel, position in standing:
            heading.with_panel(_panel(panel, board).grid_pos(position))
        made.with_row(heading)
        return top + 1
    made.with_row(heading)
    return _stand(made, standing, board) or top + 1


def _stand(made: build.Dashboard, standing: list[_Standing], board: Board) -> int:
    """Add panels at their places; return the first line below, 0 without panels."""
    for panel, position in standing:
        made.with_panel(_panel(panel, board).grid_pos(position))
    return max((place.y + place.h for _, place in standing), default=0)


def _panel(panel: Panel, board: Board) -> Any:
    return forms.panel(panel, board.language, wall=board.wall)


def _flow(panels: Iterable[Panel], top: int) -> Iterable[_Standing]:
    """Yield each panel with its place: left to right, a new line when the width is used up."""
    left, lowest = 0, top
    for panel in panels:
        if left + panel.width > COLUMNS:
            left, top = 0, lowest
        yield panel, models.GridPos(h=panel.height, w=panel.width, x=left, y=top)
        left, lowest = left + panel.width, max(lowest, top + panel.height)


def _variable(item: Variable) -> build.QueryVariable:
    made = (
        build.QueryVariable(item.name)
        .label(item.label)
        .datasource(SOURCE)
        .query({"query": item.query, "refId": "InfluxVariableQueryEditor-VariableQuery"})
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.ALPHABETICAL_ASC)
        .allow_custom_value(False)
        .multi(item.multi)
        .include_all(item.multi)
    )
    if not item.multi:
        return made
    every = models.VariableOption(selected=True, text=["All"], value=["$__all"])
    return made.all_value(".*").current(every)


def _annotation(item: Annotation) -> build.AnnotationQuery:
    columns = {"fromAnnotations": True, "textColumn": item.text, "tagsColumn": item.tags}
    query = InfluxQL("Anno", item.query, "", False, name=item.name, **columns)
    return (
        build.AnnotationQuery()
        .name(item.name)
        .datasource(SOURCE)
        .enable(True)
        .hide(False)
        .icon_color(item.colour)
        .target(QueryBuilder(query))
        .placement(None)  # type: ignore[arg-type]  # as for links
    )


def _link(item: Link) -> build.DashboardLink:
    made = (
        build.DashboardLink(item.title)
        .keep_time(True)
        .include_vars(item.keep_variables)
        .placement(None)  # type: ignore[arg-type]  # else it hides in a menu of Grafana 12.3 on
    )
    if item.uid:
        return made.type(models.DashboardLinkType.LINK).icon("dashboard").url(f"/d/{item.uid}")
    made.type(models.DashboardLinkType.DASHBOARDS).icon("external link")
    return made.tags(list(item.tags)).as_dropdown(True)
