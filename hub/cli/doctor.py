"""`hub doctor`: what is wrong with broker, outbox, store, Grafana, clock, disk; what to do."""

from typing import TYPE_CHECKING

import typer

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings


@with_settings()
def doctor(settings: "Settings") -> None:
    """Check everything that a hub needs, from outside in, and say what to do about what is wrong.

    With a running hub a reading is sent as a device would, and its receipt awaited.
    """
    import asyncio

    from hub.cli.doctor_inside import examine

    findings = asyncio.run(examine(settings))
    for name, finding in findings.items():
        mark, colour = ("ok", typer.colors.GREEN) if finding.well else ("!!", typer.colors.RED)
        if finding.note:
            mark, colour = "! ", typer.colors.YELLOW
        typer.secho(f"{mark}  ", fg=colour, nl=False)
        typer.echo(f"{name:9}{finding.said}")
    if not all(finding.well for finding in findings.values()):
        raise typer.Exit(1)
