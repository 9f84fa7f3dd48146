"""Named cases: a message, and what becomes of it. `tests/cases/<group>/<what>.json`.

A case gives `payload` (text), `base64` (bytes that are not UTF-8) or `parts` (texts, each with how
many times it is repeated), and `topic` unless the folder's name is the kind. It expects one of

- `stored`: the `line` and the `fields`, the names `ignored`, `skew_ms` if `ts` is not believed, the
  `notes` on it, and the names of the fields that are `cleared`;
- `rejected`: `code`, `message`, and the message of each field in `errors`;
- `status`, `online` or `offline`;
- `ignored`.

Every case arrives at 2025-10-09T08:53:20Z.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from hub.messages import Reading, Rejection, Status
from hub.pipeline.decode import Decoder
from hub.stores import line_protocol
from tests.lines import line_of

ARRIVAL = 1_760_000_000 * 10**9
HERE = Path(__file__).parent
CASES = {
    str(path.relative_to(HERE).with_suffix("")): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(HERE.glob("*/*.json"))
}


def payload(case: dict[str, Any]) -> bytes:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return "".join(
        text * times for text, times in case.get("parts", [[case.get("payload"), 1]])
    ).encode()


def decide(decoder: Decoder, name: str, case: dict[str, Any]) -> object:
    topic = case.get("topic", f"smartlife/v1/b12/{name.partition('/')[0]}/t1")
    return decoder.decode(topic, payload(case), ARRIVAL, case.get("retain", False))


def cases_with(outcome: str) -> pytest.MarkDecorator:
    found = {name: case for name, case in CASES.items() if outcome in case}
    return pytest.mark.parametrize(("name", "case"), found.items(), ids=found)


def test_every_case_expects_one_outcome():
    outcomes = {"stored", "rejected", "status", "ignored"}
    assert {name: len(outcomes & case.keys()) for name, case in CASES.items()} == dict.fromkeys(
        CASES, 1
    )


@cases_with("stored")
def test_is_stored(decoder: Decoder, name: str, case: dict[str, Any]):
    reading = decide(decoder, name, case)
    assert isinstance(reading, Reading), reading
    expected = case["stored"]
    assert line_of(reading).decode() == expected["line"]
    assert reading.fields == expected["fields"]
    assert {key: type(value) for key, value in reading.fields.items()} == {
        key: type(value) for key, value in expected["fields"].items()
    }
    assert list(reading.ignored) == expected.get("ignored", [])
    skew_ms = None if reading.skew is None else reading.skew // 10**6
    assert skew_ms == expected.get("skew_ms")
    assert [note.named().en for note in reading.remarks.notes] == expected.get("notes", [])
    assert all("가" <= max(note.message.ko) <= "힣" for note in reading.remarks.notes)
    assert list(reading.remarks.cleared) == expected.get("cleared", [])
    assert reading.ts == int(line_of(reading).rsplit(b" ", 1)[1])


@cases_with("stored")
def test_stored_line_reads_back(decoder: Decoder, name: str, case: dict[str, Any]):
    reading = decide(decoder, name, case)
    assert isinstance(reading, Reading)
    row = line_protocol.parse(line_of(reading).decode())
    address = reading.address
    assert (row.measurement, row.tags["booth"], row.tags["device"]) == (
        address.kind,
        address.booth,
        address.device,
    )
    assert (row.fields, row.ts) == (reading.fields, reading.ts)


@cases_with("rejected")
def test_is_rejected(decoder: Decoder, name: str, case: dict[str, Any]):
    rejection = decide(decoder, name, case)
    assert isinstance(rejection, Rejection), rejection
    expected = case["rejected"]
    assert (rejection.code, rejection.message.en) == (expected["code"], expected["message"])
    assert {fault.field: fault.message.en for fault in rejection.errors} == expected["errors"]
    if "booth" in expected:
        assert rejection.booth == expected["booth"]
    if "shown" in case:
        assert rejection.payload == case["shown"]


@cases_with("rejected")
def test_rejection_can_be_told_in_both_languages(decoder: Decoder, name: str, case: dict[str, Any]):
    rejection = decide(decoder, name, case)
    assert isinstance(rejection, Rejection)
    told = json.loads(json.dumps(rejection.as_json(), allow_nan=False))
    assert any("가" <= letter <= "힣" for letter in told["message_ko"])
    assert all(fault["message_ko"] for fault in told["errors"])
    assert told["at"] == "2025-10-09T08:53:20.000000Z"
    assert len(told["payload"]) <= 1024
    assert len(told["topic"]) <= 256
    has_schema = rejection.code in {"size", "json", "schema"}
    assert told["schema"] == (
        f"/api/kinds/{told['topic'].split('/')[3]}/schema" if has_schema else None
    )


@cases_with("status")
def test_is_a_status(decoder: Decoder, name: str, case: dict[str, Any]):
    status = decide(decoder, name, case)
    assert isinstance(status, Status), status
    assert status.online is (case["status"] == "online")


@cases_with("ignored")
def test_is_ignored(decoder: Decoder, name: str, case: dict[str, Any]):
    assert decide(decoder, name, case) is None
