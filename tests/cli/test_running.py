"""How a command that stays ends."""

import asyncio
import os
import signal

import pytest

from hub.cli import running


async def test_a_command_that_missed_that_it_is_to_end_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
):
    """`asyncio.wait_for` of Python 3.11 forgets it if what it waits for is there just then."""
    monkeypatch.setattr(running, "AGAIN", 0.01)
    told: list[bool] = []

    async def deaf() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                told.append(True)
                if len(told) == 2:
                    raise

    async with asyncio.timeout(30):
        await running._until_stopped(deaf())
    assert len(told) == 2
