"""Who may see what: the ops token as a header, as a cookie and in a link."""

import hmac
from http.cookies import SimpleCookie

import pytest
from pydantic import SecretStr

from hub.booths.registry import FILE
from hub.settings.values import HttpAddress
from tests.web.conftest import app_of, client_of, open_site

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "correct-horse-battery-staple"
GUARDED = ["/", "/docs", "/openapi.json", "/metrics", "/api/accounts", "/api/live", "/nothing"]


@pytest.mark.parametrize("path", GUARDED)
async def test_without_the_token_nothing_is_shown(guarded, path: str):
    answer = await guarded.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    said = answer.json()
    assert set(said) == {"error", "message"}
    assert said["error"] == "ops_token"
    assert TOKEN not in answer.text


@pytest.mark.parametrize(("token", "warned"), [("short", True), (TOKEN, False)])
async def test_a_token_that_can_be_guessed_is_warned_of(tmp_path, clock, caplog, token, warned):
    async with open_site(tmp_path, clock, token):
        assert ("HUB_OPS_TOKEN has 5 characters" in caplog.text) == warned


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
async def test_no_method_gets_around_the_token(guarded, method: str):
    assert (await guarded.client.request(method, "/api/accounts")).status_code == 401


async def test_what_the_pages_load_is_open(guarded):
    assert (await guarded.get("/static/js/booth.js")).status_code == 200


async def test_a_booth_without_an_account_opens_with_the_ops_token_only(guarded):
    assert (await guarded.get("/booths/b12")).status_code == 401
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert (await guarded.get("/booths/b12", headers=bearer)).status_code == 200


AROUND = [
    "/booths/../api/accounts",
    "/booths/..%2fapi/accounts",
    "/static/../api/accounts",
    "/static/..%2f..%2fapi/accounts",
    "//api/accounts",
    "/booths/%2e%2e/api/accounts",
]


@pytest.mark.parametrize("path", AROUND)
async def test_no_path_gets_around_the_token(guarded, path: str):
    answer = await guarded.get(path)
    assert answer.status_code in {401, 404}
    assert "received" not in answer.text


async def test_the_token_opens_as_a_bearer(guarded):
    answer = await guarded.get("/api/accounts", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200


async def test_the_word_bearer_may_be_written_small(guarded):
    answer = await guarded.get("/api/accounts", headers={"authorization": f"bearer {TOKEN}"})
    assert answer.status_code == 200


async def test_the_token_opens_as_a_cookie(guarded):
    answer = await guarded.get("/api/accounts", headers={"cookie": f"hub_ops={TOKEN}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "other", ['prefs={"lang": "ko"}', "a=b c", "=", "path=/", "x=é", ";;", "Ω"]
)
async def test_the_cookie_is_found_beside_the_cookies_of_others(guarded, other: str):
    """A browser sends the cookies of every service on the same host, whatever its port."""
    for cookies in (f"{other}; hub_ops={TOKEN}", f"hub_ops={TOKEN}; {other}"):
        answer = await guarded.get("/api/accounts", headers={"cookie": cookies.encode()})
        assert answer.status_code == 200, cookies


WRONG = ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é", " " * 28]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_token_opens_nothing(guarded, wrong: str):
    encoded = wrong.encode()
    for headers in ({"authorization": b"Bearer " + encoded}, {"cookie": b"hub_ops=" + encoded}):
        assert (await guarded.get("/api/accounts", headers=headers)).status_code == 401
    assert (await guarded.get("/api/accounts", params={"token": wrong})).status_code == 401


async def test_a_link_with_the_token_sets_the_cookie_and_loses_the_token(guarded):
    answer = await guarded.get("/", params={"lang": "ko", "token": TOKEN, "kiosk": "15"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?lang=ko&kiosk=15"
    cookie = SimpleCookie(answer.headers["set-cookie"])["hub_ops"]
    assert cookie.value == TOKEN
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert not cookie["secure"]
    assert cookie["path"] == "/"
    assert cookie["max-age"] == "", "it ends with the browser"
    assert (await guarded.get("/api/accounts")).status_code == 200  # the client kept the cookie


@pytest.mark.parametrize(("tokens", "status"), [((TOKEN, "x"), 303), (("x", TOKEN), 401)])
async def test_of_several_tokens_in_a_link_the_first_counts(guarded, tokens, status: int):
    answer = await guarded.get("/", params=[("token", token) for token in tokens])
    assert answer.status_code == status
    assert answer.headers.get("location") == ("/" if status == 303 else None)


async def test_a_token_in_the_address_opens_no_other_request_than_that_of_a_page(guarded):
    answer = await guarded.client.post("/api/accounts", params={"token": TOKEN})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


async def test_a_link_keeps_its_path(guarded):
    answer = await guarded.get("/docs", params={"token": TOKEN})
    assert answer.headers["location"] == "/docs"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//elsewhere.example/x", "/elsewhere.example/x"),
        ("/a%0d%0aset-cookie:%20x=y", "/a%0D%0Aset-cookie%3A%20x%3Dy"),
        ("/%ED%95%9C", "/%ED%95%9C"),
        ("/a%25b%3Fc", "/a%25b%3Fc"),
    ],
)
async def test_a_link_leads_nowhere_else(guarded, path: str, location: str):
    answer = await guarded.client.get(f"http://127.0.0.1{path}?token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == location


async def test_the_token_is_compared_in_constant_time(guarded, monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[bytes, bytes]] = []
    really = hmac.compare_digest

    def compare(given: bytes, token: bytes) -> bool:
        compared.append((given, token))
        return really(given, token)

    monkeypatch.setattr("hub.web.guard.hmac.compare_digest", compare)
    await guarded.get("/api/accounts", headers={"authorization": "Bearer nearly"})
    assert (b"nearly", TOKEN.encode()) in compared


async def test_without_a_readable_registry_no_link_opens_and_the_log_says_why(
    tmp_path, clock, caplog
):
    async with open_site(tmp_path, clock, TOKEN) as site:
        (tmp_path / FILE).write_text("{")
        for given in ({"authorization": "Bearer x"}, {"cookie": "hub_booth_b12=x"}):
            for path in ("/api/kinds", "/api/booths/b12"):
                caplog.clear()
                assert (await site.get(path, headers=given)).status_code == 401
                assert "is not what hub booth writes" in caplog.text


async def test_the_cookie_stays_on_https_where_the_link_was_opened_so(guarded):
    answer = await guarded.get(f"https://hub/?token={TOKEN}")
    assert SimpleCookie(answer.headers["set-cookie"])["hub_ops"]["secure"]


async def test_a_person_is_told_in_a_page_and_in_both_languages(guarded):
    answer = await guarded.get("/", headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "운영팀 전용" in answer.text
    assert "for the operations team" in answer.text


ODD = ["열려라-참깨-열려라-참깨", "naïve café ☕ token", 'a;b="c"%2C, d\\e+f&g#', "=" * 16]


@pytest.mark.parametrize("token", ODD)
async def test_a_token_may_hold_any_letter(still, token: str):
    app = app_of(still, ops_token=SecretStr(token))
    async with client_of(app) as client:
        bearer = {b"authorization": f"Bearer {token}".encode()}
        assert (await client.get("/api/accounts", headers=bearer)).status_code == 200
        assert (await client.get("/", params={"token": token})).status_code == 303
        assert (await client.get("/api/accounts")).status_code == 200  # by the cookie
    async with client_of(app) as client:
        assert (await client.get("/", params={"token": token + "x"})).status_code == 401


async def test_no_page_of_another_site_may_send_anything(still):
    path, from_afar = "/api/kinds/thermostat/check", {"sec-fetch-site": "cross-site"}
    refused = await still.client.post(path, content=b"{}", headers=from_afar)
    assert (refused.status_code, refused.json()["error"]) == (403, "cross_site")
    own = {"sec-fetch-site": "same-origin"}
    assert (await still.client.post(path, content=b"{}", headers=own)).status_code == 200


async def test_without_a_token_set_everything_is_open(still):
    assert (await still.get("/api/accounts")).status_code == 200


REACHED = {
    "http": HttpAddress("hall.example", 8080),
    "public_http": "https://wall.example",
}


@pytest.fixture
async def public(still):
    """A client of a hub without a token that is reached by two names."""
    async with client_of(app_of(still, **REACHED)) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "hall.example", "wall.example."],
)
async def test_a_hub_without_a_token_is_reached_by_its_own_names(public, host):
    assert (await public.get("/api/accounts", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "hall.example.evil", "[", "10.0.0.5", "a@b"]
)
@pytest.mark.parametrize("path", ["/", "/api/accounts", "/static/js/api.js", "/api/recording"])
async def test_a_name_that_is_not_the_hubs_shows_nothing(public, host, path):
    """DNS rebinding: the name of another site leads to 127.0.0.1, and its pages to the hub."""
    answer = await public.get(path, headers={"host": host})
    assert (answer.status_code, answer.json()["error"]) == (421, "host")
    assert "HUB_PUBLIC_HTTP" in answer.json()["message"]


async def test_a_hub_with_a_token_is_reached_by_any_name(guarded):
    headers = {"host": "evil.example", "authorization": f"Bearer {TOKEN}"}
    assert (await guarded.get("/api/accounts", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1", 200),
        ("https://wall.example", 200),
        ("http://hall.example:8080", 200),
        ("http://hall.example:3000", 403),
        ("http://127.0.0.1:3000", 403),
        ("http://evil.example", 403),
        ("null", 403),
    ],
)
async def test_a_page_of_another_origin_may_not_send_anything(public, origin, status):
    """Over plain HTTP beyond this machine no browser says Sec-Fetch-Site, but Origin it does."""
    path = "/api/kinds/thermostat/check"
    answer = await public.post(path, content=b"{}", headers={"origin": origin})
    assert answer.status_code == status
    removed = await public.delete("/api/devices/b12/thermostat/t1", headers={"origin": origin})
    assert (removed.status_code == 403) is (status == 403)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/devices", "no-store"),
        ("/api/kinds", "no-store"),
        ("/api/kinds/none/schema", "no-store"),
        ("/metrics", "no-store"),
        ("/static/js/api.js", "no-cache"),
        ("/", "no-cache"),
    ],
)
async def test_data_are_kept_by_no_cache_and_files_are_asked_about(still, path, said):
    answer = await still.get(path)
    assert answer.headers.get_list("cache-control") == [said]
