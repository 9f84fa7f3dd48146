"""Files with secrets: private from the first byte, and replaced in one step."""

import os
import stat
from pathlib import Path

import pytest

from hub.files import whole, write_atomically


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        write_atomically(tmp_path / "key", b"secret")
    finally:
        os.umask(before)
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert mode_of(tmp_path / "key") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_mode_is_given_once_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    modes: list[int] = []
    give = os.fchmod

    def noted(fd: int, mode: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(fd).st_mode))
        give(fd, mode)

    monkeypatch.setattr(os, "fchmod", noted)
    write_atomically(tmp_path / "key", b"secret", 0o640)
    assert (modes, mode_of(tmp_path / "key")) == ([0o600], 0o640)


def test_a_file_is_on_disk_before_it_takes_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "key").write_bytes(b"old")
    synced: list[tuple[bytes, bytes]] = []

    monkeypatch.setattr(os, "fsync", lambda _: synced.append(seen(tmp_path)))
    write_atomically(tmp_path / "key", b"new")
    assert synced == [(b"new", b"old")]
    assert (tmp_path / "key").read_bytes() == b"new"


def seen(folder: Path) -> tuple[bytes, bytes]:
    """What stands in the new file and in the old one."""
    return (folder / "key.part").read_bytes(), (folder / "key").read_bytes()


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "key").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "key", b"new")
    assert (tmp_path / "key").read_bytes() == b"old"
    monkeypatch.undo()
    write_atomically(tmp_path / "key", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path):
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "key.part").symlink_to(tmp_path / "other")
    (tmp_path / "key").symlink_to(tmp_path / "other")
    write_atomically(tmp_path / "key", b"secret")
    assert (tmp_path / "other").read_bytes() == b"other"
    assert not (tmp_path / "key").is_symlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_gives_a_file_to_its_owner(tmp_path: Path):
    write_atomically(tmp_path / "key", b"secret", 0o640, (12_345, 12_346))
    found = (tmp_path / "key").stat()
    assert (found.st_uid, found.st_gid, mode_of(tmp_path / "key")) == (12_345, 12_346, 0o640)
    write_atomically(tmp_path / "key", b"secret", owner=(-1, 12_347))
    found = (tmp_path / "key").stat()
    assert (found.st_uid, found.st_gid) == (os.geteuid(), 12_347)


@pytest.mark.parametrize("replace", [False, True])
def test_a_file_gets_its_name_once_it_is_whole(tmp_path: Path, replace: bool):
    path = tmp_path / "a"
    with whole(path, replace=replace) as part:
        part.write_bytes(b"new")
        assert not path.exists()
    assert [it.name for it in tmp_path.iterdir()] == ["a"]


def test_of_a_file_that_could_not_be_written_nothing_stays(tmp_path: Path):
    def fail(part: Path) -> None:
        part.write_bytes(b"ne")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), whole(tmp_path / "a") as part:
        fail(part)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_where_that_is_meant(tmp_path: Path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError) as refused, whole(path):
        pass
    assert refused.value.filename == str(path)
    with whole(path, replace=True) as part:
        part.write_bytes(b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_was_not_written_stays_away(tmp_path: Path):
    with whole(tmp_path / "a"):
        pass
    assert list(tmp_path.iterdir()) == []
