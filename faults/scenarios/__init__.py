"""The scenarios: one table of every fault, each a function that plays it on a stage."""

from collections.abc import Callable
from typing import NamedTuple

from faults.oracle import BAD
from faults.scenarios import attack, broker, database, disk, hub_dies, network, pressure, redelivery
from faults.stage import Outcome, Stage
from harness.mosquitto import keeps_to_receive_maximum, oldest_mosquitto


class Scenario(NamedTuple):
    """A fault: the part of the table it stands in, what it is in words, and how it is played.

    `limit` is the most it may take, in seconds. `spared` is what may happen here, `lost`, `twice`:
    it is stated, for the reason in `stated`, and is no failure. `version` is which Mosquitto it is
    played with, if not the newest.
    """

    part: str
    words: str
    play: Callable[[Stage], Outcome]
    limit: float = 150.0
    stated: str = ""
    spared: tuple[str, ...] = ("lost",)
    version: str = ""

    def failures(self, outcome: Outcome) -> list[str]:
        """Return what must not have happened."""
        if not self.stated:
            return outcome.failures
        counted = {what: getattr(outcome.verdict, what) for what in BAD}
        return [
            f"{what} {many}" for what, many in counted.items() if many and what not in self.spared
        ]


HUB, DATABASE, BROKER = "The hub dies", "The database", "The broker"
REDELIVERY = "What could be taken for a redelivery"
NETWORK, DISK, LOAD = "The network between hub and broker", "Disk and clock", "Load"

_BROKERS_OWN = "lost by the broker: acknowledged before its disk had it"

SCENARIOS: dict[str, Scenario] = {
    "kill": Scenario(
        HUB, "`kill -9` at random moments, every third while starting", hub_dies.at_random, 900
    ),
    **{
        f"kill-{name}": Scenario(HUB, f"`kill -9` {words}", play)
        for name, words, play in hub_dies.at_each_point()
    },
    "kill-everywhere": Scenario(
        HUB, "`kill -9` at each of these points in turn", hub_dies.at_every_point, 200
    ),
    "sigterm": Scenario(HUB, "SIGTERM under load", pressure.sigterm),
    "influx-killed": Scenario(DATABASE, "`kill -9` of InfluxDB", database.killed),
    "both-killed": Scenario(
        DATABASE, "`kill -9` of hub and InfluxDB, in either order", database.both_killed
    ),
    "influx-away": Scenario(
        DATABASE, "away for a minute, and `kill -9` of the hub meanwhile", database.away, 300
    ),
    "influx-slow": Scenario(DATABASE, "5 s for each answer", database.slow),
    "influx-errors": Scenario(DATABASE, "answers 500 and 503", database.errors),
    "influx-429": Scenario(DATABASE, "answers 429 with Retry-After", database.too_many),
    "influx-partial": Scenario(
        DATABASE,
        "takes a part of the lines, in the manner of InfluxDB 1, 2 and 3",
        database.partial,
    ),
    "influx-hangs": Scenario(DATABASE, "takes the lines and never answers", database.hanging),
    "influx-cuts": Scenario(
        DATABASE, "cuts the connection before, after and within its answer", database.cutting
    ),
    "broker-restart": Scenario(
        BROKER, "Mosquitto restarted by SIGTERM, hub there and away", broker.restarted
    ),
    "broker-killed": Scenario(
        BROKER,
        "`kill -9` of Mosquitto, hub connected",
        broker.killed_with_hub,
        stated=_BROKERS_OWN,
    ),
    "broker-killed-away": Scenario(
        BROKER,
        "`kill -9` of Mosquitto, hub away",
        broker.killed_without_hub,
        300,
        stated=_BROKERS_OWN,
    ),
    "broker-receipts": Scenario(
        BROKER,
        "`kill -9` of Mosquitto, every other time of the hub too; publishers repeat until they "
        "have a receipt",
        broker.killed_with_receipts,
    ),
    "broker-killed-draining": Scenario(
        BROKER,
        "`kill -9` of Mosquitto while the hub drains 60,000 messages",
        broker.killed_while_draining,
        600,
    ),
    "broker-killed-resending": Scenario(
        BROKER,
        "`kill -9` of Mosquitto while it sends again",
        broker.killed_while_resending,
        300,
    ),
    "two-hubs": Scenario(
        BROKER,
        "two hubs with one client id, at one database",
        broker.two_hubs,
        stated="twice are readings without `ts`: the hubs do not know of each other",
        spared=("twice",),
    ),
    "alike": Scenario(
        REDELIVERY,
        "1, 2, 3, 5, 17 and 255 devices that say the same each time, for 65,535 messages and more; "
        "half-open, cut, `kill -9`",
        redelivery.same,
        1_200,
    ),
    "far": Scenario(
        REDELIVERY,
        "65,535 messages and more before each: half-open, cut, `kill -9`",
        redelivery.far,
        900,
    ),
    "session-lost": Scenario(
        REDELIVERY,
        "Mosquitto loses its sessions, and `kill -9` of the hub before and after it has a new one",
        redelivery.session_lost,
        400,
    ),
    "folders": Scenario(
        REDELIVERY,
        "two data folders and two client ids, changed back and forth, `kill -9` in each",
        redelivery.folders,
        400,
        stated="twice had been kept in the other folder, and the broker did not have their "
        "acknowledgement when the hub was killed",
        spared=("twice",),
    ),
    "cut": Scenario(NETWORK, "cut in the middle of a packet", network.cut, 300),
    "half-open": Scenario(NETWORK, "half-open: nothing passes, no FIN", network.half_open),
    "silent-broker": Scenario(
        NETWORK, "a broker that accepts TCP and never answers", network.silent
    ),
    "delay": Scenario(
        NETWORK, "300 ms each way, every other time `kill -9` of the hub", network.delayed
    ),
    "loss": Scenario(
        NETWORK, "1 % of packets lost, every other time `kill -9` of the hub", network.losing
    ),
    "outbox-limit": Scenario(DISK, "the outbox at its limit", disk.budget),
    "disk-full": Scenario(DISK, "the file system full of the outbox itself", disk.full),
    "disk-filled": Scenario(DISK, "the file system filled by others, and freed", disk.filled),
    "outbox-damaged": Scenario(
        DISK,
        "pages of `outbox.db` overwritten, its end cut off",
        disk.corrupt,
        stated="lost was in the damaged pages, and the broker did not send it again; twice are "
        "readings without `ts`, where the list of the latest deliveries was damaged",
        spared=("lost", "twice"),
    ),
    "read-only": Scenario(DISK, "a data folder that can only be read", disk.read_only),
    "clock": Scenario(DISK, "the clock steps by an hour, forth and back", pressure.clock),
    "clock-wrong": Scenario(
        DISK,
        "the clock 400 days or 9 hours off for some readings, every other time `kill -9`",
        pressure.wrong_clock,
        300,
    ),
    "quota": Scenario(LOAD, "ten times the quota from one booth", pressure.quota, 200),
    "attack": Scenario(
        LOAD,
        "one booth within its quota: ever new devices, rejections of all sorts, deep Response "
        "Topics, costly payloads, slow web clients, all at once",
        attack.attack,
        900,
    ),
    "devices": Scenario(
        LOAD, "10,000 devices, and `kill -9` of the hub", pressure.many_devices, 200
    ),
    "storm": Scenario(LOAD, "2,000 devices reconnect in one moment", pressure.storm),
    "soak": Scenario(LOAD, "twelve minutes", pressure.soak, 900),
}

_NOT_KEPT = (
    "twice are readings without `ts`: this Mosquitto has more than Receive Maximum on their way, "
    "under identifiers used twice"
)


def _with_older_mosquitto(version: str) -> dict[str, Scenario]:
    """What a Mosquitto does that does not keep to Receive Maximum."""
    part = f"The same with Mosquitto {version}"
    names = ("kill", "cut", "alike", "far", "broker-killed-draining", "session-lost")
    found = {
        f"old-{name}": SCENARIOS[name]._replace(
            part=part,
            words=f"{SCENARIOS[name].words} ({version})",
            stated=_NOT_KEPT,
            spared=("twice",),
            version=version,
        )
        for name in names
    }
    # A newer one ends the connection of who asks for an answer at a topic of more than 200 levels.
    attacked = SCENARIOS["attack"]
    words = f"{attacked.words} ({version})"
    return found | {"old-attack": attacked._replace(part=part, words=words, version=version)}


if not keeps_to_receive_maximum(oldest_mosquitto()):
    SCENARIOS |= _with_older_mosquitto(oldest_mosquitto())
