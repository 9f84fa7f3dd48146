"""The hub as a test fixture: the real parts on a held clock.

What is published is decoded, committed to a real outbox, stored and shown, at once and in this
thread: no broker, no event loop, no sleep, so that the same messages give the same result to the
byte. `hub.testing.pytest_plugin` makes fixtures of it.
"""

import contextlib
import json
from collections.abc import Collection, Coroutine, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from hub import line_protocol
from hub.app import Hub, last_run
from hub.clock import SECOND, HeldClock
from hub.counters import Accounts
from hub.errors import HubError
from hub.messages import StateChange
from hub.mqtt.conformance import RECEIVE_MAXIMUM
from hub.pipeline.outbox import AsyncOutbox, Outbox
from hub.pipeline.redelivery import ENTRY_SIZE
from hub.recording.faults import Faults, Link
from hub.recording.format import Info, Recorded, info, read
from hub.recording.moment import moment_in
from hub.recording.select import Choice
from hub.settings import given
from hub.stores import MemoryStore
from hub.stores.store import Query, StoredRow, measurements
from hub.testing.memory_source import MemoryMessage, MemorySource
from schemas import kinds

__all__ = ["Faults", "HeldHub", "held_hub", "replayed_hub"]

_STEP = SECOND // 4
_ALWAYS = 2**62
_ALL = 2**40

T = TypeVar("T")


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, without a loop, so also inside of a running one."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise HubError("a part of the held hub wanted to wait, which it never should")


class HeldHub:
    """A hub that advances only by its methods.

    Topics may be given below the root (``b12/thermostat/t1``) or in full; devices are named in the
    same way. `clock` is the clock that it reads; move it with `advance`.
    """

    def __init__(self, hub: Hub, store: MemoryStore, clock: HeldClock) -> None:
        self.clock = clock
        self._hub = hub
        self._store = store
        self._source = MemorySource(hub.intake.receive)
        hub.source.last_error = None  # it hears, though by no broker: silence is a device's own
        self._second = self.clock.monotonic() + SECOND
        self._changes: list[StateChange] = []
        self._noted: set[int] = set()

    # --- what happens

    def publish(
        self,
        topic: str,
        payload: bytes | str | Mapping[str, Any],
        *,
        qos: int = 1,
        retain: bool = False,
        response_topic: str | None = None,
        correlation_data: bytes | None = None,
    ) -> None:
        """Publish a message to the hub; it is decided on, committed and stored at once.

        A mapping is sent as JSON. `retain` marks what the broker had kept from earlier.
        """
        if isinstance(payload, Mapping):
            payload = json.dumps(payload, ensure_ascii=False)
        said = payload.encode() if isinstance(payload, str) else payload
        message = self._source.message(
            self._full(topic),
            said,
            qos=qos,
            retain=retain,
            response_topic=response_topic,
            correlation_data=correlation_data,
        )
        self._take(message)
        self._settle()

    def advance(self, seconds: float) -> None:
        """Advance the clock; the hub updates each device once a second."""
        self._run_until(self.clock.monotonic() + round(seconds * SECOND))
        self._settle()

    def play(self, messages: Iterable[Recorded]) -> None:
        """Publish recorded messages, each at its time; the clock never goes back."""
        choice = Choice(self.root, raw=True)
        for message in messages:
            if message.verdict == "duplicate":  # it was kept, and acknowledged, the first time
                continue
            self._run_until(self.clock.monotonic() + message.at - self.clock.now())
            sent = choice.played(message)
            assert sent is not None
            self._take(
                self._source.message(
                    sent.topic,
                    sent.payload,
                    qos=sent.qos,
                    retain=sent.retain,
                    response_topic=sent.properties.get("response_topic"),
                    correlation_data=sent.properties.get("correlation_data"),
                )
            )
        self._settle()

    def _take(self, message: MemoryMessage) -> None:
        self._source.send([message])
        if self._source.connection.paused:
            self._settle()

    def _run_until(self, then: int) -> None:
        while (step := min(self._second, self._next_step())) <= then:
            self.clock.pass_by(step - self.clock.monotonic())
            if self._hub.committer.in_hand:
                _at_once(self._hub.committer.step())
            if step == self._second:
                self._hub.live.sweep()
                self._hub.live.tick()
                self._write_down()
                self._second += SECOND
        self.clock.pass_by(max(0, then - self.clock.monotonic()))

    def _next_step(self) -> int:
        """The time of the next commit: once no more messages have the same time."""
        return (
            (self.clock.monotonic() // _STEP + 1) * _STEP
            if self._hub.committer.in_hand
            else _ALWAYS
        )

    def _settle(self) -> None:
        _at_once(self._hub.committer.step())
        while _at_once(self._hub.drain.step()):
            pass

    # --- what came of it

    @property
    def root(self) -> str:
        """The root of all topics."""
        return self._hub.parts.settings.root

    @property
    def accounts(self) -> Accounts:
        """The accounts: every message by its outcome."""
        return self._hub.parts.outbox.accounts

    @property
    def acknowledged(self) -> int:
        """The number of messages of QoS 1 and 2 that were acknowledged."""
        return len(self._source.acknowledged)

    def readings(
        self, kind: str, booth: str | None = None, device: str | None = None
    ) -> list[StoredRow]:
        """Return the stored readings of a kind, oldest first."""
        query = Query(kind, -_ALWAYS, _ALWAYS, booth, device, limit=_ALL)
        return _at_once(self._store.query(query))

    def rejections(self, booth: str | None = None) -> list[dict[str, Any]]:
        """Return the rejections as the API shows them, oldest first."""
        return _at_once(self._hub.parts.outbox.rejections(booth, _ALL))[::-1]

    def device(self, path: str) -> dict[str, Any] | None:
        """Return a device as the API shows it; None if the hub does not know it."""
        booth, kind, name = self._path(path)
        found = self._hub.live.devices(booth, kind)
        return next((item.as_json() for item in found if item.address.device == name), None)

    def state(self, path: str) -> str | None:
        """Return ``live``, ``late`` or ``offline``; None if the hub does not know the device."""
        found = self.device(path)
        return None if found is None else str(found["state"])

    def states(self, path: str) -> list[str]:
        """Return the states that a device came to, oldest first."""
        address = self._path(path)
        self._note_changes()
        return [change.state.value for change in self._changes if change.address == address]

    def stored(self) -> str:
        """Return everything in the store as line protocol, in a deterministic order."""
        if self._hub.live.changes:
            self._write_down()
        names = sorted(measurements(self._hub.parts.kinds))
        rows = [row for name in names for row in self.readings(name)]
        return "".join(
            line_protocol.line(row.measurement, row.tags, row.fields, row.ts) + "\n" for row in rows
        )

    def _write_down(self) -> None:
        """Write the hub's own rows to the store, as it does each second."""
        self._note_changes()
        _at_once(self._hub.selfstats.step())
        self._settle()

    def _note_changes(self) -> None:
        """Keep the changes of state before they are written down, each once."""
        changes = [item for item in self._hub.live.changes if id(item) not in self._noted]
        self._noted = {id(item) for item in self._hub.live.changes}
        self._changes += changes

    def _full(self, topic: str) -> str:
        return topic if topic.startswith(f"{self.root}/") else f"{self.root}/{topic}"

    def _path(self, path: str) -> tuple[str, str, str]:
        levels = self._full(path)[len(self.root) + 1 :].split("/")
        if len(levels) != 3:
            raise ValueError(f"{path!r} names no device; write it like b12/thermostat/t1")
        return levels[0], levels[1], levels[2]


@contextlib.contextmanager
def held_hub(folder: Path, now: int | None = None, **settings: object) -> Iterator[HeldHub]:
    """Make a hub with its outbox in `folder`, its clock held at `now` (ns).

    `settings` are those of `hub run`; the environment and `hub.toml` do not count. Quotas are off
    unless they are set.

    Raises:
        HubError: a setting or the zone file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unlimited = {"quota_readings": 0, "quota_bytes": 0}
    found = given({**unlimited, "data": folder, **settings})
    path, limit = folder / "outbox.db", found.outbox_limit
    outbox = AsyncOutbox(Outbox(path, limit, RECEIVE_MAXIMUM, ENTRY_SIZE, synced=False))
    store = MemoryStore(kinds())
    clock = HeldClock() if now is None else HeldClock(now)
    try:
        yield HeldHub(Hub(found, outbox, store, _at_once(last_run(outbox)), clock), store, clock)
    finally:
        _at_once(outbox.close())


@contextlib.contextmanager
def replayed_hub(
    folder: Path,
    recording: Path,
    *,
    start: int | str | None = None,
    stop: int | str | None = None,
    booth: str | Collection[str] | None = None,
    kind: str | Collection[str] | None = None,
    faults: Faults | None = None,
    **settings: object,
) -> Iterator[HeldHub]:
    """Make a hub and play a recording to it; its clock is held at the last message.

    `start` and `stop` are ns, or written as for `hub replay`, like ``+10s``. `faults` happen to the
    messages on the way.

    Raises:
        RecordingError: the recording cannot be read.
    """
    found = info(recording)
    since, until = _moment(start, found), _moment(stop, found)
    begin = max(since or 0, found.first or 0)
    root = {"root": found.root} if found.root else {}
    with held_hub(folder, begin, **{**root, **settings}) as hub:
        messages = read(recording, start=since, stop=until, booth=booth, kind=kind)
        hub.play(Link(faults).carry(messages) if faults else messages)
        yield hub


def _moment(said: int | str | None, found: Info) -> int | None:
    return moment_in(said, *found.span()) if isinstance(said, str) else said
