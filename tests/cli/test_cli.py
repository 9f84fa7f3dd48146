"""The command line as people meet it: exit codes, words on both outputs, help with examples."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from harness.ports import free_port
from harness.wait import DEADLINE
from hub import __version__
from hub.cli import app, main
from hub.settings.table import SETTINGS
from schemas import kinds

HUB = Path(sys.executable).with_name("hub")
GOOD = '{"temperature": 21.5}'


def hub(
    *arguments: str, stdin: str | bytes = "", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `hub` to its end."""
    done = subprocess.run(
        [HUB, *arguments],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **env},
        timeout=DEADLINE,
        check=False,
    )
    assert "Traceback" not in done.stderr.decode()
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def commands(command: Any, name: str = "hub") -> Iterator[tuple[str, Any]]:
    """Every command and group with its whole name."""
    yield name, command
    for child_name, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{name} {child_name}")


COMMANDS = dict(commands(typer.main.get_command(app)))


def said_by(
    capsys: pytest.CaptureFixture[str], monkeypatch: Any, *arguments: str
) -> tuple[int, str]:
    """Run `hub` in this process, for what is many and quick; return exit code and output."""
    monkeypatch.setattr(sys, "argv", ["hub", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out + err


# --- help


def test_the_contracts_commands_are_there():
    assert set(COMMANDS) >= {
        "hub",
        "hub demo",
        "hub run",
        "hub tail",
        "hub kinds",
        "hub kinds list",
        "hub kinds show",
        "hub kinds check",
        "hub dialects",
        "hub dialects list",
        "hub dialects show",
        "hub dialects try",
        "hub boards",
        "hub doctor",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_an_example(name: str, capsys, monkeypatch):
    code, said = said_by(capsys, monkeypatch, *name.split()[1:], "--help")
    assert code == 0
    assert said.startswith("Usage: ")
    example = "Start with: hub demo" if name == "hub" else f"hub {name.removeprefix('hub ')}"
    assert example in said
    assert name == "hub" or "Example: " in said


def test_the_list_of_commands_is_that_of_all_in_full(capsys, monkeypatch):
    """It is made without reading their options."""
    _, said = said_by(capsys, monkeypatch, "--help")
    with pytest.raises(SystemExit):
        app()
    assert said == capsys.readouterr().out
    assert said_by(capsys, monkeypatch, "knds", "--help")[1].endswith("Did you mean 'kinds'?\n")


@pytest.mark.parametrize("name", ["hub run", "hub doctor"])
def test_help_lists_every_setting_but_the_secrets(name: str, capsys, monkeypatch):
    _, said = said_by(capsys, monkeypatch, *name.split()[1:], "--help")
    for setting, words in SETTINGS.items():
        assert (f"--{setting.replace('_', '-')} " in said) is not words.secret
        assert (f"[HUB_{setting.upper()};" in said) is not words.secret


def test_help_holds_no_secret(capsys, monkeypatch):
    monkeypatch.setenv("HUB_OPS_TOKEN", "correct-horse-battery")
    _, said = said_by(capsys, monkeypatch, "run", "--help")
    assert "correct-horse" not in said


def test_the_version():
    assert hub("--version").stdout == f"hub {__version__}\n"


def test_it_is_a_module_too():
    done = subprocess.run(
        [sys.executable, "-m", "hub", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"hub {__version__}\n"


def test_what_a_help_does_not_need_is_not_loaded_for_it():
    program = (
        "import sys\nimport hub.cli\n"
        "heavy = {'asyncio', 'logging', 'ssl', 'pydantic', 'hub.app', 'schemas', 'secrets'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# --- wrong usage

USAGE = {
    "no such command": ("dance",),
    "no such flag": ("run", "--brokr", "mqtt://x"),
    "a flag without a value": ("run", "--broker"),
    "a secret is no flag": ("run", "--ops-token", "x"),
    "no such kind": ("kinds", "show", "termostat"),
    "a kind is missing": ("kinds", "check"),
    "no such payload file": ("kinds", "check", "thermostat", "nowhere.json"),
    "a folder is no payload": ("kinds", "check", "thermostat", "/"),
    "an impossible setting": ("run", "--broker", "localhost"),
    "an unsafe address": ("run", "--http", "0.0.0.0:8080"),
    "no such store": ("run", "--store", "mysql:", "--http", "127.0.0.1:0"),
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], capsys, monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    code, said = said_by(capsys, monkeypatch, *arguments)
    assert code == 2
    assert said


def test_an_unknown_setting_ends_with_2_and_one_line():
    done = hub("doctor", HUB_BROKR="mqtt://x")
    assert done.returncode == 2
    assert done.stderr == "hub: HUB_BROKR: there is no such setting; did you mean HUB_BROKER?\n"


def test_a_wrong_zone_file_ends_with_2_and_one_line(tmp_path: Path, capsys, monkeypatch):
    zone = tmp_path / "zone.toml"
    zone.write_text("[[booth")
    where = ["--zone", str(zone), "--data", str(tmp_path), "--http", "127.0.0.1:0"]
    code, said = said_by(capsys, monkeypatch, "run", *where)
    assert code == 2
    assert said.startswith(f"hub: HUB_ZONE: {zone}: ")
    assert said.count("\n") == 1


def test_an_address_in_use_ends_with_1_and_one_line(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        http = f"127.0.0.1:{taken.getsockname()[1]}"
        done = hub("run", "--http", http, "--data", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == (
        f"hub: HUB_HTTP: cannot listen on {http}: Address already in use; "
        "set HUB_HTTP to another, like 127.0.0.1:8081\n"
    )


def test_a_data_folder_that_cannot_be_made_ends_with_2(tmp_path: Path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    where = ["--http", "127.0.0.1:0", "--data", str(tmp_path / "file" / "data")]
    code, said = said_by(capsys, monkeypatch, "run", *where)
    assert code == 2
    folder = tmp_path / "file" / "data"
    assert said == f"hub: HUB_DATA: cannot write to {folder}: Not a directory; set it to another\n"


def test_a_second_hub_on_the_same_data_folder_is_told(tmp_path: Path):
    data = ["--data", str(tmp_path), "--broker", f"mqtt://127.0.0.1:{free_port()}"]
    first = subprocess.Popen(
        [HUB, "run", *data, "--http", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert first.stderr is not None
        assert any("the wall is at" in line for line in first.stderr)
        second = hub("run", *data, "--http", "127.0.0.1:0")
        assert second.returncode == 2
        assert second.stderr == (
            f"hub: HUB_DATA: another hub is using {tmp_path}; stop it, or give this one its own "
            "folder\n"
        )
    finally:
        first.terminate()
        first.communicate(timeout=DEADLINE)
    assert first.returncode == 0


def test_a_folder_where_the_outbox_should_be_ends_with_1(tmp_path: Path):
    (tmp_path / "outbox.db").mkdir()
    done = hub("run", "--http", "127.0.0.1:0", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "outbox.db is a folder; move it away" in done.stderr


# --- kinds


def test_kinds_list_names_every_kind(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, said = said_by(capsys, monkeypatch, "kinds", "list")
    assert code == 0
    for kind in kinds().values():
        assert kind.name in said
        assert kind.label.ko in said


@pytest.mark.parametrize("kind", kinds())
def test_kinds_show_shows_every_field_topic_and_example(kind: str, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, said = said_by(capsys, monkeypatch, "kinds", "show", kind)
    assert code == 0
    spec = kinds()[kind]
    assert all(field.name in said and field.label.ko in said for field in spec.fields)
    assert f"smartlife/v1/BOOTH/{kind}/DEVICE" in said


def test_a_good_payload_from_stdin_is_accepted():
    done = hub("kinds", "check", "thermostat", stdin=GOOD + "\n")
    assert done.returncode == 0
    assert done.stdout == "accepted: {'temperature': 21.5}\n"


def test_a_good_payload_from_a_file_is_accepted(tmp_path: Path, capsys, monkeypatch):
    file = tmp_path / "reading.json"
    file.write_text(GOOD)
    assert said_by(capsys, monkeypatch, "kinds", "check", "thermostat", str(file))[0] == 0


def test_a_bad_payload_is_rejected_with_the_words_of_the_hub():
    done = hub("kinds", "check", "thermostat", stdin='{"temperature": 412}')
    assert done.returncode == 1
    assert "rejected (schema): temperature: 412 is above the maximum 85 °C" in done.stdout


PAYLOADS = {
    "nothing": (b"", 1, "rejected (json): the payload is empty"),
    "not UTF-8": (b"\xff", 1, "rejected (json): the payload is not UTF-8"),
    "too large": (b" " * 70_000, 1, "rejected (size): the payload has 70000 bytes"),
    "an unknown field": (b'{"temperature": 1, "x": 2}', 0, "ignored: x"),
    "a wrong clock": (b'{"temperature": 1, "ts": 1}', 0, "it would be kept at its time of arrival"),
    "a wrong time": (b'{"temperature": 1, "ts": "now"}', 1, 'rejected (schema): ts: "now" is not'),
}


@pytest.mark.parametrize(("payload", "code", "words"), PAYLOADS.values(), ids=PAYLOADS)
def test_any_payload_is_checked(
    payload: bytes, code: int, words: str, tmp_path: Path, capsys, monkeypatch
):
    file = tmp_path / "payload"
    file.write_bytes(payload)
    ended, said = said_by(capsys, monkeypatch, "kinds", "check", "thermostat", str(file))
    assert ended == code
    assert words in said


def test_a_misspelt_kind_is_told_with_the_nearest():
    done = hub("kinds", "check", "termostat", stdin=GOOD)
    assert done.returncode == 2
    assert "there is no kind 'termostat'; did you mean thermostat?" in done.stderr


# --- doctor


def test_doctor_finds_what_is_wrong_and_says_what_to_do(tmp_path: Path):
    broker = f"mqtt://127.0.0.1:{free_port()}"
    done = hub("doctor", cwd=tmp_path, HUB_BROKER=broker, HUB_HTTP="127.0.0.1:0")
    assert done.returncode == 1
    assert f"!!  broker   {broker}" in done.stdout
    assert "is the broker running, and is HUB_BROKER right?" in done.stdout
    findings = {line[4:13].strip(): line[:2] for line in done.stdout.splitlines()}
    assert findings.items() >= {"data": "ok", "store": "ok", "http": "ok", "zone": "ok"}.items()


def test_doctor_shows_no_password(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB_BROKER", f"mqtt://hub:hunter2@127.0.0.1:{free_port()}")
    code, said = said_by(capsys, monkeypatch, "doctor")
    assert code == 1
    assert "hunter2" not in said


def test_doctor_finds_a_zone_with_kinds_that_do_not_exist(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB_BROKER", f"mqtt://127.0.0.1:{free_port()}")
    zone = tmp_path / "zone.toml"
    zone.write_text('[[booth]]\nid = "b1"\nname = "x"\ndevices = [{kind = "toaster", id = "t1"}]\n')
    _, said = said_by(capsys, monkeypatch, "doctor", "--zone", str(zone))
    assert "!!  zone     there is no kind toaster; hub kinds list shows all" in said


@pytest.mark.parametrize(
    ("arguments", "way_out"),
    [
        (("kinds", "draft", "tank", "-", "--from-rejections", "b12"), "FILE or --from-rejections"),
        (("replay", "a.mcap", "--into-hub", "--delivery", "once"), "the wall takes readings"),
        (("export", "--booth", "b12", "--format", "parquet", "--lang", "ko"), "or take csv"),
    ],
)
def test_a_parameter_that_another_makes_useless_is_refused(
    capsys, monkeypatch, arguments: tuple[str, ...], way_out: str
):
    code, said = said_by(capsys, monkeypatch, *arguments)
    assert code == 2
    assert way_out in " ".join(said.replace("│", " ").split())
