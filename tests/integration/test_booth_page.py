"""The page of a booth with many devices, and of one that is rejected: short, and true."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from tests.integration.halls import TELEPHONE
from tests.integration.pages import open_page

Publish = Callable[[str, object], None]


def _publisher(broker: Mosquitto) -> Publish:
    import paho.mqtt.publish as client

    def publish(topic: str, reading: object) -> None:
        text = json.dumps(reading)
        client.single(f"smartlife/v1/{topic}", text, qos=1, hostname="127.0.0.1", port=broker.port)

    return publish


@pytest.fixture
def publish(standing_mosquitto: Mosquitto) -> Publish:
    return _publisher(standing_mosquitto)


def below(page: Page, selector: str) -> float:
    """Where an element ends, in screens of the telephone."""
    found = page.evaluate(
        "selector => document.querySelector(selector).getBoundingClientRect().bottom + scrollY",
        selector,
    )
    return float(found) / TELEPHONE[1]


def test_rejections_come_first_and_the_headline_tells_of_them(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    for value in (21.5, 412, 413):
        publish(f"{booth}/thermostat/t1", {"temperature": value})
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en", size=TELEPHONE) as page:
        page.locator(".devices").wait_for()
        words = "Readings arrive, but 2 were rejected in the last 5 minutes"
        expect(page.locator(".booth-mark")).to_have_text(words)
        expect(page.locator(".booth-mark")).to_have_attribute("data-tone", "warn")
        assert below(page, "#rejections") < below(page, "#devices")
        page.get_by_role("link", name="Rejected messages").click()
        expect(page.locator("#rejections")).to_be_in_viewport()


def test_a_window_is_open_or_closed_on_the_booths_page_and_on_the_wall(
    browser: Browser, mosquitto: Mosquitto, hub: Hub, booth: str
):
    publish = _publisher(mosquitto)
    publish(f"{booth}/contact_sensor/door", {"is_open": False, "battery_low": True})
    publish(f"{booth}/contact_sensor/window", {"is_open": True, "battery": 77})
    page_of_booth = f"{hub.url}/booths/{booth}?lang=ko"
    with open_page(browser, page_of_booth, size=TELEPHONE) as page:
        for device, said in (("door", "닫힘"), ("window", "열림")):
            row = page.locator(".device", has_text=device).locator("tr", has_text="is_open")
            expect(row).to_contain_text(f"문·창문is_open{said}")
        low = page.locator(".device", has_text="door").locator("tr", has_text="battery_low")
        expect(low).to_contain_text("부족")
    with open_page(browser, f"{hub.url}/?lang=en&board=smart_home") as page:
        for said in ("Open", "Closed"):
            expect(page.locator(".headline-figure", has_text=said).first).to_be_visible()
        figure = page.locator(".figure", has_text="77%")
        expect(figure).to_have_css("column-gap", "0px")


def test_twenty_devices_need_three_screens_of_a_telephone(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    for number in range(20):
        publish(f"{booth}/thermostat/room-{number}", {"temperature": 20 + number / 10})
    publish(f"{booth}/thermostat/room-1", {"temperature": 412})
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=ko", size=TELEPHONE) as page:
        expect(page.locator(".device")).to_have_count(20)
        expect(page.locator(".reject")).to_have_count(1)
        assert below(page, "#devices") <= 3
        expect(page.locator(".device").nth(5)).to_contain_text("20.5")
        device = page.locator(".device").nth(5)
        expect(device.locator("table")).to_be_hidden()
        device.locator("summary").click()
        expect(device.locator("table")).to_be_visible()


def test_three_devices_are_shown_whole(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    for number in range(3):
        publish(f"{booth}/thermostat/room-{number}", {"temperature": 21})
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=ko", size=TELEPHONE) as page:
        expect(page.locator(".device table:visible")).to_have_count(3)


def test_a_try_that_arrived_asks_for_the_device(
    browser: Browser, standing_hub: Hub, booth: str, publish: Publish
):
    publish(f"{booth}/thermostat/try", {"temperature": 21})
    for lang, words in (
        ("ko", "시험 값이 도착했습니다. 이제 기기에서 값을 보내 주세요."),
        ("en", "The try has arrived. Now send from your device."),
    ):
        url = f"{standing_hub.url}/booths/{booth}?lang={lang}"
        with open_page(browser, url, size=TELEPHONE) as page:
            expect(page.locator(".booth-mark")).to_have_text(words)
            expect(page.locator(".check-hint")).to_have_text(words)
