"""The commands' connection: what it says when the broker refuses the account."""

import asyncio
from dataclasses import replace

import pytest

from hub.errors import AccountRefused
from hub.mqtt.command_client import connect
from tests.mqtt.played import packet, played

NOT_AUTHORIZED = bytes([0x20, 3, 0, 135, 0])


@pytest.mark.parametrize(
    ("username", "said"),
    [
        (None, "it asks for an account, and HUB_BROKER has none"),
        ("hub", "the name or the password in HUB_BROKER is wrong"),
    ],
)
async def test_a_refused_log_in_says_what_to_correct(username: str | None, said: str):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await packet(reader)
        writer.write(NOT_AUTHORIZED)
        await reader.read()

    async with played(serve) as broker:
        address = replace(broker.address, username=username, password=username)
        with pytest.raises(AccountRefused, match=said):
            async with connect(address, None):
                raise AssertionError("it is not connected")
