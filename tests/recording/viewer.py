"""What Foxglove and Lichtblick can show of an MCAP file, by the rules of their parser.

The rules are those of `parseChannel` and `parseJsonSchema` in `packages/mcap-support/src` of
https://github.com/lichtblick-suite/lichtblick, which no registry has as a package. A channel that
breaks one shows none of its messages.
"""

import json
from pathlib import Path
from typing import Any

from mcap.reader import make_reader

_PLAIN = {"boolean", "string", "number", "integer"}


def refusal(schema: Any) -> str | None:
    """Why a JSON Schema cannot be read, or None."""
    if schema.get("type") != "object":
        return f'expected "type": "object", got {schema.get("type")!r}'
    return next(filter(None, map(_of_property, schema["properties"].items())), None)


def _of_property(named: tuple[str, Any]) -> str | None:
    name, said = named
    match said.get("type"):
        case "string" if said.get("contentEncoding") not in {None, "base64"}:
            return f"{name}: unsupported contentEncoding"
        case "boolean" | "string" | "number" | "integer":
            return None
        case "object":
            return refusal(said)
        case "array":
            return _of_items(name, said["items"])
    return f"unsupported type for {name}: {said.get('type')!r}"


def _of_items(name: str, items: Any) -> str | None:
    if items.get("type") == "object":
        return refusal(items)
    if items.get("type") in _PLAIN and items.get("contentEncoding") is None:
        return None
    return f"unsupported items of {name}: {items.get('type')!r}"


def seen(path: Path) -> tuple[list[tuple[str, str, Any]], list[str]]:
    """The messages that are shown, each with topic and schema, and why others are not."""
    shown, refused = [], []
    with path.open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages(log_time_order=False):
            why = None if channel.message_encoding == "json" else channel.message_encoding
            if why is None and schema is not None:
                why = refusal(json.loads(schema.data))
            if why is None:
                value = json.loads(message.data)
                shown.append((channel.topic, schema.name if schema else "", value))
            else:
                refused.append(f"{channel.topic}: {why}")
    return shown, refused
