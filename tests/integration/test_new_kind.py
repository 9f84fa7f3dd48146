"""A payload of one's own making, from the first rejection to a board, in the browser alone."""

import json

from paho.mqtt.publish import single
from playwright.sync_api import Browser, expect

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.integration.pages import open_page

DESK, PHONE = (1280, 900), (390, 844)


def test_from_the_first_rejection_to_a_board_on_the_wall(
    browser: Browser, hub: Hub, mosquitto: Mosquitto, booth: str
):
    def pour(cups: int) -> None:
        reading = {"cups": cups, "water_temperature": 91.5, "brewing": cups % 2 == 0}
        topic = f"smartlife/v1/{booth}/tea_robot/r1"
        single(topic, json.dumps(reading), 1, port=mosquitto.port)

    for cups in (1, 2, 3):
        pour(cups)
    hub.wait_for("rejected", 3)
    with open_page(browser, f"{hub.url}/booths/{booth}?lang=ko", size=PHONE) as page:
        page.get_by_role("button", name="새로운 종류입니다").first.click()
        expect(page.get_by_text("운영 측에 요청했습니다").first).to_be_visible()
        page.reload()
        expect(page.get_by_text("운영 측에 요청했습니다").first).to_be_visible()
    with open_page(browser, f"{hub.url}/ops?lang=en", size=DESK) as page:
        page.get_by_role("button", name="Look at the draft").click()
        page.get_by_label("Name in English", exact=True).fill("Tea robot")
        page.get_by_label("Name in Korean", exact=True).fill("차 로봇")
        page.get_by_label("Domain").select_option("robotics")
        expect(page.get_by_label("cups most")).to_have_attribute("data-look", "")
        page.get_by_label("cups most").fill("500")
        page.get_by_role("button", name="Take this kind").click()
        expect(page.get_by_role("status")).to_contain_text("3 messages that were rejected before")
        hub.wait_for("stored", 3)
        assert hub.accounts()["rejected"] == 3
        rows = hub.get("/api/readings", booth=booth, kind="tea_robot")
        assert sorted(row["fields"]["cups"] for row in rows) == [1, 2, 3]
        pour(4)
        until(lambda: hub.get("/api/devices", booth=booth), "the device is live")
        page.get_by_role("link", name="See it on the wall").click()
        expect(page.locator(".card")).to_contain_text("Tea robot")
        expect(page.locator(".card")).to_contain_text("4")
