"""The wall and the exhibitor's page in a real browser, with `hub demo` behind them."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.integration.servers import DEADLINE, Demo, Hub, Mosquitto, program, until

_FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-quic"
)
_CHANGED = """
([selector, before]) => [...document.querySelectorAll(selector)]
    .some((node, index) => node.textContent !== before[index])
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that runs, its devices sending."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    try:
        running.start()
        until(lambda: any(d["readings"] for d in running.get("/api/devices")), "the first readings")
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium"), args=_FLAGS.split()
        )
        yield browser
        browser.close()


@contextmanager
def _page(browser: Browser, url: str, *, size: tuple[int, int] = (1280, 720)) -> Iterator[Page]:
    """A page that must not complain, nor ask any other host for anything."""
    host, complaints = "/".join(url.split("/")[:3]), []

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def request(asked: Request) -> None:
        if not asked.url.startswith((host, "data:")):
            complaints.append(f"asked {asked.url}")

    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(DEADLINE * 1_000)
    page = context.new_page()
    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", request)
    page.goto(url)
    yield page
    context.close()
    assert complaints == []


def _texts(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_text_contents()


def _wait_for_change(page: Page, selector: str) -> None:
    page.locator(selector).first.wait_for()
    page.wait_for_function(_CHANGED, arg=[selector, _texts(page, selector)])


def test_the_overview_counts_what_comes(browser: Browser, demo: Demo):
    with _page(browser, f"{demo.url}/?lang=en") as page:
        expect(page.locator("h1")).to_have_text("Seoul Smart Life Week 2026")
        page.wait_for_function(
            "() => parseInt(document.querySelector('.total-figure')?.textContent) > 20"
        )
        _wait_for_change(page, ".wall-clock")


@pytest.mark.parametrize("domain", ["smart_home", "mobility"])
def test_a_board_shows_values_that_change(browser: Browser, demo: Demo, domain: str):
    with _page(browser, f"{demo.url}/?lang=en&board={domain}") as page:
        page.locator(".card").first.wait_for()
        _wait_for_change(page, ".card .headline-figure")
        assert page.locator("main").get_attribute("data-board") == domain


def test_every_board_opens_from_its_tab(browser: Browser, demo: Demo):
    with _page(browser, f"{demo.url}/?lang=en") as page:
        page.locator(".tab").nth(1).wait_for()
        boards = set()
        for tab in page.locator(".tab").all():
            tab.click()
            expect(tab).to_have_attribute("aria-current", "page")
            boards.add(page.locator("main").get_attribute("data-board"))
        assert {"overview", "smart_home", "robotics", "mobility", "iot"} <= boards


def test_both_languages(browser: Browser, demo: Demo):
    titles = {"en": "Seoul Smart Life Week 2026", "ko": "서울 스마트라이프위크 2026"}
    with _page(browser, f"{demo.url}/?lang=ko") as page:
        for language in ("ko", "en", "ko"):
            expect(page.locator("h1")).to_have_text(titles[language])
            expect(page.locator("html")).to_have_attribute("lang", language)
            page.locator(".tab").nth(1).wait_for()
            page.locator("button.language").click()
        expect(page.locator("h1")).to_have_text(titles["en"])


def test_a_kiosk_shows_one_board_after_the_other(browser: Browser, demo: Demo):
    with _page(browser, f"{demo.url}/?kiosk=3&lang=en") as page:
        board = page.locator("main")
        expect(board).to_have_attribute("data-board", "overview")
        page.wait_for_function(
            "() => !['overview', undefined].includes(document.querySelector('main').dataset.board)"
        )
        first = board.get_attribute("data-board")
        page.wait_for_function(
            "first => document.querySelector('main').dataset.board !== first", arg=first
        )


@pytest.mark.parametrize(
    ("language", "words", "size"),
    [("en", "412 is above the maximum 85", (1280, 800)), ("ko", "최댓값 85", (390, 844))],
    ids=["laptop", "telephone"],
)
def test_the_booth_page_shows_a_rejection_sent_just_now(
    browser: Browser, demo: Demo, language: str, words: str, size: tuple[int, int]
):
    device = f"{language}-{size[0]}"
    with _page(browser, f"{demo.url}/booths/b01?lang={language}", size=size) as page:
        page.locator(".devices").wait_for()
        _publish(demo, f"smartlife/v1/b01/thermostat/{device}", {"temperature": 412})
        item = page.locator(".reject", has_text=f"thermostat/{device}")
        expect(item).to_be_visible(timeout=DEADLINE * 1_000)
        expect(item).to_contain_text(words)
        expect(item.locator("mark")).to_have_text('"temperature": 412')


def _publish(demo: Demo, topic: str, reading: dict[str, float]) -> None:
    command = [program("mosquitto_pub"), "-p", str(demo.mqtt_port), "-q", "1", "-t", topic]
    subprocess.run([*command, "-m", json.dumps(reading)], check=True, timeout=DEADLINE)


def test_a_booth_that_nobody_knows_gets_a_page_that_wakes_up(browser: Browser, demo: Demo):
    with _page(browser, f"{demo.url}/booths/new-one?lang=en") as page:
        page.locator(".welcome").wait_for()
        _publish(demo, "smartlife/v1/new-one/thermostat/first", {"temperature": 21.5})
        expect(page.locator(".devices")).to_contain_text("21.5", timeout=DEADLINE * 1_000)


def test_the_docs_of_the_api_open(browser: Browser, demo: Demo):
    with _page(browser, f"{demo.url}/docs") as page:
        page.get_by_text("/api/health").first.wait_for()


def test_a_wall_whose_hub_is_gone_says_so_and_comes_back(
    browser: Browser, standing_mosquitto: Mosquitto, make_hub: Callable[..., Hub]
):
    hub = make_hub(standing_mosquitto.url, client_id="wall-test").start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{hub.url}/?lang=en")
    stale = "document.documentElement.dataset.stale !== undefined"
    page.wait_for_function(f"() => !({stale})")
    hub.kill()
    page.wait_for_function(f"() => {stale}", timeout=30_000)
    hub.start()
    page.wait_for_function(f"() => !({stale})", timeout=40_000)
    context.close()
