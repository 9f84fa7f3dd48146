"""The hub as a test fixture: the real parts on a held clock.

What is published is decoded, committed to a real outbox, stored and shown, at once and in this
thread: no broker, no event loop, no sleep, so that the same messages give the same result to the
byte. `hub.testing.pytest_plugin` makes fixtures of it.
"""

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hub.app import Hub, last_run
from hub.clock import SECOND, HeldClock
from hub.event.catalogue import Catalogue
from hub.mqtt.conformance import RECEIVE_MAXIMUM
from hub.pipeline.outbox import AsyncOutbox, Outbox
from hub.pipeline.redelivery import ENTRY_SIZE
from hub.recording.faults import Faults, FaultyLink
from hub.recording.format import Info, Recorded, info, read
from hub.recording.moment import moment_in
from hub.recording.select import Choice
from hub.settings import given
from hub.stores import MemoryStore, line_protocol
from hub.stores.store import measurements
from hub.testing.memory_source import MemoryMessage, MemorySource
from hub.testing.outcome import ALWAYS, HubOutcome, at_once

__all__ = ["Faults", "HeldHub", "held_hub", "replayed_hub"]

_STEP = SECOND // 4
_LEAP, _WALKED = 3_600 * SECOND, 600 * SECOND
"""A gap over which the clock leaps, and what it walks at both ends: a second costs 0.1 ms."""


class HeldHub(HubOutcome):
    """A hub that advances only by its methods.

    Topics may be given below the root (``b12/thermostat/t1``) or in full; devices are named in the
    same way. `clock` is the clock that it reads; move it with `advance`.
    """

    def __init__(self, hub: Hub, store: MemoryStore, clock: HeldClock) -> None:
        super().__init__(hub, store, MemorySource(hub.intake.receive))
        self.clock = clock
        hub.source.last_error = None  # it hears, though by no broker: silence is a device's own
        self._second = self.clock.monotonic() + SECOND

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
        """Advance the clock; the hub updates each device once a second.

        Raises:
            ValueError: `seconds` is negative; `clock.hold_at` sets the clock back.
        """
        if seconds < 0:
            raise ValueError(f"{seconds} s cannot pass; clock.hold_at sets the clock back")
        self._run_until(self.clock.monotonic() + round(seconds * SECOND))
        self._settle()

    def play(self, messages: Iterable[Recorded], booths: Mapping[str, str] | None = None) -> None:
        """Publish recorded messages, each at its time; the clock never goes back.

        A hub that got nothing yet is set to the time of the first. Over more than an hour without a
        message the clock leaps, but for ten minutes at both ends. `booths` gives booths other
        names.
        """
        choice = Choice(self.root, booths or {}, raw=True)
        for message in messages:
            self._play(message, choice)
        self._settle()

    def playing(
        self, messages: Iterable[Recorded], booths: Mapping[str, str] | None = None
    ) -> Iterator[Recorded]:
        """Publish recorded messages one by one: each that is yielded was decided on and stored."""
        choice = Choice(self.root, booths or {}, raw=True)
        for message in messages:
            self._play(message, choice)
            self._settle()
            yield message

    def _play(self, message: Recorded, choice: Choice) -> None:
        if message.verdict == "duplicate":  # it was kept, and acknowledged, the first time
            return
        self._come_to(message.at)
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

    def _come_to(self, at: int) -> None:
        """Move the clock on to a message's time (ns)."""
        ahead = at - self.clock.now()
        fresh = not self.accounts.received and not self._hub.committer.in_hand
        if fresh and (ahead < 0 or ahead > _LEAP):
            self.clock.hold_at(at)
        elif ahead > _LEAP:
            self._run_until(self.clock.monotonic() + _WALKED)
            self.clock.pass_by(ahead - 2 * _WALKED)
            self._second = self.clock.monotonic() + SECOND
        self._run_until(self.clock.monotonic() + at - self.clock.now())

    def _take(self, message: MemoryMessage) -> None:
        self._source.send([message])
        if self._source.connection.paused:
            self._settle()

    def _run_until(self, then: int) -> None:
        while (step := min(self._second, self._next_step())) <= then:
            self.clock.pass_by(step - self.clock.monotonic())
            if self._hub.committer.in_hand:
                at_once(self._hub.committer.step())
            if step == self._second:
                self._hub.live.sweep()
                self._hub.live.tick()
                self._write_down()
                self._second += SECOND
        self.clock.pass_by(max(0, then - self.clock.monotonic()))

    def _next_step(self) -> int:
        """The time of the next commit: once no more messages have the same time."""
        return (
            (self.clock.monotonic() // _STEP + 1) * _STEP if self._hub.committer.in_hand else ALWAYS
        )

    def _settle(self) -> None:
        at_once(self._hub.committer.step())
        while at_once(self._hub.drain.step()):
            pass

    # --- what is in the store

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
        at_once(self._hub.selfstats.step())
        self._settle()


@contextlib.contextmanager
def held_hub(folder: Path, now: int | None = None, **settings: object) -> Iterator[HeldHub]:
    """Make a hub with its outbox in `folder`, its clock held at `now` (ns).

    `settings` are those of `hub run`; the environment and `hub.toml` do not count. Quotas are off
    unless they are set.

    Raises:
        HubError: a setting or the zone file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unlimited = {"quota_readings": 0, "quota_bytes": 0, "quota_devices": 0}
    found = given({**unlimited, "data": folder, **settings})
    path, limit = folder / "outbox.db", found.outbox_limit
    outbox = AsyncOutbox(Outbox(path, limit, RECEIVE_MAXIMUM, ENTRY_SIZE, synced=False))
    catalogue = Catalogue(found)
    store = MemoryStore(catalogue.known)
    clock = HeldClock() if now is None else HeldClock(now)
    try:
        yield HeldHub(
            Hub(found, outbox, store, at_once(last_run(outbox)), clock, catalogue), store, clock
        )
    finally:
        at_once(outbox.close())


@contextlib.contextmanager
def replayed_hub(
    folder: Path,
    recording: Path,
    *,
    start: int | str | None = None,
    stop: int | str | None = None,
    booth: str | Collection[str] | None = None,
    kind: str | Collection[str] | None = None,
    booths: Mapping[str, str] | None = None,
    faults: Faults | None = None,
    **settings: object,
) -> Iterator[HeldHub]:
    """Make a hub and play a recording to it; its clock is held at the last message.

    `start` and `stop` are ns, or written as for `hub replay`, like ``+10s``. `booths` gives booths
    other names; `faults` happen to the messages on the way.

    Raises:
        RecordingError: the recording cannot be read.
        ValueError: `booth` or `kind` is not in it, so that nothing would be played.
    """
    found = info(recording)
    since, until = _moment(start, found), _moment(stop, found)
    _check_held(recording, booth, found.booths)
    _check_held(recording, kind, found.kinds)
    begin = max(since or 0, found.first or 0)
    root = {"root": found.root} if found.root else {}
    with held_hub(folder, begin, **{**root, **settings}) as hub:
        messages = read(recording, start=since, stop=until, booth=booth, kind=kind)
        hub.play(FaultyLink(faults).carry(messages) if faults else messages, booths)
        yield hub


def _check_held(
    recording: Path, wanted: str | Collection[str] | None, held: Collection[str]
) -> None:
    names = {wanted} if isinstance(wanted, str) else set(wanted or ())
    if names and held and names.isdisjoint(held):
        said = f"{', '.join(sorted(names))}: is not in {recording}"
        raise ValueError(f"{said}; it has {', '.join(sorted(held))}")


def _moment(said: int | str | None, found: Info) -> int | None:
    return moment_in(said, *found.span()) if isinstance(said, str) else said
