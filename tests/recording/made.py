"""Recordings that tests make on the spot."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hub.recording.format import Recorded, Writer
from schemas import kinds

FIRST = 1_760_000_000 * 10**9
ROOT = "smartlife/v1"


def reading(number: int, *, booth: str = "b12", every: int = 10**6, **given: Any) -> Recorded:
    """A reading of a wearable that carries its number, `every` ns after the one before."""
    said: dict[str, Any] = {
        "topic": f"{ROOT}/{booth}/wearable/w{number % 5}",
        "payload": json.dumps({"heart_rate": 60, "steps": number}).encode(),
        "at": FIRST + number * every,
        "qos": 1,
        **given,
    }
    return Recorded(**said)


def written(path: Path, messages: Iterable[Recorded], **more: Any) -> Path:
    """Write a recording of messages, over one that is there; `more` is for the writer."""
    path.unlink(missing_ok=True)
    writer = Writer(path, kinds(), **more)
    for message in messages:
        writer.add(message)
    writer.close()
    return path
