"""Parameters as forms and other programs send them, and HEAD."""

import json

import pytest

GOOD = '{"temperature": 21.5}'


@pytest.mark.parametrize("path", ["/api/devices", "/api/readings"])
async def test_an_empty_parameter_is_one_left_out(site, path):
    await site.publish("b12/thermostat/t1", GOOD)
    await site.stored()
    bare = await site.said(path)
    assert bare
    assert await site.said(f"{path}?booth=&kind=&device=&every=&limit=&domain=&agg=") == bare


async def test_a_parameter_that_is_given_twice_is_named(site):
    for path in ("/api/devices?kind=light&kind=thermostat", "/api/zone?booth=b12&booth=b12"):
        answer = await site.get(path)
        assert (answer.status_code, answer.json()["error"]) == (422, "parameter")
        assert "is given 2 times; give it once" in answer.json()["message"]
    fields = "/api/readings?kind=thermostat&field=temperature&field=humidity"
    assert (await site.get(fields)).status_code == 200
    assert (await site.get("/api/accounts?x=1&x=2")).status_code == 200


async def test_what_is_no_booth_id_is_told_in_words_in_both_languages(site):
    answer = (await site.get("/api/booths/B04")).json()
    assert answer["error"] == "parameter"
    assert answer["message"] == (
        "booth: 'B04' is no booth id like b12, which has lower-case letters, digits and -, at most "
        "32, a letter or digit first"
    )
    assert "b12 같은 부스 id가 아닙니다. 영문 소문자나 숫자로" in answer["message_ko"]


async def test_a_domain_that_does_not_exist_is_told_with_those_that_do(site):
    answer = await site.get("/api/devices?domain=SMART_HOME")
    assert answer.status_code == 404
    assert "there is no domain 'SMART_HOME'; there are smart_home, robotics" in answer.text


@pytest.mark.parametrize("path", ["/api/accounts", "/api/kinds", "/metrics", "/docs", "/api/zone"])
async def test_head_is_answered_as_get_is(site, path):
    answer = await site.client.head(path)
    assert answer.status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "1969-07-20", "9999-12-31"])
async def test_a_day_without_time_in_ns_is_told(site, day):
    answer = await site.get(f"/api/booths/b12/export?day={day}")
    assert (answer.status_code, json.loads(answer.text)["error"]) == (400, "query")
    assert day in answer.text


async def test_a_wrong_value_is_a_parameters_fault(site):
    answer = await site.get("/api/kinds/thermostat/snippets?host=a%0Ab")
    assert (answer.status_code, answer.json()["error"]) == (422, "parameter")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/devices?booth={'b' * 32}", 200),
        (f"/api/devices?booth={'b' * 33}", 422),
        (f"/api/booths/{'b' * 32}", 200),
        (f"/api/booths/{'b' * 33}", 422),
        (f"/api/devices?kind={'k' * 64}", 404),
        (f"/api/devices?kind={'k' * 65}", 422),
        (f"/api/kinds/{'k' * 64}/schema", 404),
        (f"/api/kinds/{'k' * 65}/schema", 422),
    ],
)
async def test_names_are_taken_as_long_as_a_topic_may_have_them(site, path, status):
    assert (await site.get(path)).status_code == status
