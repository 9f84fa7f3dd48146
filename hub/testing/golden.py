"""Golden files: the outcome of a test's messages as JSON Lines, which later runs must equal."""

import json
from collections.abc import Iterator
from pathlib import Path

from hub.recording.diff import Tolerance, compare
from hub.recording.layout import Recorded
from hub.testing.hub import HeldHub
from hub.timestamps import parse, rfc3339

_LINES = 20


def held_to(hub: HeldHub, path: Path, tolerance: str, *, update: bool) -> None:
    """Compare a hub's readings, rejections and states with a file, or write it with `update`.

    Raises:
        AssertionError: they differ, or there is no file.
        ValueError: `tolerance` is none.
    """
    near, came = Tolerance.of(tolerance), list(outcome(hub))
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(map(_line, came)), encoding="utf-8")
        return
    if not path.exists():
        raise AssertionError(f"{path} is not there; pytest --update writes it")
    found = compare(_read(path), came, near)
    lines = list(found.lines(path.name, "this run"))
    if lines:
        more = [f"… and {len(lines) - _LINES:,} more"] if len(lines) > _LINES else []
        said = "\n".join([*lines[:_LINES], *more])
        raise AssertionError(f"{said}\nif this is right, pytest --update writes {path.name} again")


def outcome(hub: HeldHub) -> Iterator[Recorded]:
    """Return what came of a hub's messages: readings, rejections, states, each in its order."""
    for kind in hub.kinds:
        for row in hub.readings(kind):
            topic = f"{row.tags['booth']}/{kind}/{row.tags['device']}"
            said = json.dumps(row.fields, ensure_ascii=False, sort_keys=True)
            yield Recorded(topic, said.encode(), row.ts)
    for item in hub.rejections():
        said = json.dumps({"errors": [error.get("field") for error in item["errors"]]})
        yield Recorded(item["topic"], said.encode(), parse(item["at"]), verdict=item["code"])
    for device in hub.devices():
        path = f"{device['booth']}/{device['kind']}/{device['device']}"
        said = json.dumps({"states": hub.states(path), "warnings": device["warnings"]})
        yield Recorded(f"{path}/status", said.encode(), hub.clock.now(), verdict="state")


def _line(message: Recorded) -> str:
    said = {"topic": message.topic, "at": rfc3339(message.at), "verdict": message.verdict}
    return json.dumps({**said, "said": json.loads(message.payload)}, ensure_ascii=False) + "\n"


def _read(path: Path) -> Iterator[Recorded]:
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        payload = json.dumps(said["said"], ensure_ascii=False).encode()
        yield Recorded(said["topic"], payload, parse(said["at"]), verdict=said["verdict"])
