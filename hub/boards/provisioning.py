"""The generated files that Grafana provisions, and the plan for a running Grafana. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.boards import alert_file, alerts, compose, policy, render
from hub.boards.dataquery import SOURCE_TYPE, SOURCE_UID
from hub.boards.lint import lint, names
from hub.boards.model import Language
from hub.event.zone import Zone
from hub.stores.store import measurements
from schemas import KindSpec

Json = dict[str, Any]
CYCLE = "30s"
"""How long the playlist shows each board."""


def files(kinds: Mapping[str, KindSpec], zone: Zone) -> dict[str, str]:
    """Return every generated file: its text by its path from the project's folder."""
    boards = render.files(compose.boards(kinds, zone))
    return {**boards, **alert_file.files(kinds, zone), **policy.files(zone.event)}


def faults(kinds: Mapping[str, KindSpec], zone: Zone) -> list[str]:
    """Return the lint's findings in the boards and the rules."""
    known = measurements(kinds)
    boards = compose.boards(kinds, zone)
    found = [fault for board in boards for fault in lint(render.render(board), known)]
    for rule in alerts.rules(kinds):
        found += [f"rule {rule.uid}: {fault}" for fault in names(rule.query, known)]
        if rule.query.count("$timeFilter") != 1:
            found.append(f"rule {rule.uid}: $timeFilter does not stand once in: {rule.query}")
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """The desired content of a running Grafana; `boards` are pairs of folder uid and board.

    Without a `source` the data source there is left as it is. Playlists are known by their names.
    """

    folders: Mapping[str, str]
    boards: tuple[tuple[str, Json], ...]
    playlists: tuple[Json, ...]
    source: Json | None = None
    secrets: Mapping[str, str] | None = None


def plan(kinds: Mapping[str, KindSpec], zone: Zone) -> Plan:
    """Return the plan, still without a data source."""
    made = compose.boards(kinds, zone)
    return Plan(
        dict(render.FOLDERS.values()),
        tuple((render.FOLDERS[board.language][0], render.render(board)) for board in made),
        tuple(_playlist(lang, compose.cycle(made, lang)) for lang in Language),
    )


def _playlist(lang: Language, uids: list[str]) -> Json:
    items = [{"type": "dashboard_by_uid", "value": uid} for uid in uids]
    return {"name": render.FOLDERS[lang][1], "interval": CYCLE, "items": items}


def source(url: str, bucket: str) -> Json:
    """Return the data source for an InfluxDB at `url`, without its secrets."""
    return {
        "name": "Smart Life (InfluxDB)",
        "uid": SOURCE_UID,
        "type": SOURCE_TYPE,
        "access": "proxy",
        "url": url,
        "isDefault": True,
        "jsonData": {
            "dbName": bucket,
            "httpMode": "POST",
            "timeInterval": "1s",
            "httpHeaderName1": "Authorization",
        },
    }
