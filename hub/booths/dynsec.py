"""The client of Mosquitto's dynamic security plugin, over the broker's control topic.

https://mosquitto.org/documentation/dynamic-security/. What was found out with 2.0.11: answers come
at QoS 0 on one topic for all admins, told apart by `correlationData`; a batch is no transaction.
"""

import asyncio
import json
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hub.booths.acl import CONTROL
from hub.errors import BoothError

if TYPE_CHECKING:
    from hub.mqtt.command_client import Client

COMMANDS = f"{CONTROL}/v1"
ANSWERS = f"{COMMANDS}/response"
DEADLINE = 5.0
"""Seconds that the broker may take to answer; it takes less than one for a hundred commands."""
_REFUSED = 0x80
_BATCH = 32_768
"""Bytes of commands in one message; the shipped configuration takes 68 KiB."""

Command = dict[str, Any]


class DynsecAnswer(NamedTuple):
    """The plugin's answer to a command: its data, or the error."""

    command: str
    data: Any
    error: str | None

    @property
    def exists(self) -> bool:
        """Whether the command failed because its object exists already."""
        return self.error is not None and self.error.endswith("already exists")

    @property
    def missing(self) -> bool:
        """Whether the command failed because its object does not exist."""
        return self.error is not None and self.error.endswith("not found")


class Control:
    """Sends commands to the plugin, one batch at a time."""

    def __init__(self, connection: "Client") -> None:
        self._connection = connection
        self._subscribed = False

    async def ask(self, commands: Sequence[Command]) -> list[DynsecAnswer]:
        """Send commands and return their answers, in the same order.

        Raises:
            BoothError: the account lacks the right, or the broker lacks the plugin.
        """
        await self._subscribe()
        marked = {secrets.token_hex(8): command for command in commands}
        sent = [{**command, "correlationData": mark} for mark, command in marked.items()]
        for batch in _batches(sent):
            payload = json.dumps({"commands": batch}).encode()
            await self._connection.publish(COMMANDS, payload=payload, qos=1)
            _go_on()
        try:
            async with asyncio.timeout(DEADLINE):
                answers = await self._answers(set(marked))
        except TimeoutError as exc:
            raise BoothError(
                "HUB_BROKER_ADMIN: the broker did not answer the command: it lacks the plugin "
                "mosquitto_dynamic_security; see mosquitto/ for the configuration to install",
                ko="브로커에 mosquitto_dynamic_security 플러그인이 없어 명령에 답하지 않습니다. "
                "mosquitto/ 폴더의 설정을 브로커에 설치하세요",
            ) from exc
        return [answers[mark] for mark in marked]

    async def one(self, command: Command) -> DynsecAnswer:
        """Send one command."""
        return (await self.ask([command]))[0]

    async def _subscribe(self) -> None:
        if self._subscribed:
            return
        codes = await self._connection.subscribe(ANSWERS, qos=1)
        _go_on()
        if any(getattr(code, "value", code) >= _REFUSED for code in codes):
            raise BoothError(
                "HUB_BROKER_ADMIN: this account has no right to make accounts; set it to the one "
                "that hub booth init made",
                ko="이 계정에는 계정을 만들 권한이 없습니다. "
                "hub booth init으로 만든 관리자 계정을 쓰세요",
            )
        self._subscribed = True

    async def _answers(self, wanted: set[str]) -> dict[str, DynsecAnswer]:
        """Read until all are answered; other admins' answers are ignored."""
        found: dict[str, DynsecAnswer] = {}
        async for message in self._connection.messages:
            for said in json.loads(bytes(message.payload)).get("responses", []):
                mark = said.get("correlationData")
                if mark in wanted:
                    found[mark] = DynsecAnswer(said["command"], said.get("data"), said.get("error"))
            if found.keys() == wanted:
                break
        return found


def _batches(commands: Sequence[Command]) -> list[list[Command]]:
    """Cut commands into batches that stay below the broker's max_packet_size, in their order."""
    batches: list[list[Command]] = [[]]
    size = 0
    for command in commands:
        size += len(json.dumps(command)) + 2
        if size > _BATCH and batches[-1]:
            batches.append([])
            size = len(json.dumps(command))
        batches[-1].append(command)
    return batches


def _go_on() -> None:
    """Stop if that was asked for; wait_for may lose it before 3.12 (python/cpython#86296)."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
