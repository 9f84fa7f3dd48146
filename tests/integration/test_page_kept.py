"""What somebody typed, opened or focused on a page stays, whatever the devices send meanwhile."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE
from tests.integration.pages import open_page

TYPED = '{"temperature": 21.5, "note": "우리 부스"}'
MS = DEADLINE * 1_000
Publish = Callable[[str, object], None]


@pytest.fixture
def publish(standing_mosquitto: Mosquitto) -> Publish:
    import paho.mqtt.publish as client

    def publish(topic: str, reading: object) -> None:
        text, port = json.dumps(reading), standing_mosquitto.port
        client.single(f"smartlife/v1/{topic}", text, qos=1, hostname="127.0.0.1", port=port)

    return publish


def test_what_is_typed_stays_when_a_device_of_the_booth_appears(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en") as page:
        page.locator("details.fields summary").click()
        page.locator("#try").fill(TYPED)
        for number in (1, 2):
            publish(f"{booth}/thermostat/t{number}", {"temperature": 21})
            expect(page.locator(".device")).to_have_count(number, timeout=MS)
        expect(page.locator("#try")).to_have_value(TYPED)
        expect(page.locator("#try")).to_be_focused()
        expect(page.locator("details.fields")).to_have_attribute("open", "")


def test_what_is_typed_stays_in_the_other_language(browser: Browser, standing_hub: Hub, booth: str):
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en") as page:
        page.locator("#kind").select_option("drone")
        page.locator("#try").fill(TYPED)
        page.locator("button[data-key=language]").press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        expect(page.locator("#try")).to_have_value(TYPED)
        expect(page.locator("#kind")).to_have_value("drone")
        expect(page.locator("button[data-key=language]")).to_be_focused()


def test_a_rejection_keeps_the_focus_while_others_come(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    publish(f"{booth}/thermostat/t1", {"temperature": 412})
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en") as page:
        page.locator(".reject-payload").first.focus()
        publish(f"{booth}/thermostat/t2", {"temperature": 413})
        expect(page.locator(".reject")).to_have_count(2, timeout=MS)
        expect(page.locator(".reject", has_text="/t1").locator(".reject-payload")).to_be_focused()
        publish(f"{booth}/thermostat/t1", {"temperature": 414})
        again = page.locator(".reject", has_text="/t1")
        expect(again).to_contain_text("414", timeout=MS)
        expect(again.locator(".reject-payload")).to_be_focused()


def test_a_row_of_what_needs_attention_keeps_the_focus(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    publish(f"{booth}/robot_arm/kept", {"joints": "bent"})
    with open_page(browser, f"{standing_hub.url}/?lang=en") as page:
        row = page.locator(f"a.need[href='/booths/{booth}']").first
        row.focus()
        said = row.locator(".need-age").text_content()
        expect(row.locator(".need-age")).not_to_have_text(said or "", timeout=MS)
        expect(row).to_be_focused()
        devices = page.locator(".total-figure").first
        before = devices.text_content()
        publish(f"{booth}/thermostat/new", {"temperature": 21})
        expect(devices).not_to_have_text(before or "", timeout=MS)
        expect(row).to_be_focused()


def test_a_tab_and_the_language_button_keep_the_focus(browser: Browser, standing_hub: Hub):
    with open_page(browser, f"{standing_hub.url}/?lang=en") as page:
        tab = page.locator(".tab").nth(1)
        tab.press("Enter")
        expect(tab).to_have_attribute("aria-current", "page")
        expect(tab).to_be_focused()
        page.locator("button[data-key=language]").press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        expect(page.locator("button[data-key=language]")).to_be_focused()
