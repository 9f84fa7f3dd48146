"""The report of a run: docs/reference/performance.md."""
# ruff: noqa: E501 - a row of a table is one line

from dataclasses import dataclass
from typing import Any

from harness import ROOT

PATH = ROOT / "docs" / "reference" / "performance.md"

_TEXT = """\
# Performance

`make bench` measured this and wrote this page, in one run of {date}.

Machine: {cpu}, {cores} cores, with broker, publisher and hub on it; Python {python}; {mosquitto},
with `mosquitto/mosquitto.conf` (for throughput without its persistence, so that its disk is not what
is measured). Absolute figures move with the machine and with what else runs on
it; the ratios are what to compare.

## Throughput

Mosquitto holds a queue of readings (QoS 1, seven fields: a `thermostat` with all of its fields,
without `ts`) for a client that is away; the client then connects and empties it. Medians of {runs}
runs of {queue:,} readings ({reference_queue:,} for the reference stack). CPU is that of the whole
process, all of its threads, from when each device has been met to the last acknowledgement.

| way | readings a second | CPU a reading |
| --- | ---: | ---: |
| **hub**: decoded, on disk with `synchronous=FULL`, acknowledged, shown live; {devices} devices | {hub[rate]:,.0f} | {hub[cpu_us]:.1f} µs |
| the same from {many_devices:,} devices | {hub_many[rate]:,.0f} | {hub_many[cpu_us]:.1f} µs |
| the codec alone: packets read and acknowledged, nothing kept | {codec[rate]:,.0f} | {codec[cpu_us]:.1f} µs |
| reference: aiomqtt, pydantic models, influxdb-client Points in its batching writer, to a server that keeps nothing | {reference[rate]:,.0f} | {reference[cpu_us]:.1f} µs |

- The hub takes {ratio:.1f} times the readings of the reference stack, with {cpu_ratio:.1f} times
  less CPU for each.
- From {devices} to {many_devices:,} devices its rate changes by a factor of {flat:.2f}.
- The codec alone takes {codec_ratio:.2f} times the hub's rate: beyond that, the broker is what limits.
- The first reading of each device costs more, for its topic is read and its line laid out; it is not
  in these figures.

## Latency

{latency[rate]:,} readings a second from {latency[devices]:,} devices, each with the time at which it
was written to the socket as its `ts`; `hub run` with the SQLite store, its live updates at most four
times a second.

| from the device | p50 | p99 | worst |
| --- | ---: | ---: | ---: |
| to the store, readable by another process | {store[p50]:.0f} ms | {store[p99]:.0f} ms | {store[max]:.0f} ms |
| to the event at a viewer of one booth | {live[p50]:.0f} ms | {live[p99]:.0f} ms | {live[max]:.0f} ms |

## InfluxDB

InfluxDB 1.6.7 behind the harness's shim, in the same machine.

- From the outbox to InfluxDB: {influx[store_rate]:,.0f} lines a second, {influx[store_cpu_us]:.1f} µs of
  the hub's CPU a line ({influx[store_lines]:,} lines).
- Readings taken from the broker: {influx[present]:,.0f} a second while the database is there,
  {influx[away]:,.0f} while it is away ({influx[ratio]:.2f} times), medians of runs that take turns.

## Replay

`hub replay --speed max` of a recording of {replay_messages:,} readings (QoS 1), until Mosquitto has answered for each; medians of
{runs} runs. Each message once (QoS 1 sent as QoS 2): {replay[once]:,.0f} a second; with QoS 1 as recorded:
{replay[recorded]:,.0f}. At speed 1 with 1,000 messages a second each is sent {replay[p50]:.1f} ms (p50),
{replay[p99]:.1f} ms (p99), at worst {replay[max]:.1f} ms after it is due.

## Memory

At {memory[rate]:,} readings a second from {memory[devices]:,} devices the hub's resident memory
peaked at {memory[peak_mib]:.0f} MiB; of {memory[received]:,} readings received, {memory[waiting]:,}
were waiting for the store at the end.

## Start

`hub --help` takes {help_ms:.0f} ms (median of 5).
"""


@dataclass(frozen=True)
class Figures:
    """What a run measured."""

    machine: dict[str, Any]
    influx: dict[str, float]
    throughput: dict[str, dict[str, float]]
    latency: dict[str, Any]
    memory: dict[str, Any]
    replay: dict[str, float]
    help_seconds: float
    sizes: dict[str, int]


def write(figures: Figures) -> str:
    """Write the page and return its text."""
    through = figures.throughput
    hub, many = through["hub"], through["hub_many"]
    text = _TEXT.format(
        **figures.machine,
        **figures.sizes,
        **through,
        ratio=hub["rate"] / through["reference"]["rate"],
        cpu_ratio=through["reference"]["cpu_us"] / hub["cpu_us"],
        flat=max(hub["rate"], many["rate"]) / min(hub["rate"], many["rate"]),
        codec_ratio=through["codec"]["rate"] / hub["rate"],
        latency=figures.latency,
        store=figures.latency["store"],
        live=figures.latency["live"],
        memory=figures.memory,
        influx=figures.influx,
        replay=figures.replay,
        help_ms=figures.help_seconds * 1000,
    )
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text, encoding="utf-8")
    return text
