"""The hand-out: one page, both languages, what it takes to connect, and a snippet that works."""

import html
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
import segno

from harness.wait import DEADLINE, until
from hub.booths.accounts import MadeAccount
from hub.booths.bootstrap import First
from hub.booths.handout import facts_of, page, write
from hub.booths.registry import Registry
from hub.event.zone import Booth, Zone
from hub.settings import given
from tests.booths.handouts import LINK, facts
from tests.booths.secured import hub_command, passwords


def test_it_has_all_that_it_takes_in_both_languages(kinds):
    text = page(facts(2), kinds)
    for word in (
        "10.0.0.5", "8883", "TLS", "b12-1", "pass-word-b12-1", "b12-2", "pass-word-b12-2",
        "thermostat/t1", "smartlife/v1/b12/", "비밀번호", "Password", "부스 페이지", "Booth page",
        "Seoul Smart Life Week 2026", "서울 스마트라이프위크 2026",
    ):  # fmt: skip
        assert word in text, word
    assert "Example &amp; Sons &lt;Robotics&gt;" in text
    assert "예시 &lt;로봇&gt;" in text


def test_the_qr_code_is_the_link(kinds):
    text = page(facts(), kinds)
    (drawn,) = re.findall(r'<path[^>]* d="([^"]+)"', text)
    assert drawn in segno.make(LINK, error="m").svg_inline(border=0, omitsize=True)
    (head,) = re.findall("<svg[^>]*>", text)
    assert "viewBox" in head, "it is as large as its place"
    assert "width" not in head


def test_the_certificate_s_link_is_there_as_a_code_too(kinds):
    text = page(facts(ca=Path(__file__)), kinds)
    link = "http://10.0.0.5:8080/api/ca.crt"
    assert f"<code>{link}</code>" in text
    drawn = re.findall(r'<path[^>]* d="([^"]+)"', text)
    code = segno.make(link, error="m").svg_inline(border=0, omitsize=True)
    assert any(path in code for path in drawn)
    assert "or the connection is lost" in text


@pytest.mark.parametrize(("tls", "ca"), [(True, None), (False, Path(__file__))])
def test_there_is_no_certificate_to_fetch_without_tls_or_with_a_public_authority(kinds, tls, ca):
    text = page(facts(tls=tls, ca=ca), kinds)
    assert "api/ca.crt" not in text
    assert "or the connection is lost" not in text
    assert len(re.findall(r'<path[^>]* d="([^"]+)"', text)) == 1  # that of the page's link


def test_every_address_is_there_with_what_it_is_for(kinds):
    text = page(facts(others="mqtt://10.0.0.5:1883 wss://10.0.0.5:8084"), kinds)
    assert "<code>mqtt://10.0.0.5:1883</code> TLS 없음" in text
    assert "<code>wss://10.0.0.5:8084</code> 브라우저용" in text


def test_the_command_to_try_is_that_of_a_trial(kinds):
    assert "smartlife/v1/b12/thermostat/try" in page(facts(), kinds)


@pytest.mark.parametrize(("devices", "commands"), [(2, 2), (3, 1)])
def test_as_many_commands_stand_there_as_find_room(kinds, devices, commands):
    named = [("thermostat", "t1"), ("light", "l1"), ("door_lock", "d1")][:devices]
    assert page(facts(named=named), kinds).count("<pre>") == commands


def test_without_a_named_device_the_first_account_tries_a_thermostat(kinds):
    written = page(facts(2, named=()), kinds)
    assert written.count("<pre>") == 1
    assert "smartlife/v1/b12/thermostat/try" in written


@pytest.mark.parametrize(("devices", "columns"), [(8, False), (9, True)])
def test_more_than_eight_accounts_stand_in_columns(kinds, devices, columns):
    assert ('<div class="accounts many">' in page(facts(devices), kinds)) is columns


def test_the_link_stands_there_to_be_typed_in(kinds):
    assert f"<code>{html.escape(LINK)}</code>" in page(facts(), kinds)


def test_it_says_what_a_topic_is_made_of_and_what_becomes_of_a_wrong_one(kinds):
    text = page(facts(), kinds)
    for words in (
        "Choose the kind on the booth page", "종류는 부스 페이지에서 고르세요",
        "letters, digits", "영문자, 숫자",
        "outside <code>smartlife/v1/b12/</code> vanishes", "알림 없이 버려집니다",
    ):  # fmt: skip
        assert words in " ".join(text.split()), words


def test_its_facts_are_those_of_the_settings(tmp_path):
    Registry(tmp_path).put("b12", "", "", ())
    brokers = "mqtts://10.0.0.5 mqtt://10.0.0.6"
    ours = {"data": tmp_path, "public_broker": brokers, "http": "127.0.0.1:8080"}
    settings = given(ours)
    booth = Registry(tmp_path).booths()["b12"]
    found = facts_of(settings, Zone(), booth, {})
    assert (found.host, found.port, found.tls) == ("10.0.0.5", 8883, True)
    assert [str(item) for item in found.others] == ["mqtt://10.0.0.6:1883"]
    token = Registry(tmp_path).token("b12")
    assert found.page == f"http://127.0.0.1:8080/booths/b12?token={token}"
    assert found.certificate == "http://127.0.0.1:8080/api/ca.crt"
    settings = given(ours | {"public_http": "https://hub.example"})
    assert facts_of(settings, Zone(), booth, {}).certificate == "https://hub.example/api/ca.crt"


def test_the_zone_file_s_name_counts_before_the_one_its_accounts_were_made_with(tmp_path, kinds):
    Registry(tmp_path).put("b12", "Before", "예전", ())
    settings, booth = given({"data": tmp_path}), Registry(tmp_path).booths()["b12"]
    zone = Zone(booth=(Booth(id="b12", name="Renamed"),))
    text = page(facts_of(settings, zone, booth, {}), kinds)
    assert "Renamed" in text
    assert "Before" not in text
    assert "예전" not in text
    assert "Before" in page(facts_of(settings, Zone(), booth, {}), kinds)


def test_no_secret_is_in_what_a_log_may_show_of_it():
    said = repr(facts())
    assert "b12-1" in said
    assert "pass-word" not in said
    assert LINK not in said
    assert "s3cret" not in repr(MadeAccount("b12-1", "s3cret"))
    assert "s3cret" not in repr(First("admin", "admin", [], "s3cret"))


def test_a_password_that_nobody_knows_has_room_to_be_written(kinds):
    text = page(facts(known=False), kinds)
    assert 'class="blank"' in text
    assert "pass-word" not in text


@pytest.mark.parametrize("tls", [True, False])
def test_the_authority_is_handed_out_with_it_when_there_is_tls(kinds, tmp_path, tls):
    ca = tmp_path / "authority.pem"
    ca.write_text("certificate", encoding="ascii")
    path = write(tmp_path / "sheets", facts(tls=tls, ca=ca), kinds)
    assert (tmp_path / "sheets/ca.crt").exists() == tls
    assert ("--cafile ca.crt" in path.read_text(encoding="utf-8")) == tls


def test_only_its_owner_reads_it_and_its_name_tells_nothing(kinds, tmp_path):
    path = write(tmp_path / "sheets", facts(), kinds)
    assert path.name == "booth-b12.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [item.name for item in path.parent.iterdir()] == ["booth-b12.html"]


def test_one_without_passwords_never_replaces_one_with(kinds, tmp_path):
    first = write(tmp_path, facts(2), kinds)
    before = first.read_text(encoding="utf-8")
    second = write(tmp_path, facts(2, known=False), kinds)
    assert second.name == "booth-b12-2.html"
    assert write(tmp_path, facts(2, known=False), kinds) == second
    assert first.read_text(encoding="utf-8") == before
    assert write(tmp_path, facts(2), kinds) == first


def test_adding_a_booth_again_leaves_its_sheet(event, tmp_path):
    add = ("booth", "add", "b72", "--sheets", tmp_path)
    password = passwords(hub_command(event.broker, *add).stdout)["b72-1"]
    again = hub_command(event.broker, *add)
    assert "as it was" in again.stdout
    assert password in (tmp_path / "booth-b72.html").read_text(encoding="utf-8")
    hub_command(event.broker, *add, "--devices", 2)
    assert password in (tmp_path / "booth-b72.html").read_text(encoding="utf-8")
    assert (tmp_path / "booth-b72-2.html").exists()


def test_its_snippet_works_as_it_stands(event, tmp_path):
    """With the hand-out alone, from nothing to the first reading, as a new exhibitor would."""
    done = hub_command(
        event.broker, "booth", "add", "b70", "--device", "thermostat/t1", "--sheets", tmp_path,
        public_broker=f"mqtt://127.0.0.1:{event.broker.plain}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    password = passwords(done.stdout)["b70-1"]
    sheet = (tmp_path / "booth-b70.html").read_text(encoding="utf-8")
    assert password in sheet
    assert password not in "".join(item.name for item in tmp_path.iterdir())
    (snippet,) = re.findall(r"<pre>(.*?)</pre>", sheet, re.DOTALL)
    shell = ["/bin/sh", "-ec", html.unescape(snippet)]
    given = {"PATH": os.environ["PATH"], "MQTT_PASSWORD": password}
    subprocess.run(shell, check=True, timeout=DEADLINE, env=given)
    until(lambda: "Received PUBLISH from b70-1 " in event.broker.said, "the reading is there")
    assert "Denied PUBLISH from b70-1" not in event.broker.said


def test_a_sheet_with_new_passwords_is_made_later(event, tmp_path):
    old = passwords(hub_command(event.broker, "booth", "add", "b71").stdout)["b71-1"]
    plain = hub_command(event.broker, "booth", "sheet", "b71", "--out", tmp_path)
    assert plain.stdout.startswith("wrote ")
    assert old not in (tmp_path / "booth-b71.html").read_text(encoding="utf-8")
    done = hub_command(event.broker, "booth", "sheet", "b71", "--out", tmp_path, "--new-passwords")
    new = passwords(done.stdout)["b71-1"]
    assert new != old
    assert new in (tmp_path / "booth-b71.html").read_text(encoding="utf-8")


CHANGING = {
    "sheet": ("booth", "sheet", "b73", "--new-passwords", "--out"),
    "rotate": ("booth", "rotate", "b73", "--sheets"),
    "add": ("booth", "add", "b73", "--devices", 2, "--sheets"),
}


@pytest.mark.parametrize("words", CHANGING.values(), ids=CHANGING)
def test_a_folder_that_cannot_be_written_changes_nothing_at_the_broker(event, tmp_path, words):
    broker = event.broker
    hub_command(broker, "booth", "add", "b73")
    before = broker.accounts.read_text(encoding="utf-8")
    (tmp_path / "taken").write_bytes(b"")
    done = hub_command(broker, *words, tmp_path / "taken/sheets")
    assert done.returncode == 1
    assert "taken/sheets: Not a directory; name another folder" in done.stderr
    assert broker.accounts.read_text(encoding="utf-8") == before


def test_a_certificate_that_cannot_be_read_changes_nothing_at_the_broker(event, tmp_path):
    broker = event.broker
    hub_command(broker, "booth", "add", "b74")
    before = broker.accounts.read_text(encoding="utf-8")
    done = hub_command(
        broker, "booth", "rotate", "b74", "--sheets", tmp_path,
        public_broker="mqtts://127.0.0.1:8883", broker_ca=tmp_path / "nowhere.crt",
    )  # fmt: skip
    assert done.returncode in {1, 2}
    assert "nowhere.crt" in done.stderr
    assert broker.accounts.read_text(encoding="utf-8") == before


def test_a_sheet_that_fails_after_all_leaves_the_passwords_and_says_what_to_do(event, tmp_path):
    hub_command(event.broker, "booth", "add", "b75")
    (tmp_path / "booth-b75.html").mkdir()
    done = hub_command(event.broker, "booth", "rotate", "b75", "--sheets", tmp_path)
    assert done.returncode == 1
    assert passwords(done.stdout)["b75-1"]
    assert "the accounts hold, with the passwords shown above" in done.stderr
    assert "hub booth sheet b75 --out FOLDER" in done.stderr
