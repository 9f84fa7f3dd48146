"""The JSON Schema of each kind. Pure."""

import json

from schemas import kinds


def files() -> dict[str, str]:
    """Return the schema of each kind."""
    return {
        f"schemas/json/{name}.json": json.dumps(kind.json_schema(), indent=2, ensure_ascii=False)
        + "\n"
        for name, kind in kinds().items()
    }
