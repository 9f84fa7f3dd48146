"""`hub tail`: readings and rejections as they pass, for people."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.options import run_until_stopped, with_settings

if TYPE_CHECKING:
    from rich.console import Console

    from hub.pipeline.decode import Decoder
    from hub.settings import Settings


@with_settings("broker", "broker_ca", "root")
def tail(
    settings: "Settings",
    booth: Annotated[str, typer.Option(help="Only this booth.")] = "+",
    kind: Annotated[str, typer.Option(help="Only this kind.")] = "+",
    count: Annotated[int, typer.Option(help="Stop after so many; 0 goes on.", min=0)] = 0,
) -> None:
    """Show readings and rejections as they pass, until Ctrl-C."""
    run_until_stopped(_tail(settings, booth, kind, count))


async def _tail(settings: "Settings", booth: str, kind: str, count: int) -> None:
    from rich.console import Console

    from hub.mqtt.client import connect
    from hub.pipeline.decode import Decoder
    from schemas import kinds

    console = Console(highlight=False, soft_wrap=True)
    decoder = Decoder(settings.root, kinds())
    async with connect(settings.broker, settings.broker_ca) as client:
        await client.subscribe(f"{settings.root}/{booth}/{kind}/#")
        async for message in client.messages:
            shown = _show(console, decoder, str(message.topic), bytes(message.payload))
            count -= shown
            if shown and count == 0:
                return


def _show(console: "Console", decoder: "Decoder", topic: str, payload: bytes) -> bool:
    """Print a reading or a rejection; a rejection is printed when the hub publishes it."""
    from rich.text import Text

    from hub.messages import Reading, Status

    verdict = decoder.decode(topic, payload, time.time_ns())
    if topic.endswith("/errors"):
        _print(console, topic, Text(f"✗ {_message(payload)}", "red"))
    elif isinstance(verdict, Reading):
        values = "  ".join(f"{name} {value}" for name, value in verdict.fields.items())
        _print(console, topic, Text(values))
    elif isinstance(verdict, Status):
        _print(console, topic, Text("online" if verdict.online else "offline", "yellow"))
    else:
        return False
    return True


def _message(payload: bytes) -> str:
    try:
        said: Any = json.loads(payload)
        return str(said["message"])
    except (ValueError, KeyError, TypeError):
        return repr(payload[:200])


def _print(console: "Console", topic: str, said: object) -> None:
    from rich.text import Text

    levels = topic.split("/")
    booth, kind, device = levels[-4:-1] if levels[-1] in {"status", "errors"} else levels[-3:]
    console.print(
        Text(time.strftime("%H:%M:%S"), "dim"), Text(f"{booth:6} {kind}/{device}", "cyan"), said
    )
