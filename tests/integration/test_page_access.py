"""The pages for everybody: axe-core finds nothing on the wall, a booth's page and the docs page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from harness.hub import Demo
from harness.wait import DEADLINE, until
from tests.integration.pages import open_page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "tests" / "js" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run()).violations.map(
    ({ id, help, nodes }) => [id, help, ...nodes.slice(0, 4).map(({ html, failureSummary }) =>
        `${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`)].join("\\n"))"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that runs, with a message that was rejected."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    try:
        running.start()
        until(lambda: any(d["readings"] for d in running.get("/api/devices")), "the first readings")
        yield running
    finally:
        running.close()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/?lang=en", ".overview .need"),
        ("/?lang=ko&board=smart_home", ".card"),
        ("/?lang=ko&view=wall", ".overview .stand"),
        ("/?lang=en&view=wall&board=mobility", "main[data-board=mobility]"),
        ("/booths/b01?lang=ko", ".programs code:not(:empty)"),
        ("/docs", "main section"),
    ],
    ids=["wall", "board", "wall-view", "wall-view-board", "booth", "docs"],
)
def test_axe_finds_nothing(browser: Browser, demo: Demo, path: str, shown: str):
    assert AXE.is_file(), "axe-core is missing; run scripts/node"
    with open_page(browser, f"{demo.url}{path}") as page:
        page.locator(shown).first.wait_for(timeout=DEADLINE * 1_000)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(RUN)
    assert found == [], "\n\n".join(found)
