"""One booth attacks with everything that its quota allows, and another one must not notice."""

import json
import sys
import time
from collections import Counter

from faults.oracle import BAD, judge
from faults.readings import Device, mix
from faults.stage import FaultyHub, Outcome, Stage
from harness import ROOT
from harness.hub import environment
from harness.process import Process
from harness.wait import until
from hub.booths.registry import DeviceAccount, Registry

_TOKEN = "ops-token-of-the-faults"
_EVIL, _CALM = "evil", "calm"
_LOOKS = 20
"""How often it is looked at least, however slow its answers are."""


def attack(stage: Stage) -> Outcome:
    """Names, rejections, deep topics, costly payloads, slow web clients, all at once."""
    broker = stage.mosquitto()
    hub = stage.hub(broker.url, quota_readings=2_000, quota_bytes="2MiB", ops_token=_TOKEN)
    hub.data.mkdir(parents=True)
    registry = Registry(hub.data)
    registry.put(_EVIL, "", "", (DeviceAccount(account=f"{_EVIL}-1"),))
    hub.let_in(_TOKEN)
    hub.start()
    devices = mix("c", 6, 1)
    calm = stage.load(broker.port, chosen=[("receipts", 20.0, devices)], booth=_CALM)
    until(lambda: not _missing(hub, devices), "the devices are on the wall")
    attacker = Process(stage.folder / "attacker.log")
    stage.callback(attacker.kill)
    share = 0.3 if stage.short else 1.0
    arguments = [broker.port, hub.url.rpartition(":")[2], _EVIL, registry.token(_EVIL), share]
    command = [sys.executable, "-m", "faults.attacker", *map(str, arguments)]
    attacker.launch(command, environment({}) | {"PYTHONPATH": str(ROOT)})
    stage.faults += 1
    began, used = time.monotonic(), hub.processor_time
    failures = _watched(stage, hub, devices, stage.size(300, 8))
    used = (hub.processor_time - used) / (time.monotonic() - began)
    assert attacker.stop() == 0, attacker.said
    if hub.connections > 1:
        failures.append(f"the hub lost its broker {hub.connections - 1} times")
    sent = calm.stop()
    accounts = stage.settle(hub)
    verdict = judge(sent, stage.rows(hub, _CALM))
    outcome = stage.outcome(verdict, accounts, calm.seconds, [])
    bad = any(getattr(verdict, what) for what in BAD)
    outcome.failures = [*(verdict.examples if bad else ()), *failures]
    outcome.notes += [_waits(calm.waits), f"the hub used {used:.0%} of a core"]
    counted = json.loads(attacker.said.splitlines()[-1])
    outcome.notes.append(", ".join(f"{what} {many:,}" for what, many in sorted(counted.items())))
    return outcome


def _missing(hub: FaultyHub, devices: list[Device]) -> list[str]:
    """The devices of the calm booth that are not live on the wall."""
    states = {item["device"]: item["state"] for item in hub.get("/api/devices", booth=_CALM)}
    return [item.name for item in devices if states.get(item.name) != "live"]


def _watched(stage: Stage, hub: FaultyHub, devices: list[Device], seconds: float) -> list[str]:
    """Look at the hub for as long, and return what was not as it has to be."""
    found = Counter[str]()
    looks = 0
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end or looks < _LOOKS:
        if looks % 20 == 0:
            stage.tell(f"{end - now:.0f} s to go")
        looks += 1
        hub.accounts()
        if hub.health()[1]["parts"]["broker"]["state"] != "ok":
            found[f"the broker is not well: {hub.part('broker')}"] += 1
        found.update(f"{name} is not live on the wall" for name in _missing(hub, devices))
        time.sleep(0.25)
    return [f"{what}, {many} of {looks} times" for what, many in found.most_common(5)]


def _waits(waits: list[float]) -> str:
    """The receipts of the calm booth in words."""
    waits = sorted(waits)
    p50, p99 = (waits[len(waits) * part // 100] * 1e3 for part in (50, 99))
    return (
        f"the other booth's receipts: {len(waits):,}, p50 {p50:.0f} ms, p99 {p99:.0f} ms, "
        f"longest {waits[-1] * 1e3:.0f} ms"
    )
