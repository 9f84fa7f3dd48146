"""The hand-out as Chromium prints it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from harness.process import program
from hub.booths.handout import write
from tests.booths.handouts import facts

A4 = (794, 1123)
"""Width and height of the page in CSS pixels."""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program("chromium-headless-shell"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield chromium
        chromium.close()


CA = Path(__file__)  # any file: what it holds is not printed
MANY = (("drone", "d1"), ("shuttle", "s1"), ("vision_ai", "v1"), ("humanoid", "h1"))


@pytest.mark.parametrize(
    "sheet",
    [
        facts(known=False, ca=CA),
        facts(2, named=MANY[:2], ca=CA),
        facts(4, named=MANY, ca=CA),
        facts(8, named=MANY, ca=CA),
        facts(4, named=MANY, ca=CA, others="mqtt://10.0.0.5:1883 wss://10.0.0.5:8084"),
        facts(30, ca=CA),
    ],
)
def test_it_is_one_page_and_nothing_is_cut(browser, kinds, tmp_path, sheet):
    path = write(tmp_path, sheet, kinds)
    view = browser.new_page(viewport={"width": A4[0], "height": A4[1]})
    view.goto(path.as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", view.pdf(prefer_css_page_size=True))) == 1
    assert view.evaluate("document.documentElement.scrollWidth") <= A4[0]
    view.close()
