"""The boards against Grafana Labs' own types of three versions of Grafana, read by TypeScript.

Each board becomes a constant of the type `Dashboard`, and so do its panels' options and field
configurations, with the types of their plugins. An enum of the types is taken for its values, as
JSON has them. What is left out of the options is Grafana's default.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import ROOT
from harness.process import program
from harness.wait import DEADLINE
from hub.boards import lint
from hub.boards.lint import Json
from hub.boards.model import Form

PACKAGES = ROOT / "tests/js/node_modules"
BOARDS = sorted((ROOT / "grafana/dashboards").glob("*/*.json"))
PLUGINS = {
    Form.STAT: "Stat",
    Form.GAUGE: "Gauge",
    Form.BAR_GAUGE: "BarGauge",
    Form.SERIES: "TimeSeries",
    Form.TIMELINE: "StateTimeline",
    Form.TABLE: "Table",
    Form.MAP: "Geomap",
}
PLAIN = """
type Plain<T> =
  T extends string ? `${T}` :
  T extends number ? (`${T}` extends `${infer N extends number}` ? N : number) :
  T extends boolean | null | undefined ? T :
  T extends (infer U)[] ? Plain<U>[] :
  T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
"""
KNOWN = ("'\"fromAnnotations\"' does not exist in type",)
"""The InfluxDB data source's own words in an annotation's query, which `Dashboard` has no room for:
the only finding that is taken for none."""


def paths(version: int) -> Path:
    folder = PACKAGES / f"grafana-schema-{version}"
    assert folder.is_dir(), "the packages of tests/js are not installed; run scripts/node"
    return folder


def constants(at: int, board: Json) -> Iterator[tuple[str, str, Any]]:
    """The name, the type and the value of each constant of a board."""
    yield f"board{at}", "Plain<Dashboard>", board
    for panel in lint.panels(board):
        plugin, name = PLUGINS[Form(panel["type"])], f"board{at}_{panel['id']}"
        if "options" in panel:
            yield f"{name}_options", f"Partial<Plain<{plugin}.Options>>", panel["options"]
        custom = panel["fieldConfig"]["defaults"].get("custom")
        if custom is not None:
            yield f"{name}_custom", f"Partial<Plain<{plugin}.FieldConfig>>", custom


def declarations(boards: list[Json]) -> list[str]:
    """Every constant, once where panels are alike."""
    names: dict[tuple[str, str], str] = {}
    for at, board in enumerate(boards):
        for name, type_, value in constants(at, board):
            names.setdefault((type_, json.dumps(value, ensure_ascii=False)), name)
    return [f"export const {name}: {type_} = {text};" for (type_, text), name in names.items()]


def source(version: int, boards: list[Json]) -> str:
    cfg = paths(version) / "dist/esm/raw/composable"
    imports = [
        f"import type * as {plugin} from "
        f"'{cfg}/{form.replace('-', '')}/panelcfg/x/{plugin}PanelCfg_types.gen';"
        for form, plugin in PLUGINS.items()
    ]
    head = "import type { Dashboard } from '@grafana/schema';"
    return "\n".join([head, *imports, PLAIN, *declarations(boards)])


def findings(folder: Path, version: int, boards: list[Json]) -> list[str]:
    """What the compiler says of the boards, with the types of a version of Grafana."""
    (folder / "boards.ts").write_text(source(version, boards), encoding="utf-8")
    options = {
        "noEmit": True,
        "strict": True,
        "skipLibCheck": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "target": "es2022",
        "types": [],
        "paths": {"@grafana/schema": [str(paths(version))]},
    }
    config = {"compilerOptions": options, "files": ["boards.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    tsc = [program("node"), str(PACKAGES / "typescript/bin/tsc"), "-p", "tsconfig.json"]
    said = subprocess.run(
        tsc, check=False, cwd=folder, capture_output=True, text=True, timeout=10 * DEADLINE
    )
    assert said.returncode == 0 or said.stdout, said.stderr
    return [
        line
        for line in said.stdout.splitlines()
        if "error TS" in line and not any(known in line for known in KNOWN)
    ]


@pytest.mark.parametrize("version", [11, 12, 13])
def test_the_boards_are_what_grafana_declares(tmp_path: Path, version: int) -> None:
    boards = [json.loads(path.read_text(encoding="utf-8")) for path in BOARDS]
    assert findings(tmp_path, version, boards) == []


FAULTS = (
    ("timezone", 9, "'number' is not assignable"),
    ("graphTooltip", 5, "'5' is not assignable"),
    ("panels.stat.options.textMode", "loud", "'\"loud\"' is not assignable"),
    ("panels.timeseries.fieldConfig.defaults.custom.widht", 9, "'\"widht\"' does not exist"),
)


def plant(board: Json, place: str, value: Any) -> None:
    """Put a value where one of the board is, or of its first panel of a form."""
    *way, last = place.split(".")
    here: Any = board
    for name in way:
        of_form = isinstance(here, list)
        here = next(item for item in here if item["type"] == name) if of_form else here[name]
    here[last] = value


def test_a_fault_in_a_board_would_be_found(tmp_path: Path) -> None:
    board = json.loads((ROOT / "grafana/dashboards/en/sl-overview-en.json").read_text())
    for place, value, _ in FAULTS:
        plant(board, place, value)
    found = findings(tmp_path, 12, [board])
    assert [told for *_, told in FAULTS if not any(told in line for line in found)] == []
