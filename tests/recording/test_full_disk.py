"""What is written from a recording is whole or not there: a full disk leaves nothing of it."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.errors import RecordingError
from hub.recording.cut import cut
from hub.recording.export import export_lines, export_tables
from hub.recording.foreign.importing import ImportTerms, import_file
from hub.recording.format import read
from hub.recording.foxglove import export_foxglove
from hub.recording.repair import repair
from hub.recording.topic_map import TopicMap
from schemas import kinds
from tests.recording.made import ROOT, reading, written

ROOM = 20_000
"""Bytes that a file may have: fewer than what is to be written, more than its first part."""


@contextmanager
def little_room() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that needs more room, which was not closed."""
    path = written(
        tmp_path_factory.mktemp("recording") / "a.mcap",
        (reading(number, topic=f"{ROOT}/b12/wearable/w{number}") for number in range(1_500)),
    )
    whole = path.read_bytes()
    (path.parent / "unclosed.mcap").write_bytes(whole[: whole.rindex(b"hub.end") - 20])
    return path


def imported(path: Path, out: Path) -> None:
    import_file(path, out / "b.mcap", None, ImportTerms(ROOT, TopicMap(), 0, 1), kinds())


WRITERS: dict[str, Callable[[Path, Path], object]] = {
    "repair": lambda path, out: repair(path.with_name("unclosed.mcap"), out / "b.mcap", kinds()),
    "cut": lambda path, out: cut(path, out / "b.mcap", kinds(), start=0, stop=2**62),
    "import": imported,
    "csv": lambda path, out: export_tables(read(path), "csv", out, kinds(), ROOT),
    "jsonl": lambda path, out: export_lines(read(path), out / "b.jsonl", ROOT),
    "foxglove": lambda path, out: export_foxglove(read(path), out / "b.mcap", kinds(), ROOT),
}


@pytest.mark.parametrize("what", WRITERS)
def test_a_full_disk_leaves_nothing_that_looks_whole(tmp_path: Path, recording: Path, what: str):
    with little_room(), pytest.raises(RecordingError) as refused:
        WRITERS[what](recording, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "cannot be written: File too large" in str(refused.value)
    assert ".part" not in str(refused.value)
    assert "hub recording repair" not in str(refused.value)


@pytest.mark.parametrize("what", WRITERS)
def test_with_room_it_is_written(tmp_path: Path, recording: Path, what: str):
    WRITERS[what](recording, tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size > ROOM
    assert path.suffix != ".part"
