"""What the pages cost: bytes of a first load, requests of the next, and what an open page asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from harness.hub import Hub
from harness.wait import DEADLINE
from tests.integration.halls import FULL_HD, Hall

COLD = 150_000
"""Bytes of the wall's first load; in Korean beside the slices of type that its names use."""
WARM = 10
"""Requests of any later load."""


@dataclass
class Asked:
    """A request: its path, and the bytes of its answer on the wire, headers included."""

    path: str
    size: int = 0
    cached: bool = False

    @property
    def korean(self) -> bool:
        return self.path.endswith(".woff2") and not self.path.endswith(".91.woff2")


class Wire:
    """Everything that a page sends and gets, as the browser's own tools count it."""

    def __init__(self, page: Page) -> None:
        self._asked: dict[str, Asked] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", self._served)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        path = "/" + event["request"]["url"].split("/", 3)[3]
        self._asked[event["requestId"]] = Asked(path)

    def _served(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]].cached = True

    def _received(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]].cached |= bool(event["response"].get("fromDiskCache"))

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._asked:
            self._asked[event["requestId"]].size = event["encodedDataLength"]

    @property
    def asked(self) -> list[Asked]:
        return [item for item in self._asked.values() if not item.cached]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": FULL_HD[0], "height": FULL_HD[1]})
    context.set_default_timeout(DEADLINE * 1_000)
    yield context
    context.close()


def load(context: BrowserContext, url: str, shown: str) -> list[Asked]:
    """What the load of a page asked until `shown` is there and nothing is being loaded."""
    page = context.new_page()
    wire = Wire(page)
    page.goto(url)
    page.locator(shown).first.wait_for()
    page.evaluate("document.fonts.ready.then(() => null)")
    asked = list(wire.asked)
    page.close()
    return asked


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_wall_costs_little_at_first_and_next_to_nothing_again(
    context: BrowserContext, standing_hall: Hall, language: str
):
    url = f"{standing_hall.hub.url}/?lang={language}"
    cold = load(context, url, ".stand")
    assert sum(item.size for item in cold if not item.korean) <= COLD
    assert sum(item.korean for item in cold) == 0 or language == "ko"
    assert not [item.path for item in cold if "uPlot.esm" in item.path]
    warm = load(context, url, ".stand")
    assert len(warm) <= WARM, [item.path for item in warm]
    assert not [item.path for item in warm if item.path.startswith("/static/")]


def asks(context: BrowserContext, url: str, shown: str, seconds: int) -> list[str]:
    """What an open page asks in so many seconds by its own clock, after a warm load."""
    load(context, url, shown)
    page = context.new_page()
    page.clock.install()
    wire = Wire(page)
    page.goto(url)
    page.locator(shown).first.wait_for()
    loaded = len(wire.asked)
    assert loaded <= WARM, [item.path for item in wire.asked]
    page.clock.run_for(seconds * 1_000)
    asked = [item.path for item in wire.asked[loaded:]]
    page.close()
    return asked


def test_a_booth_s_page_is_told_and_does_not_ask(
    context: BrowserContext, standing_hub: Hub, booth: str
):
    url = f"{standing_hub.url}/booths/{booth}?lang=ko"
    # Less than the silence after which a stream is dead.
    assert asks(context, url, ".programs code:not(:empty)", 20) == []


def test_a_wall_is_told_how_the_hub_is_and_does_not_ask(context: BrowserContext, open_hall: Any):
    place: Hall = open_hall(12)
    # Less than the silence after which it asks whether the hub is there.
    assert asks(context, f"{place.hub.url}/?lang=en&view=wall", ".stand", 4) == []
