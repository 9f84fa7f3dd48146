"""Named cases of dialects: `tests/cases/dialects/<dialect>/<what>.json`.

A case is a list of `messages`, each with the device's own `topic` and its `payload` (JSON), `text`,
`base64` (bytes) or `sparkplug` (metrics), maybe `retained`; the last is the one that is judged,
those before set the state. It expects one of

- `readings`: `kind`, `device`, `fields`, and where it is not the time of arrival `ts`; where they
  are given also `name`, `notes`, `cleared` and `skew_ms`; maybe beside them what is `unused`;
- `statuses`: `kind`, `device`, `online`;
- `rejected`: `code`, `message` and the places of the `errors`;
- `nothing`.

`planned` are kinds that the zone file expects, by device id; `timezone` is the event's. Every case
arrives at 2026-10-07T01:00:00Z, which is 10:00 in Seoul.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from hub.dialects import DIALECTS
from hub.messages import Rejection, Translated
from hub.pipeline.decode import Decoder, Verdict
from hub.pipeline.dialect_routes import Dialects
from hub.timestamps import parse, rfc3339
from schemas import kinds
from tests.dialects import sparkplug

ARRIVAL = parse("2026-10-07T01:00:00Z")
HERE = Path(__file__).parents[1] / "cases" / "dialects"
CASES = {
    str(path.relative_to(HERE).with_suffix("")): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(HERE.glob("*/*.json"))
}
OUTCOMES = {"readings", "statuses", "rejected", "nothing"}


def decide(name: str, case: dict[str, Any]) -> Verdict:
    dialect = name.partition("/")[0]
    planned = {("b12", device): tuple(found) for device, found in case.get("planned", {}).items()}
    timezone = case.get("timezone", "Asia/Seoul")
    decoder = Decoder(
        "smartlife/v1", kinds(), dialects=Dialects(planned=planned, timezone=timezone)
    )
    verdict: Verdict = None
    for message in case["messages"]:
        topic = f"smartlife/v1/b12/{dialect}/{message['topic']}"
        verdict = decoder.decode(topic, payload(message), ARRIVAL, message.get("retained", False))
    return verdict


def payload(message: dict[str, Any]) -> bytes:
    if "base64" in message:
        return base64.b64decode(message["base64"])
    if "sparkplug" in message:
        return sparkplug.encoded(message["sparkplug"])
    if "text" in message:
        return message["text"].encode()
    return json.dumps(message["payload"], ensure_ascii=False).encode()


def cases_with(outcome: str) -> pytest.MarkDecorator:
    found = {name: case for name, case in CASES.items() if outcome in case}
    return pytest.mark.parametrize(("name", "case"), found.items(), ids=found)


def test_every_case_expects_something_of_a_dialect() -> None:
    assert {name.partition("/")[0] for name in CASES} <= DIALECTS.keys()
    assert all(OUTCOMES & case.keys() for case in CASES.values())


@cases_with("readings")
def test_holds_readings(name: str, case: dict[str, Any]) -> None:
    verdict = decide(name, case)
    assert isinstance(verdict, Translated), verdict
    assert [
        shown(reading, like)
        for reading, like in zip(verdict.readings, case["readings"], strict=False)
    ] == (case["readings"])
    assert len(verdict.readings) == len(case["readings"])
    if "unused" in case:
        assert [use.place for use in verdict.uses if not use.field] == case["unused"]


def shown(reading: Any, like: dict[str, Any]) -> dict[str, Any]:
    source = reading.remarks.source
    found = {
        "kind": reading.address.kind,
        "device": reading.address.device,
        "name": source.name,
        "fields": reading.fields,
        "notes": [note.named().en for note in reading.remarks.notes],
        "cleared": list(reading.remarks.cleared),
        "skew_ms": None if reading.skew is None else reading.skew // 10**6,
    }
    if reading.ts - ARRIVAL not in range(100):
        found["ts"] = rfc3339(reading.ts, 3)
    usual = {"notes": [], "cleared": [], "skew_ms": None, "name": found["device"]}
    return {
        key: value for key, value in found.items() if key in like or usual.get(key, ...) != value
    }


@cases_with("statuses")
def test_says_who_is_there(name: str, case: dict[str, Any]) -> None:
    verdict = decide(name, case)
    assert isinstance(verdict, Translated), verdict
    assert [
        {"kind": item.address.kind, "device": item.address.device, "online": item.online}
        for item in verdict.statuses
    ] == case["statuses"]


@cases_with("rejected")
def test_is_rejected(name: str, case: dict[str, Any]) -> None:
    verdict, expected = decide(name, case), case["rejected"]
    assert isinstance(verdict, Rejection), verdict
    assert verdict.code == expected["code"]
    assert verdict.message.en == expected["message"]
    assert verdict.message.ko
    assert verdict.booth == "b12"
    assert [fault.field for fault in verdict.errors] == expected.get("errors", [])


@cases_with("nothing")
def test_says_nothing(name: str, case: dict[str, Any]) -> None:
    verdict = decide(name, case)
    assert verdict is None or (
        isinstance(verdict, Translated) and not verdict.readings and not verdict.statuses
    )
