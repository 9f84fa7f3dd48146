"""`hub outbox`: what the store refused, which the outbox keeps until someone deletes it."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings

app = typer.Typer(
    help="Readings that the store refused.",
    no_args_is_help=True,
    epilog="Example: hub outbox refused",
)


@app.command(epilog="Example: hub outbox refused --export refused.tsv")
@with_settings("data")
def refused(
    settings: "Settings",
    limit: Annotated[int, typer.Option(min=1, help="Lines to show, the newest first.")] = 20,
    export: Annotated[
        Path | None, typer.Option(help="Write all of them to this file: line, tab, reason.")
    ] = None,
) -> None:
    """Show what the store refused, with its reason; also while a hub runs."""
    from hub.pipeline.outbox import refused

    path = settings.data / "outbox.db"
    lines, size = refused.kept(path)
    if export is not None:
        written = _export(path, export)
        typer.echo(f"wrote {written} lines to {export}")
        return
    for line, reason in islice(refused.newest(path, limit), limit):
        typer.echo(f"{line.decode('utf-8', 'backslashreplace')}\t{reason}")
    typer.echo(f"{lines} refused lines take {size} bytes of the outbox's limit", err=True)


def _export(path: Path, to: Path) -> int:
    from hub.pipeline.outbox import refused

    written = 0
    try:
        with to.open("xb") as file:
            for line, reason in refused.oldest_first(path):
                file.write(line + b"\t" + " ".join(reason.split()).encode() + b"\n")
                written += 1
    except OSError as exc:
        raise typer.BadParameter(f"{to}: {exc.strerror}", param_hint="--export") from exc
    return written


@app.command("retry-refused", epilog="Example: hub outbox retry-refused")
@with_settings("data")
def retry_refused(settings: "Settings") -> None:
    """Let what the store refused wait for it again; no hub may use the folder meanwhile."""
    from hub.files import lock
    from hub.pipeline.outbox import refused

    path = settings.data / "outbox.db"
    if not refused.kept(path).lines:
        typer.echo("the store has refused nothing that is still kept")
        return
    with lock(settings.data):
        again = refused.retry(path)
    typer.echo(f"{again.lines} lines wait for the store again; start the hub to send them")


@app.command("forget-refused", epilog="Example: hub outbox forget-refused --yes")
@with_settings("data")
def forget_refused(
    settings: "Settings",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete what the store refused, for good; no hub may use the folder meanwhile."""
    from hub.files import lock
    from hub.pipeline.outbox import refused

    path = settings.data / "outbox.db"
    lines, size = refused.kept(path)
    if not lines:
        typer.echo("the store has refused nothing that is still kept")
        return
    with lock(settings.data):
        if not yes:
            typer.confirm(
                f"Delete {lines} refused lines ({size} bytes) from {path} for good?", abort=True
            )
        gone = refused.forget(path)
    typer.echo(f"deleted {gone.lines} refused lines; the accounts still count them")
