"""All devices of a zone file in one process: one client each, one event loop for all."""

import asyncio
import logging
import zlib
from random import Random

from devices.broker import Broker
from devices.client import USUAL, Device, Habits
from devices.errors import DeviceError
from devices.wire import ROOT, Address
from devices.zone import Zone

log = logging.getLogger("devices")


def seed_of(seed: int, address: Address) -> int:
    """Return the seed of one device of a fleet: the same for the same fleet seed and address."""
    name = f"{seed}/{address.booth}/{address.kind}/{address.device}"
    return zlib.crc32(name.encode())


def fleet(
    zone: Zone,
    broker: Broker,
    *,
    seed: int = 0,
    habits: Habits = USUAL,
    root: str = ROOT,
) -> list[Device]:
    """Return one device for each that the zone file names, each with a seed of its own.

    One whose dialect is not simulated publishes in the hub's own form; the log says so.
    """
    for address, manner in zone.manners(root):
        if manner.dialect is not None and not manner.speaks(address.kind):
            log.warning("%s: no %s is simulated here", address.topic, manner.dialect)
    return [
        Device(
            broker,
            address,
            seed=seed_of(seed, address),
            habits=habits,
            manner=manner,
            origin=zone.origin,
        )
        for address, manner in zone.manners(root)
    ]


async def run_fleet(devices: list[Device], *, seed: int = 0) -> None:
    """Run the devices until all are done or this task is cancelled.

    Their first readings are spread over one interval of their kind, as they would be in a hall.

    Raises:
        DeviceError: one of them cannot work at all; the others stop.
    """
    random = Random(f"spread/{seed}")
    failed: BaseExceptionGroup[DeviceError] | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            for device in devices:
                spread = random.uniform(0, device.interval)
                name = f"device {device.address.topic}"
                tasks.create_task(device.run(first_after=spread), name=name)
    except* DeviceError as group:
        failed = group
    if failed is not None:
        raise failed.exceptions[0]


async def run_unsteadily(device: Device, works: float, fails: float) -> None:
    """Run a device that says goodbye after `works` seconds and is back `fails` seconds later.

    So it goes on until it is done or this task is cancelled.

    Raises:
        DeviceError: it cannot work at all.
    """
    while True:
        try:
            async with asyncio.timeout(works):
                await device.run()
                return
        except TimeoutError:
            await asyncio.sleep(fails)
