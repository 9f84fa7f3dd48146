"""Halls whose devices send, and where things are on a page that shows them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from harness.hall import Exhibitors, hall
from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import until
from tests.integration.pages import open_page

FULL_HD, TOTEM, UHD, TELEPHONE = (1920, 1080), (1080, 1920), (3840, 2160), (390, 844)
_BOXES = """
selector => [...document.querySelectorAll(selector)].map(node => {
  const { left, top, right, bottom } = node.getBoundingClientRect();
  return [left, top, right, bottom];
})
"""
Box = tuple[float, float, float, float]


class Hall(NamedTuple):
    """A hub with a hall, and those who send in it."""

    hub: Hub
    broker: Mosquitto
    exhibitors: Exhibitors

    def page(
        self,
        browser: Browser,
        query: str = "lang=en",
        size: tuple[int, int] = FULL_HD,
        *,
        failing: bool = False,
        clock: bool = False,
    ) -> AbstractContextManager[Page]:
        url = f"{self.hub.url}/?{query}"
        return open_page(browser, url, size=size, failing=failing, clock=clock)

    def live(self, state: str = "live") -> int:
        return sum(device["state"] == state for device in self.hub.get("/api/devices"))


@contextmanager
def opened(folder: Path, count: int, event: str = "") -> Iterator[Hall]:
    """A hall of so many booths, at a broker of its own; all of its devices are live."""
    zone = folder / "hall.toml"
    zone.write_text(hall(count, event), encoding="utf-8")
    with ExitStack() as ends:
        broker = Mosquitto(folder / "mosquitto")
        ends.callback(broker.kill)
        hub = Hub(folder / "hub", broker.start().url, zone=zone)
        ends.callback(hub.close)
        hub.start()
        place = Hall(hub, broker, ends.enter_context(Exhibitors(broker.port, count)))
        until(lambda: place.live() == 2 * count, "every device is live")
        yield place


def boxes(page: Page, selector: str) -> list[Box]:
    found: list[Box] = page.evaluate(_BOXES, selector)
    return found


def meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(inner: Box, outer: Box) -> bool:
    return all(inner[i] >= outer[i] - 1 and inner[i + 2] <= outer[i + 2] + 1 for i in (0, 1))
