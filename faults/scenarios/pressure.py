"""Too much at once, for long, and the end of it: quota, devices, storms, soak, SIGTERM, clocks."""

import math
import signal
import time
from collections.abc import Sequence

from faults.load import Crew, crews
from faults.readings import mix
from faults.stage import FaultyHub, Outcome, Stage
from harness.wait import until

_MIB = 1024**2


def clock(stage: Stage) -> Outcome:
    """The hub's clock steps by an hour, forth and back."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url)
    hub.clock = stage.folder / "clock"
    hub.clock.write_text("0")
    hub.start()
    load = stage.load(broker.port)
    for number in stage.rounds(8, 3):
        stage.flow(hub, stage.size(3_000, 300))
        hub.clock.write_text(("3600", "0", "-3600", "0")[number % 4])
        hub.send_stop(signal.SIGUSR1)  # it reads it again
        if number % 4 == 3:
            hub.kill()
            stage.restart(hub)
        else:
            with stage.recovery(hub):
                pass
    stage.notes.append("a `ts` an hour ahead of the hub's clock is stored at its arrival")
    return stage.conclude(hub, load, times=False)


_DAY = 86_400
_OFF = (400 * _DAY, 9 * 3600, -9 * 3600)
"""Seconds by which a clock is off; 9 hours is a hardware clock in Korean time."""


def wrong_clock(stage: Stage) -> Outcome:
    """The clock is off for some readings, and right again, with a new start and without."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url)
    hub.clock = stage.folder / "clock"
    hub.clock.write_text("0")
    hub.start()
    right, began = [], time.time_ns()
    load = stage.load(broker.port, stage.rate(2_000))
    for number in stage.rounds(6, 2):
        stage.flow(hub, stage.size(2_000, 200))
        load.pause()  # nothing is on its way when the clock changes
        stage.settle(hub)
        right.append((began, time.time_ns()))
        _set_clock(hub, _OFF[number % len(_OFF)])
        load.go_on()
        stage.flow(hub, 200)
        load.pause()
        stage.settle(hub)
        if number % 2:
            hub.kill()
            hub.clock.write_text("0")
            began = time.time_ns()
            load.go_on()
            stage.restart(hub)
        else:
            _set_clock(hub, 0)
            began = time.time_ns()
            load.go_on()
            with stage.recovery(hub):
                pass
    stage.flow(hub, stage.size(2_000, 200))
    load.pause()
    stage.settle(hub)
    right.append((began, time.time_ns()))
    return stage.conclude(hub, load, times=False, right=right)


def _set_clock(hub: FaultyHub, seconds: int) -> None:
    assert hub.clock is not None
    hub.clock.write_text(str(seconds))
    hub.send_stop(signal.SIGUSR1)
    hub.accounts()  # whoever answers has dealt with the signal


def quota(stage: Stage) -> Outcome:
    """Ten times its quota from one booth, another within its own."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url, quota_readings=400, quota_bytes=0).start()
    flood = stage.load(broker.port, 4_000, booth="b1")
    calm = stage.load(broker.port, 200, booth="b2")
    stage.faults += 1
    stage.flow(hub, stage.size(80_000, 12_000))
    stage.notes.append(f"{hub.accounts()['waiting']:,} readings waited in their lane")
    return stage.conclude(hub, flood, calm)


def many_devices(stage: Stage) -> Outcome:
    """10,000 devices at once, and the hub killed among them."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url).start()
    count = stage.size(10_000, 2_000) // 4
    crew: list[Crew] = [("quick", 2_500.0, mix(f"m{at}x", count, 1)) for at in range(4)]
    load = stage.load(broker.port, chosen=crew)
    for _ in stage.rounds(3, 1):
        stage.flow(hub, count * 4)
        hub.kill()
        stage.restart(hub)
    stage.flow(hub, count * 4)
    stage.notes.append(f"{len(hub.get('/api/devices')):,} devices known")
    return stage.conclude(hub, load)


def storm(stage: Stage) -> Outcome:
    """2,000 devices, each with a connection and a Last Will, lose it in one moment."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url).start()
    count = stage.size(2_000, 400)
    crew: list[Crew] = [("crowd", stage.rate(2_000), mix("s", count, 1)), *crews(stage.rate(1_000))]
    load = stage.load(broker.port, chosen=crew)
    until(lambda: len(hub.get("/api/devices")) >= count, "each device has sent something")
    for _ in stage.rounds(5, 2):
        load.shake()
        with stage.recovery(hub, count):
            stage.flow(hub, 2 * count)
    return stage.conclude(hub, load)


def soak(stage: Stage) -> Outcome:
    """Twelve minutes in which nothing may grow."""
    _, hub, load = stage.flowing(2_500)
    seconds = stage.size(720, 20)
    samples = _watched(stage, hub, seconds)
    later = samples[len(samples) // 2 :]
    slope = _slope([(at, memory) for at, memory, _ in later]) * 3600 / _MIB
    descriptors = [count for _, _, count in later]
    outcome = stage.conclude(hub, load)
    outcome.notes.append(
        f"{seconds} s: memory {later[0][1] / _MIB:.0f} to {later[-1][1] / _MIB:.0f} MiB in the "
        f"second half, {slope:+.1f} MiB an hour; "
        f"{min(descriptors)} to {max(descriptors)} files open"
    )
    if max(descriptors) - min(descriptors) > 10:
        outcome.failures.append(outcome.notes[-1])
    return outcome


def _watched(stage: Stage, hub: FaultyHub, seconds: float) -> list[tuple[float, int, int]]:
    """Return time, bytes of memory and open files of each second."""
    samples: list[tuple[float, int, int]] = []
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        if len(samples) % 20 == 0:
            stage.tell(f"{end - now:.0f} s to go, {hub.resident / _MIB:.0f} MiB")
        hub.accounts()
        samples.append((now, hub.resident, hub.descriptors))
        time.sleep(1)
    return samples


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the line nearest to points (least squares)."""
    middle = [math.fsum(axis) / len(points) for axis in zip(*points, strict=True)]
    across = math.fsum((x - middle[0]) ** 2 for x, _ in points)
    return math.fsum((x - middle[0]) * (y - middle[1]) for x, y in points) / across


def sigterm(stage: Stage) -> Outcome:
    """Stopped under load, and started again."""
    _, hub, load = stage.flowing(10_000)
    longest = 0.0
    for _ in stage.rounds(8, 2):
        stage.flow(hub, 5_000)
        began = time.monotonic()
        assert hub.stop() == 0, hub.said[-2_000:]
        longest = max(longest, time.monotonic() - began)
        stage.restart(hub)
    assert "Traceback" not in hub.said, hub.said[-3_000:]
    stage.notes.append(f"stopped within {longest:.1f} s")
    outcome = stage.conclude(hub, load)
    until(hub.well, "the hub is well")
    return outcome
