"""Commands to the plugin: in messages that the broker takes, and stopped when asked to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from hub.booths.dynsec import Control
from hub.errors import BoothError

CONTROL = "$CONTROL/dynamic-security/v1"
LARGEST = 68 * 1024
"""Bytes of a message that the shipped configuration takes."""


class Plugin:
    """A connection behind which the plugin answers each command."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []

    async def subscribe(self, topic: str, qos: int) -> list[int]:
        assert topic == f"{CONTROL}/response"
        return [qos]

    async def publish(self, topic: str, payload: bytes, qos: int) -> None:
        assert (topic, qos) == (CONTROL, 1)
        self.payloads.append(payload)

    @property
    async def messages(self) -> AsyncIterator[Any]:
        for payload in self.payloads:
            commands = json.loads(payload)["commands"]
            answers = [{"command": "of another admin", "correlationData": "other"}, *commands]
            yield SimpleNamespace(payload=json.dumps({"responses": answers}).encode())


@pytest.mark.parametrize("count", [1, 10, 500])
async def test_commands_go_in_messages_that_the_broker_takes_and_in_their_order(count: int):
    plugin = Plugin()
    commands = [{"command": f"c{number}", "text": "x" * 1_000} for number in range(count)]
    answers = await Control(plugin).ask(commands)  # type: ignore[arg-type]
    assert [answer.command for answer in answers] == [f"c{number}" for number in range(count)]
    sent = [item for payload in plugin.payloads for item in json.loads(payload)["commands"]]
    assert [item["command"] for item in sent] == [f"c{number}" for number in range(count)]
    assert max(map(len, plugin.payloads)) < LARGEST
    assert len(plugin.payloads) < max(2, count // 10)


@pytest.mark.parametrize(
    ("code", "refused"), [(0, False), (2, False), (0x80, True), (0x87, True), (0xA2, True)]
)
async def test_a_reason_code_from_0x80_on_is_a_refusal(code: int, refused: bool):
    """MQTT 5, 3.9.3."""
    plugin = Plugin()

    async def subscribe(*_: object, **__: object) -> list[int]:
        return [code]

    plugin.subscribe = subscribe  # type: ignore[method-assign]
    asked = Control(plugin).one({"command": "c"})  # type: ignore[arg-type]
    with pytest.raises(BoothError, match="has no right") if refused else nullcontext():
        await asked


@pytest.mark.parametrize("where", ["subscribe", "publish"])
async def test_a_command_is_stopped_though_the_client_swallows_the_cancellation(where: str):
    """As `asyncio.wait_for` may before Python 3.12."""
    plugin, waits = Plugin(), asyncio.Event()

    async def swallows(*_: object, **__: object) -> list[int]:
        waits.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return [1]
        return []

    setattr(plugin, where, swallows)
    asking = asyncio.create_task(Control(plugin).one({"command": "c"}))  # type: ignore[arg-type]
    await waits.wait()
    asking.cancel()
    await asyncio.wait([asking])
    assert asking.cancelled()
