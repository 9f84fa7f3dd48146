"""What a scenario plays on, broker, hubs, database, load; and what it came to in the end."""

import contextlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.hub_with_failpoints import CLOCK, HALT, KILL_AT
from faults.load import BOOTH, Crew, Load, crews
from faults.oracle import BAD, Row, Sent, Verdict, judge
from faults.readback import influx_rows, sqlite_rows
from harness import ROOT
from harness.hub import Hub, environment
from harness.influx_shim import TOKEN, Influx, Shim
from harness.influxd import Influxd
from harness.mosquitto import Mosquitto
from harness.wait import DEADLINE, until
from hub.settings.table import SETTINGS

BUCKET = "expo"
_SHORT = 0.1
"""What the short form has of a load: its faults are the same, and a busy machine keeps up."""
_SETTLE = 600.0
_ALIKE, _ALIKE_BEFORE_LOST = 25, 300  # answers in which nothing more has come: some 2 s, 30 s
_NO_QUOTA: dict[str, object] = {
    name: 0 for name in ("quota_readings", "quota_bytes") if name in SETTINGS
}


class FaultyHub(Hub):
    """`hub run` that can be killed at a chosen point, or started in a command of its own.

    `kill_at` (POINT:N) holds for the next start alone; with `halt` it stops there instead, until
    SIGCONT. `within` are the words of a command that
    becomes the hub, for example to start it in a namespace.
    """

    def __init__(self, folder: Path, broker: str, **settings: object) -> None:
        super().__init__(folder, broker, **(_NO_QUOTA | settings))
        self.kill_at: str | None = None
        self.halt = False
        self.clock: Path | None = None
        self.within: list[str] = []

    def launch_hub(self) -> None:
        """Start it, and wait for nothing."""
        known = environment(self.settings) | {"PYTHONPATH": str(ROOT)}
        if self.kill_at is not None:
            known[KILL_AT] = self.kill_at
        if self.clock is not None:
            known[CLOCK] = str(self.clock)
        if self.halt:
            known[HALT] = "1"
        self.kill_at, self.halt = None, False
        words = ["faults.hub_with_failpoints", "run"]
        if self.within:
            self.launch([*self.within, sys.executable, "-m", *words], known)
        else:
            self.launch_module(words, known)

    @property
    def halted(self) -> bool:
        """Whether it is stopped by SIGSTOP."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] == "T"

    @property
    def processor_time(self) -> float:
        """Seconds of CPU that this process has used."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        return sum(map(int, stat.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    @property
    def connections(self) -> int:
        """How often it has connected to its broker, in all of its lives."""
        return self.said.count(" connected to mqtt")

    @property
    def descriptors(self) -> int:
        """How many files and sockets the process has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


class NotPlayed(Exception):
    """This machine does not give what the scenario needs; the message says what."""


@dataclass
class Outcome:
    """What a scenario came to."""

    verdict: Verdict
    rate: float
    faults: int
    recoveries: list[float]
    accounts: dict[str, int]
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Stage(contextlib.ExitStack):
    """The servers of one scenario, ended with it.

    Args:
        folder: where they keep what is theirs.
        short: whether this is the short form.
        say: told what is going on.
        version: which Mosquitto, if not the newest.
    """

    def __init__(
        self, folder: Path, say: Callable[[str], None], *, short: bool, version: str = ""
    ) -> None:
        super().__init__()
        self.version = version
        self.folder = folder
        self.short = short
        self.tell = say
        self._hubs = 0
        self._loads = 0
        self.faults = 0
        self.recoveries: list[float] = []
        self.notes: list[str] = []
        self.influx: Influx | None = None

    def size(self, long: int, short: int) -> int:
        """Return a number for the form that is played."""
        return short if self.short else long

    def rate(self, long: float) -> float:
        """Return the readings a second of the form that is played."""
        return long * _SHORT if self.short else long

    def rounds(self, long: int, short: int) -> Iterator[int]:
        """Count the faults of the form that is played, and say where it is."""
        total = self.size(long, short)
        for number in range(total):
            self.tell(f"fault {number + 1} of {total}")
            yield number

    # --- servers

    def mosquitto(self, *extra: str) -> Mosquitto:
        """Start a broker with the project's configuration."""
        broker = Mosquitto(self.folder / "mosquitto", *extra, version=self.version)
        self.callback(broker.kill)
        return broker.start()

    def database(self) -> Influx:
        """Start influxd and the shim before it; hubs made after that use it."""
        influxd = Influxd(self.folder / "influxd")
        self.callback(influxd.close)
        influxd.start().create(BUCKET)
        shim = Shim(influxd, remember=False).start()
        self.callback(shim.close)
        self.influx = Influx(influxd, shim, BUCKET)
        return self.influx

    def hub(self, broker: str, **settings: object) -> FaultyHub:
        """Make a hub; it is not started."""
        if self.influx is not None:
            settings = {"store": self.influx.address, "influx_token": TOKEN, **settings}
        self._hubs += 1
        hub = FaultyHub(self.folder / f"hub{self._hubs}", broker, **settings)
        self.callback(hub.close)
        return hub

    def load(
        self,
        port: int,
        rate: float | None = None,
        chosen: list[Crew] | None = None,
        booth: str = BOOTH,
    ) -> Load:
        """Start publishers."""
        self._loads += 1
        chosen = chosen or crews(rate or self.rate(5_000))
        load = Load(self.folder / f"load{self._loads}", port, chosen, booth)
        self.callback(load.close)
        return load

    def flowing(
        self, rate: float | None = None, **settings: object
    ) -> tuple[Mosquitto, FaultyHub, Load]:
        """Start a broker, a hub and the load, and wait until readings flow."""
        broker = self.mosquitto()
        hub = self.hub(broker.url, **settings)
        hub.start()
        load = self.load(broker.port, rate)
        self.flow(hub, self.size(1_000, 200))
        return broker, hub, load

    # --- what happens

    def flow(self, hub: Hub, more: int, deadline: float = DEADLINE) -> None:
        """Wait until a hub has received so many more messages; its accounts balance meanwhile."""
        before = hub.accounts()["received"]
        until(lambda: hub.accounts()["received"] >= before + more, f"{more} more come", deadline)

    @contextlib.contextmanager
    def recovery(self, hub: Hub, faults: int = 1) -> Iterator[None]:
        """Take the time from the end of a fault until the hub is well and receives readings."""
        self.faults += faults
        began = time.monotonic()
        yield
        until(lambda: hub.running and hub.well(), f"the hub is well again\n{hub.said[-2000:]}")
        self.flow(hub, 1)
        self.recoveries.append(time.monotonic() - began)

    def restart(self, hub: FaultyHub) -> None:
        """Start a hub that is dead, and take the time until it is well and receives readings."""
        with self.recovery(hub):
            hub.start()

    def settle(self, hub: Hub, deadline: float = _SETTLE, *, sent: int = 0) -> dict[str, int]:
        """Wait until a hub receives nothing more and nothing waits; return its accounts.

        Broker and hub may pause for seconds on a busy machine. So as long as the hub has fewer than
        were `sent`, it is waited for longer before they are held to be lost.
        """
        seen: list[dict[str, int]] = []

        def quiet() -> bool:
            seen.append(hub.accounts())
            taken = seen[-1]["accepted"] + seen[-1]["rejected"]
            alike = _ALIKE if taken >= sent else _ALIKE_BEFORE_LOST
            last = [item["received"] for item in seen[-alike:]]
            return len(last) == alike and len(set(last)) == 1 and not seen[-1]["waiting"]

        until(quiet, f"all is stored: {hub.accounts()} {hub.health()}", deadline)
        return seen[-1]

    # --- in the end

    def rows(self, hub: FaultyHub, booth: str = BOOTH) -> Iterator[Row]:
        """Yield the rows of the store that a hub writes to."""
        if self.influx is not None:
            return influx_rows(self.influx.influxd, BUCKET, booth)
        return sqlite_rows(hub.data / "store.db", booth)

    def conclude(self, hub: FaultyHub, *loads: Load, **allowed: Any) -> Outcome:
        """Stop the load, let the hub bring it to its end, and judge."""
        self.tell("comparing")
        sent = [load.stop() for load in loads]
        acknowledged = sum(len(item.acknowledged) for items in sent for item in items)
        accounts = self.settle(hub, sent=acknowledged)
        verdict = Verdict()
        for load, items in zip(loads, sent, strict=True):
            verdict += judge(items, self.rows(hub, load.booth), **allowed)
        seconds = max(load.seconds for load in loads)
        everything = [item for items in sent for item in items]
        unknown = allowed.get("twice_allowed", False)
        return self.outcome(verdict, accounts, seconds, everything, unknown=unknown)

    def outcome(
        self,
        verdict: Verdict,
        accounts: dict[str, int],
        seconds: float,
        sent: list[Sent],
        *,
        unknown: bool = False,
    ) -> Outcome:
        """Return what it came to; anything of `BAD` is a failure."""
        rate = (verdict.acknowledged + verdict.rejected + verdict.refused) / seconds
        bad = any(getattr(verdict, what) for what in BAD)
        failures = [
            *(verdict.examples if bad else ()),
            *unbalanced(sent, verdict, accounts, unknown),
        ]
        return Outcome(verdict, rate, self.faults, self.recoveries, accounts, failures, self.notes)


def unbalanced(
    sent: list[Sent], verdict: Verdict, accounts: dict[str, Any], unknown: bool
) -> list[str]:
    """Hold the hub's accounts against the store; what publishers repeat is counted each time.

    It is `unknown` how much there is too much where a broker that was killed repeats it as new.
    """
    found = []
    again = math.inf if unknown else sum(item.repeats for item in sent)
    published = sum(item.count for item in sent)
    taken = accounts["accepted"] + accounts["rejected"]
    if accounts["rejected"] < verdict.rejected - verdict.lost:
        found.append(f"rejected {accounts['rejected']}, sent to be rejected {verdict.rejected}")
    if not verdict.rows <= accounts["stored"] <= verdict.rows + again:
        found.append(f"stored {accounts['stored']}, rows in the store {verdict.rows}")
    if taken > published + again:
        found.append(f"accepted and rejected {taken}, published {published}, again {again}")
    if not verdict.refused <= accounts["refused"] <= verdict.refused + again:
        found.append(f"refused {accounts['refused']}, sent to be refused {verdict.refused}")
    return found
