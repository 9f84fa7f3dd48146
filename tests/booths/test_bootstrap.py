"""The file of a broker's first accounts: what cannot be read or written is said as it is."""

from pathlib import Path

import pytest

from hub.booths.bootstrap import First, holds_accounts, write
from hub.errors import BoothError

ADMIN = First("admin", "admin", [], "of the test")


def test_a_file_holds_accounts_once_it_was_written(tmp_path: Path):
    path = tmp_path / "accounts.json"
    assert not holds_accounts(path)
    for empty in ("", " \n", '{"clients": []}'):
        path.write_text(empty)
        assert not holds_accounts(path), "a broker would start with it, and let nobody in"
    write(path, [ADMIN])
    assert holds_accounts(path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '"clients"', "7"])
def test_another_file_is_not_taken_for_one_of_accounts(tmp_path: Path, text: str):
    path = tmp_path / "accounts.json"
    path.write_text(text)
    with pytest.raises(BoothError, match="is no file of dynamic security"):
        holds_accounts(path)


def test_what_cannot_be_read_or_written_is_said_with_the_way_out(tmp_path: Path):
    with pytest.raises(BoothError, match="Is a directory; run this as a user who may read it"):
        holds_accounts(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(BoothError, match="cannot be written: Not a directory; name another --out"):
        write(tmp_path / "file" / "accounts.json", [ADMIN])
