"""A piece of a recording, and a test that it passes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import chain
from pathlib import Path

from hub import timestamps
from hub.errors import RecordingError
from hub.recording.info import Info, info
from hub.recording.reader import read
from hub.recording.writer import Writer
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
    """Copy what was received from `start`, before `stop` (ns), with the schemas of then.

    Returns:
        How many messages that is.

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
    writer = Writer(out, kinds, root=whole.root, begin=begin, schemas=whole.schemas)
    try:
        for message in chain([first], messages):
            writer.add(message)
        writer.close()
    except BaseException:  # half a piece would stand in the way of the next try
        writer.abandon()
        out.unlink()
        raise
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


def moment_in(text: str, whole: Info, zone: tzinfo | None = None) -> int:
    """Return a moment of a recording in ns: RFC 3339, an epoch, or a time of day like 14:03:10.

    A time of day is that of `zone`, None for this machine's, on the day of the recording.

    Raises:
        RecordingError: it is no time, or the recording has no such time of day, or two of them.
    """
    try:
        clock = datetime.strptime(text, "%H:%M:%S").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        try:
            return timestamps.moment(text, whole.last or 0)
        except ValueError as exc:
            raise RecordingError(f"--around: {exc}, or a time of day like 14:03:10") from exc
    if whole.first is None or whole.last is None:
        raise RecordingError(f"{whole.path} is empty")
    found = [
        moment
        for day in _days(whole.first, whole.last, zone)
        if whole.first - timestamps.SECOND
        <= (moment := _ns(datetime.combine(day, clock, zone)))
        <= whole.last + timestamps.SECOND
    ]
    if len(found) != 1:
        said = "has several days" if found else "has no such time"
        raise RecordingError(
            f"--around: {text}: {whole.path} {said}; {_span(whole)}; give it whole, like "
            f"{timestamps.rfc3339(whole.first, 3)}"
        )
    return found[0]


def _days(first: int, last: int, zone: tzinfo | None) -> list[date]:
    start = datetime.fromtimestamp(first / 1e9, zone).date()
    stop = datetime.fromtimestamp(last / 1e9, zone).date()
    return [start + timedelta(days=n) for n in range((stop - start).days + 1)]


def _ns(moment: datetime) -> int:
    return round(moment.timestamp()) * timestamps.SECOND
