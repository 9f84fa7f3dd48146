"""The messages over MQTT as AsyncAPI describes them, with examples and JSON Schemas. Pure.

The hub's own are called `Status`, `Receipt` and so on: no kind can have a name with capitals.
"""

from collections.abc import Mapping
from typing import Any

from hub import topics
from hub.messages import Code, Rejection
from hub.pipeline.decode import Decoder
from hub.pipeline.feedback import MAX_CORRELATION_DATA
from hub.pipeline.rejections import SHOWN, SHOWN_ERRORS
from hub.timestamps import rfc3339
from hub.topics import Address
from schemas import KindSpec, kinds

Part = dict[str, Any]

BINDINGS = "0.2.0"
"""The version of AsyncAPI's MQTT bindings in which the document is written."""
MOMENT = 1_791_334_800_123_456_789
"""The moment at which every example happens, in ns: 2026-10-07T01:00:00.123456789Z."""
_DEVICE = Address("b12", "thermostat", "t1")
_REJECTED = b'{"temperature": 412, "humidity": "41"}'

REJECTION_FIELDS: Mapping[str, str] = {
    "code": "one of " + ", ".join(f"`{item.value}`" for item in Code),
    "message": "what is wrong, and what to do, in English",
    "message_ko": "the same in Korean",
    "errors": f"up to {SHOWN_ERRORS} fields that do not fit: `field`, messages, the value `got`",
    "topic": "the topic of the message; at most 256 characters of a bad one",
    "at": "when it arrived, RFC 3339 in UTC",
    "payload": f"its first {SHOWN:,} characters; bytes that are not UTF-8 are shown escaped",
    "schema": "the path of the kind's JSON Schema, or `null`",
    "booth": "the booth's id, or `null` if the topic does not tell",
}
"""The fields of a rejection, and what each holds, in Markdown."""


def messages(known: Mapping[str, KindSpec], root: str) -> Part:
    """Return every message: one of each kind, and the hub's own."""
    short = {"code": "schema", "field": "temperature", "got": 412}
    receipt = {"stored": True, "ts": rfc3339(MOMENT)}
    return {
        **{name: _reading(kind, root) for name, kind in known.items()},
        "Status": _message("Status", "birth", "online") | {"contentType": "text/plain"},
        "Rejection": _message("Rejection", "schema", _rejected(root)),
        "ShortRejection": _message("ShortRejection", "schema", short),
        "Receipt": _message("Receipt", "stored", receipt),
    }


def _message(name: str, example: str, payload: Any) -> Part:
    return {
        "title": name,
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "examples": [{"name": example, "payload": payload}],
    }


def _reading(kind: KindSpec, root: str) -> Part:
    receipts = f"{root}/{{booth}}/{{kind}}/{{device}}/{topics.RECEIPTS}"
    return {
        "title": kind.label.en,
        "summary": kind.about,
        "payload": {"$ref": f"#/components/schemas/{kind.name}"},
        "bindings": {
            "mqtt": {
                "bindingVersion": BINDINGS,
                "correlationData": {
                    "type": "string",
                    "description": "Comes back with the receipt.",
                    "maxLength": MAX_CORRELATION_DATA,
                },
                "responseTopic": {
                    "type": "string",
                    "description": f"Where the receipt goes: {receipts} with the reading's own "
                    "booth, kind and device; nowhere else.",
                },
            }
        },
        "examples": [
            {"name": "reading", "payload": dict(kind.example)},
            {"name": "with_time", "payload": {**kind.example, "ts": rfc3339(MOMENT)}},
        ],
    }


def _rejected(root: str) -> Part:
    """What the hub really answers."""
    decoder = Decoder(root, {_DEVICE.kind: kinds()[_DEVICE.kind]})
    verdict = decoder.decode(topics.topic_of(root, _DEVICE), _REJECTED, MOMENT)
    assert isinstance(verdict, Rejection)
    return verdict.as_json()


def payload(kind: KindSpec) -> Part:
    """Return the schema of a kind's payload as it can stand within another document.

    It is the one that the hub serves, without its name and dialect; what is left means the same
    in JSON Schema 2020-12 and in AsyncAPI's own, which builds on draft 7.
    """
    return {
        key: value for key, value in kind.json_schema().items() if key not in {"$schema", "$id"}
    }


def own_schemas() -> Part:
    """Return the schemas of the messages that are no readings."""
    return {
        "Status": {"type": "string", "enum": ["online", "offline"]},
        "Receipt": {
            "type": "object",
            "properties": {
                "stored": {"const": True},
                "ts": {
                    "type": "string",
                    "format": "date-time",
                    "description": "The time under which the reading is kept, in ns.",
                },
            },
            "required": ["stored", "ts"],
        },
        "Rejection": _rejection(),
        "ShortRejection": _short_rejection(),
    }


def _short_rejection() -> Part:
    return {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": [item.value for item in Code]},
            "field": {
                "type": ["string", "null"],
                "description": "The first field that does not fit, if there is one.",
            },
            "got": {"description": "Its value, or the beginning of the payload; shortened."},
        },
        "required": ["code", "field", "got"],
    }


def _rejection() -> Part:
    types: Part = {
        "code": {"type": "string", "enum": [item.value for item in Code]},
        "message": {"type": "string"},
        "message_ko": {"type": "string"},
        "errors": {"type": "array", "items": _fault()},
        "topic": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "payload": {"type": "string", "maxLength": SHOWN},
        "schema": {"type": ["string", "null"]},
        "booth": {"type": ["string", "null"]},
    }
    return {
        "type": "object",
        "properties": {
            name: {**type_, "description": REJECTION_FIELDS[name].replace("`", "")}
            for name, type_ in types.items()
        },
        "required": list(types),
    }


def _fault() -> Part:
    return {
        "type": "object",
        "properties": {
            "field": {"type": "string"},
            "message": {"type": "string"},
            "message_ko": {"type": "string"},
            "got": {"description": "The value, shortened."},
        },
        "required": ["field", "message", "message_ko"],
    }
