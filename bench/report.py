"""The report of a run: docs/reference/performance.md."""
# ruff: noqa: E501 - a row of a table is one line

from dataclasses import dataclass
from typing import Any

from bench import dialects
from harness import ROOT

PATH = ROOT / "docs" / "reference" / "performance.md"

_TEXT = """\
# Performance

For everybody who plans a machine: how quick the hub is.

`make bench` measured this and wrote this page, in one run of {date}.

Machine: {cpu}, {cores} cores, with broker, publisher and hub on it; Python {python}; {mosquitto},
with `mosquitto/mosquitto.conf` (for throughput without its persistence, so that its disk is not what
is measured). Absolute figures move with the machine and with what else runs on
it; the ratios are what to compare.

## At a steady rate

{steady_devices} thermostats with all seven fields, QoS 1, each reading with its `ts`; `hub run`; CPU of the whole process, all of its
threads, for each reading that is stored (as many as go: received), in 10 s in which nobody looks, as at Telegraf, but the viewers that
are named. Latencies are of the 10 s after that, when one looks at a booth's page and one reads the store every 10 ms, on the
same cores; receipts are those of the whole run. Medians of {runs} runs, in turns. Telegraf is 1.37.2 (`mqtt_consumer` to `influxdb_v2`, 5,000 a
batch, flush each second) where it was measured in the same run; InfluxDB is 1.6.7 behind the
harness's shim. Where receipts are asked for, 50 devices a second ask; then messages gather for less, and each costs more.

{rates_table}

From the device, in ms (p50 / p99):

{latency_table}

A hub to which nobody sends anything takes {idle_percent:.2f} % of a core.

## A queue that is emptied

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
- The codec alone takes {codec_ratio:.2f} times the hub's rate: it gathers messages as the
  hub does, and acknowledges after each read, so that it waits more often.
- The first reading of each device costs more, for its topic is read and its line laid out; it is not
  in these figures.

## From the outbox to the store

InfluxDB 1.6.7 behind the harness's shim, in the same machine.

- From the outbox to InfluxDB: {influx[store_rate]:,.0f} readings a second, {influx[store_cpu_us]:.1f} µs
  of the hub's CPU for each ({influx[store_lines]:,} of them); to SQLite: {influx[sqlite_rate]:,.0f}
  and {influx[sqlite_cpu_us]:.1f} µs.
- Readings taken from the broker: {influx[present]:,.0f} a second while the database is there,
  {influx[away]:,.0f} while it is away ({influx[ratio]:.2f} times), medians of runs that take turns.

## Dialects

From the bytes of a message to its readings, in one process, without a broker: each
[dialect](dialects.md)'s sample, and where that only tells what a device has (Home Assistant's discovery, Homie,
Sparkplug B), a message that follows. CPU of one message, the least of 7 runs of 1,000; `python -m bench.dialects`
measures it alone.

{dialects_table}

## Replay

`hub replay --speed max` of a recording of {replay_messages:,} readings (QoS 1), until Mosquitto has answered for each; medians of
{runs} runs. Each message once (QoS 1 sent as QoS 2): {replay[once]:,.0f} a second; with QoS 1 as recorded:
{replay[recorded]:,.0f}. At speed 1 with 1,000 messages a second each is sent {replay[p50]:.1f} ms (p50),
{replay[p99]:.1f} ms (p99), at worst {replay[max]:.1f} ms after it is due.

## Start

`hub --help` takes {help_ms:.0f} ms (median of 5).
"""


_RATES = """\
| readings a second | | stored a second | CPU a reading (user + system) | InfluxDB's own | write calls | to disk | context switches | memory |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
_LATENCIES = """\
| readings a second | | receipt | store | wall event |
| ---: | --- | ---: | ---: | ---: |
"""


@dataclass(frozen=True)
class Figures:
    """What a run measured."""

    machine: dict[str, Any]
    rates: list[dict[str, Any]]
    influx: dict[str, float]
    throughput: dict[str, dict[str, float]]
    replay: dict[str, float]
    dialects: list[tuple[str, int, float]]
    help_seconds: float
    idle: float
    sizes: dict[str, int]


def _rates_table(rates: list[dict[str, Any]]) -> str:
    rows = []
    for row in rates:
        rate = f"{row['rate']:,}" if row["rate"] else f"as many as go: {row['sent_rate']:,.0f}"
        own = f"{row['database_us']:.0f} µs" if "database_us" in row else "–"
        peak = f"{row['peak_mib']:.0f} MiB" if "peak_mib" in row else "–"
        waiting = (
            f" ({row['waiting']:,} waiting)" if row.get("waiting", 0) > row["rate"] / 2 else ""
        )
        rows.append(
            f"| {rate} | {row['who']} to {row['into']} | {row['stored_rate']:,.0f}{waiting} "
            f"| {row['cpu_us']:.1f} µs ({row['user_us']:.1f} + {row['system_us']:.1f}) | {own} "
            f"| {row['writes']:.2f} | {row['disk_bytes']:,.0f} B | {row['switches']:.2f} | {peak} |"
        )
    return _RATES + "\n".join(rows)


def _latency_table(rates: list[dict[str, Any]]) -> str:
    rows = []
    for row in rates:
        if not row["rate"] or "live" not in row:
            continue
        cells = (
            f"{row[name]['p50']:.0f} / {row[name]['p99']:.0f}" if name in row else "–"
            for name in ("receipt", "store", "live")
        )
        rows.append(f"| {row['rate']:,} | {row['who']} to {row['into']} | {' | '.join(cells)} |")
    return _LATENCIES + "\n".join(rows)


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
        influx=figures.influx,
        replay=figures.replay,
        rates_table=_rates_table(figures.rates),
        latency_table=_latency_table(figures.rates),
        dialects_table=dialects.table(figures.dialects),
        idle_percent=figures.idle * 100,
        steady_devices=figures.rates[0]["devices"],
        help_ms=figures.help_seconds * 1000,
    )
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text, encoding="utf-8")
    return text
