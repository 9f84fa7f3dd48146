"""The wall of halls as large as real ones: names, flags, causes, and what is no trouble."""

import json
from collections.abc import Callable
from itertools import islice

import pytest
from playwright.sync_api import Browser, expect

from harness.wait import DEADLINE, until
from schemas import kinds
from tests.integration.halls import TELEPHONE, Hall, boxes, meet, within


@pytest.mark.parametrize("count", [12, 50, 300])
def test_trouble_has_a_flag_beside_its_stand_and_the_same_number_in_the_list(
    browser: Browser, open_hall: Callable[..., Hall], count: int
):
    place = open_hall(count)
    for booth in ("b003", "b005", "b012"):
        place.exhibitors.leave(booth)
    with place.page(browser) as page:
        expect(page.locator(".flag")).to_have_count(3)
        expect(page.locator(".need-number")).to_have_count(3)
        for number in page.locator(".need-number").all_text_contents():
            row = page.locator(".need", has=page.locator(f".need-number:text-is('{number}')"))
            flag = page.locator(".flag", has=page.locator(f".flag-number:text-is('{number}')"))
            where = str(flag.get_attribute("data-booth"))
            assert row.get_attribute("href") == f"/booths/{where}"
            if count < 300:  # else it stands between stands, with its number alone
                expect(flag).to_contain_text(where)
            assert (
                page.evaluate(
                    "flag => parseFloat(getComputedStyle(flag).fontSize)", flag.element_handle()
                )
                >= 24
            )
        flags, (plan,) = boxes(page, ".flag-box"), boxes(page, ".floor-host")
        assert all(within(flag, plan) for flag in flags)
        assert not any(meet(a, b) for index, a in enumerate(flags) for b in flags[:index])
        troubled = boxes(page, ".stand[data-flagged] .stand-box")
        assert len(troubled) == 3
        assert not any(meet(flag, stand) for flag in flags for stand in troubled)


@pytest.mark.parametrize("view", ["ops", "wall"])
def test_a_flag_s_number_leads_to_a_row_that_can_be_read_and_all_stands_have_the_colour(
    browser: Browser, open_hall: Callable[..., Hall], view: str
):
    place = open_hall(300)
    for number, kind in enumerate(islice(kinds(), 20)):  # a cause each
        place.exhibitors.publish(f"smartlife/v1/b{number * 9 + 4:03}/{kind}/one", {})
    with place.page(browser, f"lang=en&view={view}") as page:
        expect(page.locator(".stand[data-flagged=warn]")).to_have_count(20)
        rows = page.locator(".need-number:visible").all_text_contents()
        numbers = page.locator(".flag-number").all_text_contents()
        assert len(numbers) >= 5
        assert {*numbers} <= {*rows}
        if view == "wall":
            more = page.locator(".needs-more")
            hidden = int(page.locator(".needs-count").inner_text()) - len(rows)
            expect(more).to_have_text(f"{hidden} more, in colour on the plan")
            assert {*numbers} == {*rows}
        flags, (plan,) = boxes(page, ".flag-box"), boxes(page, ".floor-host")
        assert all(within(flag, plan) for flag in flags)
        assert not any(meet(a, b) for index, a in enumerate(flags) for b in flags[:index])


def test_booths_that_fall_silent_together_are_one_row(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(50)
    silent = [f"b{number:03}" for number in range(3, 50, 4)]
    for booth in silent:
        place.exhibitors.leave(booth)
    place.exhibitors.publish("smartlife/v1/b004/wearable/one", {"heart_rate": 412})
    until(lambda: place.live("offline") == 24, "the booths have left")
    with place.page(browser, "lang=en&view=wall") as page:
        expect(page.locator(".stand[data-flagged=bad]")).to_have_count(12)
        expect(page.locator(".needs-count")).to_have_text("2")
        expect(page.locator(".need").first).to_contain_text("12 booths offline")
        expect(page.locator(".need").first).to_contain_text("24 devices")
        assert {*page.locator(".flag-number").all_text_contents()} == {"1", "2"}
        assert page.locator(".flag[data-level=bad]").count() >= 7


@pytest.mark.parametrize("count", [12, 50, 300])
def test_the_plan_fills_its_panel_and_stands_say_who_they_are(
    browser: Browser, open_hall: Callable[..., Hall], count: int
):
    place = open_hall(count)
    with place.page(browser) as page:
        expect(page.locator(".stand")).to_have_count(count)
        (plan,), stands = boxes(page, ".floor-host"), boxes(page, ".stand-box")
        width = max(s[2] for s in stands) - min(s[0] for s in stands)
        height = max(s[3] for s in stands) - min(s[1] for s in stands)
        assert width > 0.85 * (plan[2] - plan[0]) or height > 0.85 * (plan[3] - plan[1])
        texts = page.locator(".stand:has(text)").count()
        named = page.locator(".stand:has(.stand-name)").count()
        assert named >= {12: 8, 50: 10, 300: 0}[count]
        assert texts >= {12: 12, 50: 20, 300: 30}[count]
        inside = """
            () => [...document.querySelectorAll('.stand')].every(stand => {
              const box = stand.querySelector('.stand-box').getBoundingClientRect();
              return [...stand.querySelectorAll('text')].every(text => {
                const { left, right } = text.getBoundingClientRect();
                return left >= box.left - 1 && right <= box.right + 1;
              });
            })
        """
        assert page.evaluate(inside)


def test_a_text_beside_the_plan_does_not_lay_the_plan_out_again(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    with place.page(browser) as page:
        expect(page.locator(".stand")).to_have_count(12)
        tracking = "disabled-by-default-devtools.timeline.invalidationTracking"

        def plan_stays() -> bool:  # once no news of the hub draw it meanwhile
            browser.start_tracing(page=page, categories=["devtools.timeline", tracking])
            page.evaluate("""
                document.querySelector('.needs-list').prepend('a word');
                document.querySelector('.total-figure').textContent = `another ${Math.random()}`;
                new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
            """)
            events = json.loads(browser.stop_tracing())["traceEvents"]
            named = [event for event in events if event["name"] == "LayoutInvalidationTracking"]
            laid_out = [event["args"]["data"].get("nodeName", "") for event in named]
            return bool(laid_out) and not any("stand-box" in name for name in laid_out)

        until(plan_stays, "a text beside the plan is laid out without it")


def test_the_plan_follows_the_size_of_its_window(browser: Browser, open_hall: Callable[..., Hall]):
    place = open_hall(12)
    with place.page(browser) as page:
        for width, height in ((1920, 1080), (1280, 720), (2560, 1440)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function("""() => {
              const [plan, host] = ['.floor-plan', '.floor-host'].map(
                name => document.querySelector(name)?.getBoundingClientRect());
              const near = side => plan && Math.abs(plan[side] - host[side]) < 1;
              return near('width') && near('height');
            }""")


def test_names_stand_above_what_drives_through_their_stands(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    robot = dict(kinds()["mobile_robot"].example) | {"x": 1.5, "y": 1.5}
    with place.page(browser) as page:
        place.exhibitors.publish("smartlife/v1/b001/mobile_robot/cart", robot)
        expect(page.locator(".mover[data-device='b001/mobile_robot/cart']")).to_have_count(1)
        above = """
            () => document.querySelector('.movers').compareDocumentPosition(
              document.querySelector('.floor-plan')) & Node.DOCUMENT_POSITION_FOLLOWING
        """
        assert page.evaluate(above)
        fill = "getComputedStyle(document.querySelector('.stand-box')).fill"
        assert "/ 0.15" in page.evaluate(fill)  # the ground of a stand lets it shine through


def test_booths_without_a_place_keep_to_one_row(browser: Browser, open_hall: Callable[..., Hall]):
    place = open_hall(12)
    for number in range(60):
        place.exhibitors.publish(
            f"smartlife/v1/elsewhere{number}/thermostat/t1", {"temperature": 21.5}
        )
    with place.page(browser) as page:
        expect(page.locator(".strays-more")).to_contain_text("more")
        (row,), (stray, *_) = boxes(page, ".floor-strays"), boxes(page, ".stray")
        assert row[3] - row[1] < 1.5 * (stray[3] - stray[1])
        shown = page.locator(".stray").count()
        expect(page.locator(".strays-more")).to_have_text(f"and {60 - shown} more")
        assert all(within(chip, row) for chip in boxes(page, ".stray, .strays-more"))


def test_a_board_of_many_devices_shows_kinds_and_who_needs_attention_then_all_on_demand(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(300)
    place.exhibitors.leave("b004")
    with place.page(browser, "lang=en&board=smart_home", TELEPHONE) as page:
        names = page.locator(".kinds .kind-card h3")
        expect(names).to_have_text(["Air quality monitor", "Light", "Smart plug", "Thermostat"])
        expect(page.locator(".kind-card").nth(1)).to_contain_text("Duru Walkers sign")
        card = page.locator(".card[data-density=compact]")
        expect(card).to_have_count(1)
        expect(card).to_contain_text("Duru Walkers")
        assert page.evaluate("document.documentElement.scrollHeight / innerHeight") < 3
        place.exhibitors.leave("b005")
        expect(card).to_have_count(2)
        page.get_by_role("button", name="Show all 450 devices").click()
        expect(card).to_have_count(450)
        expect(page.locator(".kind-card")).to_have_count(0)


def test_every_rejection_of_ten_minutes_is_counted_and_one_cause_is_one_row(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    for number in range(141):
        booth = ("b004", "b010")[number % 2]
        place.exhibitors.publish(f"smartlife/v1/{booth}/wearable/one", {"heart_rate": 900})
    until(lambda: place.hub.accounts()["rejected"] == 141, "all are rejected")
    with place.page(browser) as page:
        expect(page.locator(".total-figure").last).to_have_text("141")
        expect(page.locator(".needs-count")).to_have_text("1")
        row = page.locator(".need").first
        expect(row).to_contain_text("Heart rate above its maximum")
        expect(row).to_contain_text("141×")
        assert sorted(page.locator(".flag-number").all_text_contents()) == ["1", "1"]
        place.exhibitors.publish("smartlife/v1/b001/thermostat/one", {"temperature": 412})
        expect(page.locator(".needs-count")).to_have_text("2")
        expect(page.locator(".total-figure").last).to_have_text("142")


def test_a_broker_that_is_gone_is_one_alarm_and_nobody_s_fault(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    with place.page(browser, failing=True) as page:
        expect(page.locator(".summary-mark")).to_have_text("All devices are well")
        place.broker.kill()
        expect(page.locator(".needs-count")).to_have_text("1", timeout=DEADLINE * 1_000)
        expect(page.locator(".need").first).to_contain_text("The hub receives nothing")
        expect(page.locator(".stand[data-tone=none]")).to_have_count(12)
        expect(page.locator(".flag")).to_have_count(0)
        place.broker.start()
        expect(page.locator(".summary-mark")).to_have_text(
            "All devices are well", timeout=DEADLINE * 1_000
        )
        assert place.live() == 24


def test_an_exhibit_s_value_is_no_trouble(browser: Browser, open_hall: Callable[..., Hall]):
    place = open_hall(12)
    topic = "smartlife/v1/b003/mobile_robot/one"
    place.exhibitors.fall_silent(topic)
    (robot,) = (kind for kind in place.hub.get("/api/kinds") if kind["name"] == "mobile_robot")
    with place.page(browser) as page:
        place.exhibitors.publish(topic, json.dumps({**robot["example"], "e_stop": True}))
        row = page.locator(".needs-list li[data-level=note]").last
        expect(row).to_contain_text("Garam Robotics")
        expect(page.locator(".needs-values")).to_have_text("Values of exhibits")
        expect(page.locator(".summary-mark")).to_have_text("All devices are well")
        expect(page.locator(".needs-count")).to_be_empty()
        expect(page.locator(".flag")).to_have_count(0)


def test_a_stray_makes_no_booth_late_and_what_is_forgotten_goes_at_once(
    browser: Browser, open_hall: Callable[..., Hall]
):
    place = open_hall(12)
    place.exhibitors.publish("smartlife/v1/b003/thermostat/typo", {})
    until(lambda: place.live("late") == 1, "the stray is there")
    with place.page(browser) as page:
        expect(page.locator(".need", has_text="typo")).to_have_count(1)
        expect(page.locator('.stand[data-booth="b003"]')).to_have_attribute("data-tone", "good")
        place.hub.delete("/api/devices/b003/thermostat/typo")
        expect(page.locator(".need", has_text="typo")).to_have_count(0)
