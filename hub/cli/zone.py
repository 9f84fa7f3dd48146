"""`hub zone`: the zone file of a running hub."""

from typing import TYPE_CHECKING

import typer

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings

app = typer.Typer(
    help="The zone file of a running hub.",
    no_args_is_help=True,
    epilog="Example: hub zone reload",
)


@app.callback()
def _zone() -> None:
    """The zone file of a running hub."""


@app.command(epilog="Example: hub zone reload")
@with_settings("http")
def reload(settings: "Settings") -> None:
    """Have the running hub read its zone file again; a mistake is reported and changes nothing.

    SIGHUP does the same (systemctl reload smartlife-hub).
    """
    from hub.client import client_of

    read = client_of(settings).json("/api/zone/reload", b"", "application/json")
    typer.echo(f"the hub has read it: {read['booths']} booths, {read['devices']} devices expected")
    if unknown := read.get("unknown_kinds"):
        said = f"there is no kind {', '.join(unknown)}; hub kinds list shows all"
        typer.secho(said, fg=typer.colors.YELLOW, err=True)
