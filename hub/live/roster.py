"""The roster: which devices are known, fair by booth; some are planned, some are forgotten."""

from collections.abc import Iterable, Mapping, ValuesView

from hub.clock import Clock
from hub.limits.fair import BOOTHS, FairMap
from hub.live.device import Device
from hub.live.forgotten import Forgotten
from hub.live.liveness import Cadence, cadence_of
from hub.live.viewers import DEVICES
from hub.messages import Source, State
from hub.timestamps import SECOND
from hub.topics import Address
from schemas import KindSpec

BOOTH_DEVICES = 2_000
"""Devices of one booth known at once, besides those expected."""
OWN_DEVICES = 500
"""Devices of one booth that no other booth's can evict while they are not offline."""
_SHOWN = 10 * SECOND


class _LeftOut:
    """How many devices of a booth were left out, and when the last of them was (ns)."""

    __slots__ = ("at", "count")

    def __init__(self) -> None:
        self.at = self.count = 0


class Roster:
    """Every device that is known; those that are expected always are.

    When full, a new device evicts one of the booth with the most: one that is offline, or another
    booth's oldest if that booth has more than `OWN_DEVICES`. Else the new one is left out;
    `left_out` counts the devices evicted or left out.
    """

    def __init__(
        self, kinds: Mapping[str, KindSpec], clock: Clock, forgotten: Forgotten | None = None
    ) -> None:
        self.kinds, self._clock = kinds, clock
        self._devices = FairMap[Address, Device](DEVICES, BOOTH_DEVICES)
        self._expected: Mapping[Address, Cadence] = {}
        self._recorded: set[Address] = set()
        self._left_out = FairMap[str, _LeftOut](BOOTHS)
        self.get = self._devices.get
        self.forgotten = forgotten or Forgotten()
        self.left_out = 0

    def values(self) -> ValuesView[Device]:
        """Return every device."""
        return self._devices.values()

    def of(self, booth: str) -> list[Device]:
        """Return the devices of a booth."""
        return self._devices.of(booth)

    def expect(self, cadences: Mapping[Address, Cadence]) -> list[Device]:
        """Expect these devices and no others; return those that are expected no longer.

        One that was forgotten stays so until it sends. One that is expected no longer stays only
        if something was heard of it.
        """
        before, self._expected = self._expected, cadences
        found = [self.get(address) for address in before.keys() - cadences.keys()]
        unexpected = [device for device in found if device is not None]
        for device in unexpected:
            device.expected = False
            self._set_cadence(device)
            self.drop(device)
            if device.noticed:
                device.forgotten = False
                self._devices.add(device.address.booth, device.address, device)
        for address in cadences:
            if address not in self.forgotten:
                self._keep(self.get(address) or self._new(address))
        return unexpected

    def _keep(self, device: Device) -> None:
        """Keep a device that is expected: offline until its first message."""
        self._devices.keep(device.address.booth, device.address, device)
        device.expected = True
        self._set_cadence(device)
        if device.heard is None and not device.noticed:
            device.gone, device.state = True, State.OFFLINE

    def expect_again(self, booth: str) -> None:
        """Expect a booth's devices that were forgotten, if they still are in the plan."""
        for address in self._expected:
            if address.booth == booth:
                self.forgotten.discard(address)
        self.expect(self._expected)

    def recall(self, addresses: Iterable[Address]) -> None:
        """Add devices that were there before, as the store knows: offline until they send.

        They evict no other.
        """
        for address in addresses:
            known = address in self.forgotten or self.get(address) is not None
            if not known and address.kind in self.kinds and self._has_room(address.booth):
                self._add_offline(address).expected = True

    def record(self, address: Address) -> Device | None:
        """Add a device known from a recording alone; it evicts no other, and is offline."""
        if address in self.forgotten or not self._has_room(address.booth):
            return None
        self._recorded.add(address)
        return self._add_offline(address)

    def is_recorded(self, device: Device) -> bool:
        """Whether a device is known from a recording alone."""
        return device.address in self._recorded and not device.noticed

    def end_recorded(self, device: Device) -> None:
        """Drop a device that is known from a recording alone, now that this has ended."""
        if self.get(device.address) is not device:
            return
        if self.is_recorded(device):
            self._devices.pop(device.address.booth, device.address)
            device.forgotten = True
        self._recorded.discard(device.address)

    def _has_room(self, booth: str) -> bool:
        return self._devices.next_out(booth) is None

    def _add_offline(self, address: Address) -> Device:
        device = self._new(address)
        device.gone, device.state = True, State.OFFLINE
        self._devices.add(address.booth, address, device)
        self.rank(device)
        return device

    def find(self, address: Address) -> Device | None:
        """Return the device at an address, added if it is new; None without its kind, or room."""
        if address.kind not in self.kinds:
            return None
        return self.get(address) or self.add(address)

    def add(self, address: Address) -> Device | None:
        """Add a device that sends, at an address that has none; None if there is no room."""
        if address in self._expected:  # it was forgotten, and is back
            device = self._new(address)
            self._devices.keep(address.booth, address, device)
            self.forgotten.discard(address)
            return device
        evicted = self._devices.next_out(address.booth)
        if evicted is not None:
            owner = evicted.address.booth
            crowd = owner != address.booth and self._devices.count(owner) > OWN_DEVICES
            if not crowd and evicted.state is not State.OFFLINE:  # it sends, and would soon be back
                self._count_left_out(address.booth)
                return None
            self._count_left_out(owner)
            evicted.forgotten = True
            self._recorded.discard(evicted.address)
        device = self._new(address)
        self._devices.add(address.booth, address, device)
        self.forgotten.discard(address)
        return device

    def _new(self, address: Address) -> Device:
        device = Device(address, self.kinds[address.kind], self._expected.get(address))
        device.expected = address in self._expected
        return device

    def set_source(self, device: Device, source: Source) -> None:
        """Set how a device is called and how often it speaks."""
        if device.source != source:
            device.source = source
            self._set_cadence(device)

    def _set_cadence(self, device: Device) -> None:
        """Set how often a device speaks: as the zone file says, else its dialect, else its kind."""
        planned, source = self._expected.get(device.address), device.source
        if source is not None and planned in (None, cadence_of(device.kind)):
            planned = Cadence(source.interval, source.silence)
        device.set_cadence(planned)

    def rank(self, device: Device) -> None:
        """Rank a device whose state changed: those that are offline are evicted first."""
        offline = device.state is State.OFFLINE
        self._devices.move(device.address.booth, device.address, last=not offline)

    def drop(self, device: Device) -> None:
        """Drop a device; one that is dropped is not shown."""
        self._devices.pop(device.address.booth, device.address)
        self._recorded.discard(device.address)
        device.forgotten = True

    def _count_left_out(self, booth: str) -> None:
        left_out = self._left_out.get(booth)
        if left_out is None:
            left_out = _LeftOut()
            self._left_out.add(booth, booth, left_out)
        left_out.count += 1
        left_out.at = self._clock.monotonic()
        self.left_out += 1

    def left_out_of(self, booth: str) -> int:
        """Return how often a device of a booth was left out or evicted."""
        left_out = self._left_out.get(booth)
        return 0 if left_out is None else left_out.count

    def crowded(self) -> list[str]:
        """Return the booths of which a device was left out just now."""
        now = self._clock.monotonic()
        return sorted(
            booth for booth, left_out in self._left_out.items() if 0 <= now - left_out.at < _SHOWN
        )
