"""How fast a recording is played at `--speed max`, and how exactly at speed 1.

`python -m bench.replay` measures this alone.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bench import load, servers
from hub.mqtt.connecting import Broker
from hub.mqtt.outgoing import Outgoing
from hub.mqtt.publisher import Publisher
from hub.recording.format import Recorded, Writer, read
from hub.recording.player import Player
from hub.recording.select import Choice
from hub.settings.values import BrokerAddress
from schemas import kinds

MESSAGES = 100_000
DEVICES = 100
RUNS = 3
ROOT = "smartlife/v1"
_FIRST = 1_760_000_000 * 10**9
_PACED = 3_000


def _record(path: Path, count: int, every: int) -> Path:
    """Write a recording of `count` readings with QoS 1, one each `every` ns."""
    writer = Writer(path, kinds())
    for number, (topic, payload) in enumerate(load.messages(count, DEVICES)):
        writer.add(Recorded(topic, payload, _FIRST + number * every, 1))
    writer.close()
    return path


async def _play(path: Path, port: int, *, once: bool) -> float:
    broker = Broker(BrokerAddress("127.0.0.1", port), f"bench-{time.monotonic_ns()}")
    publisher = Publisher(broker, once=once)
    await publisher.open()
    started = time.perf_counter()
    await Player(publisher, None).play(read(path), Choice(ROOT), lambda: None)
    rate = MESSAGES / (time.perf_counter() - started)
    answered = publisher.state.answered
    await publisher.close()
    if answered != MESSAGES:
        raise RuntimeError(f"{answered} of {MESSAGES} messages were answered")
    return rate


class _Clockwork:
    """A sink that notes when each message came."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def offer(self, message: Outgoing) -> bool:
        self.at.append(time.perf_counter())
        return True

    def flush(self) -> None:
        """Nothing gathers."""

    async def room(self) -> None:
        """There always is."""

    async def settled(self) -> None:
        """All of it is here."""


def _exactness(path: Path) -> dict[str, float]:
    """How much later than its due time a message is sent at speed 1, in ms."""
    sink = _Clockwork()
    asyncio.run(Player(sink, 1.0).play(read(path), Choice(ROOT), lambda: None))
    after = [at * 1e3 - number for number, at in enumerate(sink.at)]
    late = sorted(item - min(after) for item in after)
    return {"p50": statistics.median(late), "p99": late[len(late) * 99 // 100], "max": late[-1]}


def measure() -> dict[str, float]:
    """Return messages a second at `max`, each once and as recorded, and lateness at speed 1."""
    rates: dict[str, list[float]] = {"once": [], "recorded": []}
    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        path = _record(Path(folder) / "max.mcap", MESSAGES, 10**6)
        for _ in range(RUNS):
            for name, found in rates.items():
                with servers.mosquitto(persistence=False) as port:
                    found.append(asyncio.run(_play(path, port, once=name == "once")))
        exact = _exactness(_record(Path(folder) / "paced.mcap", _PACED, 10**6))
    return {name: statistics.median(found) for name, found in rates.items()} | exact


def main() -> None:
    """Measure and print."""
    found = measure()
    print(f"once {found['once']:,.0f} a second, as recorded {found['recorded']:,.0f}")
    print(f"speed 1: p50 {found['p50']:.2f} ms, p99 {found['p99']:.2f}, worst {found['max']:.2f}")


if __name__ == "__main__":
    main()
