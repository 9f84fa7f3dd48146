"""Plays a recording to the wall of a running hub, over HTTP: shown as replayed, stored nowhere."""

import asyncio
import json
from collections.abc import Mapping

from hub.client import HubClient
from hub.mqtt.outgoing import Outgoing

PATH = "/api/replay"
CONTENT_TYPE = "application/x-ndjson"
_AT_ONCE = 500
_MAX_BYTES = 1024 * 1024
"""Bytes that gather for one request, and the most for one message; the hub takes four times it."""


class Wall:
    """Sends messages to the wall of a running hub.

    `shown` counts readings that the hub shows, `live` those it did not because their device is
    live, and `unfit` messages that are not readings.
    """

    def __init__(self, client: HubClient) -> None:
        self.client = client
        self._gathered: list[bytes] = []
        self._size = 0
        self._posting: asyncio.Task[None] | None = None
        self.last_error: str | None = None
        self.shown = self.live = self.unfit = 0

    @property
    def refused(self) -> Mapping[str, int]:
        """Refusals by reason: none, a message that is not a reading is no fault here."""
        return {}

    @property
    def notes(self) -> str:
        """What was not shown, to report at the end."""
        return (
            f"; on the wall {self.shown:,}, not shown {self.live:,} of devices that are there "
            f"themselves and {self.unfit:,} that are no readings"
        )

    async def open(self) -> None:
        """Check that a hub accepts messages.

        Raises:
            ClientError: no hub answers, or it refuses.
        """
        await asyncio.to_thread(self._answer, b"")

    async def close(self) -> None:
        """Wait for the running request."""
        if self._posting is not None:
            await asyncio.wait([self._posting])

    def offer(self, message: Outgoing) -> bool:
        """Enqueue a message; False when there is no room for it now."""
        if len(self._gathered) >= _AT_ONCE or self._size >= _MAX_BYTES:
            return False
        line = _line(message)
        if line is None or len(line) > _MAX_BYTES:
            self.unfit += 1
            return True
        self._gathered.append(line)
        self._size += len(line)
        return True

    def flush(self) -> None:
        """Send what is buffered; while one request is running, the next is buffered."""
        posting = self._posting
        free = posting is None or (posting.done() and posting.exception() is None)
        if self._gathered and free:
            self._posting = asyncio.create_task(self._post(), name="hub.wall")

    async def room(self) -> None:
        """Wait until the hub has accepted what is buffered.

        Raises:
            ClientError: it does not answer, or refuses.
        """
        self.flush()
        if self._posting is not None:
            await self._posting

    async def settled(self) -> None:
        """Wait until the hub has accepted everything; raises as `room` does."""
        while self._gathered or (self._posting is not None and not self._posting.done()):
            await self.room()

    async def _post(self) -> None:
        lines, self._gathered, self._size = self._gathered, [], 0
        answer = await asyncio.to_thread(self._answer, b"\n".join(lines))
        self.shown += answer["shown"]
        self.live += answer["live"]
        self.unfit += answer["unfit"]

    def _answer(self, body: bytes) -> dict[str, int]:
        taken: dict[str, int] = self.client.json(PATH, body, CONTENT_TYPE)
        return taken


def _line(message: Outgoing) -> bytes | None:
    """A message as JSON for the hub; None if its payload is not text, and so no reading."""
    try:
        said = {"topic": message.topic, "payload": message.payload.decode()}
    except UnicodeDecodeError:
        return None
    return json.dumps(said, ensure_ascii=False).encode()
