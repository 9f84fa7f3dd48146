"""What could be taken for a redelivery and is none: readings that are alike, lost sessions.

Identifiers of packets are used again after 65,535 messages, and from 1 on in a new session.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from faults.load import Load
from faults.oracle import Sent, Verdict
from faults.readback import sqlite_rows
from faults.readings import alike
from faults.scenarios.hub_dies import dies
from faults.stage import FaultyHub, Outcome, Stage
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.wait import until

_IDENTIFIERS = 65_535
_PATIENCE = 300.0


def half_open(
    stage: Stage, hub: FaultyHub, network: Cuttable, load: Load, more: int, *, quiet: bool = False
) -> None:
    """Let the broker send to a connection that leads nowhere, and reset it.

    So `more` readings have their PUBACK, and are sent to the hub again, which never saw them. Where
    it was `quiet` before, there is nothing among them that the hub has seen.
    """
    if quiet:
        load.pause()
        stage.settle(hub)
    network.freeze()
    if quiet:
        load.go_on()
    load.more(more)
    network.reset()
    with stage.recovery(hub):
        pass


def without_acknowledgements(stage: Stage, hub: FaultyHub, network: Cuttable) -> None:
    """Lose the hub's acknowledgements, and then the connection: all of it comes again."""
    network.deafen()
    stage.flow(hub, 500)
    network.reset()
    with stage.recovery(hub):
        pass


def same(stage: Stage, counts: Sequence[int] = (1, 2, 3, 5, 17, 255)) -> Outcome:
    """So many devices in turn that always say the same, each time for more than 65,535 messages."""
    broker = stage.mosquitto()
    network = stage.enter_context(Cuttable(broker.port))
    hub = stage.hub(network.url).start()
    loads = []
    for count in counts if not stage.short else (3,):
        stage.tell(f"{count} devices")
        rate = stage.size(15_000, 12_000)
        load = stage.load(broker.port, chosen=[("quick", rate, alike(count))], booth=f"b{count}")
        loads.append(load)
        stage.flow(hub, _IDENTIFIERS + random.randrange(100, 2_000), _PATIENCE)
        half_open(stage, hub, network, load, random.randrange(30, 3_000))
        without_acknowledgements(stage, hub, network)
        half_open(stage, hub, network, load, 30, quiet=True)
        hub.kill()
        dies(stage, hub, f"committed:{random.randrange(1, 4)}")
        stage.restart(hub)
        load.pause()
        stage.settle(hub)
    return stage.conclude(hub, *loads)


def far(stage: Stage) -> Outcome:
    """Readings of all sorts, more than 65,535 before each end of a connection."""
    broker = stage.mosquitto()
    network = stage.enter_context(Cuttable(broker.port))
    hub = stage.hub(network.url).start()
    load = stage.load(broker.port, 10_000)
    for number in stage.rounds(6, 1):
        stage.flow(hub, _IDENTIFIERS + random.randrange(100, 9_000), _PATIENCE)
        if number % 3 == 0:
            quiet = number % 2 == 1
            half_open(stage, hub, network, load, random.randrange(30, 9_000), quiet=quiet)
        elif number % 3 == 1:
            without_acknowledgements(stage, hub, network)
        else:
            hub.kill()
            stage.restart(hub)
    return stage.conclude(hub, load)


_ORDERS = (
    "before-commit:1",
    "",
    "committed:1",
    "within-commit:1",
    "acknowledged:1",
    "opening:1",
    "before-commit:2",
)
"""Where the hub dies after the session was lost; with nothing, it lives on and is killed later."""


def session_lost(stage: Stage) -> Outcome:
    """The broker's file is removed, and the hub dies before or after it has a session again."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url).start()
    # One device alone: each session begins with the same identifiers and the same readings.
    load = stage.load(broker.port, chosen=[("quick", 500.0, alike(1))])
    for number in stage.rounds(len(_ORDERS) * 2, 2):
        stage.flow(hub, random.randrange(10, 1_500))
        load.pause()  # what comes while there is no session, no broker keeps
        stage.settle(hub)
        order = _ORDERS[number % len(_ORDERS)]
        connections = hub.connections
        if order:
            hub.kill()
        _forget(broker, kill=number >= len(_ORDERS))
        if not order:
            until(partial(_is_back, hub, connections), "it is back")
            load.go_on()
            stage.flow(hub, 10)
            hub.kill()
        elif order == "opening:1":
            dies(stage, hub, order)
            hub.start()
            load.go_on()
            hub.kill()
        else:
            _dies_with_a_session(stage, hub, load, order)
        if order == "committed:1":
            dies(stage, hub, "redelivered:1")
        stage.restart(hub)
    return stage.conclude(hub, load)


def _is_back(hub: FaultyHub, connections: int) -> bool:
    return hub.connections > connections and hub.well()


def _forget(broker: Mosquitto, *, kill: bool) -> None:
    """Have the broker begin without any session."""
    if kill:
        broker.kill()
    else:
        assert broker.stop() == 0
    broker.database.unlink(missing_ok=True)
    broker.start()


def _dies_with_a_session(stage: Stage, hub: FaultyHub, load: Load, kill_at: str) -> None:
    """Start a hub, and publish once it has subscribed: it comes to its end by that."""
    hub.kill_at = kill_at
    hub.start()
    load.go_on()
    until(lambda: not hub.running, f"the hub comes to {kill_at}\n{hub.said[-2000:]}")
    stage.faults += 1


_PLACES = ((0, "a"), (1, "b"), (1, "a"), (0, "b"), (0, "a"), (1, "b"), (0, "b"), (1, "a"))
"""Which data folder and which client id, one after the other."""


def folders(stage: Stage) -> Outcome:
    """Two data folders and two client ids, changed back and forth; killed in each place.

    The broker keeps everything for the client id that is away, so each of the two gets each reading
    that was published since it first came, once, into whichever folder is in use then.
    """
    broker = stage.mosquitto()
    hub = stage.hub(broker.url)
    data = [hub.data.with_name(name) for name in ("data0", "data1")]

    def place(folder: int, client_id: str) -> None:
        hub.data = hub.settings["data"] = data[folder]
        hub.settings["client_id"] = client_id

    place(*_PLACES[0])
    hub.start()
    load = stage.load(broker.port, chosen=[("quick", 300.0, alike(1))])
    stage.flow(hub, 100)
    load.pause()
    before_b = _counted(load.sent())
    hub.kill()
    place(*_PLACES[1])
    hub.start()
    load.go_on()
    for number in stage.rounds(16, 4):
        stage.flow(hub, random.randrange(10, 500))
        hub.kill()
        for at in range(2):  # where it dies there are some that no folder has
            place(*_PLACES[(2 * number + at) % len(_PLACES)])
            dies(stage, hub, f"before-commit:{random.randrange(1, 5)}")
        place(*_PLACES[(2 * number + 2) % len(_PLACES)])
        stage.restart(hub)
    load.pause()
    for folder, client_id in enumerate("ab"):  # each session and each folder brought to its end
        hub.kill()
        place(folder, client_id)
        hub.start()
        accounts = stage.settle(hub)
    sent = _counted(load.stop())
    rows = Counter(
        row.device for folder in data for row in sqlite_rows(folder / "store.db", load.booth)
    )
    wanted = sent + sent - before_b
    verdict = Verdict(
        acknowledged=sent.total(),
        lost=(wanted - rows).total(),
        twice=(rows - wanted).total(),
        rows=rows.total(),
        examples=[f"{wanted} wanted, {rows} stored"],
    )
    outcome = stage.outcome(verdict, accounts, load.seconds, [])
    outcome.failures = verdict.examples if verdict.lost else []
    outcome.notes.append(f"{rows.total():,} rows: each client id has a session of its own")
    return outcome


def _counted(sent: Iterable[Sent]) -> Counter[str]:
    return Counter({item.device.name: len(item.acknowledged) for item in sent})
