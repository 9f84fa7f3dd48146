"""What pages are told of the hub and of a booth: when something changed, and not repeatedly."""

from typing import Any

import pytest

from hub.errors import BoothError
from hub.web import stream_events
from hub.web.stream_events import StreamEvents, settled_booth, settled_hub


class Booth:
    """A booth's details, and how often they were made."""

    def __init__(self) -> None:
        self.made = 0
        self.said: dict[str, Any] = {"taking": True, "readings": 0, "quota": None}

    async def details(self, booth: str) -> dict[str, Any]:
        self.made += 1
        return {**self.said, "id": booth}


@pytest.fixture
def booth() -> Booth:
    return Booth()


@pytest.fixture
def news(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> StreamEvents:
    monkeypatch.setattr(stream_events, "LOOK", 0.0)
    return StreamEvents(booth.details, settled_booth)


async def test_a_page_that_knows_nothing_is_told_all(news: StreamEvents):
    told = await news.since("b12", None)
    assert told is not None
    assert told.json == '{"taking": true, "readings": 0, "quota": null, "id": "b12"}'


async def test_a_page_is_told_what_changed(news: StreamEvents, booth: Booth):
    known = await news.since("b12", None)
    assert await news.since("b12", known) is None
    booth.said["taking"] = False
    assert await news.since("b12", known) is not None


async def test_counts_alone_are_told_now_and_then(
    news: StreamEvents, booth: Booth, monkeypatch: pytest.MonkeyPatch
):
    booth.said["quota"] = {"over": True, "dropped": 1}
    known = await news.since("b12", None)
    booth.said |= {"readings": 7, "quota": {"over": True, "dropped": 8}}
    assert await news.since("b12", known) is None
    monkeypatch.setattr(stream_events, "SLOW", 0.0)
    assert await news.since("b12", known) is not None


async def test_news_are_made_once_for_all_pages_of_a_booth(
    news: StreamEvents, booth: Booth, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream_events, "LOOK", 60.0)
    assert await news.since("b12", None) is await news.since("b12", None)
    assert booth.made == 1


async def test_while_the_registry_cannot_be_read_a_page_keeps_what_it_shows():
    async def fail(_: str) -> dict[str, Any]:
        raise BoothError("booths.json: is damaged")

    assert await StreamEvents(fail, settled_booth).since("b12", None) is None


async def test_the_news_held_are_bounded(news: StreamEvents, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream_events, "SUBJECTS", 2)
    for number in range(5):
        assert await news.since(f"b{number}", None) is not None
    assert len(news._latest) <= 2


def test_how_the_hub_is_is_told_at_once_and_how_much_it_took_later():
    def said(state: str, size: int) -> dict[str, Any]:
        part = {"state": state, "message": f"{size} of 9 bytes used", "bytes": size}
        health = {"status": "ok", "parts": {"outbox": part}, "over_quota": []}
        return {"health": health, "accounts": {"received": size}}

    assert settled_hub(said("ok", 1)) == settled_hub(said("ok", 2))
    assert settled_hub(said("ok", 1)) != settled_hub(said("full", 1))
