"""What a running hub still has of the past, fetched from it into a file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from hub.settings import Settings

_PATIENCE = 15.0
_BLOCK = 64 * 1024


def save_past(
    settings: "Settings", out: Path, last: int, booth: str | None, kind: str | None
) -> None:
    """Fetch a recording of the past from the running hub."""
    from urllib.parse import urlencode

    from hub.errors import RecordingError
    from hub.recording.format import info

    wanted = {"last": last / 1e9, "booth": booth, "kind": kind}
    query = urlencode({name: value for name, value in wanted.items() if value is not None})
    try:
        with out.open("xb") as file, contextlib.ExitStack() as undo:
            undo.callback(out.unlink)
            for block in _fetch(settings, f"/api/recording?{query}"):
                file.write(block)
            undo.pop_all()
    except FileExistsError as exc:
        raise RecordingError(f"{out} is there already; give another name") from exc
    except OSError as exc:
        raise RecordingError(f"{out}: cannot be written: {exc.strerror or exc}") from exc
    typer.echo(f"recorded {info(out).messages:,} messages of the last {last / 1e9:g} s:\n  {out}")


def _fetch(settings: "Settings", path: str) -> Iterator[bytes]:
    """Yield what the running hub answers, a block at a time."""
    import http.client

    from hub.errors import RecordingError

    address = settings.http
    token = settings.ops_token
    headers = {} if token is None else {"authorization": f"Bearer {token.get_secret_value()}"}
    connection = http.client.HTTPConnection(address.nearby.host, address.port, timeout=_PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise RecordingError(f"the hub at {address} says: {_reason(answer.read())}")
        while block := answer.read(_BLOCK):
            yield block
    except (OSError, http.client.HTTPException) as exc:
        raise RecordingError(
            f"the hub at {address} does not answer: {exc}; is it running, and is HUB_HTTP its "
            "address?"
        ) from exc
    finally:
        connection.close()


def _reason(body: bytes) -> str:
    import json

    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return repr(body[:200])
