"""What `hub booth` shows: passwords once, the list of accounts, the hand-out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from hub.booths.account_requests import AccountRequest
    from hub.booths.accounts import AtBroker, MadeAccount
    from hub.booths.registry import BoothAccount, DeviceAccount
    from hub.event.zone import Zone
    from hub.settings import Settings


def check_sheets(settings: "Settings", folder: Path | None) -> None:
    """Check that sheets can be written: nobody could read passwords again that stand nowhere.

    Raises:
        HubError: the folder, the zone file, the certificate or the registry stands in the way.
    """
    if folder is None:
        return
    from hub.booths.handout import check_folder
    from hub.booths.registry import Registry
    from hub.event.zone import load

    load(settings.zone)
    Registry(settings.data).booths()
    check_folder(folder, settings.broker_ca if settings.reached_broker.tls else None)


def passwords(
    settings: "Settings", booth: str, made: "Sequence[MadeAccount]", sheets: Path | None
) -> None:
    """Print the accounts of a booth with their new passwords, and its link; write its sheet."""
    from hub.booths.registry import Registry

    known = Registry(settings.data).booths().get(booth)
    name = known.name if known is not None else ""
    typer.secho(f"{booth}  {name}".rstrip(), bold=True)
    devices = {item.account: item for item in known.devices} if known is not None else {}
    for item in made:
        shown = item.password or "there already; its password stays"
        typer.echo(
            f"{item.account:10}{shown:36}{_topic(settings, booth, devices.get(item.account))}"
        )
    if known is not None:
        typer.echo(f"{'page':10}{page(settings, booth)}")
        if sheets is not None:
            typer.echo(f"{'sheet':10}{_written(settings, booth, made, sheets)}")


def _written(settings: "Settings", booth: str, made: "Sequence[MadeAccount]", folder: Path) -> str:
    from hub.errors import BoothError

    try:
        return _new_or_kept(settings, booth, made, folder)
    except BoothError as exc:
        raise BoothError(
            f"{booth}: {exc}. No sheet was written, but the accounts hold, with the passwords "
            f"shown above: write them into hub booth sheet {booth} --out FOLDER"
        ) from exc


def _new_or_kept(
    settings: "Settings", booth: str, made: "Sequence[MadeAccount]", folder: Path
) -> str:
    """Write the hand-out, unless there is one without changes."""
    from hub.booths.handout import main_path

    there = main_path(folder, booth)
    if there.exists() and not any(item.password for item in made):
        return f"{there}, as it was"
    return str(sheet(settings, booth, made, folder))


def _topic(settings: "Settings", booth: str, device: "DeviceAccount | None") -> str:
    kind = device.kind if device is not None and device.kind else "KIND"
    name = device.device if device is not None and device.device else "DEVICE"
    return f"{settings.root}/{booth}/{kind}/{name}"


def other_name(wanted: "AccountRequest", plan: "Zone") -> None:
    """Tell of a name that is not the zone file's, for the wall shows that one."""
    planned = next((item for item in plan.booth if item.id == wanted.booth), None)
    if planned is not None and (wanted.name, wanted.name_ko) != (planned.name, planned.name_ko):
        typer.secho(
            f"{wanted.booth}: the zone file has the name {planned.name!r} ({planned.name_ko!r}), "
            "which the wall shows; to change it there, edit the file and run hub zone reload",
            fg=typer.colors.YELLOW,
            err=True,
        )


def page(settings: "Settings", booth: str) -> str:
    """Return the link that opens a booth's page."""
    from hub.booths.handout import link

    return link(settings, booth)


def sheet(settings: "Settings", booth: str, made: "Sequence[MadeAccount]", folder: Path) -> Path:
    """Write a booth's hand-out and return its path, which tells nothing secret."""
    from hub.booths import handout as sheets
    from hub.booths.registry import Registry
    from hub.event import catalogue
    from hub.event.zone import load

    known = Registry(settings.data).booths()[booth]
    new = {item.account: item.password for item in made if item.password}
    facts = sheets.facts_of(settings, load(settings.zone), known, new)
    return sheets.write(folder, facts, catalogue.load(settings))


def accounts(settings: "Settings", there: "Mapping[str, Sequence[AtBroker]]") -> None:
    """Print the booths with their accounts, as broker, data folder and running hub know them."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from hub.booths.registry import Registry
    from hub.event.zone import load

    plan = load(settings.zone)
    known, devices = Registry(settings.data).booths(), _devices(settings)
    table = Table(box=None, pad_edge=False)
    for column in ("booth", "name", "accounts", "connected devices"):
        table.add_column(column, no_wrap=column == "booth", overflow="fold")
    for booth in sorted({*there, *known}):
        cells = (
            booth,
            _names(known.get(booth), plan),
            _accounts(there.get(booth, ())),
            "?" if devices is None else "\n".join(devices[booth]) or "none",
        )
        table.add_row(*map(Text, cells))  # as text: a name may hold brackets
    Console().print(table if table.row_count else "no booth has accounts; hub booth add makes some")


def _names(known: "BoothAccount | None", plan: "Zone") -> str:
    from hub.booths.handout import as_planned

    if known is None:
        return "not in this data folder"
    shown = as_planned(known, plan)
    names = [shown.name, shown.name_ko]
    before = list(filter(None, (known.name, known.name_ko)))
    if before and before != list(filter(None, names)):
        names.append(f"(accounts: {', '.join(before)})")
    return "\n".join(filter(None, names))


def _accounts(there: "Sequence[AtBroker]") -> str:
    lines = []
    for item in there:
        state = " (shut off)" if item.disabled else ""
        state += " (connected)" if item.connections else ""
        lines.append(f"{item.account}{state}")
    return "\n".join(lines) or "none at the broker; add it again"


def forget(settings: "Settings", booth: str) -> str:
    """Have the running hub forget the devices of a booth; return what came of it, in a line."""
    from hub.client import client_of
    from hub.errors import ClientError

    client = client_of(settings)
    try:
        devices = client.json(f"/api/devices?booth={booth}")
        for item in devices:
            client.delete(f"/api/devices/{booth}/{item['kind']}/{item['device']}")
    except ClientError as exc:
        return f"{exc}; its devices stay on the wall"
    return f"{len(devices)} devices are off the wall"


def _devices(settings: "Settings") -> Mapping[str, list[str]] | None:
    """The devices that the running hub knows, by booth; None if it does not answer.

    Mosquitto 2.0 does not tell which accounts are connected.
    """
    from hub.client import client_of
    from hub.errors import ClientError

    try:
        seen = client_of(settings).json("/api/devices")
    except ClientError as exc:
        said = f"{exc}; what is connected is not known"
        typer.secho(said, fg=typer.colors.YELLOW, err=True)
        return None
    found: dict[str, list[str]] = defaultdict(list)
    for item in seen:
        if item["state"] != "offline":
            found[item["booth"]].append(f"{item['kind']}/{item['device']} {item['state']}")
    return found
