"""Kinds that are declared for the event count for every command, as for the hub that runs."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.recording.format import Recorded, read
from hub.testing.hub import held_hub
from tests.event.test_catalogue import TANK
from tests.recording.made import FIRST, ROOT, written

TOPIC = f"{ROOT}/b1/water_tank/w1"
READING = Recorded(TOPIC, b'{"fill": 71.5}', FIRST, 1)


@pytest.fixture
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `water_tank`, which HUB_KINDS names."""
    folder = tmp_path / "kinds"
    folder.mkdir()
    (folder / "water_tank.json").write_text(json.dumps(TANK))
    monkeypatch.setenv("HUB_KINDS", str(folder))
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return folder


def said(*words: object) -> str:
    ended = CliRunner().invoke(app, list(map(str, words)))
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_asyncapi_has_their_channels(declared: Path):
    document = json.loads(said("kinds", "asyncapi", "--root", "show/v2"))
    channel = document["channels"]["water_tank_readings"]
    assert channel["address"] == "show/v2/{booth}/water_tank/{device}"
    assert document["servers"]["mqtt"]["host"] == "127.0.0.1:1883"


def test_a_test_s_own_hub_stores_them(tmp_path: Path, declared: Path):
    with held_hub(tmp_path / "hub", kinds=declared) as hub:
        hub.publish("b1/water_tank/w1", {"fill": 71.5})
        assert [row.fields for row in hub.readings("water_tank")] == [{"fill": 71.5}]


def test_an_import_accepts_them(tmp_path: Path, declared: Path):
    log = tmp_path / "a.log"
    log.write_text(f'{TOPIC} {{"fill": 71.5}}\n')
    said("recording", "import", log, "--out", tmp_path / "a.mcap")
    assert [message.verdict for message in read(tmp_path / "a.mcap")] == ["accepted"]


def test_an_export_holds_them(tmp_path: Path, declared: Path):
    path = written(tmp_path / "a.mcap", [READING])
    assert "1 readings" in said("recording", "export", path, "--to", "csv", "--out", tmp_path)
    assert "71.5" in (tmp_path / "water_tank.csv").read_text()


def test_their_schema_is_in_what_was_cut_and_the_test_knows_them(tmp_path: Path, declared: Path):
    path = written(tmp_path / "a.mcap", [READING])
    piece, test = tmp_path / "b.mcap", tmp_path / "tests" / "test_b.py"
    said("recording", "cut", path, "--around", "+1s", "--out", piece, "--test", test)
    assert "recorded with other fields" not in said("recording", "info", piece)
    text = test.read_text()
    assert '@pytest.mark.hub(kinds="../kinds")' in text
    assert "assert hub.accounts.accepted == 1" in text
    compile(text, test, "exec")


def test_there_are_boards_of_them(tmp_path: Path, declared: Path):
    said("boards", "build", "--folder", tmp_path)
    boards = [path.read_text() for path in (tmp_path / "grafana").rglob("*.json")]
    assert any("water_tank" in board for board in boards)
    assert "files are well" in said("boards", "check", "--folder", tmp_path)


def test_a_booth_gets_accounts_for_them(declared: Path):
    from hub.booths.account_requests import AccountRequest
    from hub.cli.booth_broker import rows
    from hub.settings import load

    table = declared / "booths.csv"
    table.write_text("booth,name,device\nb1,Water,water_tank/w1\n")
    (row,) = rows(load({}), table)
    assert isinstance(row, AccountRequest)
    assert row.named == (("water_tank", "w1"),)
