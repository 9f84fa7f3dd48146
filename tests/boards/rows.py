"""Rows as the hub writes them: readings of the demo devices, states and counters."""

import json
from collections.abc import Iterator, Mapping

from devices.catalogue import thing
from devices.zone import DEMO_ZONE
from hub.event import zone
from hub.messages import Reading, State, StateChange
from hub.pipeline import selfstats
from hub.pipeline.decode import Decoder
from hub.topics import Address, topic_of
from schemas import KindSpec
from tests.lines import line_of

ROOT = "smartlife/v1"
SECOND = 10**9
SPAN = 12 * 60
"""Seconds of readings."""
PRESSED = (50, 20)
"""Seconds before the end between which the e-stops are pressed."""


def addresses() -> list[Address]:
    """The devices of the demo zone."""
    return zone.load(DEMO_ZONE).expected()


def lines(kinds: Mapping[str, KindSpec], stop: int) -> Iterator[str]:
    """Everything that is stored about the demo zone up to `stop` (ns)."""
    decoder = Decoder(ROOT, kinds)
    for seed, address in enumerate(addresses()):
        yield from _readings(decoder, kinds[address.kind], address, seed, stop)
    yield from _states(kinds, stop)
    yield from _counters(stop)


def _readings(
    decoder: Decoder, kind: KindSpec, address: Address, seed: int, stop: int
) -> Iterator[str]:
    device, seconds = thing(kind.name, seed), kind.interval
    stops_by_hand = any(field.name == "e_stop" for field in kind.fields)
    for step in range(int(SPAN / seconds)):
        ago = SPAN - step * seconds
        payload = device.step(seconds)
        if stops_by_hand and PRESSED[0] >= ago > PRESSED[1]:
            payload["e_stop"] = True
        text = json.dumps(payload).encode()
        verdict = decoder.decode(topic_of(ROOT, address), text, stop - int(ago * SECOND))
        assert isinstance(verdict, Reading), verdict
        yield line_of(verdict).decode()


def _states(kinds: Mapping[str, KindSpec], stop: int) -> Iterator[str]:
    """All came; of each kind one went and came back; then one is late and one gone for good."""
    everything = addresses()
    once = {address.kind: address for address in everything}.values()
    late, gone = everything[0], everything[-1]
    changes = [
        *((address, State.LIVE, SPAN) for address in everything),
        *((address, State.OFFLINE, 300) for address in once),
        *((address, State.LIVE, 240) for address in once),
        (late, State.LATE, 30),
        (gone, State.OFFLINE, 30),
    ]
    for address, state, ago in changes:
        domain = kinds[address.kind].domain.id
        yield selfstats.state_line(StateChange(address, domain, state, stop - ago * SECOND))


def _counters(stop: int) -> Iterator[str]:
    """Counters every ten seconds; many rejections in the last minute, and a store that is slow."""
    for ago in range(SPAN, -1, -10):
        at = SPAN - ago
        rejected = at // 60 + (max(0, 60 - ago) * 4)
        accepted = at * 30
        waiting = at * 5
        counters = {
            "received": accepted + rejected + 3,
            "accepted": accepted,
            "rejected": rejected,
            "duplicate": 2,
            "ignored": 1,
            "stored": accepted - waiting - 1,
            "merged": 1,
            "waiting": waiting,
            "refused": 0,
            "outbox_bytes": waiting * 90,
            "lag_ms": waiting * 3,
            "devices_live": 34,
            "devices_late": 1,
            "devices_offline": 1,
            "hears": 1,
        }
        yield selfstats.counters_line("smartlife-hub", counters, stop - ago * SECOND)
        yield selfstats.rejections_line("b12", "schema", at, stop - ago * SECOND)
        yield selfstats.surplus_line("b12", "dropped", at, stop - ago * SECOND)
