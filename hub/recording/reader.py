"""Reads a recording in the order in which it was recorded, a chunk at a time."""

from collections.abc import Collection, Iterator
from pathlib import Path

from hub.recording.assembler import Assembler
from hub.recording.frames import DamagedRecord, frames, parse, times_of
from hub.recording.layout import Recorded, TopicNames
from hub.recording.opening import damaged, open_recording


def read(
    path: Path,
    *,
    start: int | None = None,
    stop: int | None = None,
    booth: str | Collection[str] | None = None,
    kind: str | Collection[str] | None = None,
) -> Iterator[Recorded]:
    """Return the messages in order of recording: from `start`, before `stop` (ns).

    Only those of the booths and kinds that are given, if any.

    Those of other programs are left out; `info` counts them.

    Raises:
        RecordingError: the file is no recording, or is incomplete; raised at once if its end shows
            it, else while the messages are read.
    """
    open_recording(path).close()  # faults at its end are raised now, not at the first message
    booths, kinds = _names(booth), _names(kind)
    return (
        message
        for names, message in _read(path, start, stop)
        if (not booths or names.booth in booths) and (not kinds or names.kind in kinds)
    )


def _names(given: str | Collection[str] | None) -> frozenset[str]:
    return frozenset([given] if isinstance(given, str) else given or ())


def _read(path: Path, start: int | None, stop: int | None) -> Iterator[tuple[TopicNames, Recorded]]:
    """Yield each message with the parts of its topic."""
    assembler = Assembler(path)
    with open_recording(path) as file:
        try:
            for frame in frames(file):
                # Channels and schemas of a chunk count, even if none of its messages does.
                wanted = _overlaps(times_of(frame), start, stop)
                for found in assembler.feed(parse(frame, messages=wanted), frame.offset):
                    if start is not None and found[1].at < start:
                        continue
                    if stop is None or found[1].at < stop:
                        yield found
        except DamagedRecord as exc:
            raise damaged(path, exc) from exc
    assembler.check_ours()


def _overlaps(span: tuple[int, int] | None, start: int | None, stop: int | None) -> bool:
    if span is None:
        return True
    return (start is None or span[1] >= start) and (stop is None or span[0] < stop)
