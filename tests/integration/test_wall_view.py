"""The wall as the hall sees it (?view=wall, and any kiosk): large, calm, and turning by itself."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from harness.hall import hall
from harness.hub import Hub
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until
from hub.stores.sqlite import SqliteStore
from schemas import kinds
from tests.integration.halls import FULL_HD, TELEPHONE, TOTEM, UHD, Hall, boxes, opened, within
from tests.integration.pages import open_page

LEAST = 35 / 1080
"""px of type, of the screen's shorter side: 16 arcmin at 5 m on a 65-inch screen (ISO 9241-303)."""
_SMALLEST = """
() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    // The names below the ids of stands: they say again which stand it is.
    if (!walk.currentNode.textContent.trim() || node.closest('noscript, title, .stand-caption'))
      continue;
    const { width, height } = node.getBoundingClientRect();
    if (!node.checkVisibility() || !width || !height) continue;
    found.push([parseFloat(getComputedStyle(node).fontSize), node.className || node.tagName]);
  }
  return found.sort((a, b) => a[0] - b[0])[0];
}
"""
_CUT = """
() => [...document.querySelectorAll('.card, .total, .needs-list > li, .flag-box')].filter(node => {
  if (!node.checkVisibility()) return false;
  const { left, top, right, bottom } = node.getBoundingClientRect();
  return left < -1 || top < 0 || right > innerWidth + 1 || bottom > innerHeight + 1;
}).length
"""
_COUNT_RINGS = """
() => {
  window.begun = 0;
  const count = seen => {
    window.begun += seen.filter(({ target }) => target.dataset.step === '0').length;
  };
  const how = { subtree: true, attributeFilter: ['data-step'] };
  new MutationObserver(count).observe(document.querySelector('main'), how);
}
"""
_SIX_BOARDS = """
async () => {
  const main = document.querySelector('main');
  const shown = () => main.dataset.board + document.querySelector('.board-pages')?.textContent;
  const boards = [main.dataset.board];
  while (boards.length < 6) {
    const before = shown();
    const bar = document.querySelector('.progress').getAnimations({ subtree: true });
    for (const turn of bar) turn.finish();
    while (shown() === before) await new Promise(requestAnimationFrame);
    if (main.dataset.board !== boards.at(-1)) boards.push(main.dataset.board);
  }
  return boards;
}
"""
_OVERFLOW = "document.documentElement.scrollHeight - innerHeight"


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall with a booth that left and one that is rejected; tests only look at it."""
    with opened(tmp_path_factory.mktemp("troubled"), 50) as place:
        place.exhibitors.leave("b005")
        place.exhibitors.publish("smartlife/v1/b004/wearable/one", {"heart_rate": 900})
        yield place


def assert_readable(page: Page, size: tuple[int, int]) -> None:
    px, what = page.evaluate(_SMALLEST)
    assert px >= LEAST * min(size), what


@pytest.mark.parametrize("size", [FULL_HD, UHD, TOTEM], ids=["1080p", "4K", "totem"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_text_is_readable_at_five_metres_and_nothing_is_cut(
    browser: Browser, troubled: Hall, size: tuple[int, int], language: str
):
    query = f"lang={language}&view=wall"
    with troubled.page(browser, query, size) as page:
        for board in ("overview", "smart_home", "robotics", "ai"):
            page.goto(f"{troubled.hub.url}/?{query}&board={board}")
            page.locator(".flag, .card").first.wait_for()
            assert_readable(page, size)
            assert page.evaluate(_CUT) == 0
            assert page.evaluate(_OVERFLOW) <= 0


def test_the_wall_says_no_addresses_and_no_sums(browser: Browser, open_hall: Callable[..., Hall]):
    place = open_hall(12)
    place.exhibitors.leave("b005")
    with place.page(browser, "lang=en&view=wall", failing=True) as page:
        page.locator(".flag").first.wait_for()
        for what in (".accounts", ".tabs", ".tiles", ".parts"):
            expect(page.locator(what)).to_be_hidden()
        place.broker.kill()
        expect(page.locator(".banner:not(.tank)")).to_be_visible(timeout=DEADLINE * 1_000)
        expect(page.locator(".banner:not(.tank) .banner-lines")).to_be_hidden()
        assert "mqtt://" not in page.locator("body").inner_text()
        assert_readable(page, FULL_HD)


def test_a_hall_without_a_plan_says_so_in_type_for_the_hall(browser: Browser, standing_hub: Hub):
    style = "getComputedStyle(document.querySelector('.floor-host'), '::after')"
    with open_page(browser, f"{standing_hub.url}/?lang=en&view=wall", size=FULL_HD) as page:
        page.locator(".floor-host:not([data-empty=''])").wait_for()
        assert "No booth has a place" in page.evaluate(f"{style}.content")
        assert page.evaluate(f"parseFloat({style}.fontSize)") >= 35


def test_the_desk_has_its_sums_and_addresses(browser: Browser, troubled: Hall):
    with troubled.page(browser, "lang=en&view=ops&kiosk=60") as page:
        expect(page.locator(".accounts")).to_be_visible()
        expect(page.locator(".parts")).to_be_visible()


def test_plan_and_list_share_a_totem(browser: Browser, troubled: Hall):
    with troubled.page(browser, "lang=ko&kiosk=60", TOTEM) as page:
        page.locator(".flag").first.wait_for()
        (plan,), (needs,) = boxes(page, ".floor"), boxes(page, ".needs")
        assert plan[3] <= needs[1]
        assert plan[3] - plan[1] > 0.33 * TOTEM[1]
        assert needs[3] - needs[1] > 0.3 * TOTEM[1]
        assert needs[3] > 0.97 * TOTEM[1]


def test_a_card_with_room_says_more_than_its_headline(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    with place.page(browser, "lang=en&view=wall&board=robotics") as page:
        cards = page.locator(".card")
        expect(cards).to_have_count(2)
        expect(cards.first.locator(".cell").first).to_have_text("Battery76%")
        page.goto(f"{place.hub.url}/?lang=en&view=wall&board=smart_home")
        expect(cards.first).to_be_visible()
        expect(page.locator(".cell")).to_have_count(0)


def test_more_devices_than_a_screen_holds_are_a_card_for_each_kind(
    browser: Browser, troubled: Hall
):
    with troubled.page(browser, "lang=en&view=wall&board=smart_home") as page:
        expect(page.locator(".kind-card h3")).to_have_text(
            ["Air quality monitor", "Light", "Smart plug", "Thermostat"]
        )
        light = page.locator(".kind-card").nth(1)
        expect(light).to_contain_text("Mirae Health Data Lab sign")
        expect(light.locator(".summary-figure")).to_contain_text("7")
        expect(light.locator(".summary-spread")).to_contain_text("most 7")


def test_what_fits_no_page_has_another_of_whole_rows(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en&view=wall&board=smart_home") as page:
        expect(page.locator(".board-pages")).to_have_text("1/2")
        assert page.locator(".card-booth").count() == 9
        assert page.evaluate(_CUT) == 0
        page.keyboard.press("PageDown")
        expect(page.locator(".board-pages")).to_have_text("2/2")
        assert page.evaluate(_CUT) == 0


def test_back_leaves_the_board_and_not_the_wall(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en") as page:
        main = page.locator("main")
        for board in ("smart_home", "robotics"):
            page.locator(f"[data-key='tab {board}']").click()
            expect(main).to_have_attribute("data-board", board)
        page.go_back()
        expect(main).to_have_attribute("data-board", "smart_home")
        page.go_back()
        expect(main).to_have_attribute("data-board", "overview")


def test_a_kiosk_writes_no_history(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en&kiosk=3") as page:
        before = page.evaluate("history.length")
        expect(page.locator("main")).not_to_have_attribute("data-board", "overview")
        assert page.evaluate("history.length") == before


def test_whoever_wants_no_motion_sees_none(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en&kiosk=3") as page:
        expect(page.locator(".progress")).to_be_visible()
        expect(page.locator(".ring[data-booth]").first).to_be_attached()
        page.emulate_media(reduced_motion="reduce")
        page.evaluate(_COUNT_RINGS)
        expect(page.locator(".progress")).to_be_hidden()
        expect(page.locator("main")).not_to_have_attribute("data-board", "overview")
        assert page.evaluate("window.begun") == 0


def test_counts_and_charts_have_names(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en&board=smart_home") as page:
        expect(page.get_by_role("img", name="Live 18").first).to_be_visible()
        chart = page.get_by_role("img", name="Temperature: chart of the last 5 minutes")
        expect(chart.first).to_be_visible()


def test_the_overview_has_every_second_turn(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en&kiosk=60") as page:
        page.locator(".stand").first.wait_for()
        seen = page.evaluate(_SIX_BOARDS)
        overviews = [index for index, board in enumerate(seen) if board == "overview"]
        assert overviews in ([0, 2, 4], [1, 3, 5])
        assert len({*seen}) >= 4


def test_a_chart_is_there_with_its_board(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en&kiosk=3") as page:
        hosts, canvases = page.wait_for_function(
            """() => !['overview', undefined].includes(document.querySelector('main').dataset.board)
              && ['.chart', '.chart canvas'].map(it => document.querySelectorAll(it).length)"""
        ).json_value()
        assert hosts == canvases > 0


def test_what_is_newly_wrong_takes_the_screen_with_its_stand_framed(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    with place.page(browser, "lang=en&kiosk=30&board=smart_home", clock=True) as page:
        page.locator(".card").first.wait_for()
        place.exhibitors.leave("b007")
        expect(page.locator("main")).to_have_attribute("data-board", "overview")
        expect(page.locator(".stand-news")).to_have_count(1)
        (frame,), (stand,) = boxes(page, ".stand-news"), boxes(page, "[data-booth=b007] .stand-box")
        assert within(stand, frame)
        page.clock.fast_forward(20_000)
        expect(page.locator(".stand-news")).to_have_count(0)


def test_a_telephone_can_scroll_the_wall_of_the_desk(browser: Browser, troubled: Hall):
    with troubled.page(browser, "lang=ko", TELEPHONE) as page:
        page.locator(".flag").first.wait_for()
        assert page.evaluate(_OVERFLOW) > 0
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_a_telephone_shows_the_buttons_of_the_ops_page_beside_long_names(
    browser: Browser, standing_hall: Hall
):
    url = f"{standing_hall.hub.url}/ops?lang=ko"
    with open_page(browser, url, size=TELEPHONE) as page:
        page.locator(".booth-table button").first.wait_for()
        assert max(box[2] for box in boxes(page, ".booth-table button")) <= TELEPHONE[0]


# --- what belongs to the event


def test_time_and_language_are_the_event_s_not_the_browser_s(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12, 'timezone = "Pacific/Auckland"\nlanguages = ["ko", "en"]')
    context = browser.new_context(timezone_id="America/New_York", locale="en-US")
    page = context.new_page()
    page.goto(place.hub.url)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("h1")).to_have_text("스마트라이프위크")
    there = ZoneInfo("Pacific/Auckland")

    def shown() -> bool:
        return page.locator(".wall-clock").inner_text()[:5] == f"{datetime.now(there):%H:%M}"

    until(shown, "the time of the event")
    context.close()


def test_two_languages_take_turns(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=ko,en&kiosk=60", clock=True) as page:
        expect(page.locator("h1")).to_have_text("스마트라이프위크")
        page.clock.fast_forward(10_000)
        expect(page.locator("h1")).to_have_text("Smart Life Week")
        expect(page.locator(".stand")).to_have_count(12)


def test_the_type_comes_with_the_page(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=ko") as page:
        page.locator(".stand").first.wait_for()
        loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.weight)"
        assert {*page.evaluate(loaded)} == {"400 500", "600 800"}


def test_a_closed_event_has_no_alarms(browser: Browser, open_hall: Callable[..., Hall]):
    place = open_hall(12, "opens = 00:00:00\ncloses = 00:00:01")
    place.exhibitors.leave("b003")
    until(lambda: place.live("offline") == 2, "the booth has left")
    with place.page(browser, "lang=en&view=wall") as page:
        expect(page.locator(".summary-mark")).to_have_text("Closed")
        expect(page.locator(".needs-none")).to_contain_text("Open 00:00")
        expect(page.locator("[data-booth=b003]")).to_have_attribute("data-tone", "none")
        expect(page.locator(".flag")).to_have_count(0)


def test_before_the_event_nobody_need_be_connected(
    browser: Browser, mosquitto: Mosquitto, make_hub: Callable[..., Hub], tmp_path: Path
):
    zone = tmp_path / "hall.toml"
    zone.write_text(hall(12, "starts = 2999-01-01"), encoding="utf-8")
    hub = make_hub(mosquitto.url, zone=zone).start()
    with open_page(browser, f"{hub.url}/?lang=en") as page:
        expect(page.locator(".summary-mark")).to_have_text("The event has not begun")
        expect(page.locator(".stand[data-tone=none]")).to_have_count(12)
        expect(page.locator(".needs-count")).to_be_empty()


def test_silence_is_told_before_the_verdict(browser: Browser, open_hall: Callable[..., Hall]):
    place = open_hall(12)
    topic = "smartlife/v1/b002/air_quality/one"
    with place.page(browser, "lang=en&view=wall&board=smart_home") as page:
        card = page.locator(".card", has_text="Korea Smart Life").first
        card.wait_for()
        place.exhibitors.fall_silent(topic)
        age = card.locator(".card-age")
        expect(age).to_contain_text("last heard", timeout=DEADLINE * 1_000)
        assert card.get_attribute("data-state") == "live"
        expect(age).to_contain_text("Late", timeout=DEADLINE * 1_000)


# --- what is played again


def test_the_last_minute_is_played_again_on_this_page_alone(browser: Browser, standing_hall: Hall):
    with standing_hall.page(browser, "lang=en", clock=True) as page:
        page.locator(".stand").first.wait_for()
        page.locator("[data-key=rewind]").click()
        expect(page.locator(".past-where")).to_contain_text("s ago")
        expect(page.locator(".stand[data-tone=good]")).to_have_count(12)
        expect(page.locator("main .ring[data-booth]").first).to_be_attached()
        assert not [it for it in standing_hall.hub.get("/api/devices") if it["replayed"]]
        page.clock.fast_forward(60_000)
        expect(page.locator(".past")).to_have_count(0)
        expect(page.locator("main .overview")).to_be_visible()
        page.keyboard.press("r")
        expect(page.locator(".past")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".past")).to_have_count(0)


@pytest.mark.parametrize("ask", ["r", "[data-key=rewind]"])
def test_what_is_asked_for_while_the_page_loads_is_played_once_it_is_there(
    browser: Browser, standing_hall: Hall, ask: str
):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with standing_hall.page(browser, "lang=en") as page:
        page.locator(".stand").first.wait_for()
        page.route("**/api/zone*", hold)
        with page.expect_request("**/api/zone*"):
            page.reload()
        expect(page.locator(".loading")).to_be_visible()
        page.locator(ask).click() if ask.startswith("[") else page.keyboard.press(ask)
        for route in held:
            route.continue_()
        page.unroute("**/api/zone*")
        expect(page.locator(".past")).to_be_visible()


async def _store(path: Path, rows: str) -> None:
    store = SqliteStore(path, dict(kinds()))
    await store.write([rows.encode()])
    await store.close()


def test_a_day_is_played_in_half_a_minute(browser: Browser, standing_hall: Hall):
    now = datetime.now(ZoneInfo("Asia/Seoul"))
    then = max(now - timedelta(minutes=20), now.replace(hour=0, minute=0, second=0))
    ts = int(then.astimezone(UTC).timestamp()) * 10**9
    rows = (
        f"booth_readings,booth=b003 count=100000i {ts}\n"
        f"rejections,booth=b004,code=json count=3i {ts}"
    )
    with ThreadPoolExecutor(1) as apart:  # this thread has Playwright's loop
        apart.submit(asyncio.run, _store(standing_hall.hub.data / "store.db", rows)).result()
    with standing_hall.page(browser, "lang=ko&view=wall", clock=True) as page:
        page.locator(".stand").first.wait_for()
        page.keyboard.press("d")
        expect(page.locator(".day-clock")).to_have_text(f"{then:%H:%M}")
        expect(page.locator(".glow[data-booth=b003]")).to_have_css("opacity", "1")
        expect(page.locator(".glow[data-rejected]")).to_have_attribute("data-booth", "b004")
        assert_readable(page, FULL_HD)
        page.clock.fast_forward(35_000)
        expect(page.locator(".day")).to_have_count(0)
        expect(page.locator(".overview")).to_be_visible()
