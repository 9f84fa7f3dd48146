"""The live stream: passes on to each viewer what it wants, coalesced, a few times a second."""

import contextlib
from collections.abc import Collection, Iterator
from typing import NamedTuple

from hub.limits.fair import FairBuffer
from hub.live.device import Device, written
from hub.live.viewers import EVENTS, LiveEvent, Viewer
from hub.messages import Rejection, StateChange
from hub.timestamps import rfc3339
from hub.topics import Address

_Event = tuple[Device | None, StateChange | Rejection | Address]
"""A change of a device, a rejection, or the address of a device that was forgotten."""


class _Shown(NamedTuple):
    """An event as viewers get it, with the booth and the domain that it is about."""

    booth: str | None
    domain: str | None
    trial: bool
    event: LiveEvent


def _shown(event: _Event) -> _Shown:
    device, item = event
    domain, trial = (None, False) if device is None else (device.domain, device.trial)
    if isinstance(item, Rejection):
        said = LiveEvent("rejection", written(item.as_json()))
        return _Shown(item.booth, domain, trial, said)
    if isinstance(item, Address):
        return _Shown(item.booth, domain, trial, LiveEvent("forgotten", written(item._asdict())))
    change = {
        **item.address._asdict(),
        "domain": domain,
        "state": item.state.value,
        "at": rfc3339(item.at),
        **({"warnings": [], "clock_skew_ms": None} if device is None else device.said()),
    }
    return _Shown(item.address.booth, domain, trial, LiveEvent("state", written(change)))


class Broadcast:
    """The viewers of the live stream, and the events that wait for the next update."""

    def __init__(self) -> None:
        self._watching: set[Viewer] = set()
        self._events = FairBuffer[_Event](EVENTS)
        self._ended = False

    @property
    def viewers(self) -> int:
        """The number of viewers."""
        return len(self._watching)

    def add(self, booth: str | None, event: _Event) -> None:
        """Add an event of a booth to the next update."""
        self._events.add(booth, event)

    @property
    def left_out(self) -> int:
        """The number of states and rejections that no viewer got: more than one update holds."""
        return self._events.left_out

    def publish(self, dirty: Collection[Device]) -> None:
        """Pass on the events, and these devices, to the viewers that want them."""
        popped, lost = self._events.pop_all()
        # Encoded only if there are viewers, and once for all of them.
        events = [_shown(item) for item in popped] if self._watching else []
        for viewer in self._watching:
            for booth, domain, trial, event in events:
                if viewer.wants(booth, domain, trial=trial):
                    viewer.add_event(booth, event)
            missed = sum(count for booth, count in lost.items() if viewer.follows(booth))
            if missed:
                viewer.add_missed(missed)
            for device in dirty:
                if viewer.wants(device.address.booth, device.domain, trial=device.trial):
                    viewer.changed(device)
            viewer.tick()

    @contextlib.contextmanager
    def watch(
        self, booth: str | None = None, domain: str | None = None, *, brief: bool = False
    ) -> Iterator[Viewer]:
        """Watch the devices of a booth or a domain, or all; see `Viewer`."""
        viewer = Viewer(booth, domain, brief=brief)
        self._watching.add(viewer)
        if self._ended:
            viewer.end()
        try:
            yield viewer
        finally:
            self._watching.discard(viewer)

    def announce(self, name: str) -> None:
        """Send every viewer an event that is about no device, like that the plan changed."""
        for viewer in self._watching:
            viewer.add_event(None, LiveEvent(name, "{}"))

    def end(self) -> None:
        """End the stream of every viewer."""
        self._ended = True
        for viewer in self._watching:
            viewer.end()
