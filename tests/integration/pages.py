"""Pages of the hub in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from harness.wait import DEADLINE

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-quic"
)


@contextmanager
def open_page(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = (1280, 720),
    failing: bool = False,
    refused: bool = False,
    clock: bool = False,
) -> Iterator[Page]:
    """A page that must not complain, nor ask any other host for anything.

    While the hub is `failing` its health is 503, which the browser writes down as an error; so is
    403, for what is `refused`. With `clock` its time can be moved forward.
    """
    host, complaints = "/".join(url.split("/")[:3]), list[str]()
    foreseen = ["503"] * failing + ["403"] * refused

    def console(message: ConsoleMessage) -> None:
        said = message.text
        if message.type in {"error", "warning"} and not any(word in said for word in foreseen):
            complaints.append(said)

    def request(asked: Request) -> None:
        if not asked.url.startswith((host, "data:")):
            complaints.append(f"asked {asked.url}")

    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(DEADLINE * 1_000)
    page = context.new_page()
    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", request)
    if clock:
        page.clock.install()
    page.goto(url)
    yield page
    context.close()
    assert complaints == []
