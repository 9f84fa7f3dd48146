"""What a booth's page is told of its booth: when something changed, and not again and again."""

from typing import Any

import pytest

from hub.errors import BoothError
from hub.web import booth_events
from hub.web.booth_events import BoothEvents


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
def news(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> BoothEvents:
    monkeypatch.setattr(booth_events, "LOOK", 0.0)
    return BoothEvents(booth.details)


async def test_a_page_that_knows_nothing_is_told_all(news: BoothEvents):
    told = await news.since("b12", None)
    assert told is not None
    assert told.json == '{"taking": true, "readings": 0, "quota": null, "id": "b12"}'


async def test_a_page_is_told_what_changed(news: BoothEvents, booth: Booth):
    known = await news.since("b12", None)
    assert await news.since("b12", known) is None
    booth.said["taking"] = False
    assert await news.since("b12", known) is not None


async def test_counts_alone_are_told_now_and_then(
    news: BoothEvents, booth: Booth, monkeypatch: pytest.MonkeyPatch
):
    booth.said["quota"] = {"over": True, "dropped": 1}
    known = await news.since("b12", None)
    booth.said |= {"readings": 7, "quota": {"over": True, "dropped": 8}}
    assert await news.since("b12", known) is None
    monkeypatch.setattr(booth_events, "SLOW", 0.0)
    assert await news.since("b12", known) is not None


async def test_news_are_made_once_for_all_pages_of_a_booth(
    news: BoothEvents, booth: Booth, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(booth_events, "LOOK", 60.0)
    assert await news.since("b12", None) is await news.since("b12", None)
    assert booth.made == 1


async def test_while_the_registry_cannot_be_read_a_page_keeps_what_it_shows():
    async def fail(_: str) -> dict[str, Any]:
        raise BoothError("booths.json: is damaged")

    assert await BoothEvents(fail).since("b12", None) is None


async def test_the_news_held_are_bounded(news: BoothEvents, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(booth_events, "BOOTHS", 2)
    for number in range(5):
        assert await news.since(f"b{number}", None) is not None
    assert len(news._latest) <= 2
