"""Every answer carries the security headers: pages, data, errors, streams, files, redirects."""

import pytest

from tests.security.conftest import BEARER, TOKEN, assert_headers
from tests.web.test_api import Stream

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERS = {
    "/": 200,
    "/booths/b12": 200,
    "/docs": 200,
    "/openapi.json": 200,
    "/metrics": 200,
    "/api/kinds": 200,
    "/api/devices": 200,
    "/api/kinds/thermostat/schema": 200,
    "/static/js/booth.js": 200,
    "/static/icon.svg": 200,
    "/api/readings?limit=0": 422,
    "/api/readings?kind=thermostat&start=yesterday": 400,
    "/api/kinds/toaster/schema": 404,
    "/nothing": 404,
    "/static/nothing.js": 404,
    "/booths/UPPER": 404,
}


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
async def test_an_answer_carries_them(site, path, status):
    answer = await site.get(path)
    assert answer.status_code == status
    assert_headers(answer.headers)


async def test_health_carries_them_whatever_it_says(site):
    assert_headers((await site.get("/api/health")).headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_another_method_gets_them_too(site, method):
    answer = await site.client.request(method, "/api/accounts")
    assert answer.status_code == 405
    assert_headers(answer.headers)


@pytest.mark.parametrize("path", ["/", "/api/accounts", "/booths/b12", "/nothing"])
async def test_a_refusal_carries_them(stranger, path):
    answer = await stranger.get(path)
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-store"
    assert_headers(answer.headers)


async def test_a_redirect_carries_them(stranger):
    answer = await stranger.get("/", params={"token": TOKEN})
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    assert_headers(answer.headers)


async def test_a_file_that_did_not_change_carries_them(site):
    known = (await site.get("/static/icon.svg")).headers["etag"]
    answer = await site.get("/static/icon.svg", headers={"if-none-match": known})
    assert answer.status_code == 304
    assert_headers(answer.headers)


async def test_a_stream_carries_them(site):
    headers = [(name.encode(), value.encode()) for name, value in BEARER.items()]
    async with Stream(site.client._transport.app, "/api/live", headers) as stream:
        assert_headers({name.decode(): value.decode() for name, value in stream.start["headers"]})


async def test_a_mistake_of_the_hub_carries_them_and_says_nothing_of_its_cause(site, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("something with a secret in it")

    monkeypatch.setattr(site.hub.live, "devices", fail)
    transport = site.client._transport
    monkeypatch.setattr(transport, "raise_app_exceptions", False)
    answer = await site.get("/api/devices")
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "internal",
        "message": "internal error; see the hub's log",
    }
    assert_headers(answer.headers)


async def test_what_is_no_http_gets_them_too(opened):
    said = (await opened.say(b"nonsense\r\n\r\n")).decode()
    head, _, body = said.partition("\r\n\r\n")
    lines = (line.partition(": ") for line in head.split("\r\n")[1:])
    assert head.startswith("HTTP/1.1 400 ")
    assert_headers({name.lower(): value for name, _, value in lines})
    assert body == '{"error": "http", "message": "this is no HTTP request that the hub can read"}'
