"""The files that are made from the catalogue: one JSON Schema for each kind."""

import json

from schemas._catalogue import kinds


def json_files() -> dict[str, str]:
    """Return the text of each file of `schemas/json/` by its name, `<kind>.json`."""
    return {
        f"{name}.json": json.dumps(spec.json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, spec in kinds().items()
    }
