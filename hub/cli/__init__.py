"""The command line: one thin module for each command, with late imports.

Exit codes: 0 done, 1 failed, 2 wrong usage.
"""

import copy
import sys
from io import TextIOWrapper

import typer
from typer.models import CommandInfo

from hub import __version__
from hub.cli import (
    backup,
    boards,
    booth,
    certs,
    demo,
    device,
    dialects,
    doctor,
    export,
    kinds,
    mute,
    outbox,
    record,
    recording,
    replay,
    run,
    send,
    tail,
    wall,
    zone,
)
from hub.errors import HubError, SettingError, ZoneError

app = typer.Typer(
    name="hub",
    help="The Smart Life hub: live readings from exhibitors' devices, kept, counted and shown.",
    epilog="Start with: hub demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hub {__version__}")
        raise typer.Exit


@app.callback()
def _hub(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """The Smart Life hub: live readings from exhibitors' devices, kept, counted and shown."""


app.command("demo", epilog="Example: hub demo --http 127.0.0.1:9000")(demo.demo)
app.command("run", epilog="Example: hub run --broker mqtt://10.0.0.5:1883 --zone zone.toml")(
    run.run
)
app.command("send", epilog="Example: hub send b12 thermostat t1 '{\"temperature\": 21.5}'")(
    send.send
)
app.command(
    "wall", epilog="Example: hub wall --broker mqtt://10.0.0.5 --store influx://10.0.0.6:8086/expo"
)(wall.wall)
app.command("tail", epilog="Example: hub tail --booth b12")(tail.tail)
app.command("export", epilog="Example: hub export --booth b12 --day 2026-10-07 --lang ko")(
    export.export
)
app.command("backup", epilog="Example: hub backup copy-of-thursday")(backup.backup)
app.command("restore", epilog="Example: hub restore copy-of-thursday")(backup.restore)
app.command("record", epilog="Example: hub record --out morning.mcap --for 10m")(record.record)
app.command("replay", epilog="Example: hub replay day1.mcap --speed 10 --map b12=b99")(
    replay.replay
)
app.add_typer(kinds.app, name="kinds")
app.add_typer(dialects.app, name="dialects")
app.add_typer(recording.app, name="recording")
app.add_typer(boards.app, name="boards")
app.add_typer(booth.app, name="booth")
app.add_typer(device.app, name="device")
app.add_typer(mute.app, name="mute")
app.add_typer(zone.app, name="zone")
app.add_typer(certs.app, name="certs")
app.add_typer(outbox.app, name="outbox")
app.command("doctor", epilog="Example: HUB_BROKER=mqtt://10.0.0.5 hub doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; an error that is meant for people ends in one line."""
    if isinstance(sys.stdout, TextIOWrapper):  # an encoding without Korean is no reason to end
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        _with_options_of(next((word for word in sys.argv[1:] if not word.startswith("-")), None))()
    except (SettingError, ZoneError) as exc:
        sys.exit(_say(str(exc), 2))
    except HubError as exc:
        sys.exit(_say(str(exc), 1))
    except UnicodeEncodeError as exc:  # half a character, as a shell in another encoding gives it
        sys.exit(_say(f"{exc.object[:64]!r}: is no text in UTF-8", 2))
    except OSError as exc:
        sys.exit(_say(f"{exc.filename or 'output'}: {exc.strerror or exc}", 1))


def _with_options_of(command: str | None) -> typer.Typer:
    """Return the command line with one command in full, the others only as they are listed.

    To read the options of all takes 30 ms of 200.
    """
    listed = copy.copy(app)
    listed.registered_commands = [
        info if info.name == command else _listed(info) for info in app.registered_commands
    ]
    listed.registered_groups = [copy.copy(group) for group in app.registered_groups]
    for group in listed.registered_groups:
        if group.name != command and group.typer_instance is not None:
            group.typer_instance = typer.Typer(help=group.typer_instance.info.help)
    return listed


def _listed(info: CommandInfo) -> CommandInfo:
    def listed() -> None: ...

    listed.__doc__ = info.callback.__doc__
    found = copy.copy(info)
    found.callback = listed
    return found


def _say(text: str, code: int) -> int:
    typer.secho(f"hub: {text}", fg=typer.colors.RED, err=True)
    return code
