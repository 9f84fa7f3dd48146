"""`hub replay`: a recording to a broker, or onto the wall of a running hub."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import MOMENT, run_until_stopped, usage, with_settings
from hub.cli.recording_shown import remark

if TYPE_CHECKING:
    from hub.mqtt.publisher import Publisher
    from hub.recording.info import Info
    from hub.recording.player import Player
    from hub.recording.select import Choice
    from hub.recording.wall_player import Wall
    from hub.settings import Settings


class Shift(StrEnum):
    """What becomes of the times in the payloads."""

    NOW = "now"
    KEEP = "keep"


class Delivery(StrEnum):
    """Whether a fault of the broker may repeat messages of QoS 1."""

    ONCE = "once"
    RECORDED = "recorded"


@with_settings("root", "broker_ca", "http")
def replay(
    settings: "Settings",
    file: Annotated[Path, typer.Argument(help="The recording, as hub record wrote it.")],
    to: Annotated[
        str | None,
        typer.Option(
            help="The broker: mqtt://host:port. Without it HUB_BROKER, which can hold an account."
        ),
    ] = None,
    into_hub: Annotated[
        bool,
        typer.Option(
            "--into-hub",
            help="Show it on the wall of the hub at HUB_HTTP, marked as replayed, and keep nothing "
            "of it.",
        ),
    ] = False,
    speed: Annotated[str, typer.Option(help="A factor like 10 or 0.5, or max.")] = "1",
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end.")] = False,
    start: Annotated[
        str | None,
        typer.Option(help=f"From here on: {MOMENT}."),
    ] = None,
    stop: Annotated[str | None, typer.Option(help="Up to here, written like --start.")] = None,
    booth: Annotated[str | None, typer.Option(help="Only this booth.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    booths: Annotated[
        list[str] | None,
        typer.Option("--map", help="Another name for a booth, like b12=b99; may be repeated."),
    ] = None,
    shift: Annotated[
        Shift | None,
        typer.Option(
            help="now: each ts is moved as if it happened now; keep: no byte is changed. "
            "[default: keep, with --into-hub now]"
        ),
    ] = None,
    delivery: Annotated[
        Delivery,
        typer.Option(
            help="once: QoS 1 goes as QoS 2, so that a fault repeats nothing; recorded: each QoS "
            "as it was."
        ),
    ] = Delivery.ONCE,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw", help="Also what was not new: redeliveries, readings that were retained."
        ),
    ] = False,
) -> None:
    """Play a recording, in its order and at its pace, until its end or Ctrl-C."""
    if to is not None and into_hub:
        raise typer.BadParameter("give one of --to and --into-hub")
    from hub.recording.format import info
    from hub.recording.select import Choice, renamed_booths, speed_of

    with usage("--speed"):
        factor = speed_of(speed)
    with usage("--map"):
        names = renamed_booths(booths or ())
    found = info(file)
    remark(found)
    with usage("--start"):
        part = _Part(found, _span(found, start, stop), booth, kind)
    now = shift is Shift.NOW or (shift is None and into_hub)

    def choice() -> "Choice":
        return Choice(found.root or settings.root, names, part.offset(factor) if now else None, raw)

    sink = _wall(settings) if into_hub else _publisher(settings, to, delivery)
    run_until_stopped(_replay(part, sink, choice, factor, loop=loop))


def _span(found: "Info", start: str | None, stop: str | None) -> tuple[int, int]:
    """The time range to play, in ns: from the first, before the second."""
    from hub.recording.moment import moment_in

    first, last = found.span()
    begin = first if start is None else moment_in(start, first, last)
    end = last + 1 if stop is None else moment_in(stop, first, last)
    if begin >= end or begin > last or end <= first:
        from hub.timestamps import rfc3339

        raise ValueError(
            f"nothing is between --start and --stop; it goes from {rfc3339(first, 3)} to "
            f"{rfc3339(last, 3)}"
        )
    return begin, end


class _Part:
    """The part of a recording that is played."""

    def __init__(
        self, found: "Info", span: tuple[int, int], booth: str | None, kind: str | None
    ) -> None:
        self.path = found.path
        self.booth, self.kind = booth, kind
        self.start, self.stop = span
        self.first = max(self.start, found.first or 0)
        self.last = min(self.stop - 1, found.last or 0)

    def offset(self, speed: float | None) -> int:
        """The time shift when it begins to play now."""
        from hub.recording.select import offset_to_now

        return offset_to_now(self.first, self.last, time.time_ns(), speed)


def _publisher(settings: "Settings", to: str | None, delivery: Delivery) -> "Publisher":
    from hub.mqtt.publisher import Publisher
    from hub.mqtt.subscriber import Broker
    from hub.settings.values import BrokerAddress

    address = settings.broker
    if to is not None:
        with usage("--to"):
            address = BrokerAddress.parse(to)
    broker = Broker(address, f"smartlife-replay-{secrets.token_hex(6)}", settings.broker_ca)
    return Publisher(broker, once=delivery is Delivery.ONCE)


def _wall(settings: "Settings") -> "Wall":
    from hub.client import client_of
    from hub.recording.wall_player import Wall

    return Wall(client_of(settings))


async def _replay(
    part: _Part,
    sink: "Publisher | Wall",
    choice: Callable[[], "Choice"],
    speed: float | None,
    *,
    loop: bool,
) -> None:
    from hub.errors import BrokerError
    from hub.recording.format import read
    from hub.recording.player import Player

    await sink.open()
    player = Player(sink, speed)
    started = time.monotonic()
    try:
        with _progress(part, player, sink) as tell:
            while True:
                messages = read(
                    part.path, start=part.start, stop=part.stop, booth=part.booth, kind=part.kind
                )
                await player.play(messages, choice(), tell)
                if not loop:
                    break
    finally:
        await sink.close()
        typer.echo(_summary(player, sink, time.monotonic() - started))
    if sink.refused:
        reasons = "; ".join(f"{count}: {why}" for why, count in sink.refused.items())
        raise BrokerError(f"the broker refused messages: {reasons}")


def _summary(player: "Player", sink: "Publisher | Wall", seconds: float) -> str:
    rate = player.played / max(seconds, 0.001)
    left_out = f"; left out {player.left_out:,} that were not new" if player.left_out else ""
    return (
        f"played {player.played:,} messages in {seconds:,.1f} s ({rate:,.0f} a second)"
        f"{left_out}{sink.notes}"
    )


@contextmanager
def _progress(
    part: _Part, player: "Player", sink: "Publisher | Wall"
) -> Iterator[Callable[[], None]]:
    """Show the progress on a terminal; yields the function that updates it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from hub.timestamps import rfc3339

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %  {task.fields[count]:,} messages"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        task = progress.add_task("", total=max(1, part.last - part.first), count=0)

        def tell() -> None:
            at = player.at if player.at is not None else part.first
            said = sink.last_error or rfc3339(at, 1)
            progress.update(task, completed=at - part.first, count=player.played, description=said)

        yield tell
