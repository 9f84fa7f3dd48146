"""`hub demo` as a process: everything at once, with nothing else installed."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from harness.hub import Demo
from harness.ports import free_port, open_port
from harness.process import program
from harness.wait import DEADLINE, until
from schemas import kinds
from tests.integration.halls import FULL_HD, TELEPHONE, boxes, meet
from tests.integration.pages import open_page


@pytest.fixture
def make_demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Make demos, all in one folder; they are ended with the test."""
    demos: list[Demo] = []

    def make(*flags: str) -> Demo:
        demos.append(Demo(tmp_path, *flags))
        return demos[-1]

    yield make
    for demo in demos:
        demo.close()


def test_the_demo_from_start_to_end_and_again(make_demo: Callable[..., Demo], tmp_path: Path):
    demo = make_demo().start()
    for word in ("wall", "booth", "MQTT", "send", "stop"):
        assert re.search(rf"^{word} ", demo.said, re.MULTILINE), demo.said
    assert demo.url in demo.said

    until(lambda: any(d["readings"] for d in demo.get("/api/devices")), "the first readings")
    until(
        lambda: {d["kind"] for d in demo.get("/api/devices")} == {*kinds()}, "every kind is there"
    )
    until(
        lambda: len({d["kind"] for d in demo.get("/api/devices") if d["readings"]}) > 10,
        "readings of most kinds, for some send twice a minute only",
    )
    assert demo.health()[0] == httpx.codes.OK
    assert "ERROR" not in demo.said
    assert "Traceback" not in demo.said

    command = re.search(r"^send +(.+)$", demo.said, re.MULTILINE)
    assert command is not None
    subprocess.run(["sh", "-c", command[1]], check=True, timeout=DEADLINE)
    until(lambda: demo.device("b01", "thermostat", "by-hand"), "the reading sent by hand")

    before = demo.accounts()["received"]
    assert demo.stop(signal.SIGINT) == 0
    assert "Traceback" not in demo.said
    assert "the readings are in" in demo.said
    until(lambda: demo.alone, "it leaves no process behind")
    assert not open_port(demo.mqtt_port)

    again = make_demo().start()
    assert again.accounts()["received"] >= before
    by_hand = again.readings("thermostat", booth="b01", device="by-hand")
    assert [row["fields"]["temperature"] for row in by_hand] == [21.5]
    until(lambda: any(d["readings"] for d in again.get("/api/devices")), "it goes on")
    assert again.stop(signal.SIGTERM) == 0
    until(lambda: again.alone, "it leaves no process behind")


def test_a_signal_to_its_broker_too_ends_it_without_a_traceback(make_demo: Callable[..., Demo]):
    """As `timeout`, a service manager or a closed terminal send it: to every process."""
    demo = make_demo().start()
    until(lambda: len(demo.get("/api/devices")) > 20, "most devices are connected")
    os.killpg(demo.pid, signal.SIGTERM)
    assert demo.wait() == 0
    assert "Traceback" not in demo.said
    assert "never retrieved" not in demo.said


def test_taken_ports_are_named_and_others_are_taken_when_none_was_asked_for(
    make_demo: Callable[..., Demo],
):
    with _taken(1883), _taken(8080):
        demo = make_demo("--mqtt-port", "", "--http", "")
        demo.start()
        assert "port 1883 is taken" in demo.said
        assert "port 8080 is taken" in demo.said
        until(lambda: any(d["readings"] for d in demo.get("/api/devices")), "the first readings")
        assert demo.stop(signal.SIGINT) == 0


@pytest.mark.parametrize("flag", ["--mqtt-port", "--http"])
def test_a_taken_port_that_was_asked_for_is_named(make_demo: Callable[..., Demo], flag: str):
    port = free_port()
    with _taken(port):
        demo = make_demo(flag, str(port) if flag == "--mqtt-port" else f"127.0.0.1:{port}")
        demo.launch_demo()
        assert demo.wait() == 1
    assert str(port) in demo.said
    assert "Traceback" not in demo.said
    until(lambda: demo.alone, "it leaves no process behind")


def _taken(port: int) -> socket.socket:
    """Take a port, if it is not taken anyway."""
    taker = socket.socket()
    taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taker.bind(("127.0.0.1", port))
        taker.listen()
    except OSError:
        assert open_port(port)
    return taker


def test_the_demo_that_dies_leaves_nothing_behind(make_demo: Callable[..., Demo]):
    demo = make_demo().start()
    demo.kill()
    until(lambda: demo.alone, "the embedded broker ends with it")
    until(lambda: not open_port(demo.mqtt_port), "its port is free")


def test_a_demo_in_the_folder_of_another_says_so(make_demo: Callable[..., Demo]):
    make_demo().start()
    second = make_demo()
    second.launch_demo()
    assert second.wait() == 2
    assert "another hub is using" in second.said
    until(lambda: second.alone, "it leaves no process behind")


def test_help_has_an_example():
    answer = subprocess.run(
        [sys.executable, "-m", "hub", "demo", "--help"],
        check=True,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert "Example: hub demo" in answer.stdout


def test_a_rejection_of_the_device_that_misbehaves_is_told(make_demo: Callable[..., Demo]):
    demo = make_demo().start()
    topic = "smartlife/v1/b01/thermostat/by-hand"
    command = [program("mosquitto_pub"), "-p", str(demo.mqtt_port), "-q", "1", "-t", topic]
    subprocess.run([*command, "-m", json.dumps({"temperature": 999})], check=True, timeout=DEADLINE)
    found = until(
        lambda: [r for r in demo.get("/api/rejections", booth="b01") if r["topic"] == topic],
        "the rejection",
    )
    assert "above the maximum" in found[0]["message"]


def test_the_ops_page_says_why_no_accounts_can_be_made(
    browser: Browser, make_demo: Callable[..., Demo]
):
    demo = make_demo().start()
    order = {"admin_password": "x", "by": "Kim"}
    refused = httpx.post(f"{demo.url}/api/booths/b01/accounts/add", json=order)
    assert refused.status_code == 503
    assert "the demo's broker has no accounts" in refused.json()["message"]
    assert "데모의 브로커에는 계정 기능이 없어" in refused.json()["message_ko"]
    with open_page(browser, f"{demo.url}/ops?lang=ko") as page:
        booths = page.locator("#booths")
        expect(booths).to_contain_text("데모의 브로커에는 계정 기능이 없어")
        expect(booths.locator('[data-booth="b01"]')).to_be_visible()
        expect(booths.get_by_role("button")).to_have_count(0)


def sends(demo: Demo, kind: str) -> bool:
    return all(device["readings"] for device in demo.get("/api/devices", kind=kind))


def test_what_says_where_it_is_on_earth_moves_on_the_plan_if_it_is_there(
    browser: Browser, make_demo: Callable[..., Demo]
):
    demo = make_demo().start()
    with open_page(browser, f"{demo.url}/?view=wall", size=FULL_HD) as page:
        for kind, count in {"drone": 2, "shuttle": 2, "scooter": 0}.items():
            until(lambda: sends(demo, kind), f"each {kind} sends")  # noqa: B023 - called at once
            expect(page.locator(f'.mover[data-device*="/{kind}/"]')).to_have_count(count)
        stands, shuttles = (
            boxes(page, ".stand-box"),
            boxes(page, '.mover[data-device*="/shuttle/"]'),
        )
        assert not any(meet(one, stand) for one in shuttles for stand in stands), "in the aisles"


def test_visitors_send_a_reading_pull_the_plug_and_see_that_nothing_is_lost(
    browser: Browser, make_demo: Callable[..., Demo]
):
    demo = make_demo("--show", "--seed=1").start()
    with open_page(browser, f"{demo.url}/tap?lang=ko", size=TELEPHONE) as page:
        page.get_by_role("button", name="누르기").click()
        expect(page.locator(".tap-answer")).to_contain_text("초 만에 안전하게 저장됨")
        tapped = demo.device("b01", "presence_sensor", "visitors")
        assert tapped is not None
        assert tapped["readings"] == 1
        refused = {"code": "topic", "message": "too many", "message_ko": "기기가 너무 많습니다"}
        page.route("**/api/show/tap", lambda route: route.fulfill(json=refused))
        page.get_by_role("button", name="누르기").click()
        expect(page.locator(".tap-answer")).to_contain_text("기기가 너무 많습니다")
    with open_page(browser, f"{demo.url}/?lang=en&view=ops") as page:
        tank, plug = page.locator(".tank"), page.locator(".plug")
        plug.click()
        expect(tank).to_contain_text("readings still come in")
        expect(page.locator(".banner:visible")).to_have_count(1)
        expect(page.locator(".tank-sum")).to_contain_text(re.compile(r"stored \d+ \+ waiting \d+"))
        expect(plug).to_contain_text("Put it back")
        plug.click()
        closed = re.compile(r"received ([\d,]+) = stored \1 · lost 0$")
        expect(page.locator(".tank-sum")).to_have_text(closed)
        expect(plug).to_have_text("Pull the store's plug")
