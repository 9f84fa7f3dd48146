"""The broker: restarted in good order, killed, and two hubs that are one to it."""

import random
import signal
import time

from faults.load import Load
from faults.oracle import judge
from faults.readings import Device, alike
from faults.stage import FaultyHub, Outcome, Stage
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.wait import until


def restarted(stage: Stage) -> Outcome:
    """SIGTERM and a new start, with the hub there and with the hub away in turns."""
    broker, hub, load = stage.flowing()
    for number in stage.rounds(6, 2):
        stage.flow(hub, random.randrange(200, stage.size(6_000, 500)))
        if number % 2:
            hub.kill()
        assert broker.stop() == 0
        broker.start()
        if number % 2:
            hub.launch_hub()
        with stage.recovery(hub):
            until(hub.serves, "the hub serves")
    return stage.conclude(hub, load)


def killed_with_hub(stage: Stage) -> Outcome:
    """`kill -9` while the hub is connected."""
    broker, hub, load = stage.flowing()
    for _ in stage.rounds(5, 1):
        stage.flow(hub, random.randrange(1_000, 6_000))
        broker.kill()
        broker.start()
        with stage.recovery(hub):
            until(hub.serves, "the hub serves")
    return stage.conclude(hub, load)


def killed_without_hub(stage: Stage) -> Outcome:
    """`kill -9` while the hub is away and readings queue."""
    broker, hub, load = stage.flowing()
    for _ in stage.rounds(5, 1):
        stage.flow(hub, random.randrange(1_000, 3_000))
        assert hub.stop() == 0
        time.sleep(random.uniform(1.0, 2.5))
        broker.kill()
        broker.start()
        stage.restart(hub)
    return stage.conclude(hub, load)


def killed_while_draining(stage: Stage) -> Outcome:
    """`kill -9` while the hub takes a long queue, with nothing else going on."""
    broker, hub, load = stage.flowing(8_000)
    same = stage.load(broker.port, chosen=[("quick", 300.0, alike(3))], booth="b2")
    for _ in stage.rounds(4, 1):
        stage.flow(hub, 1_000)
        hub.kill()
        load.more(stage.size(60_000, 12_000))
        load.pause()
        same.pause()
        _save(broker)
        hub.launch_hub()
        until(hub.serves, "the hub serves")
        stage.flow(hub, stage.size(random.randrange(5_000, 40_000), 4_000))
        broker.kill()
        broker.start()
        load.go_on()
        same.go_on()
        with stage.recovery(hub):
            pass
    return _said_twice(stage.conclude(hub, load, same, twice_allowed=True))


def killed_while_resending(stage: Stage) -> Outcome:
    """`kill -9` while the hub, halted there, is sent again what it had not acknowledged."""
    broker = stage.mosquitto()
    network = stage.enter_context(Cuttable(broker.port))
    hub = stage.hub(network.url).start()
    load = stage.load(broker.port)
    same = stage.load(broker.port, chosen=[("quick", 300.0, alike(3))], booth="b2")
    for _ in stage.rounds(4, 1):
        stage.flow(hub, random.randrange(500, stage.size(3_000, 1_000)))
        network.deafen()
        stage.flow(hub, 2_000)
        load.pause()
        same.pause()
        _save(broker)
        hub.kill()
        hub.kill_at, hub.halt = f"redelivered:{random.randrange(1, 1_000)}", True
        hub.launch_hub()
        until(lambda: hub.halted, "the hub is halted while the broker sends again")
        broker.kill()
        broker.start()
        hub.send_stop(signal.SIGCONT)
        load.go_on()
        same.go_on()
        with stage.recovery(hub):
            pass
    return _said_twice(stage.conclude(hub, load, same, twice_allowed=True))


def _save(broker: Mosquitto) -> None:
    """Have the broker save, so that nothing is lost which it had acknowledged before."""
    said = "Saving in-memory database"
    before = broker.said.count(said)
    broker.send_stop(signal.SIGUSR1)
    until(lambda: broker.said.count(said) > before, "the broker saves")


def _said_twice(outcome: Outcome) -> Outcome:
    """Say how many are there twice because the broker knows no better after a crash."""
    outcome.notes.append(
        f"the broker came back with its last save, and {outcome.verdict.repeated:,} without `ts` "
        "are stored twice"
    )
    return outcome


def killed_with_receipts(stage: Stage) -> Outcome:
    """`kill -9` of broker, and of hub, while publishers repeat until they have a receipt."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url).start()
    kinds = ("stream_meter", "wearable", "smart_plug")
    careful = [
        ("receipts", stage.rate(700), [Device(kind, f"r{at}", 1, True) for kind in kinds])
        for at in range(3)
    ]
    load = stage.load(broker.port, chosen=careful)
    for number in stage.rounds(6, 2):
        stage.flow(hub, random.randrange(200, stage.size(3_000, 600)))
        if number % 2:
            hub.kill()
        broker.kill()
        broker.start()
        if number % 2:
            hub.launch_hub()
        with stage.recovery(hub):
            until(hub.serves, "the hub serves")
    return stage.conclude(hub, load)


def two_hubs(stage: Stage) -> Outcome:
    """A second hub with the same client id, and a folder of its own, at the same database."""
    stage.database()
    broker, hub, load = stage.flowing(3_000)
    other = stage.hub(broker.url)
    other.start(well=False)
    stage.faults += 1
    asked = "another hub took our session"
    until(lambda: asked in hub.said + other.said, "one of them says what is wrong")
    end = time.monotonic() + stage.size(15, 2)
    while time.monotonic() < end:
        time.sleep(0.2)
    until(lambda: not other.accounts()["waiting"], "the other has stored what it took")
    assert other.stop() == 0
    with stage.recovery(hub):
        until(hub.well, "the first goes on alone")
    return _both(stage, hub, other, load)


def _both(stage: Stage, hub: FaultyHub, other: FaultyHub, load: Load) -> Outcome:
    sent = load.stop()
    accounts = stage.settle(hub)
    other.start(well=False)  # on its own again it says what it has
    rest = stage.settle(other)
    both = {name: accounts[name] + rest[name] for name in accounts}
    return stage.outcome(judge(sent, stage.rows(hub)), both, load.seconds, sent)
