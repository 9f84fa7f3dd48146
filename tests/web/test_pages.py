"""What is the same whatever the hub has seen: errors, pages, headers, the API's description."""

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = {
    "no such path": ("/api/nothing", 404, "not_found", "Not Found"),
    "no such kind": (
        "/api/kinds/toaster/schema",
        404,
        "not_found",
        "no kind 'toaster'; /api/kinds",
    ),
    "no such kind stored": ("/api/readings?kind=toaster", 404, "not_found", "no kind 'toaster'"),
    "no such field": ("/api/readings?kind=thermostat&field=x", 400, "query", "has no field 'x'"),
    "no such field anywhere": ("/api/readings?field=zzz", 400, "query", "no kind has zzz"),
    "no time": ("/api/readings?start=yesterday", 400, "query", "'yesterday' is no time"),
    "no time at the end": ("/api/readings?stop=later", 400, "query", "'later' is no time"),
    "no duration": ("/api/readings?every=often", 400, "query", "'often' is no duration"),
    "a duration of nothing": ("/api/readings?every=0s", 400, "query", "'0s' is no duration"),
    "a mean of words": (
        "/api/readings?kind=thermostat&field=mode&every=1m",
        400,
        "query",
        "mode is not one; use last or count",
    ),
    "no such aggregate": ("/api/readings?agg=median", 422, "parameter", "agg:"),
    "no number": ("/api/rejections?limit=all", 422, "parameter", "limit:"),
    "too small": ("/api/rejections?limit=0", 422, "parameter", "limit:"),
    "too large": ("/api/readings?limit=100001", 422, "parameter", "limit:"),
    "too long": ("/api/devices?booth=" + "b" * 33, 422, "parameter", "booth:"),
    "no boolean": ("/api/devices?trend=perhaps", 422, "parameter", "trend:"),
    "no such static file": ("/static/nothing.js", 404, "not_found", "Not Found"),
    "out of the static folder": ("/static/..%2f..%2fapi.py", 404, "not_found", "Not Found"),
    "no booth": ("/booths/B12", 404, "not_found", "'B12' is no booth; its id is like b12"),
    "a booth too long": ("/booths/" + "b" * 33, 404, "not_found", "is no booth"),
    "a hostile booth": ("/booths/%3Cscript%3E", 404, "not_found", "is no booth"),
    "a path below a booth": ("/booths/b12/x", 404, "not_found", "Not Found"),
}


@pytest.mark.parametrize(("path", "status", "code", "message"), WRONG.values(), ids=WRONG)
async def test_every_error_has_one_shape(still, path: str, status: int, code: str, message: str):
    answer = await still.get(path)
    assert answer.status_code == status
    said = answer.json()
    assert set(said) == {"error", "message"}
    assert said["error"] == code
    assert message in said["message"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/accounts", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
        ("DELETE", "/ops", "GET, HEAD"),
        ("HEAD", "/api/live", "GET"),
        ("DELETE", "/api/kinds", "GET, HEAD, POST"),
        ("PUT", "/api/booths/b12/kinds/tank/wish", "DELETE, POST"),
    ],
)
async def test_a_method_that_is_not_allowed_is_told_with_those_that_are(
    still, method: str, path: str, allowed: str
):
    answer = await still.client.request(method, path)
    assert answer.status_code == 405
    if method != "HEAD":
        assert answer.json() == {"error": "method_not_allowed", "message": "Method Not Allowed"}
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("booth", ["booth", "device", "b12", "client"])
async def test_the_hubs_own_counters_belong_to_no_booth(still, booth: str):
    assert await still.said("/api/readings", kind="hub", booth=booth) == []


@pytest.mark.parametrize("path", ["/", "/?lang=ko", "/?kiosk=15", "/booths/b12", "/docs"])
async def test_pages_are_html_and_never_stale(still, path: str):
    answer = await still.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/api/accounts", "/api/nothing", "/booths/B!", "/metrics"])
async def test_every_answer_carries_the_security_headers(still, path: str):
    headers = (await still.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy
    assert "data:" not in policy
    assert "frame-ancestors 'self'" in policy


async def test_openapi_lists_every_path_and_every_reference_leads_somewhere(still):
    said: Any = await still.said("/openapi.json")
    assert said["openapi"].startswith("3.1")
    assert set(said["paths"]) >= {
        "/api/health",
        "/api/accounts",
        "/api/kinds",
        "/api/kinds/{kind}/schema",
        "/api/zone",
        "/api/devices",
        "/api/readings",
        "/api/rejections",
        "/api/live",
        "/metrics",
    }
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            assert operation["responses"], (path, method)
            assert operation.get("summary") or operation.get("description"), (path, method)
    for reference in references(said):
        place = said
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    for schema in said.get("components", {}).get("schemas", {}).values():
        Draft202012Validator.check_schema(schema)


async def test_openapi_says_what_the_body_of_a_request_holds(still):
    operation = (await still.said("/openapi.json"))["paths"]["/api/mutes"]["post"]
    body = Draft202012Validator(operation["requestBody"]["content"]["application/json"]["schema"])
    mute = {"minutes": 15, "by": "Kim"}
    device = {"booth": "b12", "kind": "thermostat", "device": "t1"}
    assert body.is_valid({**mute, "cause": "offline b12"})
    assert body.is_valid({**mute, "device": device})
    assert not body.is_valid({**mute, "device": {**device, "booth": "B12"}})
    assert not body.is_valid({**mute, "cause": ""})
    assert not body.is_valid({"cause": "offline b12", "minutes": 15})


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for item in value.values() for found in references(item)]
    return (
        [found for item in value for found in references(item)] if isinstance(value, list) else []
    )


async def test_an_answer_is_whole_for_a_head_request(still):
    answer: httpx.Response = await still.client.head("/")
    assert answer.status_code == 200
    assert answer.content == b""
