"""`hub recording diff`: what differs between two recordings."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.options import usage
from hub.cli.recording_output import check_named, remark, shown

_LINES = 50


def diff(
    first: Annotated[Path, typer.Argument(help="A recording.", metavar="FIRST")],
    second: Annotated[Path, typer.Argument(help="Another.", metavar="SECOND")],
    tolerance: Annotated[
        str, typer.Option(help="How much two numbers may differ, like 0.1 or 1%.")
    ] = "0",
    booth: Annotated[str | None, typer.Option(help="Only this booth.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
) -> None:
    """Compare two recordings by topic and field, whatever their times; exit code 1 if they differ.

    The first message of a topic is compared with the first of the other, and so on.
    """
    from hub.recording.diff import Tolerance, compare
    from hub.recording.format import info, read

    with usage("--tolerance"):
        near = Tolerance.of(tolerance)
    held = [info(file) for file in (first, second)]
    for item in held:
        remark(item)
    check_named(held, {"--booth": [booth] if booth else (), "--kind": [kind] if kind else ()})
    one, other = (read(file, booth=booth, kind=kind) for file in (first, second))
    found = compare(one, other, near)
    lines = list(found.lines(first.name, second.name))
    for line in lines[:_LINES]:
        typer.echo(shown(line))
    if len(lines) > _LINES:
        typer.echo(f"… and {len(lines) - _LINES:,} more")
    if found:
        raise typer.Exit(1)
    typer.echo(f"the same: {found.compared:,} messages")
