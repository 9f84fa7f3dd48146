"""`hub replay`: a recording to a broker, or onto the wall of a running hub."""

import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import MOMENT, usage, with_settings
from hub.cli.recording_output import check_named, remark
from hub.cli.replay_part import PlayedPart, keys, progress

if TYPE_CHECKING:
    from hub.mqtt.publisher import Publisher
    from hub.recording.faults import Faults
    from hub.recording.player import Player
    from hub.recording.select import Choice
    from hub.recording.wall_player import Wall
    from hub.settings import Settings


_BEHIND = 1.0
"""Seconds late from which on it is reported."""


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
    files: Annotated[
        list[Path],
        typer.Argument(
            help="The recording, as hub record wrote it; several are played as one, by time.",
            metavar="FILE...",
        ),
    ],
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
    booth: Annotated[
        list[str] | None, typer.Option(help="Only this booth; may be repeated.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(help="Without topics like smartlife/v1/b12/vision_ai/#; may be repeated."),
    ] = None,
    booths: Annotated[
        list[str] | None,
        typer.Option("--map", help="Another name for a booth, like b12=b99; may be repeated."),
    ] = None,
    topics: Annotated[
        list[str] | None,
        typer.Option(
            "--map-topic",
            help="Other topics, like smartlife/v1/#=lab/v1/#, after --map; may be repeated.",
        ),
    ] = None,
    shift: Annotated[
        Shift | None,
        typer.Option(
            help="now: each ts is moved as if it happened now; keep: no byte is changed. "
            "[default: keep, with --into-hub now]"
        ),
    ] = None,
    delivery: Annotated[
        Delivery | None,
        typer.Option(
            help="once: QoS 1 goes as QoS 2, so that a fault repeats nothing; recorded: each QoS "
            "as it was. [default: once]"
        ),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw", help="Also what was not new: redeliveries, readings that were retained."
        ),
    ] = False,
    drop: Annotated[str, typer.Option(help="Lose a share of the messages, like 1%.")] = "0%",
    duplicate: Annotated[str, typer.Option(help="Send a share of them twice, like 1%.")] = "0%",
    reorder: Annotated[
        str, typer.Option(help="Send a share of them behind the next one, like 1%.")
    ] = "0%",
    delay: Annotated[
        str, typer.Option(help="Send all of them later, like 200ms or 200ms±50.")
    ] = "0ms",
    cut: Annotated[
        list[str] | None,
        typer.Option(
            help="Cut the devices off, like +30s/10s (after 30 s, for 10 s): QoS 0 is lost, the "
            "rest comes at the end; may be repeated."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other faults.")] = 0,
) -> None:
    """Play recordings, in their order and at their pace, until the end or Ctrl-C."""
    if to is not None and into_hub:
        raise typer.BadParameter("give one of --to and --into-hub")
    if delivery is not None and into_hub:
        raise typer.BadParameter(
            "--delivery is of messages to a broker, and the wall takes readings; leave it out"
        )
    from hub.cli.running import run_until_stopped
    from hub.recording.faults import Faults
    from hub.recording.format import info
    from hub.recording.select import Choice, renamed_booths, speed_of
    from hub.recording.topic_map import TopicFilter, TopicMap

    with usage("--speed"):
        factor = speed_of(speed)
    with usage("--map"):
        names = renamed_booths(booths or ())
    with usage("--map-topic"):
        mapped = TopicMap(topics or ())
    with usage("--exclude"):
        without = TopicFilter(exclude or ())
    with usage("--drop, --delay, --cut"):
        faults = Faults.of(
            drop=drop, duplicate=duplicate, reorder=reorder, delay=delay, cut=cut or (), seed=seed
        )
    found = [info(file) for file in files]
    for it in found:
        remark(it)
    with usage("--start"):
        part = PlayedPart(found, start, stop, booth or (), kind or (), without)
    check_named(found, {"--booth": booth, "--kind": kind, "--map": [*names]})
    now = shift is Shift.NOW or (shift is None and into_hub)
    root = found[0].root or settings.root

    def choice(position: int) -> "Choice":
        return Choice(root, names, part.offset(position, factor) if now else None, raw, mapped)

    sink = _wall(settings) if into_hub else _publisher(settings, to, delivery)
    run_until_stopped(_replay(part, sink, choice, factor, faults, loop=loop))


def _publisher(settings: "Settings", to: str | None, delivery: Delivery | None) -> "Publisher":
    import secrets

    from hub.mqtt.connecting import Broker
    from hub.mqtt.publisher import Publisher
    from hub.settings.values import BrokerAddress

    address = settings.broker
    if to is not None:
        with usage("--to"):
            address = BrokerAddress.parse(to)
    broker = Broker(address, f"smartlife-replay-{secrets.token_hex(6)}", settings.broker_ca)
    return Publisher(broker, once=delivery is not Delivery.RECORDED)


def _wall(settings: "Settings") -> "Wall":
    from hub.client import client_of
    from hub.recording.wall_player import Wall

    return Wall(client_of(settings))


async def _replay(
    part: PlayedPart,
    sink: "Publisher | Wall",
    choice: Callable[[int], "Choice"],
    speed: float | None,
    faults: "Faults",
    *,
    loop: bool,
) -> None:
    from hub.clock import SECOND
    from hub.errors import BrokerError
    from hub.recording.controls import Controls
    from hub.recording.faults import FaultyLink
    from hub.recording.player import Player
    from hub.recording.wall_controls import WallControls
    from hub.recording.wall_player import Wall

    await sink.open()
    link, started, position = FaultyLink(faults), time.monotonic(), part.first
    with keys() as pressed:
        controls = pressed or (Controls() if isinstance(sink, Wall) else None)
        player = Player(sink, speed, controls)

        def position_now() -> float:
            return ((player.at or part.first) - part.first) / SECOND

        try:
            async with AsyncExitStack() as stack:
                tell = stack.enter_context(progress(part, player, sink, controls))
                if controls is not None and isinstance(sink, Wall):
                    at_wall = WallControls(sink.client, controls, part.title(), speed, position_now)
                    await stack.enter_async_context(at_wall)
                while True:
                    messages = link.carry(part.messages(position))
                    await player.play(messages, choice(position), tell)
                    if controls is not None and controls.seek:
                        there = player.at if player.at is not None else position
                        position = part.at(there + round(controls.sought() * SECOND))
                        player.at = position
                    elif loop:
                        position = part.first
                    else:
                        break
        finally:
            await sink.close()
            typer.echo(_summary(player, sink, time.monotonic() - started))
            if faults:
                typer.echo(f"faults: {link}")
    if sink.refused:
        reasons = "; ".join(f"{count}: {why}" for why, count in sink.refused.items())
        raise BrokerError(f"the broker refused messages: {reasons}")


def _summary(player: "Player", sink: "Publisher | Wall", seconds: float) -> str:
    rate = player.played / max(seconds, 0.001)
    left_out = f"; left out {player.left_out:,} that were not new" if player.left_out else ""
    behind = f"; fell behind by {player.behind:,.1f} s" if player.behind >= _BEHIND else ""
    return (
        f"played {player.played:,} messages in {seconds:,.1f} s ({rate:,.0f} a second)"
        f"{left_out}{behind}{sink.notes}"
    )
