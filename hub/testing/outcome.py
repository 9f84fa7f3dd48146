"""The outcome of the messages that a held hub received: what tests assert."""

import json
from collections.abc import Coroutine
from typing import Any, NamedTuple, TypeVar

from hub.app import Hub
from hub.counters import Accounts
from hub.errors import HubError
from hub.messages import StateChange
from hub.stores import MemoryStore
from hub.stores.store import Query, StoredRow
from hub.testing.memory_source import MemorySource
from schemas import FieldSpec

ALWAYS = 2**62
_ALL = 2**40

T = TypeVar("T")


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, without a loop, so also inside of a running one."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise HubError("a part of the held hub wanted to wait, which it never should")


class Answered(NamedTuple):
    """A rejection or a receipt that was sent to a device: `said` is its JSON."""

    topic: str
    said: Any
    correlation_data: bytes | None


def needs_attention(spec: FieldSpec, value: Any) -> bool:
    """Return whether a value is outside of what is normal, or one of those that alarm. Pure."""
    low, high = spec.normal or (None, None)
    outside = spec.numeric and (
        (low is not None and value < low) or (high is not None and value > high)
    )
    return outside or (not spec.numeric and value in spec.alarm)


class HubOutcome:
    """What came of what a hub got; topics and devices are named below the root, or in full."""

    def __init__(self, hub: Hub, store: MemoryStore, source: MemorySource) -> None:
        self._hub = hub
        self._store = store
        self._source = source
        self._changes: list[StateChange] = []
        self._noted: set[int] = set()
        self._answers: list[Answered] = []
        hub.parts.feedback.publish = self._answered

    @property
    def root(self) -> str:
        """The root of all topics."""
        return self._hub.parts.settings.root

    @property
    def kinds(self) -> list[str]:
        """The kinds of the catalogue."""
        return sorted(self._hub.parts.kinds)

    @property
    def accounts(self) -> Accounts:
        """The accounts: every message by its outcome."""
        return self._hub.outbox.accounts

    @property
    def acknowledged(self) -> int:
        """The number of messages of QoS 1 and 2 that were acknowledged."""
        return len(self._source.acknowledged)

    def readings(
        self, kind: str, booth: str | None = None, device: str | None = None
    ) -> list[StoredRow]:
        """Return the stored readings of a kind, oldest first."""
        query = Query(kind, -ALWAYS, ALWAYS, booth, device, limit=_ALL)
        return at_once(self._store.query(query))

    def rejections(self, booth: str | None = None) -> list[dict[str, Any]]:
        """Return the rejections as the API shows them, oldest first."""
        return at_once(self._hub.outbox.rejections(booth, _ALL))[::-1]

    def device(self, path: str) -> dict[str, Any] | None:
        """Return a device as the API shows it; None if the hub does not know it."""
        booth, kind, name = self._path(path)
        return next((said for said in self.devices(booth, kind) if said["device"] == name), None)

    def devices(self, booth: str | None = None, kind: str | None = None) -> list[dict[str, Any]]:
        """Return the devices as the API shows them, by their names."""
        now = self._hub.parts.clock.monotonic()
        found = [item.as_json(now) for item in self._hub.live.devices(booth, kind)]
        return sorted(found, key=lambda said: (said["booth"], said["kind"], said["device"]))

    def warnings(self, path: str) -> list[str]:
        """Return the warnings that stand at a device, in English."""
        found = self.device(path)
        return [] if found is None else list(found["warnings"])

    def alarms(self, path: str) -> dict[str, Any]:
        """Return the fields that need attention, with their values, by the kind's declaration."""
        found = self.device(path)
        if found is None:
            return {}
        last, ceased = found["last"] or {}, set(found.get("ceased", ()))
        fields = self._hub.parts.kinds[found["kind"]].fields
        return {
            spec.name: last[spec.name]
            for spec in fields
            if spec.name in last
            and spec.name not in ceased
            and needs_attention(spec, last[spec.name])
        }

    def answers(self, topic: str | None = None) -> list["Answered"]:
        """Return the rejections and receipts that were sent to devices, oldest first.

        `topic` is that of a device, or a whole one like ``b12/thermostat/t1/errors``.
        """
        if topic is None:
            return list(self._answers)
        wanted = self._full(topic)
        return [
            it for it in self._answers if it.topic == wanted or it.topic.startswith(f"{wanted}/")
        ]

    def _answered(self, topic: str, payload: bytes, correlation_data: bytes | None) -> bool:
        self._answers.append(Answered(topic, json.loads(payload), correlation_data))
        return True

    def state(self, path: str) -> str | None:
        """Return ``live``, ``late`` or ``offline``; None if the hub does not know the device."""
        found = self.device(path)
        return None if found is None else str(found["state"])

    def states(self, path: str) -> list[str]:
        """Return the states that a device came to, oldest first."""
        address = self._path(path)
        self._note_changes()
        return [change.state.value for change in self._changes if change.address == address]

    def _full(self, topic: str) -> str:
        return topic if topic.startswith(f"{self.root}/") else f"{self.root}/{topic}"

    def _path(self, path: str) -> tuple[str, str, str]:
        levels = self._full(path)[len(self.root) + 1 :].split("/")
        if len(levels) != 3:
            raise ValueError(f"{path!r} names no device; write it like b12/thermostat/t1")
        return levels[0], levels[1], levels[2]

    def _note_changes(self) -> None:
        """Keep the changes of state before they are written down, each once."""
        changes = [item for item in self._hub.live.changes if id(item) not in self._noted]
        self._noted = {id(item) for item in self._hub.live.changes}
        self._changes += changes
