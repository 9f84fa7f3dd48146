"""`hub tail`: readings and rejections as they pass, for people."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.options import check_names, with_settings

if TYPE_CHECKING:
    from rich.console import Console

    from hub.pipeline.decode import Decoder
    from hub.settings import Settings
    from hub.topics import Address


@with_settings("broker", "broker_ca", "root", "kinds", "zone", "data")
def tail(
    settings: "Settings",
    booth: Annotated[str, typer.Option(help="Only this booth.")] = "+",
    kind: Annotated[str, typer.Option(help="Only this kind.")] = "+",
    count: Annotated[int, typer.Option(help="Stop after so many; 0 goes on.", min=0)] = 0,
) -> None:
    """Show readings and rejections as they pass, until Ctrl-C."""
    from hub.cli.running import run_until_stopped

    run_until_stopped(_tail(settings, booth, kind, count))


async def _tail(settings: "Settings", booth: str, kind: str, count: int) -> None:
    from rich.console import Console

    from hub.booths.natives import dialects_of
    from hub.event.catalogue import load
    from hub.mqtt.command_client import connect, subscribe
    from hub.pipeline.decode import Decoder

    console = Console(highlight=False, soft_wrap=True)
    check_names(settings, *(None if name == "+" else name for name in (booth, kind)))
    dialects, kinds = dialects_of(settings), load(settings)
    decoder = Decoder(settings.root, kinds, dialects=dialects)
    patterns = [f"{settings.root}/{booth}/#"]
    patterns += [item.pattern for item in dialects.native if booth in ("+", item.booth)]
    async with connect(settings.broker, settings.broker_ca) as client:
        for pattern, why in (await subscribe(client, patterns)).items():
            said = f"the broker refused {pattern} ({why}): what is published there is not shown"
            typer.secho(said, fg=typer.colors.YELLOW, err=True)
        async for message in client.messages:
            if message.retain:  # of before, like the states that devices left at the broker
                continue
            topic, payload = str(message.topic), bytes(message.payload)
            shown = _show(console, decoder, settings.root, kind, topic, payload)
            count -= shown
            if shown and count == 0:
                return


def _show(
    console: "Console", decoder: "Decoder", root: str, kind: str, topic: str, payload: bytes
) -> bool:
    """Print readings, states or a rejection; a rejection is printed when the hub publishes it.

    Only those of a `kind`, or with + of any.
    """
    from rich.text import Text

    from hub.messages import Status, Translated
    from hub.pipeline.batch import held
    from hub.topics import ERRORS, Address, Topic, parse

    verdict = decoder.decode(topic, payload, time.time_ns())
    found: list[tuple[Address, Text]] = []
    parsed = parse(root, topic) if decoder.translator.route(topic) is None else None
    if isinstance(parsed, Topic) and parsed.leaf == ERRORS:
        found.append((parsed.address, Text(f"✗ {_message(payload)}", "red")))
    for reading in held(verdict):
        values = "  ".join(f"{name} {value}" for name, value in reading.fields.items())
        found.append((reading.address, Text(values)))
    for status in verdict.statuses if isinstance(verdict, Translated) else (verdict,):
        if isinstance(status, Status):
            word = Text("online" if status.online else "offline", "yellow")
            found.append((status.address, word))
    found = [item for item in found if kind in ("+", item[0].kind)]
    for address, said in found:
        _print(console, address, said)
    return bool(found)


def _message(payload: bytes) -> str:
    try:
        said: Any = json.loads(payload)
        return str(said["message"])
    except (ValueError, KeyError, TypeError):
        return repr(payload[:200])


def _print(console: "Console", address: "Address", said: object) -> None:
    from rich.text import Text

    where = Text(f"{address.booth:6} {address.kind}/{address.device}", "cyan")
    console.print(Text(time.strftime("%H:%M:%S"), "dim"), where, said)
