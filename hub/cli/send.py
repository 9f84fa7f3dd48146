"""`hub send`: a reading as a device would send it, and its receipt."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.topics import Address

PATIENCE = 5.0
"""Seconds that a receipt may take."""


@with_settings("broker", "broker_ca", "root")
def send(
    settings: "Settings",
    booth: Annotated[str, typer.Argument(help="The booth's id.")],
    kind: Annotated[str, typer.Argument(help="The kind's name.")],
    device: Annotated[str, typer.Argument(help="The device's id, any name.")],
    payload: Annotated[str, typer.Argument(help="The reading, as JSON; - takes it from stdin.")],
) -> None:
    """Send a reading as a device would, and show its receipt; exit code 1 if it was rejected."""
    import asyncio

    from hub.topics import Address, BadTopic, parse, topic_of

    address = Address(booth, kind, device)
    topic = parse(settings.root, topic_of(settings.root, address))
    if isinstance(topic, BadTopic):
        raise typer.BadParameter(topic.message.en, param_hint="BOOTH KIND DEVICE")
    body = sys.stdin.buffer.read() if payload == "-" else payload.encode()
    receipt = asyncio.run(_send(settings, address, body))
    if receipt.get("stored") is not True:
        code, message = receipt.get("code"), receipt.get("message", receipt)
        typer.secho(f"rejected ({code}): {message}", fg=typer.colors.RED)
        raise typer.Exit(1)
    typer.secho(f"on the hub's disk, with the time {receipt['ts']}", fg=typer.colors.GREEN)


async def _send(settings: "Settings", address: "Address", payload: bytes) -> dict[str, Any]:
    from hub.errors import BrokerError
    from hub.mqtt.command_client import ask, connect
    from hub.topics import RECEIPTS, topic_of

    topic, answer = (topic_of(settings.root, address, leaf) for leaf in (None, RECEIPTS))
    broker = settings.broker
    async with connect(broker, settings.broker_ca, client_id=broker.username) as client:
        try:
            receipt: dict[str, Any] = json.loads(
                await ask(client, topic, payload, answer, PATIENCE)
            )
        except BrokerError as exc:
            why = "is a hub connected to that broker, and may this account publish there?"
            raise BrokerError(f"{exc}; {why}") from exc
    return receipt
