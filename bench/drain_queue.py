"""One way of emptying a broker's queue, in a process of its own: python -m bench.drain_queue WAY …

Prints one line of JSON: messages, seconds from the first message that counts to the last
acknowledgement, and seconds of CPU of the whole process in between. Every way gets the same queue.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bench.load import CLIENT_ID, TOPICS

_IDLE = 3.0


class Meter:
    """Counts messages, and takes the time from the first after `skip` of them to the last."""

    def __init__(self, expected: int, skip: int) -> None:
        self.expected = expected
        self.skip = skip
        self.count = 0
        self._from = 0
        self.done = asyncio.Event()
        self._start: tuple[float, float] | None = None
        self._end = (0.0, 0.0)

    def begin(self) -> None:
        """A message is here; the first that counts starts the watch."""
        if self._start is None and self.count >= self.skip:
            self._from = self.count
            self._start = time.perf_counter(), time.process_time()

    def add(self, count: int) -> None:
        """So many more are done with."""
        self.count += count
        if self.count >= self.expected:
            self._end = time.perf_counter(), time.process_time()
            self.done.set()

    def report(self) -> dict[str, float]:
        """Return the figures."""
        assert self._start is not None
        wall, cpu = (end - start for start, end in zip(self._start, self._end, strict=True))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"messages": self.count - self._from, "seconds": wall, "cpu": cpu, "peak_mib": peak}


async def hub(meter: Meter, port: int) -> None:
    """The hub's own way: session, decode, outbox with a durable commit, acknowledge, live."""
    from hub import app, settings
    from hub.messages import Connection, Message

    with tempfile.TemporaryDirectory(prefix="smartlife-bench-") as folder:
        chosen = settings.load({"broker": f"mqtt://127.0.0.1:{port}", "data": folder})
        async with app.open_hub(chosen) as opened:
            receive = opened.intake.receive

            def received(connection: Connection, messages: Sequence[Message]) -> None:
                meter.begin()
                receive(connection, messages)

            opened.committer.observers.append(lambda batch: meter.add(batch.messages))
            opened.source._receive = received
            app.calm_collector()
            tasks = [
                asyncio.create_task(part.run())
                for part in (opened.committer, opened.live, opened.source)
            ]
            await meter.done.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def codec(meter: Meter, port: int) -> None:
    """The session alone: packets from bytes, and acknowledgements, nothing in between."""
    from hub.messages import Connection
    from hub.mqtt.connecting import Broker
    from hub.mqtt.filters import topic_filters
    from hub.mqtt.subscriber import Subscriber
    from hub.settings.values import BrokerAddress

    def received(session: Connection, messages: Sequence[Any]) -> None:
        meter.begin()
        session.acknowledge([message.packet_id for message in messages])
        meter.add(len(messages))

    async def remember(_: list[str]) -> None:
        pass

    async def forget() -> None:
        pass

    broker = Broker(BrokerAddress("127.0.0.1", port), CLIENT_ID)
    source = Subscriber(broker, topic_filters("smartlife/v1", ""), received, forget, [], remember)
    running = asyncio.create_task(source.run())
    await meter.done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def reference(meter: Meter, port: int) -> None:
    """The obvious stack: aiomqtt, pydantic models, Points in influxdb-client's batching writer."""
    import os

    import aiomqtt
    from influxdb_client import InfluxDBClient, Point, WriteOptions

    from schemas.thermostat import Thermostat

    influx = InfluxDBClient(url=os.environ["BENCH_SINK"], token="none", org="none")
    writer = influx.write_api(WriteOptions(batch_size=5000, flush_interval=1000))
    client = aiomqtt.Client(
        "127.0.0.1",
        port,
        identifier=CLIENT_ID,
        clean_start=False,
        protocol=aiomqtt.ProtocolVersion.V5,
        max_queued_incoming_messages=1_000_000,
    )
    async with client:
        await client.subscribe(TOPICS, qos=1)
        async for message in client.messages:
            meter.begin()
            booth, kind, device = message.topic.value.split("/")[-3:]
            reading = Thermostat.model_validate_json(message.payload)
            point = (
                Point(kind).tag("booth", booth).tag("device", device).tag("domain", "smart_home")
            )
            for name, value in reading.model_dump(exclude_none=True).items():
                point = point.field(name, value)
            writer.write("bench", "none", point.time(time.time_ns()))
            meter.add(1)
            if meter.done.is_set():
                break
    writer.close()
    influx.close()


WAYS: dict[str, Callable[[Meter, int], Awaitable[None]]] = {
    "hub": hub,
    "codec": codec,
    "reference": reference,
}


async def main(way: str, port: int, expected: int, skip: int) -> None:
    """Empty the queue in one of the `WAYS` and print the figures."""
    meter = Meter(expected, skip)
    await WAYS[way](meter, port)
    print(json.dumps(meter.report()))


if __name__ == "__main__":
    assert Path("bench").is_dir()
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:5])))
