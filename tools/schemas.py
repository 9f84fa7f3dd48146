"""The JSON Schema of each kind, and of everything that passes over MQTT. Pure."""

import json
from typing import Any

from hub.messages import Code
from hub.pipeline.rejections import SHOWN
from schemas import KindSpec, kinds
from tools import rejections

Part = dict[str, Any]


def files() -> dict[str, str]:
    """Return the schema of each kind."""
    return {
        f"schemas/json/{name}.json": json.dumps(kind.json_schema(), indent=2, ensure_ascii=False)
        + "\n"
        for name, kind in kinds().items()
    }


def all_of_them() -> Part:
    """Return the schemas, to stand within another document: kinds, status, receipt, rejection."""
    return {
        **{name: payload_schema(kind) for name, kind in kinds().items()},
        "status": {"type": "string", "enum": ["online", "offline"]},
        "receipt": {
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
        "rejection": _rejection(),
        "short_rejection": _short_rejection(),
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
    said: dict[str, str] = dict(rejections.FIELDS)
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
            name: {**type_, "description": said[name].replace("`", "")}
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


def payload_schema(kind: KindSpec) -> Part:
    """Return the schema of a kind's payload as it can stand within another document.

    It is the one that the hub serves, without its name and dialect; what is left means the same
    in JSON Schema 2020-12 and in AsyncAPI's own, which builds on draft 7.
    """
    return {
        key: value for key, value in kind.json_schema().items() if key not in {"$schema", "$id"}
    }
