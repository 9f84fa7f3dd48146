"""`hub certs`: an event's own certificates, so that devices and hub know the broker."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Certificates for the broker, signed by an authority of the event's own.",
    no_args_is_help=True,
    epilog="Example: hub certs make --out certs --name broker.local --ip 10.0.0.5",
)


@app.callback()
def _certs() -> None:
    """Certificates for the broker, signed by an authority of the event's own."""


@app.command(epilog="Example: hub certs make --out certs --name broker.local --ip 10.0.0.5")
def make(
    out: Annotated[Path, typer.Option(help="The folder for certificates and keys.")],
    name: Annotated[
        list[str] | None,
        typer.Option(help="A host name under which devices reach it; may be given again."),
    ] = None,
    ip: Annotated[
        list[str] | None,
        typer.Option(help="An IP address under which devices reach it; may be given again."),
    ] = None,
) -> None:
    """Make the broker's certificate, and the authority that signs it if there is none yet.

    To do it again renews the broker's; the authority that devices know stays as it is.
    """
    from hub.booths.certificates import CA, CA_KEY, CERTIFICATE, KEY, HostNames, check, make
    from hub.errors import BoothError

    names = HostNames(name or [], ip or [])
    try:
        check(names)
    except BoothError as exc:
        raise typer.BadParameter(str(exc)) from exc
    made = make(out, names, datetime.now(UTC))
    known = "new: give it to all devices" if made.new_authority else "as before"
    typer.echo(
        f"{out / CA}  the authority, {known}; until {made.authority_until:%Y-%m-%d}\n"
        f"{out / CA_KEY}  its key, for you alone: keep it off the broker's machine\n"
        f"{out / CERTIFICATE}, {KEY}  the broker's; until {made.until:%Y-%m-%d}; "
        "systemctl reload mosquitto takes it over\n"
        f"SHA-256 of the authority: {made.fingerprint}"
    )
