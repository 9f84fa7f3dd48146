"""A booth, its accounts and its sheet from the ops page, at Mosquitto with dynamic security."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from playwright.sync_api import Browser, expect
from pydantic import TypeAdapter

from harness.hub import Hub
from harness.wait import until
from tests.booths.secured import ADMIN, Client, Secured, refused
from tests.integration.pages import open_page
from tools.shapes import ASKED

DESK = (1280, 900)
ZONE = """
[event]
name = "Seoul Smart Life Week"

[[booth]]
id = "b12"
name = "Warm homes"
name_ko = "따뜻한 집"
devices = [{ kind = "thermostat", id = "t1" }, { kind = "door_lock", id = "d1" }]
"""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    server = Secured(tmp_path_factory.mktemp("broker"))
    try:
        yield server.begin()
    finally:
        server.kill()


@pytest.fixture(scope="module")
def secured_hub(broker: Secured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    zone = folder / "zone.toml"
    zone.write_text(ZONE, encoding="utf-8")
    public = f"mqtt://127.0.0.1:{broker.plain}"
    hub = Hub(folder, broker.hub, data=broker.data, zone=zone, public_broker=public)
    try:
        yield hub.start()
    finally:
        hub.close()


def ordered(hub: Hub, booth: str, action: str, password: str = ADMIN, **more: Any) -> Any:
    order = {"admin_password": password, "by": "Kim", **more}
    return hub._client.post(f"/api/booths/{booth}/accounts/{action}", json=order)


def lets_in(broker: Secured, made: dict[str, Any]) -> None:
    TypeAdapter(ASKED["/api/booths/{booth}/accounts/{action}"]).validate_python(made)
    for item in made["accounts"]:
        with Client(broker.plain, item["account"], item["password"], mqtt.MQTTv311):
            pass


def test_a_booth_is_added_in_the_browser_and_its_sheet_kept(
    browser: Browser, broker: Secured, secured_hub: Hub, tmp_path: Path
):
    with open_page(browser, f"{secured_hub.url}/ops?lang=en", size=DESK, refused=True) as page:
        row = page.locator('[data-booth="b12"]')
        expect(row).to_contain_text("No accounts")
        row.get_by_role("button", name="Make accounts").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Your name").fill("Kim")
        dialog.get_by_label("The broker's admin password").fill("wrong")
        dialog.get_by_role("button", name="Make accounts").click()
        expect(dialog.get_by_role("alert")).to_contain_text("refused the admin's name or password")
        dialog.get_by_label("The broker's admin password").fill(ADMIN)
        dialog.get_by_role("button", name="Make accounts").click()
        expect(dialog.get_by_role("status")).to_contain_text("shown this once")
        shown = dialog.locator(".password").all_inner_texts()
        with page.expect_download() as download:
            dialog.get_by_role("link", name="Save the sheet").click()
        assert download.value.suggested_filename == "booth-b12.html"
        download.value.save_as(tmp_path / "sheet.html")
        with page.context.expect_page() as printed:
            dialog.get_by_role("link", name="Open the sheet").click()
        expect(printed.value.get_by_text("thermostat/t1").first).to_be_visible()
        assert (
            printed.value.locator("h2").first.evaluate(
                "node => getComputedStyle(node).borderBottomStyle"
            )
            == "solid"
        ), "its style is let in"
        printed.value.close()
        dialog.get_by_role("button", name="Close").click()
        expect(row).to_contain_text("2 accounts")
    sheet = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert len(shown) == 2
    for account, password in zip(("b12-1", "b12-2"), shown, strict=True):
        assert password in sheet
        with Client(broker.plain, account, password, mqtt.MQTTv5):
            pass
    (line,) = [line for line in secured_hub.said.splitlines() if "booth b12: add" in line]
    assert "Kim (127.0.0.1): booth b12: add b12-1, b12-2" in line
    assert not [secret for secret in (ADMIN, *shown) if secret in secured_hub.said]


def test_a_booth_of_no_zone_file_is_made_changed_and_removed(broker: Secured, secured_hub: Hub):
    made = ordered(secured_hub, "b40", "add", name="New", accounts=2, devices=["light/l1"]).json()
    lets_in(broker, made)
    assert [item["device"] for item in made["accounts"]] == ["light/l1", None]
    listed = {item["id"]: item for item in secured_hub.get("/api/booths")}
    assert listed["b40"] == {
        "id": "b40", "name": {"en": "New", "ko": "New"}, "planned": False,
        "accounts": ["b40-1", "b40-2"], "disabled": False,
    }  # fmt: skip
    again = ordered(secured_hub, "b40", "add").json()
    assert {item["password"] for item in again["accounts"]} == {None}
    assert again["sheet"] is None
    renewed = ordered(secured_hub, "b40", "passwords").json()
    refused(broker.plain, "b40-1", made["accounts"][0]["password"], mqtt.MQTTv311)
    lets_in(broker, renewed)
    assert ordered(secured_hub, "b40", "disable").status_code == 200
    refused(broker.plain, "b40-1", renewed["accounts"][0]["password"], mqtt.MQTTv311)
    assert ordered(secured_hub, "b40", "enable").status_code == 200
    lets_in(broker, renewed)
    blank = secured_hub._client.get("/api/booths/b40/sheet")
    assert 'class="blank"' in blank.text
    gone = ordered(secured_hub, "b40", "remove").json()
    assert [item["account"] for item in gone["accounts"]] == ["b40-1", "b40-2"]
    refused(broker.plain, "b40-1", renewed["accounts"][0]["password"], mqtt.MQTTv311)
    assert secured_hub._client.get("/api/booths/b40/sheet").status_code == 404


def test_a_mistake_is_told_in_both_languages(secured_hub: Hub):
    answer = ordered(secured_hub, "b41", "add", devices=["thermostad/t1"])
    assert answer.status_code == 422
    assert "there is no kind 'thermostad'; did you mean thermostat?" in answer.json()["message"]
    assert "혹시 thermostat인가요?" in answer.json()["message_ko"]
    answer = ordered(secured_hub, "b41", "passwords")
    assert answer.status_code == 503
    assert "b41: 브로커에 계정이 없습니다" in answer.json()["message_ko"]


def test_wrong_passwords_of_the_admin_are_not_tried_for_ever(broker: Secured, make_hub: Any):
    hub = make_hub(broker.hub).start()
    codes = [ordered(hub, "b42", "add", password="guess").status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]
    said = ordered(hub, "b42", "add")
    assert said.status_code == 429, "nor the right one, for then"
    assert int(said.headers["retry-after"]) <= 60
    assert "관리자 비밀번호를 여러 번 틀렸습니다" in said.json()["message_ko"]
    assert ADMIN not in hub.said


def test_a_booth_of_no_zone_file_is_told_so_on_its_page(
    browser: Browser, broker: Secured, secured_hub: Hub
):
    link = ordered(secured_hub, "b43", "add", name="New").json()["link"]
    refused(broker.plain, "b43-1", "wrong", mqtt.MQTTv5)
    path = "/api/booths/b43"
    until(lambda: secured_hub.get(path)["at_broker"]["refusals"], "the refusal is known")
    with open_page(browser, f"{link}&lang=ko") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("New")
        expect(page.get_by_text("존 파일에 없는 부스라")).to_be_visible()
        expect(page.locator(".checklist, main").first).to_contain_text("비밀번호")
