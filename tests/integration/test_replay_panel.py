"""Whoever looks at the wall on their own machine leads what is replayed onto it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from harness.hub import Hub, environment
from harness.mosquitto import Mosquitto
from harness.process import Process
from hub.clock import SECOND
from tests.integration.pages import open_page
from tests.recording.made import reading, written

WORDS = {
    "en": ("Pause", "Play", "One message", "×4", "×2"),
    "ko": ("일시정지", "재생", "메시지 하나", "4배속", "2배속"),
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    broker = Mosquitto(tmp_path / "broker").start()
    running = Hub(tmp_path / "hub", broker.url, http=None)
    running.settings["http"] = running.url.removeprefix("http://")
    try:
        yield running.start()
    finally:
        running.close()
        broker.kill()


@pytest.fixture
def replay(hub: Hub, tmp_path: Path) -> Iterator[Process]:
    messages = (reading(number, every=SECOND) for number in range(600))
    path = written(tmp_path / "quiet-morning.mcap", messages)
    process = Process(tmp_path / "replay.log")
    address = hub.url.removeprefix("http://")
    command = [sys.executable, "-m", "hub", "replay", str(path), "--into-hub", "--http", address]
    process.launch([*command, "--speed", "4"], environment({}))
    yield process
    process.kill()


@pytest.mark.parametrize("language", WORDS)
def test_a_replay_is_led_from_the_page(browser: Browser, hub: Hub, replay: Process, language: str):
    pause, play, step, fast, slow = WORDS[language]
    with open_page(browser, f"{hub.url}/?lang={language}") as page:
        row = page.locator(".replay-row")
        expect(row.locator(".replay-name")).to_have_text("quiet-morning.mcap")
        expect(row.locator(".replay-speed")).to_have_text(fast)
        row.get_by_role("button", name=pause).click()
        row.get_by_role("button", name=play).wait_for()
        where = row.locator(".replay-where")
        row.get_by_role("slider").fill("299.5")
        expect(where).to_contain_text("4:59 / 9:59")
        row.get_by_role("button", name=step).click()
        expect(where).to_contain_text("5:00 / 9:59")
        row.get_by_role("button").nth(2).click()
        expect(row.locator(".replay-speed")).to_have_text(slow)
        row.get_by_role("button", name=play).click()
        expect(where).not_to_contain_text("5:00 / 9:59")
        replay.kill()
        expect(row).to_have_count(0)


def test_the_hall_sees_no_controls(browser: Browser, hub: Hub, replay: Process):
    with open_page(browser, f"{hub.url}/?lang=ko&view=wall") as page:
        page.locator(".replay-badge:visible").first.wait_for()
        expect(page.locator(".replay-panel")).to_have_count(0)
