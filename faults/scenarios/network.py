"""The network between hub and broker: cut, half-open, silent, slow, losing packets."""

import os
import pickle
import random
import socket
import subprocess
import sys
from pathlib import Path

from faults.link import HERE, THERE
from faults.stage import NotPlayed, Outcome, Stage
from harness import ROOT
from harness.mosquitto import Mosquitto
from harness.network import Cuttable
from harness.ports import free_port
from harness.process import Process
from harness.wait import until

_INSIDE = "FAULTS_INSIDE"


def cut(stage: Stage) -> Outcome:
    """Cut in the middle of a packet; every other time acknowledgements are lost first."""
    broker = stage.mosquitto()
    network = stage.enter_context(Cuttable(broker.port))
    hub = stage.hub(network.url).start()
    load = stage.load(broker.port)
    for number in stage.rounds(20, 3):
        stage.flow(hub, random.randrange(50, stage.size(4_000, 400)))
        if number % 2:
            network.deafen()
            stage.flow(hub, 500)
        network.cut()
        with stage.recovery(hub):
            until(hub.well, "the hub is connected again")
    return stage.conclude(hub, load)


def half_open(stage: Stage) -> Outcome:
    """Nothing passes any more, and neither side is told."""
    broker = stage.mosquitto()
    network = stage.enter_context(Cuttable(broker.port))
    hub = stage.hub(network.url).start()
    load = stage.load(broker.port, 3_000)
    stage.flow(hub, 2_000)
    connections = network.connections
    network.freeze()
    with stage.recovery(hub):
        until(lambda: network.connections > connections, "the hub gives it up")
    stage.notes.append("the time includes the 22 s of silence after which the hub gives up")
    return stage.conclude(hub, load)


def silent(stage: Stage) -> Outcome:
    """A broker that accepts the connection and never answers."""
    broker = stage.mosquitto()
    network = stage.enter_context(Cuttable(broker.port))
    hub = stage.hub(network.url).start()
    load = stage.load(broker.port, 3_000)
    stage.flow(hub, 2_000)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        network.lead_to(deaf.getsockname()[1])
        network.cut()
        until(lambda: "no answer" in hub.part("broker"), "the hub says so")
        network.lead_to(broker.port)
        with stage.recovery(hub):
            until(hub.well, "the hub is connected again")
    stage.notes.append("the hub tries again after at most 10 s")
    return stage.conclude(hub, load)


def delayed(stage: Stage) -> Outcome:
    """Each packet takes 300 ms, either way."""
    return _over(stage, 0.3, 0.0)


def losing(stage: Stage) -> Outcome:
    """1 % of the packets are lost, either way; 20 ms there, 20 ms back."""
    return _over(stage, 0.02, 0.01)


def _over(stage: Stage, delay: float, loss: float) -> Outcome:
    if _INSIDE not in os.environ:
        return _in_namespace(stage, delay, loss)
    link = Process(stage.folder / "link.log")
    stage.callback(link.kill)
    link.launch([sys.executable, str(ROOT / "faults" / "link.py"), str(delay), str(loss)])
    until(lambda: "ready" in link.said, f"the link is there\n{link.said}")
    port = free_port()
    broker = Mosquitto(stage.folder / "mosquitto", listener=[f"listener {port} {HERE}"])
    stage.callback(broker.kill)
    broker.start()
    hub = stage.hub(f"mqtt://{THERE}:{port}").start()
    load = stage.load(broker.port, 4_000)
    for number in stage.rounds(6, 2):
        stage.flow(hub, random.randrange(2_000, 12_000))
        if number % 2:
            hub.kill()
            stage.restart(hub)
        else:
            stage.faults += 1
    return stage.conclude(hub, load)


def _in_namespace(stage: Stage, delay: float, loss: float) -> Outcome:
    """Play it in a network namespace of its own: as root, or as a user who may make one."""
    result = stage.folder / "outcome"
    command = [sys.executable, "-m", "faults.scenarios.network", str(delay), str(loss)]
    command += [str(result), *(["--short"] if stage.short else [])]
    for flags in (["-n"], ["-rn"]):
        if subprocess.run(["unshare", *flags, "true"], check=False, capture_output=True).returncode:
            continue
        process = Process(stage.folder / "namespace.log")
        stage.callback(process.kill)
        known = os.environ | {_INSIDE: "1", "PYTHONPATH": str(ROOT)}
        process.launch(["unshare", *flags, *command], known)
        assert process.wait(600) == 0, process.said[-3_000:]
        outcome = pickle.loads(result.read_bytes())  # our own process has just written it
        assert isinstance(outcome, Outcome)
        return outcome
    raise NotPlayed(
        "no right to make a network namespace (unshare --net, as root or as a user who may)"
    )


def main() -> None:
    """Play it in the namespace in which we are."""
    delay, loss, result, *short = sys.argv[1:]
    folder = Path(result).parent
    with Stage(folder, lambda said: print(said, flush=True), short=bool(short)) as stage:
        outcome = _over(stage, float(delay), float(loss))
    Path(result).write_bytes(pickle.dumps(outcome))


if __name__ == "__main__":
    main()
