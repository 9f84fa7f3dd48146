"""`hub recording import`: a recording out of what another tool recorded."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import DECLARED, duration, usage, with_settings
from hub.cli.recording_output import shown

if TYPE_CHECKING:
    from hub.settings import Settings


@with_settings("root", *DECLARED)
def import_(
    settings: "Settings",
    file: Annotated[Path, typer.Argument(help="What another tool recorded.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="The recording; it must not be there yet.")],
    form: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="jsonl (also mosquitto_sub -F %j), mosquitto (-v), mqtt-recorder, influx-lines, "
            "influx-csv, mcap or rosbag2; without it the file shows what it is.",
        ),
    ] = None,
    topics: Annotated[
        list[str] | None,
        typer.Option(
            "--map-topic",
            help="What a topic becomes, like lab/+/temp=smartlife/v1/b1/thermostat/+; may be "
            "repeated.",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="When a log without times began, RFC 3339 or epoch. [default: the file's time]"
        ),
    ] = None,
    every: Annotated[
        str, typer.Option(help="What passes between two messages of a log without times.")
    ] = "1s",
) -> None:
    """Make a recording of what another tool recorded, with the verdicts of a hub of today."""
    from hub import timestamps
    from hub.event.catalogue import load
    from hub.recording.foreign.importing import FORMS, ImportTerms, import_file
    from hub.recording.topic_map import TopicMap

    if form is not None and form not in FORMS:
        raise typer.BadParameter(f"--from: {form!r} is none of {', '.join(FORMS)}")
    with usage("--map-topic"):
        mapped = TopicMap(topics or ())
    with usage("--start"):
        began = _modified(file) if start is None else timestamps.moment(start, 0)
    terms = ImportTerms(settings.root, mapped, began, duration("--every", every))
    result = import_file(file, out, form, terms, load(settings))
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in result.verdicts.most_common())
    typer.echo(f"{result.verdicts.total():,} messages ({counts}): {out}")
    for said in result.remarks():
        typer.echo(shown(said), err=True)


def _modified(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says why
