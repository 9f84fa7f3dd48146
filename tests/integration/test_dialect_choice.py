"""The booth's page knows which dialect is spoken there, in a real browser."""

import paho.mqtt.publish
from playwright.sync_api import Browser, expect

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.integration.pages import open_page


def test_the_page_opens_with_the_dialect_that_was_heard(
    browser: Browser, standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    topic = f"smartlife/v1/{booth}/zigbee2mqtt/zigbee2mqtt/hall"
    paho.mqtt.publish.single(
        topic, '{"temperature":21.5}', 1, hostname="127.0.0.1", port=standing_mosquitto.port
    )
    until(lambda: standing_hub.get("/api/devices", booth=booth), "the sensor is heard")
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en") as page:
        expect(page.locator(".heard summary")).to_contain_text("zigbee2mqtt/hall")
        expect(page.locator("#dialect")).to_have_value("zigbee2mqtt")
        first = page.locator(".dialect dd code").first
        expect(first).to_have_text(f"smartlife/v1/{booth}/zigbee2mqtt")
