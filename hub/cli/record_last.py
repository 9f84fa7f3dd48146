"""Downloads the flight recorder of a running hub into a file: `hub record --last`."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from hub.settings import Settings


def save_past(
    settings: "Settings", out: Path, last: int, booth: str | None, kind: str | None
) -> None:
    """Save the latest messages of the running hub as a recording."""
    from urllib.parse import urlencode

    from hub.client import client_of
    from hub.errors import RecordingError
    from hub.files import whole
    from hub.recording.format import info

    wanted = {"last": last / 1e9, "booth": booth, "kind": kind}
    query = urlencode({name: value for name, value in wanted.items() if value is not None})
    try:
        with whole(out) as part, part.open("xb") as file:
            for block in client_of(settings).blocks(f"/api/recording?{query}"):
                file.write(block)
    except FileExistsError as exc:
        raise RecordingError(f"{out} is there already; give another name") from exc
    except OSError as exc:
        raise RecordingError(f"{out}: cannot be written: {exc.strerror or exc}") from exc
    found = info(out)
    there = "" if found.first is None or found.last is None else _span(found.last - found.first)
    typer.echo(
        f"recorded {found.messages:,} messages of the last {last / 1e9:g} s{there}:\n  {out}"
    )


def _span(ns: int) -> str:
    """How much there was: a hub keeps the latest, as far as HUB_PAST goes and since it started."""
    return f"; between the first and the last are {ns / 1e9:,.0f} s"
