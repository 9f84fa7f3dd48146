"""`hub dialects`: what devices speak by themselves, and the verdict on a sample."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import read_payload

if TYPE_CHECKING:
    from hub.dialects import Dialect
    from hub.messages import Rejection, Translated

app = typer.Typer(
    help="What devices speak by themselves.",
    no_args_is_help=True,
    epilog="Example: hub dialects list",
)

_Name = Annotated[str, typer.Argument(metavar="DIALECT", help="The dialect's name.")]


@app.command("list", epilog="Example: hub dialects list")
def list_() -> None:
    """List every dialect, with the topics under which its devices publish."""
    from rich.console import Console
    from rich.table import Table

    from hub.dialects import DIALECTS

    table = Table("dialect", "English", "한국어", "publish below", box=None, pad_edge=False)
    for item in DIALECTS.values():
        prefix = f"smartlife/v1/BOOTH/{item.name}/"
        table.add_row(item.name, item.label.en, item.label.ko, prefix)
    Console().print(table)


@app.command(epilog="Example: hub dialects show tasmota")
def show(name: _Name) -> None:
    """Show what to set in a device, and a message of its own to try."""
    from hub.pipeline.dialect_routes import Dialects

    dialect = _known(name)
    typer.echo(f"{dialect.label.en} · {dialect.label.ko}\n")
    for step in dialect.setup:
        value = step.value.replace("{root}", "smartlife/v1").replace("{booth}", "BOOTH")
        typer.echo(f"{step.setting.en}\n  {step.setting.ko}\n    {value}")
    when = time.time_ns(), Dialects().timezone
    said = dialect.shown_at(*when)
    command = "echo" if said == dialect.sample_at(*when) else "printf"
    typer.echo(f"\ntry      {command} '{said}' | hub dialects try {name} {dialect.sample[0]}")


@app.command("try", epilog="Example: hub dialects try tasmota tele/plug1/SENSOR sensor.json")
def try_(
    name: _Name,
    topic: Annotated[
        str, typer.Argument(help="The device's own topic, or with + or # those of a capture.")
    ],
    file: Annotated[Path | None, typer.Argument(help="The payload; stdin without it.")] = None,
) -> None:
    """Show what becomes of a message, with the code that decides on live ones.

    With + or # in the topic the file is a capture, as mosquitto_sub -v prints it: a topic, a
    blank and a payload in each line. Those that match are taken in their order.
    """
    from hub.messages import Rejection, Translated
    from hub.pipeline.decode import Decoder
    from schemas import kinds

    _known(name)
    decoder = Decoder("try", kinds())
    tried = rejected = 0
    for own, payload in _messages(name, topic, read_payload(file)):
        tried += 1
        verdict = decoder.decode(f"try/booth/{name}/{own}", payload, time.time_ns())
        if own != topic:
            typer.secho(own, bold=True)
        if isinstance(verdict, Rejection):
            rejected += 1
            _say_rejected(verdict)
        else:
            _say(verdict if isinstance(verdict, Translated) else None)
    if not tried:
        typer.secho(f"no line of the capture matches {topic!r}", fg=typer.colors.RED, err=True)
    if rejected or not tried:
        raise typer.Exit(1)


def _messages(name: str, topic: str, text: bytes) -> Iterator[tuple[str, bytes]]:
    """The messages to try, each with the device's own topic, without the hub's prefix."""
    from hub.topics import matches

    if not set(topic) & set("+#"):
        yield topic, text
        return
    for line in filter(None, text.splitlines()):
        whole, _, payload = line.decode(errors="surrogateescape").partition(" ")
        prefixed = re.match(rf"[^/]+/[^/]+/[^/]+/{name}/(.+)", whole)
        own = prefixed[1] if prefixed else whole
        if matches(topic, own):
            yield own, payload.encode(errors="surrogateescape")


def _say_rejected(verdict: "Rejection") -> None:
    typer.secho(f"rejected ({verdict.code}): {verdict.message.en}", fg=typer.colors.RED)
    typer.echo(f"  {verdict.message.ko}")


def _say(verdict: "Translated | None") -> None:
    if verdict is None or not (verdict.uses or verdict.statuses):
        typer.echo("nothing: a topic that is known and not used")
        return
    for reading in verdict.readings:
        said = json.dumps(reading.fields, ensure_ascii=False)
        typer.secho(f"{reading.address.kind}/{reading.address.device}: {said}", fg="green")
        source = reading.remarks.source
        if source is not None and source.name != reading.address.device:
            typer.echo(f"  called {source.name}")
        for note in reading.remarks.notes:
            typer.echo(f"  {note.named().en}")
        if reading.skew is not None:
            seconds = reading.skew / 1e9
            typer.echo(f"  clock: its time is {seconds:+.0f} s off; the time of arrival counts")
    for status in verdict.statuses:
        word = "online" if status.online else "offline"
        typer.secho(f"{status.address.kind}/{status.address.device}: {word}", fg="green")
    for use in verdict.uses:
        to = f"{use.kind} {use.field}" if use.field else "not used"
        why = "" if use.why is None else f": {use.why.en}"
        typer.echo(f"  {use.place} = {json.dumps(use.value, ensure_ascii=False)} → {to}{why}")


def _known(name: str) -> "Dialect":
    from difflib import get_close_matches

    from hub.dialects import DIALECTS

    if name not in DIALECTS:
        near = get_close_matches(name.lower(), list(DIALECTS), n=1)
        hint = f"did you mean {near[0]}?" if near else "hub dialects list shows all"
        raise typer.BadParameter(f"there is no dialect {name!r}; {hint}", param_hint="DIALECT")
    return DIALECTS[name]
