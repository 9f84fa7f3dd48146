"""scripts/secrets: what it writes, for whom, and what it leaves alone."""

import stat

import pytest

from hub.settings import model
from tests.compose.conftest import make_secrets, read_env


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def made(tmp_path):
    done = make_secrets(tmp_path)
    assert done.returncode == 0, done.stderr
    return done


def test_only_the_owner_reads_env(made, tmp_path):
    assert mode(tmp_path / ".env") == 0o600


def test_what_it_prints_shows_no_secret(made, tmp_path):
    values = read_env(tmp_path)
    for name, value in values.items():
        assert name in made.stdout
        assert value not in made.stdout + made.stderr


def test_every_secret_is_another_one(made, tmp_path):
    values = list(read_env(tmp_path).values())
    assert len(set(values)) == len(values)
    assert min(map(len, values)) >= model._TOKEN_LENGTH


def test_it_refuses_to_replace_what_is_there(made, tmp_path):
    before = (tmp_path / ".env").read_text(encoding="utf-8")
    again = make_secrets(tmp_path)
    assert again.returncode == 1
    assert ".env" in again.stderr
    assert "--force" in again.stderr
    assert (tmp_path / ".env").read_text(encoding="utf-8") == before


def test_with_force_it_makes_new_ones_and_keeps_what_is_yours(made, tmp_path):
    before = read_env(tmp_path)
    with (tmp_path / ".env").open("a", encoding="utf-8") as file:
        file.write("ZONE_FILE=./zone.toml\n")
    again = make_secrets("--force", tmp_path)
    assert again.returncode == 0, again.stderr
    after = read_env(tmp_path)
    assert after.pop("ZONE_FILE") == "./zone.toml"
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())
    assert "volumes" in again.stdout
    assert mode(tmp_path / ".env") == 0o600


def test_a_folder_that_is_not_there_is_named(tmp_path):
    done = make_secrets(tmp_path / "nowhere")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
