"""Cuts a time range out of a recording."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from hub import timestamps
from hub.errors import RecordingError
from hub.recording.info import Info, info
from hub.recording.reader import read
from hub.recording.writer import whole_recording
from schemas import KindSpec


def cut(
    path: Path,
    out: Path,
    kinds: Mapping[str, KindSpec],
    *,
    start: int,
    stop: int,
    booth: str | None = None,
    kind: str | None = None,
) -> int:
    """Copy what was received from `start`, before `stop` (ns), with the recording's schemas.

    Returns:
        The number of messages copied.

    Raises:
        RecordingError: nothing was received then, or a file cannot be read or written.
    """
    whole = info(path)
    messages = read(path, start=start, stop=stop, booth=booth, kind=kind)
    first = next(messages, None)
    if first is None:
        raise RecordingError(
            f"{path} has nothing {_of(booth, kind)}from {timestamps.rfc3339(start, 3)} to "
            f"{timestamps.rfc3339(stop, 3)}; {_span(whole)}"
        )
    begin = {**whole.begin, "cut_from": path.name}
    for name in ("format", "root"):
        begin.pop(name, None)
    more = {"root": whole.root, "begin": begin, "schemas": whole.schemas}
    with whole_recording(out, kinds, **more) as writer:
        for message in chain([first], messages):
            writer.add(message)
    return writer.messages


def _of(booth: str | None, kind: str | None) -> str:
    named = [f"{what} {name} " for what, name in (("booth", booth), ("kind", kind)) if name]
    return "of " + "".join(named) if named else ""


def _span(whole: Info) -> str:
    if whole.first is None or whole.last is None:
        return "it is empty"
    return (
        f"it goes from {timestamps.rfc3339(whole.first, 3)} to {timestamps.rfc3339(whole.last, 3)}"
    )
