"""A kind that was declared for the event has simulated devices too."""

import json
import os
import subprocess
import sys
from pathlib import Path

TANK = {
    "$id": "urn:smartlife:kind:water_tank",
    "title": "Water tank",
    "type": "object",
    "properties": {
        "level": {"title": "Level", "type": "number", "minimum": 0, "maximum": 100, "x-unit": "%"}
    },
    "required": ["level"],
    "examples": [{"level": 40}],
    "x-domain": "iot",
    "x-interval": 5,
}
_PRINT = """
from devices.catalogue import thing
from devices.declared import known_kinds
print(sorted(thing("water_tank", 1).reading()), known_kinds()["water_tank"].interval)
"""


def _run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"DEVICES_KINDS": str(folder)}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_a_declared_kind_has_a_device_made_of_its_declaration(tmp_path: Path) -> None:
    (tmp_path / "water_tank.json").write_text(json.dumps(TANK))
    assert _run(tmp_path, "-c", _PRINT).stdout == "['level'] 5.0\n"
    told = _run(tmp_path, "-m", "devices", "water_tank", "--help")
    assert told.returncode == 0
    assert "Water tank" in told.stdout


def test_a_declaration_with_a_mistake_is_named(tmp_path: Path) -> None:
    (tmp_path / "water_tank.json").write_text("{")
    told = _run(tmp_path, "-m", "devices", "zone")
    assert told.returncode == 2
    assert told.stderr.startswith(f"devices: DEVICES_KINDS: {tmp_path}/water_tank.json: ")
