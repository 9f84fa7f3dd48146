"""Lets the wall lead a replay: tells the hub where it is, and takes what somebody there wants."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

from hub.client import HubClient
from hub.errors import ClientError
from hub.recording.controls import Controls

EVERY = 0.25
"""Seconds between two words to the hub, and how soon a wish is taken."""


@dataclass(frozen=True, slots=True)
class WallTitle:
    """What is played: its name, when it begins (RFC 3339), and its length in seconds."""

    name: str
    begins: str
    length: float


class WallControls:
    """While it is open, the hub knows where a replay is, and its wall can lead it.

    Args:
        client: the hub's.
        controls: they get the requests.
        title: what is played.
        speed: that of the beginning, None without one.
        position: returns where it is, in seconds from the first message.
    """

    def __init__(
        self,
        client: HubClient,
        controls: Controls,
        title: WallTitle,
        speed: float | None,
        position: Callable[[], float],
    ) -> None:
        self._client, self._controls, self._title = client, controls, title
        self._speed, self._position = speed, position
        self._path = f"/api/replays/{secrets.token_hex(6)}"

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="hub.wall_controls")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            # A hub that does not answer now stops nothing: sending messages says so.
            with contextlib.suppress(ClientError):
                self._take(await asyncio.to_thread(self._report))
            await asyncio.sleep(EVERY)

    def _report(self) -> dict[str, Any]:
        speed = None if self._speed is None else self._speed * self._controls.factor
        said = {"position": self._position(), "speed": speed, "paused": self._controls.paused}
        body = json.dumps({**asdict(self._title), **said}).encode()
        wish: dict[str, Any] = self._client.json(self._path, body, "application/json", "PUT")
        return wish

    def _take(self, wish: dict[str, Any]) -> None:
        speed, position = wish["speed"], wish["position"]
        if not wish["steps"] and wish["paused"] is speed is position is None:
            return
        self._controls.want(
            paused=wish["paused"],
            steps=wish["steps"],
            factor=speed / self._speed if speed is not None and self._speed else None,
            seek=0.0 if position is None else position - self._position(),
        )
