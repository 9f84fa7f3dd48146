"""`hub backup` and `hub restore` as people meet them: what is copied, and what is refused."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli import app
from hub.errors import SettingError, StoreError
from hub.files import lock
from hub.pipeline.outbox import Outbox
from hub.pipeline.outbox.entries import Commit


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a hub: an outbox with a reading and a delivery, a store, and the rest."""
    folder = tmp_path / "data"
    (folder / "kinds").mkdir(parents=True)
    box = Outbox(folder / "outbox.db", 16_000, window=10, synced=False)
    line = b"thermostat,booth=b12,device=t1 temperature=1.0 1"
    box.commit(Commit(line, 1, last_arrival=1, delivered=b"x" * 14))
    box.close()
    with closing(sqlite3.connect(folder / "store.db")) as db:
        db.execute("CREATE TABLE thermostat (ts)")
    for name in ("booths.json", "booths.key", "kinds/water_tank.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    (folder / "hub.lock").touch()
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_a_copy_has_all_that_a_hub_keeps(data: Path):
    assert run("backup", "copy", "--data", data).exit_code == 0
    copied = ["booths.json", "booths.key", "kinds/water_tank.json", "outbox.db", "store.db"]
    assert files(Path("copy")) == copied
    assert {stat.S_IMODE(Path("copy", name).stat().st_mode) for name in copied} == {0o600}


def test_a_copy_remembers_no_delivery_so_that_nothing_new_is_taken_for_one(data: Path):
    run("backup", "copy", "--data", data)
    with closing(sqlite3.connect("copy/outbox.db")) as outbox:
        counts = "SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM delivered)"
        assert outbox.execute(counts).fetchone() == (1, 0)


def test_a_copy_that_is_put_back_is_what_was_copied(data: Path):
    run("backup", "copy", "--data", data)
    assert run("restore", "copy", "--data", "new").exit_code == 0
    assert [name for name in files(Path("new")) if name != "hub.lock"] == files(Path("copy"))


def test_a_store_elsewhere_is_copied_and_put_back_there(data: Path):
    (data / "store.db").rename("elsewhere.db")
    run("backup", "copy", "--data", data, "--store", "sqlite:elsewhere.db")
    run("restore", "copy", "--data", "new", "--store", "sqlite:back.db")
    assert Path("back.db").read_bytes() == Path("copy/store.db").read_bytes()


def test_of_influxdb_it_says_that_the_bucket_is_not_in_the_copy(data: Path):
    done = run("backup", "copy", "--data", data, "--store", "influx://127.0.0.1:8086/expo")
    assert "back up its bucket too" in done.output
    assert "store.db" not in files(Path("copy"))


def test_a_folder_that_is_there_is_not_written_to(data: Path):
    Path("copy").mkdir()
    done = run("backup", "copy", "--data", data)
    assert done.exit_code == 2
    assert files(Path("copy")) == []


def test_a_damaged_file_makes_no_copy(data: Path):
    path = data / "store.db"
    path.write_bytes(b"no database" * 1000)
    done = run("backup", "copy", "--data", data)
    assert isinstance(done.exception, StoreError)
    assert not list(Path().glob("copy*"))


def test_a_folder_without_a_hub_is_named():
    done = run("backup", "copy", "--data", "nothing")
    assert "is HUB_DATA right?" in str(done.exception)


def test_nothing_is_put_over_readings(data: Path):
    run("backup", "copy", "--data", data)
    done = run("restore", "copy", "--data", data)
    assert isinstance(done.exception, StoreError)
    assert "move it away" in str(done.exception)


def test_nothing_is_put_back_under_a_running_hub(data: Path):
    run("backup", "copy", "--data", data)
    with lock(Path("new")):
        done = run("restore", "copy", "--data", "new")
    assert isinstance(done.exception, SettingError)


def test_what_is_no_copy_is_not_put_back(tmp_path: Path):
    assert run("restore", tmp_path, "--data", "new").exit_code == 2
