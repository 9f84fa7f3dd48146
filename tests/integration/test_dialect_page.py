"""The booth's page of devices that speak by themselves, in a real browser."""

import paho.mqtt.publish
import pytest
from playwright.sync_api import Browser, expect

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.integration.pages import open_page

SENSOR = '{"ENERGY":{"Power":12,"ReactivePower":3,"Voltage":900}}'


@pytest.mark.parametrize(
    ("language", "size", "unused", "why"),
    [
        ("en", (1280, 800), "not used", "900 is above the maximum 300 V"),
        ("ko", (390, 844), "쓰지 않음", "허용 범위(0~300 V)"),
    ],
    ids=["laptop", "telephone"],
)
def test_the_page_shows_what_was_heard_and_what_became_of_it(
    browser: Browser,
    standing_mosquitto: Mosquitto,
    standing_hub: Hub,
    booth: str,
    language: str,
    size: tuple[int, int],
    unused: str,
    why: str,
):
    paho.mqtt.publish.single(
        f"smartlife/v1/{booth}/tasmota/tele/거실/SENSOR",
        SENSOR,
        1,
        hostname="127.0.0.1",
        port=standing_mosquitto.port,
    )
    until(lambda: standing_hub.get("/api/devices", booth=booth), "the plug is heard")
    with open_page(
        browser, f"{standing_hub.url}/booths/{booth}?lang={language}", size=size
    ) as page:
        heard = page.locator(".heard")
        heard.first.wait_for()
        expect(heard.locator("summary")).to_contain_text("tasmota/tele/거실/SENSOR")
        expect(heard.locator("summary")).to_contain_text("(거실)")
        rows = {
            row.locator("td").first.text_content(): row.text_content()
            for row in heard.locator("tbody tr").all()
        }
        assert "power" in str(rows["ENERGY.Power"])
        assert unused in str(rows["ENERGY.ReactivePower"])
        assert why in str(rows["ENERGY.Voltage"])
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], "nothing is wider than the screen"


def test_the_page_says_what_to_set_in_the_device(browser: Browser, standing_hub: Hub, booth: str):
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en") as page:
        page.locator("#dialect").select_option("tasmota")
        first = page.locator(".dialect dd code").first
        expect(first).to_have_text(f"smartlife/v1/{booth}/tasmota/%prefix%/%topic%/")


def test_what_is_focused_stays_focused_and_in_its_place_while_messages_come(
    browser: Browser, standing_mosquitto: Mosquitto, standing_hub: Hub, booth: str
):
    def say(plug: str, power: int) -> None:
        topic = f"smartlife/v1/{booth}/tasmota/tele/{plug}/SENSOR"
        payload = f'{{"ENERGY":{{"Power":{power}}}}}'
        port = standing_mosquitto.port
        paho.mqtt.publish.single(topic, payload, 1, hostname="127.0.0.1", port=port)

    def heard(plug: str) -> str:
        return f'.heard[data-topic="tele/{plug}/SENSOR"]'

    say("one", 1)
    with open_page(browser, f"{standing_hub.url}/booths/{booth}?lang=en") as page:
        summary = page.locator(f"{heard('one')} summary")
        summary.wait_for()  # until the dialects are here its section is hidden, and takes no focus
        summary.focus()
        say("two", 2)
        page.locator(heard("two")).wait_for()
        expect(summary).to_be_focused()
        page.keyboard.press("Enter")  # it was open, being the first
        expect(page.locator(heard("one"))).not_to_have_attribute("open", "")
        value = page.locator(f"{heard('two')} td:nth-child(2)")
        expect(value).to_have_text("2")

        def changed() -> bool:  # a message of a second after the last is shown
            say("two", 3)
            return value.text_content() == "3"

        until(changed, "the new value is shown")
        expect(summary).to_be_focused()
        topics = page.locator(".heard").evaluate_all("all => all.map(one => one.dataset.topic)")
        assert topics == ["tele/two/SENSOR", "tele/one/SENSOR"]
