"""`hub kinds`: the catalogue of device kinds."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import DECLARED, check_kind, read_payload, with_settings

if TYPE_CHECKING:
    from hub.settings import Settings
    from schemas import FieldSpec, KindSpec

app = typer.Typer(
    help="The catalogue of device kinds.", no_args_is_help=True, epilog="Example: hub kinds list"
)


@app.command("list", epilog="Example: hub kinds list")
@with_settings(*DECLARED)
def list_(settings: "Settings") -> None:
    """List every kind, with its domain and what it is called."""
    from rich.console import Console
    from rich.table import Table

    from hub.event.catalogue import load

    table = Table(box=None, pad_edge=False)
    for column in ("kind", "domain", "English", "한국어", "every"):
        # A name is there to be copied: a narrow terminal must not cut it.
        table.add_column(column, no_wrap=column in {"kind", "domain"}, overflow="fold")
    for kind in load(settings).values():
        table.add_row(
            kind.name, kind.domain.id, kind.label.en, kind.label.ko, f"{kind.interval:g} s"
        )
    Console().print(table)


@app.command(epilog="Example: hub kinds show thermostat")
@with_settings(*DECLARED)
def show(
    settings: "Settings", kind: Annotated[str, typer.Argument(help="The kind's name.")]
) -> None:
    """Show a kind's fields, its topic and an example to publish."""
    from rich.console import Console
    from rich.table import Table

    spec = _known(settings, kind)
    console = Console()
    console.print(f"[b]{spec.name}[/b]  {spec.label.en} · {spec.label.ko}  ({spec.domain.id})")
    console.print(spec.about + "\n", highlight=False)
    table = Table("field", "type", "range", "unit", "needed", "한국어", box=None, pad_edge=False)
    for item in spec.fields:
        needed = "yes" if item.required else ""
        table.add_row(
            item.name, item.type.value, _range(item), item.unit.symbol, needed, item.label.ko
        )
    console.print(table)
    console.print(f"\ntopic    smartlife/v1/BOOTH/{spec.name}/DEVICE")
    console.print(f"example  {json.dumps(dict(spec.example))}", soft_wrap=True, highlight=False)


@app.command(epilog="Example: hub kinds asyncapi > asyncapi.json")
@with_settings(*DECLARED, "root", "broker", "public_broker")
def asyncapi(settings: "Settings") -> None:
    """Write AsyncAPI 3 of every kind: topics and messages, for other programs."""
    from hub.event.catalogue import load
    from hub.web.asyncapi import document

    said = document(load(settings), settings.root, settings.reached_brokers)
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2))


@app.command(epilog="Example: echo '{\"temperature\": 412}' | hub kinds check thermostat")
@with_settings(*DECLARED)
def check(
    settings: "Settings",
    kind: Annotated[str, typer.Argument(help="The kind's name.")],
    file: Annotated[Path | None, typer.Argument(help="The payload; stdin without it.")] = None,
) -> None:
    """Check a payload against a kind, with the code that decides on live readings."""
    from hub.messages import Reading, Rejection
    from hub.pipeline.decode import Decoder

    spec = _known(settings, kind)
    payload = read_payload(file)
    decoder = Decoder("check", {kind: spec})
    verdict = decoder.decode(f"check/booth/{kind}/device", payload, time.time_ns())
    if isinstance(verdict, Rejection):
        typer.secho(f"rejected ({verdict.code}): {verdict.message}", fg=typer.colors.RED)
        raise typer.Exit(1)
    assert isinstance(verdict, Reading)
    typer.secho(f"accepted: {verdict.fields}", fg=typer.colors.GREEN)
    if verdict.ignored:
        typer.echo(f"ignored: {', '.join(verdict.ignored)}")
    for note in verdict.remarks.notes:
        typer.echo(note.named().en)
    if verdict.skew is not None:
        seconds = verdict.skew / 1e9
        typer.echo(f"clock: ts is {seconds:+.0f} s off; it would be kept at its time of arrival")


@app.command(epilog="Example: hub kinds draft water_tank < samples.ndjson > water_tank.json")
@with_settings("http")
def draft(
    settings: "Settings",
    kind: Annotated[str, typer.Argument(help="The new kind's name.")],
    file: Annotated[
        Path | None,
        typer.Argument(help="Payloads: one, an array, or one a line; stdin without it."),
    ] = None,
    from_rejections: Annotated[
        str | None,
        typer.Option(metavar="BOOTH", help="From what this booth sent to the running hub."),
    ] = None,
) -> None:
    """Draft the declaration of a kind from payloads; look at what it marks with x-look."""
    from urllib.parse import quote

    from hub import topics
    from hub.client import client_of
    from hub.event import drafting

    if not topics.KIND.fullmatch(kind):
        raise typer.BadParameter(
            f"{kind!r} is no name of a kind; use a-z, digits and _, like water_tank",
            param_hint="KIND",
        )
    if file is not None and from_rejections is not None:
        raise typer.BadParameter("give FILE or --from-rejections; one draft is of one of them")
    if from_rejections is not None:
        booth = quote(from_rejections, safe="")
        said = client_of(settings).json(f"/api/booths/{booth}/kinds/{kind}/draft")
    else:
        try:
            said = drafting.draft(kind, drafting.of_text(read_payload(file)))
        except ValueError as exc:
            raise typer.BadParameter(str(exc), param_hint="FILE") from exc
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2))


@app.command(epilog="Example: hub kinds add water_tank.json")
@with_settings("http")
def add(
    settings: "Settings",
    file: Annotated[
        Path | None,
        typer.Argument(help="The declaration, JSON or .yaml; JSON on stdin without it."),
    ] = None,
) -> None:
    """Have the running hub take a new kind; readings of it count from now on."""
    from hub.client import client_of
    from hub.event import json_yaml
    from hub.event.catalogue import LARGEST, YAML

    text = read_payload(file)
    if len(text) > LARGEST:
        raise typer.BadParameter(f"has {len(text):,} bytes; a declaration has {LARGEST:,} at most")
    if file is not None and file.suffix in YAML:
        try:
            text = json.dumps(json_yaml.parse(text)).encode()
        except (ValueError, RecursionError) as exc:
            raise typer.BadParameter(f"{file}: {exc}", param_hint="FILE") from exc
    kind = client_of(settings).json("/api/kinds", text, "application/schema+json")
    typer.echo(f"{kind['name']} is taken; devices publish to {kind['topic']}")


@app.command(epilog="Example: hub kinds accept-rejected water_tank --booth b12")
@with_settings("http")
def accept_rejected(
    settings: "Settings",
    kind: Annotated[str, typer.Argument(help="A kind that was declared since.")],
    booth: Annotated[str | None, typer.Option(help="Only what this booth sent.")] = None,
) -> None:
    """Have the running hub take in, once, what was rejected before the kind was declared."""
    from urllib.parse import quote

    from hub.client import client_of

    query = "" if booth is None else f"?booth={quote(booth, safe='')}"
    path = f"/api/kinds/{quote(kind, safe='')}/accept-rejected{query}"
    said = client_of(settings).json(path, b"", "application/json")
    if not any(said.values()):
        typer.echo(
            f"no message that was rejected as {kind} is kept{f' of {booth}' if booth else ''}"
        )
        return
    typer.echo(f"{said['taken']} taken in, each at its time of arrival")
    if said["rejected"]:
        typer.echo(f"{said['rejected']} do not fit the kind; /api/rejections says why")
    if said["cut"]:
        typer.echo(f"{said['cut']} were longer than what the hub keeps of a rejected message")


def _known(settings: "Settings", name: str) -> "KindSpec":
    from hub.event.catalogue import load

    known = load(settings)
    check_kind(name, known, "KIND")
    return known[name]


def _range(item: "FieldSpec") -> str:
    if item.choices:
        return ", ".join(item.choices)
    if item.max_length is not None:
        return f"up to {item.max_length} characters"
    return "" if item.minimum is None else f"{item.minimum:g} … {item.maximum:g}"
