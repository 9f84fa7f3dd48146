"""The database: killed, away, slow, refusing, hanging, cutting, taking a part."""

import random
import time
from collections.abc import Sequence

from faults.load import Load, crews
from faults.readings import REFUSED, Device
from faults.stage import BUCKET, FaultyHub, Outcome, Stage
from harness.influx_shim import Influx, Manner, Mishap, Reply
from harness.wait import until

_RATE = 4_000


def _start(stage: Stage, rate: float | None = None) -> tuple[Influx, FaultyHub, Load]:
    influx = stage.database()
    _, hub, load = stage.flowing(rate or stage.rate(_RATE))
    return influx, hub, load


def _away(hub: FaultyHub) -> None:
    until(lambda: "takes readings" not in hub.part("store"), "the hub says that it is away")


def _back(stage: Stage, hub: FaultyHub) -> None:
    """Wait until the database takes readings again and few wait, and take the time."""
    stage.faults += 1
    began = time.monotonic()
    until(lambda: hub.part("store") == "takes readings", "the database takes readings")
    until(lambda: hub.accounts()["waiting"] < _RATE, "what waited is stored")
    stage.recoveries.append(time.monotonic() - began)


def killed(stage: Stage) -> Outcome:
    """`kill -9` of influxd under load, again and again."""
    influx, hub, load = _start(stage)
    for _ in stage.rounds(6, 2):
        stage.flow(hub, random.randrange(1_000, 8_000))
        influx.influxd.kill()
        _away(hub)
        influx.influxd.start()
        _back(stage, hub)
    return stage.conclude(hub, load)


def both_killed(stage: Stage) -> Outcome:
    """`kill -9` of hub and influxd, in either order, back in either order."""
    influx, hub, load = _start(stage)
    for number in stage.rounds(8, 2):
        stage.flow(hub, random.randrange(50, stage.size(5_000, 400)))
        for process in (hub, influx.influxd) if number % 2 else (influx.influxd, hub):
            process.kill()
        stage.faults += 1
        if number // 2 % 2:
            influx.influxd.start()
            stage.restart(hub)
        else:
            stage.restart(hub)
            influx.influxd.start()
    return stage.conclude(hub, load)


def away(stage: Stage) -> Outcome:
    """Stopped for a minute; meanwhile the hub is killed once, too."""
    influx, hub, load = _start(stage)
    influx.influxd.stop()
    _away(hub)
    gone = time.monotonic() + stage.size(60, 3)
    stage.flow(hub, 2_000)
    hub.kill()
    stage.restart(hub)
    while time.monotonic() < gone:
        stage.flow(hub, 1_000)
    stage.notes.append(f"{hub.accounts()['waiting']:,} readings waited")
    influx.influxd.start()
    _back(stage, hub)
    return stage.conclude(hub, load)


def slow(stage: Stage) -> Outcome:
    """Each answer takes 5 s."""
    influx, hub, load = _start(stage, 3_000)
    influx.shim.delay = 5.0
    stage.flow(hub, stage.size(60_000, 6_000))
    stage.notes.append(f"{hub.accounts()['waiting']:,} readings waited")
    influx.shim.delay = 0.0
    _back(stage, hub)
    return stage.conclude(hub, load)


def _answers(stage: Stage, planned: Sequence[Reply | Mishap]) -> Outcome:
    influx, hub, load = _start(stage)
    for _ in stage.rounds(2, 1):
        influx.shim.planned.extend(planned)
        until(lambda: not influx.shim.planned, "all of it was answered")
        _back(stage, hub)
        stage.faults += len(planned) - 1
        stage.flow(hub, 1_000)
    return stage.conclude(hub, load)


def errors(stage: Stage) -> Outcome:
    """500 and 503."""
    return _answers(stage, [Reply(500, "internal error"), Reply(503, "busy")] * 3)


def too_many(stage: Stage) -> Outcome:
    """429 with Retry-After."""
    return _answers(stage, [Reply(429, "slow down", {"Retry-After": "2"})] * 3)


def cutting(stage: Stage) -> Outcome:
    """It cuts the connection: before it has the lines, after, and within the answer."""
    return _answers(stage, [Mishap.CUT_BEFORE, Mishap.CUT_AFTER, Mishap.CUT_WITHIN] * 2)


def hanging(stage: Stage) -> Outcome:
    """It takes the lines and never answers."""
    influx, hub, load = _start(stage, 2_000)
    influx.shim.planned.extend([Mishap.HANG])
    until(lambda: not influx.shim.planned, "a write hangs")
    until(lambda: hub.part("store") != "takes readings", "the hub gives it up")
    stage.notes.append(f"{hub.accounts()['waiting']:,} readings waited")
    _back(stage, hub)
    return stage.conclude(hub, load)


def partial(stage: Stage) -> Outcome:
    """It takes a part of the lines: one kind has a field of another type there."""
    influx = stage.database()
    broker = stage.mosquitto()
    influx.influxd.write(BUCKET, f'light,booth=b0 power="lots" {time.time_ns()}')
    hub = stage.hub(broker.url).start()
    lights = [Device("light", f"{REFUSED}{at}", 1, at % 2 == 1) for at in range(4)]
    load = stage.load(broker.port, chosen=[*crews(2_000), ("quick", 10, lights)])
    for number in stage.rounds(3, 3):
        influx.shim.manner = list(Manner)[number]
        hub.wait_for("refused", hub.accounts()["refused"] + 11)
        stage.faults += 1
    return stage.conclude(hub, load)
