"""`hub record`: telemetry to a recording, from now on or out of the running hub's memory."""

import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import (
    DECLARED,
    check_names,
    duration,
    with_settings,
)
from hub.cli.record_last import save_past

if TYPE_CHECKING:
    from rich.text import Text

    from hub.mqtt.subscriber import Subscriber
    from hub.recording.recorder import Recorder
    from hub.recording.rotation import Files
    from hub.settings import Settings

_SESSION_EXPIRY = 600
"""Seconds for which the broker keeps what comes while the recorder is cut off."""
_PATIENCE = 15.0


@with_settings("broker", "broker_ca", "root", "http", *DECLARED)
def record(
    settings: "Settings",
    out: Annotated[Path, typer.Option(help="The file; it must not be there yet.")],
    booth: Annotated[str | None, typer.Option(help="Only this booth.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    for_: Annotated[
        str | None, typer.Option("--for", help="Stop after this time, like 10m; else on Ctrl-C.")
    ] = None,
    last: Annotated[
        str | None,
        typer.Option(help="Save what the running hub still has of the past, like 60s, and end."),
    ] = None,
    rotate_size: Annotated[
        str | None, typer.Option(help="Begin another file at this size, like 500MB.")
    ] = None,
    rotate_every: Annotated[
        str | None, typer.Option(help="Begin another file after this time, like 1h.")
    ] = None,
) -> None:
    """Record what comes as MCAP, until Ctrl-C."""
    from hub.cli.running import run_until_stopped
    from hub.errors import BrokerError
    from hub.settings.values import byte_size

    check_names(settings, booth, kind)
    if last is not None:
        if for_ or rotate_size or rotate_every:
            raise typer.BadParameter("--last saves the past and ends; leave the others out")
        save_past(settings, out, duration("--last", last), booth, kind)
        return
    try:
        size = byte_size(rotate_size) if rotate_size else 0
    except ValueError as exc:
        raise typer.BadParameter(f"--rotate-size: {rotate_size!r} {exc}") from exc
    every = duration("--rotate-every", rotate_every) if rotate_every else 0
    length = duration("--for", for_) if for_ else None
    files = _open(settings, out, booth, kind, size, every)
    try:
        run_until_stopped(_record(settings, files, booth, kind, length))
    except BrokerError:
        files.discard_if_empty()
        raise
    total = sum(files.totals.values())
    typer.echo(f"recorded {total:,} messages, {files.rejected:,} rejected, {_size(files.size)}:")
    for path in files.paths:
        typer.echo(f"  {path}")


def _open(
    settings: "Settings", out: Path, booth: str | None, kind: str | None, size: int, every: int
) -> "Files":
    from hub import __version__
    from hub.clock import SystemClock
    from hub.event.catalogue import load
    from hub.recording.rotation import Files

    begin = {"hub": __version__, "broker": str(settings.broker)}
    begin |= {name: value for name, value in (("booth", booth), ("kind", kind)) if value}
    return Files(out, load(settings), settings.root, begin, SystemClock(), size, every)


async def _record(
    settings: "Settings", files: "Files", booth: str | None, kind: str | None, length: int | None
) -> None:
    import asyncio

    from hub.booths.natives import dialects_of
    from hub.clock import SystemClock
    from hub.event.catalogue import load
    from hub.pipeline.decode import Decoder
    from hub.recording.recorder import Recorder

    dialects = dialects_of(settings)
    decoder = Decoder(settings.root, load(settings), dialects=dialects)
    recorder = Recorder(files, decoder, SystemClock())
    wanted = f"/{booth or '+'}/{kind or '+'}" if booth or kind else ""
    patterns = [f"{settings.root}{wanted}/#"]
    if kind is None:  # a message on a booth's own topics may be of any kind
        patterns += [item.pattern for item in dialects.native if booth in (None, item.booth)]
    source = _source(settings, recorder, patterns)
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(source.run(), name="hub.source"),
            tasks.create_task(recorder.run(), name="hub.recorder"),
        ]
        try:
            await _connected(source)
            running.append(
                tasks.create_task(_show(source, recorder, files, length), name="hub.progress")
            )
            await asyncio.sleep(length / 1e9 if length is not None else float("inf"))
        finally:
            source.pause()
            try:
                if not running[1].done():  # it failed: what there is to say was said
                    recorder.close()
            finally:
                source.close(forget=True)
                for task in running:
                    task.cancel()


def _source(settings: "Settings", recorder: "Recorder", patterns: list[str]) -> "Subscriber":
    from hub.mqtt.codec import QoS, RetainHandling, TopicFilter
    from hub.mqtt.connecting import Broker
    from hub.mqtt.subscriber import Subscriber

    client_id = f"smartlife-recorder-{socket.gethostname()[:24]}-{os.getpid()}"
    filters = [
        TopicFilter(
            pattern,
            max_qos=QoS.AT_LEAST_ONCE,
            no_local=True,
            retain_as_published=False,
            retain_handling=RetainHandling.SEND_ALWAYS,
        )
        for pattern in patterns
    ]
    return Subscriber(
        Broker(settings.broker, client_id, settings.broker_ca),
        filters,
        recorder.receive,
        recorder.on_session_lost,
        [],
        _nothing,
        session_expiry=_SESSION_EXPIRY,
        noticed=recorder.noticed,
    )


async def _nothing(_: list[str]) -> None:
    """Each run has a new session: there is nothing to remember."""


async def _connected(source: "Subscriber") -> None:
    import asyncio

    from hub.errors import BrokerError

    try:
        async with asyncio.timeout(_PATIENCE):
            await source.ready.wait()
    except TimeoutError as exc:
        raise BrokerError(f"{source.last_error}; nothing was recorded") from exc


async def _show(
    source: "Subscriber", recorder: "Recorder", files: "Files", length: int | None
) -> None:
    import asyncio

    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    started, before = time.monotonic(), recorder.received
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            await asyncio.sleep(1)
            rate, before = recorder.received - before, recorder.received
            left = None if length is None else length / 1e9 - (time.monotonic() - started)
            live.update(_line(source, recorder, files, rate, left), refresh=True)


def _line(
    source: "Subscriber", recorder: "Recorder", files: "Files", rate: int, left: float | None
) -> "Text":
    from rich.text import Text

    line = Text(f"● {recorder.received:,} messages  {rate:,}/s  ")
    line.append(f"{files.rejected:,} rejected  ", "red" if files.rejected else "")
    line.append(f"{_size(files.size)}  {files.paths[-1]}")
    if left is not None:
        line.append(f"  {int(max(0, left)) // 60}:{int(max(0, left)) % 60:02} left")
    if source.last_error is not None:
        line.append(f"\n{source.last_error}", "yellow")
    return line


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
