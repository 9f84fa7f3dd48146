"""`hub mute`: the alarms that a running hub keeps quiet."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.options import duration, with_settings

if TYPE_CHECKING:
    from hub.settings import Settings

app = typer.Typer(
    help="Alarms of a running hub that everybody knows of: muted, by whom, until when.",
    no_args_is_help=True,
    epilog="Example: hub mute add b12/thermostat/t1 --for 1h --by Kim",
)

_What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="A device, like b12/thermostat/t1, or a cause as the wall groups by, like 'offline "
        "b12' or 'value thermostat temperature'.",
    ),
]
_MINUTE = 60 * 1_000_000_000


@app.command(epilog="Example: hub mute add b12/thermostat/t1 --for 1h --by Kim")
@with_settings("http")
def add(
    settings: "Settings",
    what: _What,
    by: Annotated[str, typer.Option(help="Who mutes it: a name, which the wall shows.")],
    for_: Annotated[
        str, typer.Option("--for", metavar="DURATION", help="How long, like 30m or 4h.")
    ] = "1h",
) -> None:
    """Mute a device's alarms, or a cause at every booth that has it.

    The wall shows it in grey, with the name and the end, and counts it no longer.
    """
    from hub.client import client_of

    minutes = max(1, round(duration("--for", for_) / _MINUTE))
    asked = {**_meant(what), "minutes": minutes, "by": by}
    body = json.dumps(asked).encode()
    typer.echo(_line(client_of(settings).json("/api/mutes", body, "application/json")))


@app.command("list", epilog="Example: hub mute list")
@with_settings("http")
def list_(settings: "Settings") -> None:
    """List what is muted: its id, what, by whom and until when."""
    from hub.client import client_of

    mutes = client_of(settings).json("/api/mutes")
    typer.echo("\n".join(map(_line, mutes)) or "nothing is muted")


@app.command(epilog="Example: hub mute end b12/thermostat/t1")
@with_settings("http")
def end(
    settings: "Settings",
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="What is muted, or its id, as hub mute list says.")
    ],
) -> None:
    """End a mute before its time: the alarm is told again."""
    from hub.client import client_of
    from hub.errors import ClientError

    client = client_of(settings)
    ended = [item for item in client.json("/api/mutes") if what in (item["id"], _what(item))]
    if not ended:
        raise ClientError(f"{what}: is not muted; hub mute list shows what is")
    for item in ended:
        client.delete(f"/api/mutes/{item['id']}")
        typer.echo(f"{_what(item)} is no longer muted")


def _meant(what: str) -> dict[str, Any]:
    from hub import topics

    parts = what.split("/")
    names = (topics.BOOTH, topics.KIND, topics.DEVICE)
    if len(parts) == len(names) and all(
        name.fullmatch(part) for name, part in zip(names, parts, strict=True)
    ):
        return {"device": dict(zip(("booth", "kind", "device"), parts, strict=True))}
    return {"cause": what}


def _what(item: Any) -> str:
    """What is muted, as one writes it."""
    device = item["device"]
    return str(item["cause"]) if device is None else "/".join(device.values())


def _line(item: Any) -> str:
    until = item["until"].partition(".")[0]
    return f"{item['id']}  {_what(item)}  muted by {item['by']} until {until} UTC"
