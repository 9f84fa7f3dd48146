"""What was heard of dialects: each booth's latest messages, and what became of their parts."""

from typing import Any

from hub.limits.fair import FairMap
from hub.messages import Translated, Use
from hub.pipeline.batch import Batch
from hub.timestamps import rfc3339

TOPICS = 20_000
"""Topics of all booths whose latest message is held."""
EACH = 40
"""Topics of one booth, likewise."""
_SHOWN_DEVICES = 20


class HeardDialects:
    """Holds the latest message of each topic of a dialect; a booth's oldest goes when it is full.

    Messages that say nothing, as of topics that are known and not used, are not held.
    """

    def __init__(self) -> None:
        self._latest = FairMap[tuple[str, str, str], Translated](TOPICS, EACH)

    def observe(self, batch: Batch) -> None:
        """Take the messages of a batch that is on disk."""
        if batch.only_readings:
            return
        for item in batch.decisions:
            if type(item) is Translated and (item.uses or item.statuses):
                key = (item.booth, item.dialect, item.topic)
                self._latest.pop(item.booth, key)
                self._latest.add(item.booth, key, item)

    def of(self, booth: str) -> list[dict[str, Any]]:
        """Return what was heard of a booth as its page shows it, the newest first."""
        return [_shown(item) for item in reversed(self._latest.of(booth))]


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
        ][:_SHOWN_DEVICES],
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
