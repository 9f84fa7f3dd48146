"""The recordings of the demo scenarios, made of the seeded devices on a clock of their own.

All of them speak the hub's own form here, whatever dialect some have in the demo zone.
Nothing here looks at the time or waits for it: the same seed gives the same files to the byte.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from random import Random

from devices.catalogue import thing
from devices.client import pause
from devices.faults import Fault, Faults
from devices.fleet import seed_of
from devices.wire import ROOT, Address, Ts, stamp
from devices.zone import DEMO_ZONE, load_zone
from hub.pipeline.decode import Decoder
from hub.recording.format import Gap, Recorded, Writer
from hub.recording.received import verdict_of
from hub.recording.recorder import CONNECTION_LOST
from schemas import kinds

_SECOND = 1_000_000_000
_MIDNIGHT = 1_791_298_800 * _SECOND
"""The first day of the demo zone's event, 2026-10-07T00:00+09:00."""
_LATENCY = 0.012
_ONLINE = b"online"
_PROPERTIES = {"content_type": "application/json"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is recorded: from `hour` (local time) on for `seconds`.

    `booths` without names are all of them; `faulty` booths spoil a share of their readings. The
    broker is away in `outage` (seconds from the start).
    """

    about: str
    hour: float
    seconds: float
    booths: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    outage: tuple[float, float] | None = None


SCENARIOS = {
    "quiet-morning": Scenario(
        "Homes and meters just after the doors opened; nothing goes wrong.",
        10.05,
        480,
        ("b01", "b02", "b06", "b11", "b12"),
    ),
    "busy-hour": Scenario("Every device of the demo zone when the hall is full.", 14.5, 100),
    "broker-outage": Scenario(
        "The broker is away for 25 s; the devices come back one by one.",
        11.5,
        90,
        outage=(30, 55),
    ),
    "misbehaving-booth": Scenario(
        "Booth b08 sends everything that devices get wrong; its neighbours do not.",
        15.2,
        120,
        ("b01", "b02", "b08", "b12"),
        faulty=("b08",),
    ),
}


def files() -> dict[str, bytes]:
    """Return each recording by its path in the project."""
    return {
        f"tests/data/recordings/{name}.mcap": _recording(name, scenario)
        for name, scenario in SCENARIOS.items()
    }


def _recording(name: str, scenario: Scenario) -> bytes:
    stream = BytesIO()
    begin = {"scenario": name, "about": scenario.about}
    writer = Writer(stream, kinds(), root=ROOT, begin=begin)
    decoder = Decoder(ROOT, kinds())
    last = start = _ns(scenario, 0)
    for moment, topic, payload, properties in _published(scenario):
        at = last = max(last + 1, start + round(moment * _SECOND))
        verdict = verdict_of(decoder.decode(topic, payload, at))
        writer.add(Recorded(topic, payload, at, 1, False, properties, verdict))
    if scenario.outage is not None:
        away, back = (_ns(scenario, moment) for moment in scenario.outage)
        writer.add_gap(Gap(away, back, CONNECTION_LOST))
    writer.close()
    return stream.getvalue()


def _ns(scenario: Scenario, moment: float) -> int:
    return _MIDNIGHT + round(scenario.hour * 3600 * _SECOND) + round(moment * _SECOND)


_Published = tuple[float, str, bytes, dict[str, str]]


def _published(scenario: Scenario) -> Iterator[_Published]:
    """Yield what all devices publish, in the order in which it arrives."""
    addresses = [
        address
        for address in load_zone(DEMO_ZONE).addresses(ROOT)
        if not scenario.booths or address.booth in scenario.booths
    ]
    random = Random("spread/0")
    yield from heapq.merge(
        *[_Device(scenario, address, random.random()).publishes() for address in addresses],
        key=lambda item: item[0],
    )


@dataclass(slots=True)
class _Device:
    """One device: what it says, and when that arrives, in seconds from the start."""

    scenario: Scenario
    address: Address
    spread: float
    _last: float = field(default=0.0, init=False)

    def publishes(self) -> Iterator[_Published]:
        """Yield its birth message, then its readings; over an outage it holds one of them back."""
        scenario, address = self.scenario, self.address
        kind, seed = kinds()[address.kind], seed_of(0, address)
        model = thing(address.kind, seed, hour=scenario.hour)
        spoiled = tuple(Fault) if address.booth in scenario.faulty else ()
        faults = Faults(kind, spoiled, Random(f"faults/{seed}"), 0.4)
        random = Random(f"latency/{seed}")
        yield self._message(0.2 * self.spread, address.status, _ONLINE)
        moment = self.spread * kind.interval
        away, back = scenario.outage or (scenario.seconds, 0.0)
        while moment < scenario.seconds:
            reading = stamp(model.step(kind.interval), _ns(scenario, moment), Ts.EPOCH)
            if moment >= away:
                away, again = scenario.seconds, back + pause(random, 4)
                yield self._message(again, address.status, _ONLINE)
                moment = max(moment, again)
            for payload in faults.messages(reading):
                yield self._message(moment + random.uniform(0, _LATENCY), address.topic, payload)
            moment += kind.interval

    def _message(self, moment: float, topic: str, payload: bytes) -> _Published:
        # A device's messages do not overtake each other.
        self._last = max(self._last, moment)
        # Some exhibitors use MQTT 5, and say what they send.
        properties = _PROPERTIES if self.address.booth in {"b04", "b12"} else {}
        return self._last, topic, payload, properties
