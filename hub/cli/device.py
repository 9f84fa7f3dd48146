"""`hub device`: the devices that a running hub knows."""

from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings

app = typer.Typer(
    help="The devices that a running hub knows.",
    no_args_is_help=True,
    epilog="Example: hub device forget b12 thermostat t1",
)


@app.callback()
def _device() -> None:
    """The devices that a running hub knows."""


@app.command(epilog="Example: hub device forget b12 thermostat t1")
@with_settings("http", "ops_token")
def forget(
    settings: "Settings",
    booth: Annotated[str, typer.Argument(help="The booth's id.")],
    kind: Annotated[str, typer.Argument(help="The kind's name.")],
    device: Annotated[str, typer.Argument(help="The device's id.")],
) -> None:
    """Take a device off the wall until it sends again; its stored readings stay."""
    from urllib.parse import quote

    from hub.client import client_of

    path = "/".join(quote(part, safe="") for part in (booth, kind, device))
    client_of(settings).delete(f"/api/devices/{path}")
    typer.echo(f"{booth}/{kind}/{device} is forgotten until it sends again")
