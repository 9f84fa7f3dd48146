"""What the exhibitor's page asks for: how far the booth is, a trial of a payload, a program."""

import json
import re
from typing import Any

import pytest

from hub.booths.registry import DeviceAccount, Registry
from hub.booths.snippets import FORMS
from hub.limits.fair import FairMap
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.web.routes.booth_accounts import BoothOrder, _who

GOOD = '{"temperature": 21.5}'


def states(said: Any) -> list[str]:
    return [item["state"] for item in said["checklist"]]


async def test_a_booth_is_told_how_far_it_has_come(site):
    said: Any = await site.said("/api/booths/b12")
    assert (said["id"], said["name"]["ko"], said["zone"]) == ("b12", "따뜻한 집", "smart")
    assert [item["step"] for item in said["checklist"]] == [
        "connected",
        "topic",
        "json",
        "reading",
        "steady",
    ]
    assert states(said) == ["next", "later", "later", "later", "later"]
    await site.publish("b12/thermostat/t1", '{"temperature": 412}')
    await site.publish("b13/thermostat/t1", GOOD)
    said = await site.said("/api/booths/b12")
    assert states(said) == ["done", "done", "done", "wrong", "later"]
    assert said["checklist"][3]["rejection"]["errors"][0]["field"] == "temperature"
    await site.publish("b12/thermostat/t1", GOOD)
    assert states(await site.said("/api/booths/b12")) == ["done"] * 4 + ["next"]


async def test_a_booth_that_nobody_planned_is_told_too(site):
    said: Any = await site.said("/api/booths/newcomer")
    assert (said["id"], said["state"], said["account"]) == ("newcomer", "empty", None)
    assert (await site.get("/api/booths/B 12")).status_code == 422


async def test_a_booth_sees_its_accounts_and_no_secret(site):
    registry = Registry(site.hub.parts.settings.data)
    device = DeviceAccount(account="b12-1", kind="thermostat", device="t1")
    registry.put("b12", "Warm homes", "", (device, DeviceAccount(account="b12-2")))
    answer = await site.get("/api/booths/b12")
    assert answer.json()["account"] == {
        "disabled": False,
        "devices": [
            {"account": "b12-1", "kind": "thermostat", "device": "t1"},
            {"account": "b12-2", "kind": None, "device": None},
        ],
    }
    assert registry.token("b12") not in answer.text
    assert (await site.said("/api/zone", booth="b12"))["mqtt"]["auth"] is True


async def test_a_booth_is_told_what_the_broker_refused(site):
    device = DeviceAccount(account="b12-1", kind="thermostat", device="t1")
    Registry(site.hub.parts.settings.data).put("b12", "", "", (device,))
    assert (await site.said("/api/booths/b12"))["at_broker"] is None
    log_ins = site.hub.parts.log_ins
    log_ins.noticed(True)
    log_ins.take("1: New client connected from 10.0.3.7:4 as b12-1 (p2, c1, k60, u'b12-1').")
    log_ins.take("1: Client b12-1 disconnected due to oversize packet.")
    said: Any = await site.said("/api/booths/b12")
    (refusal,) = said["at_broker"]["refusals"]
    assert said["at_broker"]["connected"] == []
    assert refusal.keys() == {"code", "account", "message", "message_ko", "count", "at"}
    assert said["checklist"][0]["refusal"] == refusal
    log_ins.take("1: New client connected from 10.0.3.7:4 as b12-1 (p2, c1, k60, u'b12-1').")
    (connected,) = (await site.said("/api/booths/b12"))["at_broker"]["connected"]
    assert connected.keys() == {"account", "since", "version"}
    assert (await site.said("/api/booths/b13"))["at_broker"] == {"connected": [], "refusals": []}


async def test_a_device_from_which_something_came_is_not_called_silent(site):
    registry = Registry(site.hub.parts.settings.data)
    device = DeviceAccount(account="b12-1", kind="thermostat", device="t1")
    registry.put("b12", "", "", (device, DeviceAccount(account="b12-2")))
    log_ins = site.hub.parts.log_ins
    log_ins.noticed(True)
    for account in "b12-1", "b12-2":
        log_ins.take(f"1: New client connected from 1:4 as {account} (p2, c1, k60, u'{account}').")
    site.clock.advance(10)

    async def silent() -> list[str]:
        known = (await site.said("/api/booths/b12"))["at_broker"]
        return [item["account"] for item in known["refusals"]]

    assert await silent() == ["b12-1", "b12-2"]
    await site.publish("b12/light/l1", "{}")
    assert await silent() == ["b12-1"], "whose device b12-2 is, nobody knows"
    await site.publish("b12/thermostat/t1", "{}")
    assert await silent() == []


async def test_a_booth_above_its_quota_is_told(site):
    assert (await site.said("/api/booths/b12"))["quota"] is None
    usage = {"over": True, "dropped": 3, "delayed": 4}
    site.hub.parts.quotas.of = lambda booth, _: usage if booth == "b12" else None
    assert (await site.said("/api/booths/b12"))["quota"] == usage


async def test_a_booth_with_too_many_devices_is_told_and_so_is_everybody(site):
    roster = site.hub.live.roster
    roster._devices = FairMap(10, 2)
    roster.get = roster._devices.get
    for number in range(5):
        await site.publish(f"b12/thermostat/x{number}", GOOD)
    assert len(await site.said("/api/devices", booth="b12")) == 2
    assert (await site.said("/api/booths/b12"))["devices_left_out"] == 3
    assert (await site.said("/api/booths/b13"))["devices_left_out"] == 0
    assert (await site.get("/api/health")).json()["too_many_devices"] == ["b12"]
    assert "hub_devices_left_out_total 3.0" in (await site.get("/metrics")).text


async def test_a_booth_is_told_when_the_hub_cannot_take_readings(site):
    assert (await site.said("/api/booths/b12"))["taking"] is False  # there is no broker here
    site.hub.source.last_error = None
    assert (await site.said("/api/booths/b12"))["taking"] is True


# --- a trial


async def check(site, payload: bytes | str, kind: str = "thermostat", **params: str) -> Any:
    answer = await site.client.post(f"/api/kinds/{kind}/check", content=payload, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_payload_that_fits_is_said_to(site):
    payload = '{"temperature": 21, "colour": "red", "ts": "2025-10-09T08:53:19Z"}'
    assert await check(site, payload) == {
        "accepted": True,
        "ts": "2025-10-09T08:53:19.000000000Z",
        "fields": {"temperature": 21.0},
        "ignored": ["colour"],
        "notes": [],
        "clock_skew_ms": None,
    }


async def test_a_clock_that_is_wrong_is_said(site):
    said = await check(site, '{"temperature": 21, "ts": 1760000090}')
    assert (said["accepted"], said["clock_skew_ms"]) == (True, 90_000)


WRONG = {
    "a value": ('{"temperature": 412}', "schema"),
    "a type": ('{"temperature": "21.5"}', "schema"),
    "no JSON": ("{temperature: 21}", "json"),
    "nothing": ("", "json"),
    "bytes": (b"\xff\xfe", "json"),
    "too much": (b" " * (MAX_PAYLOAD + 1), "size"),
}


@pytest.mark.parametrize(("payload", "code"), WRONG.values(), ids=WRONG)
async def test_a_payload_that_does_not_fit_is_said_why_as_a_reading_would_be(
    site, payload: bytes | str, code: str
):
    said = await check(site, payload, booth="b12", device="t1")
    assert (said["accepted"], said["rejection"]["code"]) == (False, code)
    await site.publish("b12/thermostat/t1", payload)
    (kept,) = await site.said("/api/rejections", booth="b12")
    assert kept == said["rejection"]


async def test_a_trial_leaves_no_trace(site):
    before = await site.said("/api/accounts")
    await check(site, GOOD, booth="b13", device="t9")
    await check(site, "{}", booth="b13", device="t9")
    assert await site.said("/api/accounts") == before
    assert await site.said("/api/devices", booth="b13") == []
    assert await site.said("/api/rejections", booth="b13") == []


async def test_a_trial_has_its_bounds(site):
    answer = await site.client.post("/api/kinds/thermostat/check", content=b" " * 300_000)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert (await site.client.post("/api/kinds/toaster/check", content=b"{}")).status_code == 404
    odd = await site.client.post("/api/kinds/thermostat/check?device=a/b", content=b"{}")
    assert odd.status_code == 422


@pytest.mark.parametrize("name", ["thermostat", "drone", "vision_ai"])
async def test_the_example_of_a_kind_fits(site, kinds, name: str):
    assert (await check(site, json.dumps(dict(kinds[name].example)), name))["accepted"]


# --- programs


async def test_programs_come_in_every_language_with_the_booths_own_topic(site):
    said: Any = await site.said("/api/kinds/thermostat/snippets", booth="b12", device="t7")
    assert [item["language"] for item in said] == [language.value for language in FORMS]
    assert all(re.fullmatch(r"\.[a-z]+", item["suffix"]) for item in said)
    assert [item["label"].partition(" ")[0] for item in said] == [
        *("mosquitto_pub", "Python", "Node.js", "Arduino", "MicroPython")
    ]
    command, *programs = (item["text"] for item in said)
    assert "smartlife/v1/b12/thermostat/try" in command
    assert all("smartlife/v1/b12/thermostat/t7" in text for text in programs)


async def test_programs_have_the_devices_own_account_and_the_pages_host(site):
    registry = Registry(site.hub.parts.settings.data)
    own = DeviceAccount(account="b12-own", kind="thermostat", device="t1")
    registry.put("b12", "", "", (own, DeviceAccount(account="b12-free")))

    async def texts(device: str) -> list[str]:
        said: Any = await site.said(
            "/api/kinds/thermostat/snippets", booth="b12", device=device, host="hub.example"
        )
        return [item["text"] for item in said]

    assert all("b12-own" in text and "hub.example" in text for text in await texts("t1"))
    assert all("b12-free" in text for text in await texts("t2"))


async def test_a_program_for_no_certain_booth_has_no_booth_s_account(site):
    account = DeviceAccount(account="b12-own")
    Registry(site.hub.parts.settings.data).put("b12", "", "", (account,))
    said: Any = await site.said("/api/kinds/thermostat/snippets")
    assert all("smartlife/v1/b12/" in item["text"] for item in said)
    assert not any("b12-own" in item["text"] for item in said)


async def test_a_host_that_no_program_can_hold_is_refused(site):
    answer = await site.get("/api/kinds/thermostat/snippets", params={"host": "a\nb"})
    assert answer.status_code == 422


# --- names


async def names(site, booth: str) -> dict[str, Any]:
    """The names of a booth, the same on its own page and in its part of the zone."""
    own: Any = await site.said(f"/api/booths/{booth}")
    zone: Any = await site.said("/api/zone", booth=booth)
    assert [item["name"] for item in zone["booths"]] == [own["name"]]
    found: dict[str, Any] = own["name"]
    return found


async def test_a_booth_is_named_by_the_zone_file_then_by_its_account_then_by_its_id(site):
    registry = Registry(site.hub.parts.settings.data)
    for booth in ("b12", "b70"):
        registry.put(booth, "Sun", "해", (DeviceAccount(account=f"{booth}-1"),))
    registry.put("b71", "", "", (DeviceAccount(account="b71-1"),))
    registry.put("b72", "", "달", (DeviceAccount(account="b72-1"),))
    assert await names(site, "b12") == {"en": "Warm homes", "ko": "따뜻한 집"}
    assert await names(site, "b70") == {"en": "Sun", "ko": "해"}
    assert await names(site, "b71") == {"en": "b71", "ko": "b71"}
    assert await names(site, "b72") == {"en": "달", "ko": "달"}


async def test_the_wall_names_a_booth_by_its_account_once_it_sends(site):
    registry = Registry(site.hub.parts.settings.data)
    registry.put("b70", "Sun", "해", (DeviceAccount(account="b70-1"),))
    zone: Any = await site.said("/api/zone")
    assert "b70" not in {booth["id"] for booth in zone["booths"]}
    await site.publish("b70/thermostat/t1", GOOD)
    zone = await site.said("/api/zone")
    assert next(booth["name"]["ko"] for booth in zone["booths"] if booth["id"] == "b70") == "해"


async def test_a_booth_that_has_an_account_alone_is_one_and_told_that_it_is_not_planned(site):
    site.hub.parts.registry.put("b40", "New", "", (DeviceAccount(account="b40-1"),))
    (booth,) = (await site.said("/api/zone", booth="b40"))["booths"]
    assert booth["name"]["en"] == "New"
    assert (await site.said("/api/booths/b40"))["unplanned"] is True
    assert "unplanned" not in await site.said("/api/booths/b12")


@pytest.mark.parametrize(("by", "who"), [(" Kim\n Ops\0", "Kim Ops"), ("\0", "-")])
def test_who_orders_something_is_one_line_of_the_log(by, who):
    assert _who(BoothOrder.model_validate({"admin_password": "x", "by": by})) == who
