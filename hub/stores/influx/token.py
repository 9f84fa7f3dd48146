"""InfluxDB's token: fixed, or in a file that is read again when InfluxDB refuses it."""

from pathlib import Path

from hub.errors import SettingError


class Token:
    """A token given as such, or by a file that somebody else renews.

    Raises:
        SettingError: the file cannot be read, or is empty.
    """

    def __init__(self, value: str | None = None, path: Path | None = None) -> None:
        self._path = path
        self.value = value if path is None else _read(path)

    def renew(self) -> bool:
        """Read the file again; return whether it holds another token than before."""
        if self._path is None:
            return False
        try:
            value = _read(self._path)
        except SettingError:  # being written just now; the next refusal asks again
            return False
        changed, self.value = value != self.value, value
        return changed


def _read(path: Path) -> str:
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or "it is not UTF-8"
        raise SettingError(f"HUB_INFLUX_TOKEN_FILE: {path}: {reason}") from exc
    if not value:
        raise SettingError(f"HUB_INFLUX_TOKEN_FILE: {path}: it is empty; write the token into it")
    return value
