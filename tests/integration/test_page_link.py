"""The pages at a network that goes silent: no page says "Live" while it hears nothing."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import paho.mqtt.publish as client
import pytest
from playwright.sync_api import Browser, Page, expect

from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from tests.integration.pages import open_page

SILENT = 26_000
"""ms after which a page knows that its stream is dead."""
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def network(standing_hub: Hub) -> Iterator[Cuttable]:
    """The network between the browser and the hub."""
    port = urlsplit(standing_hub.url).port
    assert port is not None
    with Cuttable(port) as network:
        yield network


def _page_of(network: Cuttable, path: str) -> str:
    return f"http://127.0.0.1:{network.port}{path}"


def _link(page: Page, words: str) -> None:
    expect(page.locator(".link")).to_have_text(words)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/?lang=en", ("Live", "Reconnecting…", "live connection is broken")),
        ("/booths/silent?lang=ko", ("실시간", "다시 연결 중…", "실시간 연결이 끊겼습니다")),
    ],
    ids=["wall", "booth"],
)
def test_a_stream_that_falls_silent_is_shown_and_opened_again(
    browser: Browser, network: Cuttable, path: str, words: tuple[str, str, str]
):
    live, retry, broken = words
    with open_page(browser, _page_of(network, path), clock=True) as page:
        _link(page, live)
        network.stall("GET /api/live")
        page.clock.fast_forward(SILENT)
        _link(page, retry)
        expect(page.get_by_role("alert")).to_contain_text(broken)
        network.stall(None)
        page.clock.fast_forward(SILENT)
        _link(page, live)
        expect(page.get_by_role("alert")).to_be_hidden()


def test_a_body_that_stalls_is_no_answer(browser: Browser, network: Cuttable):
    network.stall("GET /api/kinds", after_head=True)
    with open_page(browser, _page_of(network, "/booths/stalled?lang=en"), clock=True) as page:
        _link(page, "Connecting…")
        page.locator(".loading").wait_for()
        page.clock.run_for(19_000)
        _link(page, "No answer")
        expect(page.get_by_role("alert")).to_contain_text("does not answer")
        network.stall(None)
        page.clock.fast_forward(3_000)
        _link(page, "Live")


def test_a_rejection_is_shown_while_what_is_loaded_stalls(
    browser: Browser, network: Cuttable, standing_mosquitto: Mosquitto, booth: str
):
    path = f"/booths/{booth}?lang=en"
    with open_page(browser, _page_of(network, path), clock=True) as page:
        _link(page, "Live")
        network.stall("GET /api/zone", after_head=True)
        with page.expect_response(re.compile("/api/zone")):
            page.clock.fast_forward(61_000)  # all is loaded again
        topic = f"smartlife/v1/{booth}/thermostat/t1"
        port = standing_mosquitto.port
        client.single(topic, '{"temperature": 412}', qos=1, hostname="127.0.0.1", port=port)
        expect(page.locator(".reject")).to_contain_text("412 is above the maximum 85")


def test_tabs_that_cannot_be_seen_hold_no_stream(browser: Browser, standing_hub: Hub):
    context = browser.new_context()
    pages = []
    for _ in range(7):  # a browser has six connections to the hub
        pages.append(context.new_page())
        pages[-1].goto(f"{standing_hub.url}/booths/tabs?lang=en")
        _link(pages[-1], "Live")
        pages[-1].evaluate(HIDE, True)
        _link(pages[-1], "Connecting…")
    pages[0].evaluate(HIDE, False)
    _link(pages[0], "Live")
    context.close()
