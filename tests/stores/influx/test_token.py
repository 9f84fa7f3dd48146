"""The token of InfluxDB, and the file that it may be renewed in."""

from pathlib import Path

import pytest

from hub.errors import SettingError
from hub.stores.influx.token import Token


def test_a_token_that_is_in_no_file_is_never_renewed():
    token = Token("secret")
    assert not token.renew()
    assert token.value == "secret"


def test_one_in_a_file_is_renewed_once_it_is_another(tmp_path: Path):
    path = tmp_path / "token"
    path.write_text("first\n", encoding="utf-8")
    token = Token(path=path)
    assert not token.renew()
    path.write_text("", encoding="utf-8")  # being written just now
    assert not token.renew()
    assert token.value == "first"
    path.write_text("second", encoding="utf-8")
    assert token.renew()
    assert token.value == "second"


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file or directory"), (b"", "it is empty"), (b"\xff", "it is not UTF-8")],
)
def test_a_file_without_a_token_is_named(tmp_path: Path, content: bytes | None, said: str):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingError, match=f"HUB_INFLUX_TOKEN_FILE: {path}: {said}"):
        Token(path=path)
