"""Keeps each booth's latest messages in dialects, and how the parts of each were used."""

from typing import Any, NamedTuple

from hub.limits.fair import FairMap
from hub.messages import Translated, Use
from hub.pipeline.batch import Batch
from hub.timestamps import SECOND, rfc3339

TOPICS = 5_000
"""Topics of all booths of which a message is held."""
EACH = 24
"""Topics of one booth, likewise."""
OFTEN = SECOND
"""The time (ns) after which the next message of a topic is taken: people look, and it costs."""
SHOWN_DEVICES = 20


class _Heard(NamedTuple):
    """When a message came (ns), and what the page says of it; nothing else of it is held."""

    at: int
    said: dict[str, Any]


class HeardDialects:
    """Holds a message of the latest second of each topic; a booth's oldest goes when it is full.

    Messages that say nothing, as of topics that are known and not used, are not held.
    """

    def __init__(self) -> None:
        self._latest = FairMap[tuple[str, str, str], _Heard](TOPICS, EACH)

    def observe(self, batch: Batch) -> None:
        """Take the messages of a batch that is on disk."""
        if batch.only_readings:
            return
        for item in batch.decisions:
            if type(item) is Translated:
                self._take(item)

    def _take(self, item: Translated) -> None:
        key = (item.booth, item.dialect, item.topic)
        before = self._latest.get(key)
        if before is not None and 0 <= item.at - before.at < OFTEN:
            return
        if item.uses or item.statuses:
            self._latest.pop(item.booth, key)
            self._latest.add(item.booth, key, _Heard(item.at, _shown(item)))

    def of(self, booth: str) -> list[dict[str, Any]]:
        """Return what was heard of a booth as its page shows it, the newest first."""
        return [item.said for item in reversed(self._latest.of(booth))]


def _shown(item: Translated) -> dict[str, Any]:
    told = [
        *((reading.address, reading.remarks.source) for reading in item.readings),
        *((status.address, status.source) for status in item.statuses),
    ]
    return {
        "dialect": item.dialect,
        "topic": item.topic,
        "at": rfc3339(item.at),
        "devices": [
            {"kind": address.kind, "device": address.device, "name": source and source.name}
            for address, source in dict.fromkeys(told)
        ][:SHOWN_DEVICES],
        "online": item.statuses[0].online if item.statuses else None,
        "uses": [used(use) for use in item.uses],
    }


def used(use: Use) -> dict[str, Any]:
    """Return what became of a part of a message, in JSON."""
    return {
        "place": use.place,
        "value": use.value,
        "kind": use.kind or None,
        "field": use.field or None,
        **({} if use.why is None else use.why.named("why")),
    }
