"""Halls whose devices send, and where things are on a page that shows them."""

from contextlib import AbstractContextManager
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from harness.hall import Exhibitors
from harness.hub import Hub
from harness.mosquitto import Mosquitto
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
    ) -> AbstractContextManager[Page]:
        return open_page(browser, f"{self.hub.url}/?{query}", size=size, failing=failing)

    def live(self, state: str = "live") -> int:
        return sum(device["state"] == state for device in self.hub.get("/api/devices"))


def boxes(page: Page, selector: str) -> list[Box]:
    found: list[Box] = page.evaluate(_BOXES, selector)
    return found


def meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(inner: Box, outer: Box) -> bool:
    return all(inner[i] >= outer[i] - 1 and inner[i + 2] <= outer[i + 2] + 1 for i in (0, 1))
