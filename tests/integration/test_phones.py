"""Visitors' phones on the wall, at Mosquitto with accounts: what a tap may do and shows."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from harness.hub import Hub
from harness.wait import until
from tests.booths.secured import ADMIN, Secured
from tests.integration.halls import FULL_HD, TELEPHONE
from tests.integration.pages import open_page

DOTS = """
() => {
  globalThis.dots = [];
  const watch = changes => changes.forEach(({ addedNodes }) => addedNodes.forEach(node => {
    if (node.className === "visitor-dot") dots.push(node.dataset.booth);
  }));
  new MutationObserver(watch).observe(document, { subtree: true, childList: true });
}
"""
"""Keeps the booths of the dots that appear."""
ZONE = """
[event]
name = "Seoul Smart Life Week"
{phones}

[[booth]]
id = "b12"
name = "Warm homes"
name_ko = "따뜻한 집"
place = {{ x = 1, y = 1, width = 6, depth = 4 }}

[[booth]]
id = "b13"
name = "Robots"
place = {{ x = 9, y = 1, width = 6, depth = 4 }}
"""


class Place:
    """A broker with accounts and a hub there, whose zone file changes."""

    def __init__(self, folder: Path) -> None:
        self.zone = folder / "zone.toml"
        self.broker = Secured(folder / "broker")
        self.hub = Hub(folder / "hub", self.broker.hub, data=self.broker.data, zone=self.zone)
        self.hub.settings |= {"public_http": self.hub.url}

    def phones(self, booth: str | None) -> None:
        phones = f'phones = "{booth}"' if booth else ""
        self.zone.write_text(ZONE.format(phones=phones), encoding="utf-8")

    def reload(self) -> None:
        self.hub._client.post("/api/zone/reload").raise_for_status()

    def tap(self) -> httpx.Response:
        return self.hub._client.post("/api/show/tap")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    found = Place(tmp_path)
    try:
        yield found
    finally:
        found.hub.close()
        found.broker.kill()


def _says_a_time_of(said: str, rows: list[dict[str, Any]]) -> bool:
    """Whether a text has the event's time of a reading."""
    times = (datetime.fromisoformat(row["ts"]).astimezone(ZoneInfo("Asia/Seoul")) for row in rows)
    return any(f"{time:%H:%M:%S}" in said for time in times)


def test_a_tap_is_stored_answered_and_seen_once_the_hub_has_the_right(
    browser: Browser, place: Place
):
    place.phones(None)
    place.broker.begin(zone=place.zone)  # as an installation of before
    place.hub.start()
    hub = place.hub
    assert place.tap().status_code == 404
    assert hub._client.get("/tap").status_code == 404
    with (
        open_page(browser, f"{hub.url}/?view=wall&lang=ko", size=FULL_HD) as wall,
        open_page(browser, f"{hub.url}/?view=ops", size=TELEPHONE, failing=True) as phone,
    ):
        expect(wall.locator(".stand")).to_have_count(2)
        expect(wall.locator(".invitation")).to_have_count(0)
        place.phones("b12")
        place.reload()
        expect(wall.locator(".invitation img")).to_have_attribute("alt", f"{hub.url}/tap")
        wall.evaluate(DOTS)
        phone.goto(f"{hub.url}/tap?lang=ko")
        button, answer = phone.get_by_role("button", name="누르기"), phone.locator(".tap-answer")
        button.click()
        expect(answer).to_contain_text("브로커가 허브의 전송을 허용하지 않습니다(권한 없음)")
        assert "hub booth add, of any booth, gives the hub that right" in hub.said
        assert hub.device("b12", "presence_sensor", "visitors") is None
        order = {"admin_password": ADMIN, "by": "Kim"}
        hub._client.post("/api/booths/b13/accounts/add", json=order).raise_for_status()
        # A new right ends the hub's connection: on a busy machine a tap may see no answer before
        # the hub is back, and the reading then comes late.
        until(lambda: "초 만에 안전하게 저장됨" in _tapped(button, answer), "it is stored")
        said = answer.inner_text()
        until(lambda: wall.evaluate("dots"), "its dot, which goes by itself, was there")
        assert set(wall.evaluate("dots")) == {"b12"}
    stored = {"booth": "b12", "kind": "presence_sensor", "device": "visitors"}
    until(lambda: _says_a_time_of(said, hub.get("/api/readings", **stored)), "its time is stored")
    rows = hub.get("/api/readings", **stored)
    assert [row["fields"] for row in rows] == [{"occupied": True}] * len(rows)


def _tapped(button: Locator, answer: Locator) -> str:
    """Tap, and return what the telephone then says."""
    button.click()
    expect(answer).not_to_have_text("보내는 중…")
    return answer.inner_text()
