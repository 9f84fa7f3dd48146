"""`hub booth`: exhibitors' accounts at the broker, while it runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli import booth_broker, booth_output
from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.booths.account_requests import BadRow
    from hub.settings import Settings

app = typer.Typer(
    help="Exhibitors' accounts at the broker, made and changed while it runs.\n\n"
    "The broker with its admin account is HUB_BROKER_ADMIN.",
    no_args_is_help=True,
    epilog="Example: hub booth add b12 --name 'Example Home' --devices 3",
)

_Id = Annotated[str, typer.Argument(metavar="BOOTH", help="The booth's id, like b12.")]
_Sheets = Annotated[
    Path | None,
    typer.Option(help="Folder for hand-outs with the new passwords, one page a booth."),
]
_AT_BROKER = ("broker_ca", "data", "root")
_ON_SHEETS = (*_AT_BROKER, "broker", "public_broker", "public_http", "http", "zone")


@app.command(epilog="Example: hub booth init --out /var/lib/mosquitto/dynamic-security.json")
@with_settings("broker", "root", "group", "zone")
def init(
    settings: "Settings",
    out: Annotated[Path, typer.Option(help="The broker's file of accounts, to be written.")],
    demo: Annotated[
        bool, typer.Option(help="Add an account for demo devices; DEVICES_BROKER may name it.")
    ] = False,
) -> None:
    """Make the file with which the broker starts: the admin's account and the hub's.

    Passwords are those in HUB_BROKER_ADMIN and HUB_BROKER; where there is none, one is made and
    shown once. A file with accounts is left as it is.
    """
    from hub.booths import bootstrap

    if bootstrap.holds_accounts(out):
        typer.echo(f"{out}: holds accounts already; nothing was changed")
        return
    accounts, made = booth_broker.first(settings, demo)
    bootstrap.write(out, accounts)
    typer.echo(f"wrote {out}; the broker must be able to read and write it")
    for item in accounts:
        typer.echo(f"{item.account:10}{item.password if item.role in made else 'as it is set'}")


@app.command(epilog="Example: hub booth add b12 --name 'Example Home' --name-ko 예시홈 --devices 3")
@with_settings(*_ON_SHEETS)
def add(
    settings: "Settings",
    booth: Annotated[
        str | None, typer.Argument(metavar="[BOOTH]", help="The booth's id, like b12.")
    ] = None,
    name: Annotated[str, typer.Option(help="Its name. [default: the zone file's]")] = "",
    name_ko: Annotated[str, typer.Option(help="Its name in Korean.")] = "",
    devices: Annotated[
        int, typer.Option(help="How many accounts, one for each device.", min=0, max=100)
    ] = 0,
    device: Annotated[
        list[str] | None,
        typer.Option(help="A device, like thermostat/t1; may be given again."),
    ] = None,
    native: Annotated[
        str | None,
        typer.Option(metavar="DIALECT", help="What its devices speak on topics of their own."),
    ] = None,
    topics: Annotated[
        list[str] | None,
        typer.Option(help="Those topics, like 'uagv/v2/ACME/#'; may be given again."),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", help="A table of booths (CSV), or a zone file (.toml)."),
    ] = None,
    sheets: _Sheets = None,
) -> None:
    """Make a booth's accounts, and show their passwords once.

    To do it again is safe: what is there stays as it is, with its password.
    """
    from hub.booths.account_requests import AccountRequest
    from hub.booths.account_requests import device as read
    from hub.booths.account_requests import native as speaking
    from hub.event.catalogue import load

    if (booth is None) == (from_ is None):
        raise typer.BadParameter("name a booth, or a file with --from")
    if (native is None) != (not topics):
        raise typer.BadParameter("give --native and --topics, or neither")
    if from_ is not None and (name or name_ko or devices or device or native):
        raise typer.BadParameter("with --from, names and devices stand in the file")
    if from_ is None:
        named = tuple(read(text, load(settings)) for text in device or ())
        rows: Sequence[AccountRequest | BadRow] = [
            AccountRequest(
                str(booth),
                name,
                name_ko,
                devices,
                named,
                (speaking(native, topics or ()),) if native is not None else (),
            )
        ]
    else:
        rows = booth_broker.rows(settings, from_)
    failed = booth_broker.add_all(settings, rows, sheets)
    for line in failed:
        typer.secho(f"hub: {line}", fg=typer.colors.RED, err=True)
    if failed:
        raise typer.Exit(1)


@app.command("list", epilog="Example: hub booth list")
@with_settings(*_AT_BROKER, "http", "zone")
def list_(settings: "Settings") -> None:
    """List the booths with their accounts, and what each has connected.

    Names are the zone file's; the accounts' own name stands below where it is another.

    What is connected is asked of the running hub at HUB_HTTP.
    """
    there = booth_broker.run(settings, lambda accounts: accounts.all())
    booth_output.accounts(settings, there)


@app.command(epilog="Example: hub booth rotate b12")
@with_settings(*_ON_SHEETS)
def rotate(
    settings: "Settings",
    booth: _Id,
    link: Annotated[
        bool, typer.Option("--link", help="Change the link of its page, not the passwords.")
    ] = False,
    sheets: _Sheets = None,
) -> None:
    """Give a booth new passwords, shown once; its devices are disconnected."""
    if link:
        booth_broker.registry(settings).rotate_link(booth)
        typer.echo(f"page      {booth_output.page(settings, booth)}")
        return
    _rotated(settings, booth, sheets)


def _rotated(settings: "Settings", booth: str, sheets: Path | None) -> None:
    booth_broker.registry(settings).booths()  # a file that cannot be read stops it here
    booth_output.check_sheets(settings, sheets)
    made = booth_broker.run(settings, lambda accounts: accounts.rotate(booth))
    booth_output.passwords(settings, booth, made, sheets)


@app.command(epilog="Example: hub booth disable b12")
@with_settings(*_AT_BROKER)
def disable(settings: "Settings", booth: _Id) -> None:
    """Shut a booth's accounts off; its devices are disconnected at once."""
    from hub.booths import at_broker

    known = booth_broker.registry(settings)
    shut = booth_broker.run(
        settings, lambda accounts: at_broker.enable(accounts, known, booth, enabled=False)
    )
    typer.echo(f"{booth}: shut off {', '.join(shut)}")


@app.command(epilog="Example: hub booth enable b12")
@with_settings(*_AT_BROKER)
def enable(settings: "Settings", booth: _Id) -> None:
    """Let a booth's accounts in again, with the passwords that they had."""
    from hub.booths import at_broker

    known = booth_broker.registry(settings)
    let_in = booth_broker.run(
        settings, lambda accounts: at_broker.enable(accounts, known, booth, enabled=True)
    )
    typer.echo(f"{booth}: lets in {', '.join(let_in)}")


@app.command(epilog="Example: hub booth remove b12")
@with_settings(*_AT_BROKER, "http")
def remove(settings: "Settings", booth: _Id) -> None:
    """Remove a booth's accounts; its devices are disconnected, its readings stay.

    The running hub takes its devices off the wall.
    """
    from hub.booths import at_broker

    known = booth_broker.registry(settings)
    gone = booth_broker.run(settings, lambda accounts: at_broker.remove(accounts, known, booth))
    typer.echo(f"{booth}: removed {', '.join(gone) or 'nothing: it has no accounts'}")
    typer.echo(booth_output.forget(settings, booth))


@app.command(epilog="Example: hub booth sheet b12 --out sheets")
@with_settings(*_ON_SHEETS)
def sheet(
    settings: "Settings",
    booth: _Id,
    out: Annotated[Path, typer.Option(help="Folder to write it to.")] = Path("sheets"),
    new_passwords: Annotated[
        bool, typer.Option(help="Make new passwords for it; devices are disconnected.")
    ] = False,
) -> None:
    """Write a booth's hand-out, a page to print, in Korean and English.

    Nobody can read a password again, so without new ones there is room to write them by hand.
    """
    booth_broker.registry(settings).token(booth)  # a booth without accounts stops it here
    if new_passwords:
        _rotated(settings, booth, out)
    else:
        typer.echo(f"wrote {booth_output.sheet(settings, booth, [], out)}")
