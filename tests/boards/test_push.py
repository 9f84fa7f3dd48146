"""`hub boards push` and `diff` against a server that checks each request."""

import copy
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.wait import DEADLINE
from hub.boards.grafana_api import Grafana
from hub.boards.model import MARK
from hub.boards.provisioning import Plan, plan, source
from hub.cli import app
from hub.errors import GrafanaError, SettingError
from hub.event.zone import Zone
from hub.settings import load
from schemas import kinds as catalogue
from tests.boards.fake_grafana import TOKEN, Answer, FakeGrafana

ALL = plan(catalogue(), Zone())
FEW = replace(
    ALL,
    boards=(ALL.boards[0], ALL.boards[-1]),  # one of each language
    source=source("http://127.0.0.1:8086", "expo"),
    secrets={"httpHeaderValue1": "Token secret"},
)
UID = FEW.boards[0][1]["uid"]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGrafana]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = FakeGrafana().start()
    try:
        yield server
    finally:
        server.close()
        assert server.misfits == []


@pytest.fixture
def grafana(fake: FakeGrafana) -> Iterator[Grafana]:
    with closing(Grafana(fake.url, TOKEN)) as client:
        yield client


def outcomes(grafana: Grafana, wanted: Plan = FEW) -> dict[str, str]:
    return dict(grafana.push(wanted))


def said(grafana: Grafana) -> str:
    """The line in which a push ends."""
    with pytest.raises(GrafanaError) as caught:
        outcomes(grafana)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_push_makes_everything(fake: FakeGrafana, grafana: Grafana) -> None:
    assert set(outcomes(grafana).values()) == {"created"}
    assert set(fake.folders) == {"smartlife-en", "smartlife-ko"}
    assert {uid: item["meta"]["folderUid"] for uid, item in fake.boards.items()} == {
        board["uid"]: folder for folder, board in FEW.boards
    }
    assert fake.sources["smartlife-influxdb"]["jsonData"]["dbName"] == "expo"
    assert [item["interval"] for item in fake.playlists.values()] == ["30s", "30s"]


def test_a_second_push_writes_nothing(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    fake.requests.clear()
    assert set(outcomes(grafana).values()) == {"as declared"}
    assert fake.written == []
    assert list(grafana.diff(FEW)) == []


def test_push_mends_what_drifted_and_nothing_else(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    fake.boards[UID]["dashboard"]["title"] = "Changed by hand"
    fake.boards[UID]["dashboard"]["version"] = 7
    fake.playlists["p1"]["interval"] = "5m"
    fake.folders["smartlife-ko"]["title"] = "Other"
    fake.sources["smartlife-influxdb"]["url"] = "http://elsewhere:8086"
    changed = [name for name, outcome in outcomes(grafana).items() if outcome == "updated"]
    assert changed == [
        "folder smartlife-ko",
        "data source smartlife-influxdb",
        f"board {UID}",
        "playlist Smart Life (English)",
    ]
    assert list(grafana.diff(FEW)) == []


def test_a_board_in_another_folder_is_brought_back(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    fake.boards[UID]["meta"]["folderUid"] = "elsewhere"
    assert outcomes(grafana)[f"board {UID}"] == "updated"
    assert fake.boards[UID]["meta"]["folderUid"] == "smartlife-en"


def test_nothing_is_ever_deleted(fake: FakeGrafana, grafana: Grafana) -> None:
    fake.boards["theirs"] = {"meta": {"folderUid": ""}, "dashboard": {"uid": "theirs"}}
    fake.playlists["p9"] = {"uid": "p9", "name": "Theirs", "interval": "1m", "items": []}
    outcomes(grafana)
    outcomes(grafana)
    assert not [item for item in fake.requests if item[0] == "DELETE"]
    assert {"theirs"} <= fake.boards.keys()
    assert fake.playlists["p9"]["name"] == "Theirs"


def test_diff_shows_what_differs_and_writes_nothing(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    del fake.boards[FEW.boards[1][1]["uid"]]
    fake.boards[UID]["dashboard"]["title"] = "Changed by hand"
    fake.requests.clear()
    found = {item.name: item for item in grafana.diff(FEW)}
    assert fake.written == []
    assert found[f"board {FEW.boards[1][1]['uid']}"].missing
    lines = found[f"board {UID}"].lines
    assert '- "title": "Changed by hand",' in lines
    assert f'+ "title": "{FEW.boards[0][1]["title"]}",' in lines
    assert len(lines) < 12


def test_what_grafana_adds_is_no_drift(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    fake.playlists["p1"]["items"][0]["title"] = "Overview"
    fake.sources["smartlife-influxdb"]["jsonData"]["pdcInjected"] = False
    assert list(grafana.diff(FEW)) == []


def test_a_board_that_is_not_ours_is_not_touched(fake: FakeGrafana, grafana: Grafana) -> None:
    theirs = {"uid": UID, "title": "Theirs", "tags": [], "id": 1, "version": 3}
    fake.boards[UID] = {"meta": {"folderUid": ""}, "dashboard": copy.deepcopy(theirs)}
    assert f"lacks the tag {MARK}" in said(grafana)
    assert fake.boards[UID]["dashboard"] == theirs


def test_a_board_that_grafana_loads_from_a_file_is_told(
    fake: FakeGrafana, grafana: Grafana
) -> None:
    outcomes(grafana)
    fake.boards[UID]["meta"]["provisioned"] = True
    fake.boards[UID]["dashboard"]["title"] = "Older"
    assert "hub boards build" in said(grafana)


def test_a_data_source_from_a_file_is_left_alone(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    fake.sources["smartlife-influxdb"] |= {"readOnly": True, "url": "http://elsewhere:8086"}
    assert "loads it from a file" in said(grafana)
    assert fake.sources["smartlife-influxdb"]["url"] == "http://elsewhere:8086"


def test_the_secret_goes_along_and_is_never_shown(fake: FakeGrafana, grafana: Grafana) -> None:
    bodies: list[bytes] = []
    answer = fake.answer

    def noted(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        bodies.append(body)
        return answer(method, path, headers, body)

    fake.answer = noted  # type: ignore[method-assign]
    outcomes(grafana)
    assert any(b"Token secret" in body for body in bodies)
    fake.sources["smartlife-influxdb"]["url"] = "http://elsewhere:8086"
    assert not any("secret" in line for item in grafana.diff(FEW) for line in item.lines)


def test_a_wrong_token_is_told(fake: FakeGrafana) -> None:
    with closing(Grafana(fake.url, "glsa_wrong")) as grafana:
        line = said(grafana)
    assert "HUB_GRAFANA_TOKEN" in line
    assert "glsa_wrong" not in line


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, '{"message": "Invalid API key"}', "did not take the token"),
        (403, '{"message": "Access denied"}', "role Admin"),
        (404, "<html>not here</html>", "is HUB_GRAFANA right"),
        (412, '{"message": "version-mismatch"}', "hub boards diff"),
        (500, '{"message": "database is locked"}', "Grafana failed"),
        (502, "<html>\nbad gateway\n</html>", "try again later"),
        (503, "", "try again later"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_one_line(
    fake: FakeGrafana, grafana: Grafana, status: int, body: str, words: str, method: str
) -> None:
    fake.failure = lambda called, _: (status, body) if called == method else None
    line = said(grafana)
    assert words in line
    assert line.startswith("folder smartlife-en: ")
    assert str(status) in line


def test_a_change_in_between_is_told_and_not_lost(fake: FakeGrafana, grafana: Grafana) -> None:
    outcomes(grafana)
    fake.boards[UID]["dashboard"]["title"] = "Changed by hand"

    def meanwhile(method: str, path: str) -> None:
        if (method, path) == ("POST", "/api/dashboards/db"):
            fake.boards[UID]["dashboard"]["version"] += 1

    fake.failure = meanwhile
    assert "412" in said(grafana)
    assert fake.boards[UID]["dashboard"]["title"] == "Changed by hand"


@pytest.mark.parametrize("answer", ["<html>Welcome to nginx</html>", [], 7, None])
@pytest.mark.parametrize("path", ["/api/folders/", "/api/dashboards/uid/", "/api/playlists"])
def test_a_server_that_is_not_grafana_is_told(
    fake: FakeGrafana, grafana: Grafana, answer: object, path: str
) -> None:
    outcomes(grafana)
    fake.failure = lambda _, called: (200, answer) if called.startswith(path) else None
    if (path, answer) == ("/api/playlists", []):
        assert outcomes(grafana)["playlist Smart Life (English)"] == "created"
    elif answer is not None:
        assert "does not answer as Grafana does" in said(grafana)


def test_a_server_that_says_nothing_is_told(
    fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.boards.grafana_api.TIMEOUT", 0.1)
    told = threading.Event()
    fake.failure = lambda *_: (503, "") if told.wait(DEADLINE) else None
    with closing(Grafana(fake.url, TOKEN)) as grafana:
        line = said(grafana)
    told.set()
    assert "no answer from" in line


def test_no_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with closing(Grafana(url, TOKEN)) as grafana:
            line = said(grafana)
    assert "is Grafana running" in line


# --- the commands


def run(fake: FakeGrafana, *words: str, **env: str) -> tuple[int, str]:
    env = {"HUB_GRAFANA": fake.url, "HUB_GRAFANA_TOKEN": TOKEN, **env}
    result = CliRunner().invoke(app, ["boards", *words], env=env)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_commands_push_and_then_find_no_difference(fake: FakeGrafana) -> None:
    store = {"HUB_STORE": "influx://db:8086/expo?org=o", "HUB_INFLUX_TOKEN": "t"}
    code, text = run(fake, "push", **store)
    assert code == 0
    assert "created     board sl-overview-ko" in text
    assert fake.boards.keys() == {board["uid"] for _, board in ALL.boards}
    assert f"{fake.url}/playlists/play/p1?kiosk=1" in text
    assert fake.sources["smartlife-influxdb"]["url"] == "http://db:8086"
    code, text = run(fake, "diff", **store)
    assert (code, text.splitlines()[-1]) == (0, "Grafana holds what is declared")
    fake.boards["sl-booth-ko"]["dashboard"]["refresh"] = "1h"
    code, text = run(fake, "diff", **store)
    assert code == 1
    assert "board sl-booth-ko: differs" in text
    assert '- "refresh": "1h",' in text


@pytest.mark.parametrize("command", ["push", "diff"])
def test_without_grafana_client_they_say_how_to_get_it(
    command: str, fake: FakeGrafana, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "grafana_client.api", None)
    monkeypatch.delitem(sys.modules, "hub.boards.grafana_api")
    with pytest.raises(GrafanaError, match=r"pip install -e '.\[grafana\]'$"):
        run(fake, command)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("grafana:3000", "write it like"),
        ("http://", "write it like"),
        ("http://a:b", "write it like"),
        ("http://admin:secret@h:3000", "holds an account"),
    ],
)
def test_an_address_that_is_none_is_told(address: str, words: str) -> None:
    with pytest.raises(SettingError) as caught:
        load({"grafana": address})
    assert str(caught.value).startswith("HUB_GRAFANA: ")
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


def test_without_a_token_push_says_what_to_do(fake: FakeGrafana) -> None:
    with pytest.raises(SettingError, match="HUB_GRAFANA_TOKEN: is not set; make a service account"):
        run(fake, "push", HUB_GRAFANA_TOKEN="")


def test_without_influxdb_the_data_source_is_left(fake: FakeGrafana) -> None:
    code, text = run(fake, "push")
    assert code == 0
    assert "the data source is left as it is" in text
    assert fake.sources == {}


def test_build_and_check_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: catalogue()[name] for name in ("drone", "light", "robot_arm", "wearable")}
    monkeypatch.setattr("hub.event.catalogue.load", lambda _: few)

    def boards(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["boards", *words, "--folder", str(tmp_path)])
        return result.exit_code, result.output

    assert boards("check")[0] == 1
    assert boards("build")[0] == 0
    assert boards("check")[0] == 0
    old = tmp_path / "grafana/dashboards/en/sl-kind-gone-en.json"
    old.write_text("{}")
    theirs = tmp_path / "grafana/dashboards/en/theirs.json"
    theirs.write_text("{}")
    board = tmp_path / "grafana/dashboards/en/sl-health-en.json"
    board.write_text(board.read_text().replace('"5s"', '"9s"') + " ")
    code, text = boards("check")
    assert code == 1
    assert "sl-health-en.json: stale" in text
    assert "sl-kind-gone-en.json: no kind makes it" in text
    assert "theirs" not in text
    boards("build")
    assert not old.exists()
    assert theirs.exists()
    assert boards("check")[0] == 0
