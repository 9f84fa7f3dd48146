"""The JSON Schema of a kind as a recording stores it, in the part that viewers can read. Pure.

The parser of Foxglove and Lichtblick (mcap-support, parseJsonSchema) wants one `type` for each
property and shows no message of a channel whose schema has `anyOf`.
"""

import json
from collections.abc import Mapping
from typing import Any

from schemas import KindSpec


def schema_of(kind: KindSpec) -> bytes:
    """Return the JSON Schema of a kind as a recording stores it."""
    return compact(readable(kind.json_schema()))


def readable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with one type for each property, null or not; without those of several."""
    found = {name: _of_one_type(said) for name, said in dict(schema.get("properties", {})).items()}
    return {**schema, "properties": {name: said for name, said in found.items() if said}}


def _of_one_type(said: Mapping[str, Any]) -> dict[str, Any] | None:
    alternatives = [it for it in said.get("anyOf", ()) if it.get("type") != "null"]
    if not alternatives:
        return dict(said)
    if len(alternatives) > 1:  # as `ts`: additionalProperties lets it stand
        return None
    return {**alternatives[0], **{name: it for name, it in said.items() if name != "anyOf"}}


def compact(value: object) -> bytes:
    """Return JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
