"""`hub boards`: the Grafana boards as code."""

import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import DECLARED, with_settings

if TYPE_CHECKING:
    from hub.boards.grafana_api import Grafana
    from hub.boards.provisioning import Plan
    from hub.settings import Settings

app = typer.Typer(
    help="The Grafana boards, made from the kinds and the zone.",
    no_args_is_help=True,
    epilog="Example: hub boards build",
)
_Folder = Annotated[Path, typer.Option(help="The folder in which grafana/ stands.")]


@app.command(epilog="Example: hub boards build --zone zone.toml")
@with_settings(*DECLARED)
def build(settings: "Settings", folder: _Folder = Path()) -> None:
    """Write grafana/dashboards/, the alert rules and the notification policy.

    Boards of kinds that are gone are removed; other files stay.
    """
    from hub.boards.provisioning import files
    from hub.event import catalogue
    from hub.event.zone import load

    wanted = files(catalogue.load(settings), load(settings.zone))
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in _leftover(folder, wanted):
        path.unlink()
    typer.echo(f"wrote {len(wanted)} files to {folder / 'grafana'}")


@app.command(epilog="Example: hub boards check")
@with_settings(*DECLARED)
def check(settings: "Settings", folder: _Folder = Path()) -> None:
    """Fail if the files are not those that build writes, or if a board has a fault."""
    from hub.boards.provisioning import faults, files
    from hub.event import catalogue
    from hub.event.zone import load

    kinds, zone = catalogue.load(settings), load(settings.zone)
    wanted = files(kinds, zone)
    stale = [
        f"{name}: stale; run hub boards build"
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text.encode()
    ]
    gone = [f"{path}: no kind makes it; run hub boards build" for path in _leftover(folder, wanted)]
    found = [*faults(kinds, zone), *stale, *gone]
    for line in found:
        typer.echo(line, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{len(wanted)} files are well")


@app.command(
    epilog="Example: HUB_GRAFANA_TOKEN=glsa_… hub boards push --grafana http://127.0.0.1:3000"
)
@with_settings("grafana", "store", *DECLARED)
def push(settings: "Settings") -> None:
    """Make a running Grafana hold the folders, boards, data source and playlists.

    Nothing is deleted, and boards that are not ours are not touched. The data source is pushed
    when HUB_STORE is InfluxDB. The token is HUB_GRAFANA_TOKEN.
    """
    plan = _plan(settings)
    with closing(_grafana(settings)) as grafana:
        for name, outcome in grafana.push(plan):
            typer.echo(f"{outcome:12}{name}")
        for name, url in grafana.kiosk(plan):
            typer.echo(f"play {name}: {url}")


@app.command(
    epilog="Example: HUB_GRAFANA_TOKEN=glsa_… hub boards diff --grafana http://127.0.0.1:3000"
)
@with_settings("grafana", "store", *DECLARED)
def diff(settings: "Settings") -> None:
    """Show how a running Grafana differs from what push would make of it; exit code 1 if it does.

    The token is HUB_GRAFANA_TOKEN.
    """
    plan, differs = _plan(settings), False
    with closing(_grafana(settings)) as grafana:
        for item in grafana.diff(plan):
            differs = True
            typer.echo(f"{item.name}: not there" if item.missing else f"{item.name}: differs")
            for line in item.lines:
                typer.secho(line, fg=_COLOURS.get(line[:1]))
    if differs:
        raise typer.Exit(1)
    typer.echo("Grafana holds what is declared")


_COLOURS = {"+": typer.colors.GREEN, "-": typer.colors.RED}


def _plan(settings: "Settings") -> "Plan":
    from hub.boards.provisioning import plan, source
    from hub.event import catalogue
    from hub.event.zone import load
    from hub.stores.influx.address import InfluxAddress
    from hub.stores.influx.token import Token

    made = plan(catalogue.load(settings), load(settings.zone))
    if not settings.store.startswith(("influx://", "influxs://")):
        print("HUB_STORE is not InfluxDB: the data source is left as it is", file=sys.stderr)
        return made
    address, given = InfluxAddress.parse(settings.store), settings.influx_token
    secret = given.get_secret_value() if given else None
    token = Token(secret, settings.influx_token_file).value
    secrets = {"httpHeaderValue1": f"Token {token}"} if token else None
    return replace(made, source=source(address.url, address.bucket), secrets=secrets)


def _grafana(settings: "Settings") -> "Grafana":
    from hub.errors import GrafanaError, SettingError

    try:
        from hub.boards.grafana_api import Grafana
    except ModuleNotFoundError as exc:
        raise GrafanaError(
            "hub boards push and diff need grafana-client; install it in the hub's folder with: "
            ".venv/bin/pip install -e '.[grafana]'"
        ) from exc
    if settings.grafana_token is None:
        raise SettingError(
            "HUB_GRAFANA_TOKEN: is not set; make a service account with the role Admin in Grafana "
            "and set it to its token"
        )
    return Grafana(settings.grafana, settings.grafana_token.get_secret_value())


def _leftover(folder: Path, wanted: dict[str, str]) -> list[Path]:
    """Board files of ours that are no longer made."""
    there = (folder / "grafana" / "dashboards").glob("*/sl-*.json")
    return [path for path in there if path.relative_to(folder).as_posix() not in wanted]
