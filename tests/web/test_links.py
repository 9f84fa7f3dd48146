"""The link of a booth: it opens the booth's own page and data, and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from harness.wait import DEADLINE
from hub.booths.registry import DeviceAccount, Registry
from hub.clock import SECOND, HeldClock
from hub.web.routes import stream
from hub.web.routes.tap import TAP
from tests.web.conftest import TOKEN, Site, client_of, open_site
from tests.web.test_api import Stream

GOOD = '{"temperature": 21.5}'
BAD = '{"temperature": 412}'
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Linked(Site):
    """A hub with two booths that have accounts, and a browser with the link of b12."""

    def __init__(self, site: Site, registry: Registry) -> None:
        super().__init__(site.hub, site.client, site.clock)
        self.registry = registry

    @property
    def app(self) -> Any:
        return self.client._transport.app  # type: ignore[attr-defined]

    async def opened(self, booth: str) -> None:
        answer = await self.get(f"/booths/{booth}", params={"token": self.registry.token(booth)})
        assert answer.status_code == 303


@asynccontextmanager
async def open_linked(folder: Path, clock: HeldClock, zone_file: Path) -> AsyncIterator[Linked]:
    registry = Registry(folder)
    registry.put("b12", "Warm homes", "따뜻한 집", (DeviceAccount(account="b12-1"),))
    registry.put("b13", "Empty", "", (DeviceAccount(account="b13-1"),))
    async with open_site(folder, clock, TOKEN, zone=str(zone_file)) as site:
        yield Linked(site, registry)


@pytest.fixture
async def linked(tmp_path: Path, clock: HeldClock, zone_file: Path) -> AsyncIterator[Linked]:
    async with open_linked(tmp_path / "data", clock, zone_file) as linked:
        yield linked


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(
    tmp_path_factory: pytest.TempPathFactory, zone_file: Path
) -> AsyncIterator[Linked]:
    """A hub for all tests that only ask; b13 has sent what nobody else may see."""
    folder, clock = tmp_path_factory.mktemp("standing") / "data", HeldClock(1_760_000_000 * SECOND)
    async with open_linked(folder, clock, zone_file) as linked:
        await linked.publish("b13/thermostat/t1", '{"temperature": 77.25}')
        await linked.publish("b13/thermostat/t1", '{"temperature": 98765}')
        yield linked


@pytest_asyncio.fixture(loop_scope="module")
async def browser(standing: Linked) -> AsyncIterator[Linked]:
    """A browser of its own at that hub."""
    async with client_of(standing.app) as client:
        yield Linked(Site(standing.hub, client, standing.clock), standing.registry)


async def test_a_slash_behind_the_link_s_address_opens_the_page_too(linked: Linked):
    query = {"token": linked.registry.token("b12")}
    async with client_of(linked.app) as browser:
        answer = await browser.get(
            "/booths/b12/", params=query, headers=PAGE, follow_redirects=True
        )
    assert (answer.status_code, answer.url.path) == (200, "/booths/b12")


async def test_a_link_sets_the_cookie_and_loses_the_token(linked: Linked):
    token = linked.registry.token("b12")
    answer = await linked.get("/booths/b12", params={"token": token, "lang": "ko"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/booths/b12?lang=ko"
    assert answer.headers["cache-control"] == "no-store"
    cookie = SimpleCookie(answer.headers["set-cookie"])["hub_booth_b12"]
    assert (cookie.value, cookie["path"], cookie["samesite"]) == (token, "/", "lax")
    assert cookie["httponly"]
    assert int(cookie["max-age"]) == 14 * 24 * 3600, "a booth opens it once for the whole event"
    assert (await linked.get("/booths/b12")).status_code == 200


#: What the page asks for; each with the booth named once.
OWN = [
    "/booths/b12",
    "/api/booths/b12",
    "/api/zone?booth=b12",
    "/api/devices?booth=b12",
    "/api/devices?booth=b12&trend=true",
    "/api/rejections?booth=b12&limit=50",
    "/api/kinds",
    "/api/booths/b12/report?lang=ko",
    "/api/kinds/thermostat/schema",
    "/api/kinds/thermostat/snippets?booth=b12&device=t1",
    "/static/js/booth.js",
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", OWN)
async def test_the_link_opens_the_page_and_what_it_shows(browser: Linked, path: str):
    assert (await browser.get(path)).status_code == (200 if "static" in path else 401)
    await browser.opened("b12")
    assert (await browser.get(path)).status_code == 200


async def test_the_link_opens_as_a_bearer_too(linked: Linked):
    bearer = {"authorization": f"Bearer {linked.registry.token('b12')}"}
    for path in OWN:
        assert (await linked.get(path, headers=bearer)).status_code == 200
    assert (await linked.get("/api/devices?booth=b13", headers=bearer)).status_code in {401, 403}


async def test_a_payload_can_be_tried_with_the_link(linked: Linked):
    path = "/api/kinds/thermostat/check?booth=b12"
    assert (await linked.client.post(path, content=GOOD)).status_code == 401
    await linked.opened("b12")
    assert (await linked.client.post(path, content=GOOD)).status_code == 200
    other = await linked.client.post(path.replace("b12", "b13"), content=GOOD)
    assert other.status_code == 403


#: Ways to ask for another booth, or for all of them.
NOT_OWN = [
    "/booths/b13",
    "/api/booths/b13",
    "/api/booths/b12?booth=b13",
    "/api/booths/b12/",
    "/api/booths/b12%2F..%2Fb13",
    "/api/booths/b12/../b13",
    "/api/booths/b12%0a",
    *(
        path + query
        for path in ("/api/zone", "/api/devices", "/api/rejections", "/api/live")
        for query in (
            "",
            "?booth=",
            "?booth=b13",
            "?booth=b12&booth=b13",
            "?booth=b13&booth=b12",
            "?booth=b12&booth=b12",
            "?booth=b12%26booth=b13",
            "?booth=b12%00",
            "?Booth=b12",
            "?booth[]=b12",
            "?booth=B12",
            "?booth=b12;booth=b13",
            "?booth=b12%20",
        )
    ),
    "/api/kinds/thermostat/snippets?booth=b13",
    "/api/kinds/thermostat/snippets?booth=b12&booth=b13",
    "/",
    "/docs",
    "/openapi.json",
    "/metrics",
    "/nothing",
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", NOT_OWN)
async def test_the_link_opens_nothing_else(browser: Linked, path: str):
    await browser.opened("b12")
    answer = await browser.get(path)
    assert answer.status_code == 403, answer.text
    assert answer.json()["error"] == "other_booth"
    assert "b12" in answer.json()["message"]
    assert "77.25" not in answer.text
    assert "98765" not in answer.text


async def test_every_route_of_the_interface_is_closed_but_the_booths_own(linked: Linked):
    """Whatever is added to the interface stays closed until it is put on the list."""
    await linked.publish("b13/thermostat/t1", '{"temperature": 77.25}')
    await linked.publish("b13/thermostat/t1", '{"temperature": 98765}')
    await linked.opened("b12")
    ops = {"authorization": f"Bearer {TOKEN}"}
    paths = (await linked.get("/openapi.json", headers=ops)).json()["paths"]
    opened = set()
    for path, methods in paths.items():
        for method, booth in [(item, booth) for item in methods for booth in ("b12", "b13", None)]:
            if path == "/api/live" and booth == "b12":
                continue  # a stream has no end; it has tests of its own
            asked = path.replace("{kind}", "thermostat").replace("{booth}", booth or "b13")
            asked = re.sub(r"\{\w+\}", "x", asked)
            named = {"booth": booth} if booth and "{booth}" not in path else {}
            answer = await linked.client.request(method, asked, params=named)
            assert "77.25" not in answer.text, asked
            assert "98765" not in answer.text, asked
            if answer.status_code != 403:
                opened.add((method, path, booth))
    shared = {
        ("get", "/api/kinds"),
        ("get", "/api/dialects"),
        ("get", "/api/asyncapi"),
        ("get", "/api/kinds/{kind}/schema"),
        ("get", "/api/kinds/{kind}/snippets"),
        ("post", "/api/kinds/{kind}/check"),
        *(without_link := {("get", "/api/ca.crt"), ("post", TAP)}),
    }
    own = {("get", path) for path in ("/api/zone", "/api/devices", "/api/rejections")}
    own |= {("get", "/api/booths/{booth}"), ("get", "/api/booths/{booth}/export")}
    own |= {("get", "/api/booths/{booth}/report")}
    own |= {("post", "/api/booths/{booth}/kinds/{kind}/wish")}
    opened -= {(*item, "b13") for item in without_link}
    assert opened == {(*item, "b12") for item in own | shared} | {(*item, None) for item in shared}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "OPTIONS"])
async def test_the_link_only_reads(linked: Linked, method: str):
    await linked.opened("b12")
    answer = await linked.client.request(method, "/api/devices?booth=b12")
    assert answer.status_code == 403


async def test_the_zone_is_the_booths_own_part(linked: Linked):
    await linked.publish("b13/thermostat/t1", GOOD)
    await linked.publish("stranger/thermostat/t1", GOOD)
    await linked.opened("b12")
    said: Any = await linked.said("/api/zone", booth="b12")
    assert [booth["id"] for booth in said["booths"]] == ["b12"]
    assert said["event"]["name"]["ko"] == "서울 스마트라이프위크"
    assert [zone["id"] for zone in said["zones"]] == ["smart"]
    assert said["mqtt"]["auth"] is True


async def test_a_browser_may_hold_the_links_of_two_booths(linked: Linked):
    await linked.opened("b12")
    await linked.opened("b13")
    for booth in ("b12", "b13"):
        assert (await linked.get("/api/devices", params={"booth": booth})).status_code == 200
    both = await linked.get("/api/devices?booth=b12&booth=b13")
    assert both.status_code == 403


async def test_the_ops_token_opens_every_booths_page(linked: Linked):
    assert (await linked.get("/booths/b12", params={"token": TOKEN})).status_code == 303
    for path in ("/booths/b12", "/booths/b13", "/booths/nobody", "/api/zone", "/api/devices"):
        assert (await linked.get(path)).status_code == 200


@pytest.mark.parametrize("wrong", ["", "x", "é", TOKEN[:-1], "other booth"])
async def test_a_wrong_link_is_refused(linked: Linked, wrong: str):
    token = linked.registry.token("b13") if wrong == "other booth" else wrong
    answer = await linked.get("/booths/b12", params={"token": token})
    assert (answer.status_code, answer.json()["error"]) == (403, "booth_link")
    assert "set-cookie" not in answer.headers
    assert not token or token not in answer.text


async def test_a_link_that_was_replaced_stops_working_at_once(linked: Linked):
    old = linked.registry.token("b12")
    await linked.opened("b12")
    new = linked.registry.rotate_link("b12")
    assert (await linked.get("/api/devices?booth=b12")).status_code == 401
    assert (await linked.get("/booths/b12", params={"token": old})).status_code == 403
    assert (await linked.get("/booths/b12", params={"token": new})).status_code == 303
    assert (await linked.get("/api/devices?booth=b12")).status_code == 200


async def test_a_booth_that_was_removed_has_no_link_any_more(linked: Linked):
    await linked.opened("b12")
    linked.registry.remove("b12")
    assert (await linked.get("/booths/b12")).status_code == 401


async def test_streams_of_a_link_that_was_replaced_end(
    linked: Linked, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream, "LOOK", 0.02)
    bearer = [(b"authorization", f"Bearer {linked.registry.token('b12')}".encode())]
    async with Stream(linked.app, "/api/live?booth=b12", bearer) as opened:
        assert opened.start["status"] == 200
        assert await opened.piece() == ": welcome\n\n"
        assert (await opened.piece()).startswith("event: booth\n")
        linked.registry.rotate_link("b12")
        async with asyncio.timeout(DEADLINE):
            while await opened.piece():
                pass
    assert linked.hub.live.broadcast.viewers == 0
    async with Stream(linked.app, "/api/live?booth=b12", bearer) as refused:
        assert refused.start["status"] == 401


async def test_links_cannot_take_every_stream(linked: Linked, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "MAX_VIEWERS", 2)
    monkeypatch.setattr(stream, "RESERVED", 1)
    link = [(b"authorization", f"Bearer {linked.registry.token('b12')}".encode())]
    ops = [(b"authorization", f"Bearer {TOKEN}".encode())]
    async with Stream(linked.app, "/api/live?booth=b12", link) as first:
        await first.piece()
        async with Stream(linked.app, "/api/live?booth=b12", link) as second:
            assert second.start["status"] == 503
        async with Stream(linked.app, "/api/live", ops) as wall:
            assert wall.start["status"] == 200


async def test_one_link_cannot_take_the_streams_of_the_others(
    linked: Linked, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream, "BOOTH_VIEWERS", 1)
    own, other = (
        [(b"authorization", f"Bearer {linked.registry.token(booth)}".encode())]
        for booth in ("b12", "b13")
    )
    ops = [(b"authorization", f"Bearer {TOKEN}".encode())]
    async with Stream(linked.app, "/api/live?booth=b12", own) as first:
        assert first.start["status"] == 200
        async with Stream(linked.app, "/api/live?booth=b12", own) as second:
            assert second.start["status"] == 503
            assert b"1 streams of booth b12 are open" in (await second._next())["body"]
        for path, token in (("/api/live?booth=b13", other), ("/api/live?booth=b12", ops)):
            async with Stream(linked.app, path, token) as still_free:
                assert still_free.start["status"] == 200
    async with Stream(linked.app, "/api/live?booth=b12", own) as again:
        assert again.start["status"] == 200


async def test_a_person_who_is_refused_gets_a_page_in_both_languages(linked: Linked):
    missing = await linked.get("/booths/b12", headers=PAGE)
    dead = await linked.get("/booths/b12", params={"token": "x"}, headers=PAGE)
    await linked.opened("b12")
    other = await linked.get("/booths/b13", headers=PAGE)
    said = {
        missing: (401, "부스 전용 링크", "the booth's own link".replace("'", "&#x27;")),
        dead: (403, "사용할 수 없는 링크", "This link does not work"),
        other: (403, "다른 부스의 링크", "This link belongs to another booth"),
    }
    for answer, (status, korean, english) in said.items():
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert korean in answer.text
        assert english in answer.text
        assert "script" not in answer.text


async def test_accounts_that_cannot_be_read_open_nothing(linked: Linked):
    await linked.opened("b12")
    (linked.hub.parts.settings.data / "booths.json").write_text("{", encoding="utf-8")
    assert (await linked.get("/booths/b12")).status_code == 401
    ops = {"authorization": f"Bearer {TOKEN}"}
    answer = await linked.get("/api/zone", headers=ops)
    assert (answer.status_code, answer.json()["error"]) == (503, "booths")


# --- on a loopback address, without an ops token


@pytest.fixture
async def local(tmp_path: Path, clock: HeldClock, zone_file: Path) -> AsyncIterator[Linked]:
    registry = Registry(tmp_path / "data")
    registry.put("b12", "Warm homes", "", (DeviceAccount(account="b12-1"),))
    async with open_site(tmp_path / "data", clock, zone=str(zone_file)) as site:
        yield Linked(site, registry)


async def test_without_an_ops_token_pages_open_as_they_are(local: Linked):
    for path in ("/", "/booths/b12", "/booths/b13", "/api/devices"):
        assert (await local.get(path)).status_code == 200


async def test_without_an_ops_token_a_good_link_leads_to_the_page(local: Linked):
    await local.opened("b12")


@pytest.mark.parametrize("booth", ["b12", "b13"])
async def test_without_an_ops_token_a_wrong_link_is_refused_all_the_same(local: Linked, booth: str):
    answer = await local.get(f"/booths/{booth}", params={"token": "wrong"})
    assert (answer.status_code, answer.json()["error"]) == (403, "booth_link")


@pytest.mark.parametrize(("others", "status"), [(19, 200), (20, 401)])
async def test_where_no_booth_is_named_twenty_cookies_are_tried(
    linked: Linked, others: int, status: int
):
    """A stranger's request must not cost a look-up for each cookie that fits into its head."""
    token = linked.registry.token("b12")
    cookies = [*(f"hub_booth_x{n}=y" for n in range(others)), f"hub_booth_b12={token}"]
    async with client_of(linked.app) as client:
        answer = await client.get("/api/kinds", headers={"cookie": "; ".join(cookies)})
        assert answer.status_code == status


async def test_other_cookies_do_not_matter(linked: Linked):
    token = linked.registry.token("b12")
    cookies = "; ".join([*(f"hub_booth_x{n}=y" for n in range(50)), f"hub_booth_b12={token}"])
    async with client_of(linked.app) as client:
        answer = await client.get("/api/devices?booth=b12", headers={"cookie": cookies})
        assert answer.status_code == 200
