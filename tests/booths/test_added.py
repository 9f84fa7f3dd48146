"""Booths that get accounts while a hub runs."""

import asyncio
from pathlib import Path

import pytest

from harness.wait import DEADLINE
from hub.booths import added as added_module
from hub.booths.added import follow_added
from hub.booths.registry import FILE, Registry


async def test_a_booth_that_gets_accounts_is_told_also_if_it_was_removed_just_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(added_module, "EVERY", 0.0)
    registry = Registry(tmp_path)
    registry.put("b1", "", "", ())
    added = asyncio.Queue[str]()
    following = asyncio.create_task(follow_added(registry, added.put_nowait))
    await asyncio.sleep(0)
    async with asyncio.timeout(DEADLINE):
        registry.put("b2", "", "", ())
        assert await added.get() == "b2"
        registry.put("b1", "First", "", ())
        registry.remove("b2")
        registry.put("b2", "", "", ())
        assert await added.get() == "b2"
    assert added.empty()
    following.cancel()
    await asyncio.wait([following])


async def test_while_the_file_cannot_be_read_no_booth_is_taken_for_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(added_module, "EVERY", 0.0)
    registry = Registry(tmp_path)
    registry.put("b1", "", "", ())
    kept = (tmp_path / FILE).read_bytes()
    added: list[str] = []
    following = asyncio.create_task(follow_added(registry, added.append))
    for content in (b"{", kept):
        (tmp_path / FILE).write_bytes(content)
        for _ in range(3):
            await asyncio.sleep(0)
    assert added == []
    following.cancel()
    await asyncio.wait([following])
