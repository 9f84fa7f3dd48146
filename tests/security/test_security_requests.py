"""Odd and large requests get a fitting status in the one shape of errors, and never a 500."""

import asyncio
import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.web.http11 import Http11, origin_form
from tests.security.conftest import TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATHS = ["/api/readings", "/api/devices", "/api/rejections", "/api/zone", "/api/kinds"]
NAMES = ["booth", "kind", "device", "field", "start", "stop", "every", "agg", "limit", "domain",
         "trend", "token", "x"]  # fmt: skip
EXTREMES = ["", "0", "-1", "1", "nan", "inf", "-inf", "1e999", "1" * 400, "9" * 20, "-" + "9" * 30,
            "now", "-1d", "-999999999d", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59",
            "2026-02-30T00:00:00Z", "\x00", "\n", "'", '"', "' OR 1=1 --", "\\", "%", "%00", "한글",
            "\u202e", "\U0001f600", "../..", "1ms", "0s", "999999999d", "true", "null", "[]",
            "thermostat", "b12", "t1", "temperature", "mean", "٣", "1_0", "0x10", " "]  # fmt: skip
values = st.one_of(st.sampled_from(EXTREMES), st.text(max_size=40))


def one_shape(answer):
    assert set(answer) == {"error", "message"}, answer
    assert all(isinstance(value, str) and value for value in answer.values())


async def fits(site, path, params):
    answer = await site.client.get(path, params=params)
    assert answer.status_code in {200, 303, 400, 404, 422}, (path, params, answer.text)
    if answer.status_code >= 400:
        one_shape(answer.json())
    return answer.status_code


@pytest.mark.parametrize("path", ["/api/readings", "/api/devices"])
@pytest.mark.parametrize("name", NAMES)
async def test_each_parameter_takes_or_refuses_each_extreme(site, path, name):
    for value in EXTREMES:
        await fits(site, path, {"kind": "thermostat", name: value})


@given(st.sampled_from(PATHS), st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_parameters_together(site, path, params):
    await fits(site, path, params)


@given(query=st.binary(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_query_of_any_bytes(site, query):
    answer = await site.client.get(f"/api/devices?{quote(query, safe='&=%')}")
    assert answer.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "limit", [-(2**70), -1, 0, 100_001, 2**31, 2**63, 2**70, "1e3", "1.5", "x"]
)
async def test_a_limit_that_cannot_be_is_refused(site, limit):
    assert await fits(site, "/api/readings", {"kind": "thermostat", "limit": limit}) == 422
    assert await fits(site, "/api/rejections", {"limit": limit}) == 422


async def test_many_parameters_are_read_quickly_or_refused(site):
    assert await fits(site, "/api/readings", [("field", "temperature")] * 2_000) in {200, 400, 422}
    await fits(site, "/api/devices", [(f"x{number}", "1") for number in range(2_000)])


def request(target, *headers, body=b"", method=b"GET"):
    lines = [b"%s %s HTTP/1.1" % (method, target), b"host: hub", b"connection: close"]
    lines += [b"authorization: Bearer " + TOKEN.encode(), *headers]
    return b"\r\n".join([*lines, b"", body])


ODD = {
    "a very long address": request(b"/api/devices?booth=" + b"b" * 60_000),
    "an address that is too long": request(b"/api/devices?booth=" + b"b" * 2_000_000),
    "a header that is too long": request(b"/api/devices", b"x-long: " + b"a" * 2_000_000),
    "many headers": request(b"/api/accounts", *[b"x-%d: 1" % number for number in range(20_000)]),
    "bytes that are no UTF-8 in the address": request(b"/api/devices?booth=%ff%fe"),
    "bytes that are no ASCII in the path": request(b"/\xff\xfe\xed"),
    "bytes that are no ASCII in the query": request(b"/api/devices?booth=\xff"),
    "no UTF-8 in an escaped path": request(b"/api/kinds/%ff%fe/schema"),
    "a space in the address": request(b"/api/a b"),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/3.7\r\nhost: hub\r\n\r\n",
    "an absolute address": b"GET http://elsewhere.example/nothing HTTP/1.1\r\nhost: hub\r\n\r\n",
    "a method of one's own": request(b"/api/accounts", method=b"BREW"),
    "a tunnel": b"CONNECT elsewhere.example:443 HTTP/1.1\r\nhost: elsewhere.example\r\n\r\n",
    "two lengths": request(b"/api/accounts", b"content-length: 1", b"content-length: 2"),
    "a negative length": request(b"/api/accounts", b"content-length: -1"),
    "a broken chunk": request(b"/api/none", b"transfer-encoding: chunked", body=b"zz\r\n"),
    "a header of two lines": request(b"/api/none", b"x-a: 1", b" folded: 2"),
    "a zero byte in a header": request(b"/api/accounts", b"x-a: \x00"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40 + b"\r\n\r\n",
    "MQTT": b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0f\x00\x04test\r\n\r\n",
}


@pytest.mark.parametrize("sent", ODD.values(), ids=list(ODD))
async def test_an_odd_request_gets_an_error_in_the_one_shape(opened, sent):
    said = await opened.say(sent)
    head, _, body = said.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert 400 <= status < 500 or (status == 200 and b"[]" in body), said[:300]
    if status >= 400:
        one_shape(json.loads(body))


@pytest.mark.parametrize("target", [b"http://hub/api/kinds", b"HTTPS://hub:80/api/kinds?x=1"])
async def test_an_absolute_address_is_the_path_in_it(opened, target):
    said = await opened.say(request(target).replace(b"host: hub", b"host: elsewhere.example"))
    assert said.startswith(b"HTTP/1.1 200 ")


async def test_of_an_absolute_address_its_own_host_counts():
    """Host is ignored then (RFC 9112, 3.2.2), or a page could choose another than is looked at."""
    scope = {"raw_path": b"http://evil.example/a%20b", "headers": [(b"host", b"127.0.0.1")]}
    assert origin_form(scope) == {
        "raw_path": b"/a%20b", "path": "/a b", "headers": [(b"host", b"evil.example")],
    }  # fmt: skip
    assert origin_form({**scope, "raw_path": b"http://hub"})["path"] == "/"
    assert origin_form({**scope, "raw_path": b"/http://hub/"}) == {}


@pytest.mark.parametrize("size", [10, 5_000_000])
async def test_a_body_that_nobody_asked_for_is_not_kept(opened, size):
    sent = request(b"/api/accounts", b"content-length: %d" % size, body=b"x" * size)
    said = await opened.say(sent)
    assert said.startswith(b"HTTP/1.1 200 ")


async def test_the_hub_serves_on_after_all_of_them(opened):
    for sent in ODD.values():
        await opened.say(sent)
    assert (await opened.say(request(b"/api/accounts"))).startswith(b"HTTP/1.1 200 ")


async def test_the_time_of_a_request_begins_when_its_head_is_whole(opened, monkeypatch):
    made: list[Http11] = []
    before = Http11.connection_made

    def noted(self: Http11, transport: asyncio.Transport) -> None:
        before(self, transport)
        made.append(self)

    monkeypatch.setattr(Http11, "connection_made", noted)
    reader, writer = await asyncio.open_connection(opened.host, opened.port)
    writer.write(b"GET /api/accounts HTTP/1.1\r\nhost: hub\r\n\r\n")
    await reader.readuntil(b"}")
    (connection,) = made
    connection.since = 0.0  # it has waited for long
    connection.data_received(b"GET /api/accounts HTTP/1.1\r\n")
    assert connection.since == 0.0
    connection.data_received(b"host: hub\r\n\r\n")
    assert connection.since > 0.0
    await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()
