"""An alarm is muted at the wall: it stays in grey with who and until when, and is not counted."""

import pytest
from paho.mqtt.publish import single
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from hub.cli import app
from tests.integration.pages import open_page

_MINE = ".needs-list > li"


def _off(hub: Hub, mosquitto: Mosquitto, booth: str) -> None:
    """A device that was there and has gone."""
    topic = f"smartlife/v1/{booth}/thermostat/t1"
    single(topic, b'{"temperature": 21.5}', 1, port=mosquitto.port)
    single(f"{topic}/status", b"offline", 1, port=mosquitto.port)
    until(
        lambda: [d["state"] for d in hub.get(f"/api/devices?booth={booth}")] == ["offline"],
        "the device is off",
    )


def test_an_alarm_is_muted_for_a_device_and_the_muting_ends(
    browser: Browser, hub: Hub, mosquitto: Mosquitto, booth: str
):
    _off(hub, mosquitto, booth)
    with open_page(browser, f"{hub.url}/?lang=en") as page:
        row = page.locator(_MINE).filter(has_text=booth)
        expect(row).to_have_attribute("data-level", "bad")
        expect(page.locator(".needs-count")).to_have_text("1")
        expect(page.locator(f'.stray[data-booth="{booth}"]')).to_have_attribute("data-tone", "bad")
        row.hover()
        row.get_by_role("button", name="Mute").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Your name").fill("Kim")
        dialog.get_by_text("15 min").click()
        dialog.get_by_role("button", name="Mute").click()
        expect(row).to_have_attribute("data-level", "muted")
        expect(row).to_contain_text("Kim, until")
        chip = page.locator(f'.stray[data-booth="{booth}"]')
        expect(chip).to_have_attribute("data-tone", "none")
        expect(chip).to_contain_text("Muted: Kim, until")
        expect(page.locator(".needs-count")).to_have_text("")
        (mute,) = hub.get("/api/mutes")
        assert mute["device"] == {"booth": booth, "kind": "thermostat", "device": "t1"}
        with open_page(browser, f"{hub.url}/?lang=ko&view=wall") as wall:
            expect(wall.locator(_MINE).filter(has_text=booth)).to_contain_text("Kim · ")
            expect(wall.get_by_role("button", name="해제")).to_have_count(0)
        row.get_by_role("button", name="End").click()
        expect(row).to_have_attribute("data-level", "bad")
        assert hub.get("/api/mutes") == []


def test_the_command_mutes_and_ends(
    hub: Hub, mosquitto: Mosquitto, booth: str, monkeypatch: pytest.MonkeyPatch
):
    _off(hub, mosquitto, booth)
    monkeypatch.setenv("HUB_HTTP", hub.url.removeprefix("http://"))

    def said(*words: str, code: int = 0) -> str:
        ended = CliRunner().invoke(app, ["mute", *words])
        assert ended.exit_code == code, ended.output
        return str(ended.exception if code else ended.stdout)

    device = f"{booth}/thermostat/t1"
    assert "muted by Kim until" in said("add", device, "--for", "30m", "--by", "Kim")
    said("add", f"offline {booth}", "--by", "Lee")
    (cause, mute) = hub.get("/api/mutes")
    assert mute["device"] == {"booth": booth, "kind": "thermostat", "device": "t1"}
    assert (cause["cause"], cause["by"]) == (f"offline {booth}", "Lee")
    assert len(said("list").splitlines()) == 2
    assert said("end", device) == f"{device} is no longer muted\n"
    assert said("end", cause["id"]) == f"offline {booth} is no longer muted\n"
    assert said("list") == "nothing is muted\n"
    assert "is not muted; hub mute list shows what is" in said("end", device, code=1)
