"""The wall and the exhibitor's page in a real browser, with `hub demo` behind them."""

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.hub import Demo, Hub
from harness.mosquitto import Mosquitto
from harness.ports import free_port
from harness.process import program
from harness.wait import DEADLINE, until
from hub.booths.registry import DeviceAccount, Registry
from tests.integration.pages import open_page
from tests.integration.test_refusals import Authority

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


def _texts(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_text_contents()


def _wait_for_change(page: Page, selector: str) -> None:
    page.locator(selector).first.wait_for()
    page.wait_for_function(_CHANGED, arg=[selector, _texts(page, selector)])


def test_the_overview_counts_what_comes(browser: Browser, demo: Demo):
    with open_page(browser, f"{demo.url}/?lang=en") as page:
        expect(page.locator("h1")).to_have_text("Seoul Smart Life Week 2026")
        page.wait_for_function(
            "() => parseInt(document.querySelector('.total-figure')?.textContent) > 20"
        )
        _wait_for_change(page, ".wall-clock")


@pytest.mark.parametrize("domain", ["smart_home", "mobility"])
def test_a_board_shows_values_that_change(browser: Browser, demo: Demo, domain: str):
    with open_page(browser, f"{demo.url}/?lang=en&board={domain}") as page:
        page.locator(".card").first.wait_for()
        _wait_for_change(page, ".card .headline-figure")
        assert page.locator("main").get_attribute("data-board") == domain


def test_every_board_opens_from_its_tab(browser: Browser, demo: Demo):
    with open_page(browser, f"{demo.url}/?lang=en") as page:
        page.locator(".tab").nth(1).wait_for()
        boards = set()
        for tab in page.locator(".tab").all():
            tab.click()
            expect(tab).to_have_attribute("aria-current", "page")
            boards.add(page.locator("main").get_attribute("data-board"))
        assert {"overview", "smart_home", "robotics", "mobility", "iot"} <= boards


def test_both_languages(browser: Browser, demo: Demo):
    titles = {"en": "Seoul Smart Life Week 2026", "ko": "서울 스마트라이프위크 2026"}
    with open_page(browser, f"{demo.url}/?lang=ko") as page:
        for language in ("ko", "en", "ko"):
            expect(page.locator("h1")).to_have_text(titles[language])
            expect(page.locator("html")).to_have_attribute("lang", language)
            page.locator(".tab").nth(1).wait_for()
            page.locator("button[data-key=language]").click()
        expect(page.locator("h1")).to_have_text(titles["en"])


def test_a_kiosk_shows_one_board_after_the_other(browser: Browser, demo: Demo):
    with open_page(browser, f"{demo.url}/?kiosk=3&lang=en") as page:
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
    [
        ("en", "412 is above the maximum 85", (1280, 800)),
        ("ko", "허용 범위(−40~85 °C)를 벗어났습니다", (390, 844)),
    ],
    ids=["laptop", "telephone"],
)
def test_the_booth_page_shows_a_rejection_sent_just_now(
    browser: Browser, demo: Demo, language: str, words: str, size: tuple[int, int]
):
    device = f"{language}-{size[0]}"
    with open_page(browser, f"{demo.url}/booths/b01?lang={language}", size=size) as page:
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
    with open_page(browser, f"{demo.url}/booths/new-one?lang=en") as page:
        page.locator(".welcome").wait_for()
        _publish(demo, "smartlife/v1/new-one/thermostat/first", {"temperature": 21.5})
        expect(page.locator(".devices")).to_contain_text("21.5", timeout=DEADLINE * 1_000)


def test_a_message_can_be_tried_before_it_is_sent(browser: Browser, demo: Demo):
    with open_page(browser, f"{demo.url}/booths/b01?lang=en") as page:
        page.locator("#kind").select_option("thermostat")
        page.locator("#try").fill('{"temperature": "21.5"}')
        page.get_by_role("button", name="Check").click()
        result = page.locator(".try-result")
        expect(result).to_contain_text("without quotes")
        expect(result.locator("mark")).to_have_text('"temperature": "21.5"')
        expect(result.locator(".reject-rules")).to_contain_text("number")
        page.locator("#try").fill('{"temperature": 21.5, "colour": "red"}')
        page.get_by_role("button", name="Check").click()
        expect(result).to_contain_text("would be accepted")
        expect(result).to_contain_text("colour")


def test_programs_follow_what_the_form_says(browser: Browser, demo: Demo):
    with open_page(browser, f"{demo.url}/booths/b01?lang=en") as page:
        code = page.locator(".programs code")
        page.get_by_role("button", name="Python", exact=True).click()
        page.locator("#kind").select_option("drone")
        page.locator("#device").fill("scout-7")
        expect(code).to_contain_text("smartlife/v1/b01/drone/scout-7")
        expect(code).to_contain_text("import paho.mqtt.client")


def test_what_is_replayed_is_never_taken_for_measured(browser: Browser, hub: Hub, booth: str):
    example = next(kind for kind in hub.get("/api/kinds") if kind["name"] == "drone")
    topic, payload = f"smartlife/v1/{booth}/drone/past", json.dumps(example["example"])
    body = json.dumps({"topic": topic, "payload": payload})

    def shown(page: Page, badge: str) -> bool:
        """Play the recording on, for what is played goes when nothing comes any more."""
        kind = {"content-type": "application/x-ndjson"}
        hub._client.post("/api/replay", content=body, headers=kind).raise_for_status()
        page.wait_for_timeout(100)
        return page.locator(badge).is_visible()

    with open_page(browser, f"{hub.url}/?lang=en&board=mobility") as page:
        for badge in (".wall-head", ".board-head", f".card:has-text('{booth}')"):
            until(partial(shown, page, f"{badge} .replay-badge"), badge)
        page.locator(".tab").first.click()
        # The plan shows as many strays as fit, which of a hub that others use are others'.
        stray = page.locator(f".stray:has-text('{booth}'):has-text('REPLAY')")
        until(lambda: shown(page, ".wall-head .replay-badge") and stray.count(), "the plan")
    with open_page(browser, f"{hub.url}/booths/{booth}?lang=ko") as page:
        until(lambda: shown(page, ".device .replay-badge"), "the booth's page")
        expect(page.locator(".booth-notices")).to_contain_text("녹화된 값")
        expect(page.locator(".checks [data-state=next]")).to_contain_text("연결")


# --- the link of a booth

OPS = "열려라-참깨-열려라-참깨"


class Guarded(NamedTuple):
    """A hub that asks for the ops token, and the links of its booths."""

    hub: Hub
    registry: Registry
    mqtt_port: int

    def link(self, booth: str) -> str:
        token = self.registry.token(booth)
        return f"{self.hub.url}/booths/{booth}?{urlencode({'lang': 'en', 'token': token})}"

    def publish(self, topic: str, payload: str) -> None:
        command = [program("mosquitto_pub"), "-p", str(self.mqtt_port), "-q", "1"]
        command += ["-t", f"smartlife/v1/{topic}", "-m", payload]
        subprocess.run(command, check=True, timeout=DEADLINE)


@pytest.fixture(scope="module")
def guarded(
    standing_mosquitto: Mosquitto, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    """A hub with the ops token of an event, and a booth with an account."""
    hub = Hub(
        tmp_path_factory.mktemp("guarded") / "hub",
        standing_mosquitto.url,
        client_id="guarded-test",
        ops_token=OPS,
    )
    hub._client.headers.update([(b"authorization", f"Bearer {OPS}".encode())])
    registry = Registry(hub.data)
    for booth in ("mine", "other", "rotated"):
        registry.put(booth, f"Booth {booth}", "", (DeviceAccount(account=f"{booth}-1"),))
    try:
        yield Guarded(hub.start(), registry, standing_mosquitto.port)
    finally:
        hub.close()


def test_a_link_works_from_a_message_on_another_site(browser: Browser, guarded: Guarded):
    """A chat or a mail on the web: its site is another, and the redirect must keep the cookie."""
    address = urlsplit(guarded.link("mine"))
    elsewhere = f"http://localhost:{address.port}/static/icon.svg"
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    page.evaluate("link => { location.href = link }", guarded.link("mine"))
    page.locator(".checks li").first.wait_for()
    assert "token" not in page.url
    expect(page.locator("h1")).to_have_text("Booth mine")
    expect(page.locator(".link")).to_have_text("Live")
    page.goto(f"{guarded.hub.url}/booths/other")
    expect(page.locator("h1")).to_have_text("다른 부스의 링크입니다")
    page.goto(f"{guarded.hub.url}/")
    expect(page.locator("body")).to_contain_text("for the operations team")
    context.close()


def test_the_ops_link_opens_the_wall_from_another_site(browser: Browser, guarded: Guarded):
    context = browser.new_context()
    page = context.new_page()
    page.goto(guarded.hub.url.replace("127.0.0.1", "localhost") + "/static/icon.svg")
    link = f"{guarded.hub.url}/?{urlencode({'token': OPS, 'lang': 'en'})}"
    page.evaluate("link => { location.href = link }", link)
    page.locator(".wall-main .overview").wait_for()
    assert "token" not in page.url
    context.close()


def test_the_checklist_turns_green_by_itself_on_a_telephone(browser: Browser, guarded: Guarded):
    booth = "green"
    guarded.registry.put(booth, "", "", (DeviceAccount(account=f"{booth}-1"),))
    with open_page(browser, guarded.link(booth), size=(390, 844)) as page:

        def shows(*states: str) -> None:
            marks = [page.locator(f".checks li:nth-child({n})") for n in range(1, 6)]
            for mark, state in zip(marks, states, strict=True):
                expect(mark).to_have_attribute("data-state", state, timeout=DEADLINE * 1_000)

        shows("next", "later", "later", "later", "later")
        expect(page.locator("#connect .broker")).to_contain_text(f"{booth}-1")
        guarded.publish(f"{booth}/robot_arm/r1/status", "online")
        shows("done", "next", "later", "later", "later")
        guarded.publish(f"{booth}/robot-arm/r1", "{}")
        shows("done", "wrong", "later", "later", "later")
        expect(page.locator(".check-hint")).to_contain_text("robot-arm")
        guarded.publish(f"{booth}/robot_arm/r1", "{state: running}")
        shows("done", "done", "wrong", "later", "later")
        guarded.publish(f"{booth}/robot_arm/r1", '{"state": "dancing"}')
        shows("done", "done", "done", "wrong", "later")
        expect(page.locator(".reject-rules").first).to_contain_text("running")
        kinds = guarded.hub.get("/api/kinds")
        reading = json.dumps(next(k["example"] for k in kinds if k["name"] == "robot_arm"))
        guarded.publish(f"{booth}/robot_arm/r1", reading)
        until(lambda: _sent_until_green(guarded, page, f"{booth}/robot_arm/r1", reading), "green")
        shows("done", "done", "done", "done", "done")
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(width) == 0


def _sent_until_green(guarded: Guarded, page: Page, topic: str, reading: str) -> bool:
    guarded.publish(topic, reading)
    page.wait_for_timeout(100)  # the page's own events are served while it waits
    return page.locator(".checks [data-state=done]").count() == 5


def test_a_page_says_when_its_link_was_replaced_and_lives_again_with_the_new_one(
    browser: Browser, guarded: Guarded
):
    context = browser.new_context()
    page = context.new_page()
    page.goto(guarded.link("rotated"))
    expect(page.locator(".link")).to_have_text("Live")
    guarded.registry.rotate_link("rotated")
    expect(page.get_by_role("alert")).to_contain_text(
        "This page needs its link", timeout=DEADLINE * 1_000
    )
    guarded.publish("rotated/thermostat/t1", '{"temperature": 412}')  # which the page cannot hear
    second = context.new_page()
    second.goto(guarded.link("rotated"))
    expect(page.get_by_role("alert")).to_be_hidden(timeout=DEADLINE * 1_000)
    expect(page.locator(".link")).to_have_text("Live")
    expect(page.locator(".reject")).to_contain_text("412 is above the maximum 85")
    context.close()


def test_the_docs_of_the_api_open(browser: Browser, demo: Demo):
    with open_page(browser, f"{demo.url}/docs") as page:
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
    page.wait_for_function(f"() => {stale}", timeout=DEADLINE * 1_000)
    hub.start()
    page.wait_for_function(f"() => !({stale})", timeout=DEADLINE * 1_000)
    context.close()


def test_the_page_gives_the_event_s_certificate_and_the_commands_use_it(
    browser: Browser, tmp_path: Path
):
    ca = Authority(tmp_path / "tls").ca
    # No broker is needed to say how it is reached.
    hub = Hub(tmp_path / "hub", f"mqtts://127.0.0.1:{free_port()}", broker_ca=ca, ops_token=OPS)
    registry = Registry(hub.data)
    registry.put("b77", "Sun and Wind", "해와 바람", (DeviceAccount(account="b77-1"),))
    try:
        hub.start(well=False)
        page_of = Guarded(hub, registry, 0).link("b77")
        with open_page(browser, page_of, size=(1280, 1600)) as page:
            expect(page.locator("h1")).to_have_text("Sun and Wind")
            expect(page.locator(".check-hint")).to_contain_text("smartlife/v1/b77/")
            tabs = page.locator(".programs .shell")
            expect(tabs.nth(1)).to_have_text("mosquitto_pub (Windows)")
            expect(page.locator(".programs code")).to_contain_text("--cafile ca.pem ")
            tabs.nth(1).click()
            expect(page.locator(".programs code")).to_contain_text('--cafile "ca.pem" ')
            with page.expect_download() as started:
                page.get_by_role("link", name="Download ca.pem").click()
            assert started.value.suggested_filename == "ca.pem"
            assert started.value.path().read_bytes() == ca.read_bytes()
            page.locator("button[data-key=language]").click()
            expect(page.locator("h1")).to_have_text("해와 바람")
            expect(page.get_by_role("link", name="ca.pem 내려받기")).to_be_visible()
    finally:
        hub.close()
