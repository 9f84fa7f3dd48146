"""The command line: `python -m devices KIND …` for one device, `python -m devices zone` for all."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from devices.broker import DEFAULT_BROKER, Broker, Mqtt, parse_broker
from devices.client import Device, Habits
from devices.declared import known_kinds
from devices.errors import DeviceError, WrongUseError
from devices.faults import NAMED, WRONG_CLOCK, Fault
from devices.fleet import fleet, run_fleet
from devices.thing import START_HOUR
from devices.wire import ROOT, Address, Ts
from devices.zone import DEMO_ZONE, load_zone
from schemas import KindSpec

EXAMPLE = """Demo devices that publish believable readings over MQTT.

Example: python -m devices thermostat --booth b12 --device t1 --rate 2

All devices of the demo zone: python -m devices zone
"""

app = typer.Typer(help=EXAMPLE, no_args_is_help=True, add_completion=False)

Url = Annotated[
    str,
    typer.Option(
        "--broker",
        envvar="DEVICES_BROKER",
        help="mqtt://host:port or mqtts://user:password@host:port",
    ),
]
Ca = Annotated[Path | None, typer.Option("--ca", help="certificates to trust for mqtts (PEM)")]
Version = Annotated[str, typer.Option("--mqtt", help="version of MQTT: 3.1.1 or 5")]
Root = Annotated[str, typer.Option("--root", help="first part of every topic")]
Seed = Annotated[int, typer.Option("--seed", help="the same seed gives the same readings")]
Hour = Annotated[
    float, typer.Option("--hour", min=0, max=24, help="time of day in the model at the start")
]
Rate = Annotated[
    float | None,
    typer.Option("--rate", help="readings a second; as the kind declares if not given"),
]
Qos = Annotated[int, typer.Option("--qos", min=0, max=2, help="quality of service of readings")]
Stamp = Annotated[Ts, typer.Option("--ts", help="how a reading carries its time")]
FaultNames = Annotated[
    list[str] | None, typer.Option("--fault", help=f"may be repeated: {', '.join(NAMED)}")
]
Share = Annotated[
    float, typer.Option("--fault-rate", min=0, max=1, help="share of readings that faults spoil")
]
Count = Annotated[
    int | None, typer.Option("--count", min=1, help="stop after so many readings of each device")
]
Wait = Annotated[bool, typer.Option("--wait", help="wait for a broker that is not there yet")]
Booth = Annotated[str, typer.Option("--booth", help="the booth's id, e.g. b12")]
Name = Annotated[str, typer.Option("--device", help="the device's id, e.g. t1")]


def _add_kind(kind: KindSpec) -> None:
    """Add the command that runs one device of `kind`."""

    def command(
        booth: Booth,
        device: Name = "d1",
        broker: Url = DEFAULT_BROKER,
        ca: Ca = None,
        mqtt: Version = "3.1.1",
        root: Root = ROOT,
        rate: Rate = None,
        seed: Seed = 0,
        hour: Hour = START_HOUR,
        qos: Qos = 1,
        ts: Stamp = Ts.EPOCH,
        fault: FaultNames = None,
        fault_rate: Share = 0.1,
        count: Count = None,
        wait: Wait = False,
    ) -> None:
        def work() -> Coroutine[Any, Any, None]:
            habits = _habits(rate, qos, ts, fault, fault_rate, count, wait, hour)
            address = Address(booth, kind.name, device, root)
            one = Device(_broker(broker, ca, mqtt), address, seed=seed, habits=habits)
            typer.echo(f"{address.topic} → {one.broker}, every {one.interval:g} s", err=True)
            return one.run()

        _end(work)

    help_ = f"{kind.label.en} ({kind.label.ko}). {kind.about}"
    example = f"Example: python -m devices {kind.name} --booth b12 --device d1"
    app.command(kind.name, help=f"{help_}\n\n{example}", no_args_is_help=True)(command)


try:
    for _kind in known_kinds().values():
        _add_kind(_kind)
except WrongUseError as exc:
    typer.echo(f"devices: {exc}", err=True)
    raise SystemExit(2) from exc


@app.command()
def zone(
    file: Annotated[Path, typer.Argument(help="the zone file")] = DEMO_ZONE,
    broker: Url = DEFAULT_BROKER,
    ca: Ca = None,
    mqtt: Version = "3.1.1",
    root: Root = ROOT,
    rate: Rate = None,
    seed: Seed = 0,
    hour: Hour = START_HOUR,
    qos: Qos = 1,
    ts: Stamp = Ts.EPOCH,
    fault: FaultNames = None,
    fault_rate: Share = 0.1,
    count: Count = None,
    wait: Wait = False,
) -> None:
    """All devices of a zone file (the demo zone's, if none is named) in one process.

    Example: python -m devices zone --broker mqtt://127.0.0.1:1883 --fault drop-out
    """

    def work() -> Coroutine[Any, Any, None]:
        habits = _habits(rate, qos, ts, fault, fault_rate, count, wait, hour)
        where = _broker(broker, ca, mqtt)
        devices = fleet(load_zone(file), where, seed=seed, habits=habits, root=root)
        typer.echo(f"{len(devices)} devices of {file} → {where}", err=True)
        return run_fleet(devices, seed=seed)

    _end(work)


def _habits(
    rate: float | None,
    qos: int,
    ts: Ts,
    fault: list[str] | None,
    share: float,
    count: int | None,
    wait: bool,
    hour: float,
) -> Habits:
    if rate is not None and not 0 < rate <= 1000:
        raise WrongUseError(
            f"rate: {rate:g} is not possible; use more than 0 and at most 1000 a second"
        )
    faults = _faults(fault or [])
    if ts is Ts.NONE and set(faults) & set(WRONG_CLOCK) and fault != ["all"]:
        raise WrongUseError("fault: a wrong clock shows only in ts; leave out --ts none")
    return Habits(rate, qos, ts, faults, share, count, wait, hour)


def _faults(names: list[str]) -> tuple[Fault, ...]:
    for name in names:
        if name not in NAMED:
            raise WrongUseError(f"fault: there is no {name!r}; there are: {', '.join(NAMED)}")
    return tuple(dict.fromkeys(fault for name in names for fault in NAMED[name]))


def _broker(url: str, ca: Path | None, version: str) -> Broker:
    versions = {"3.1.1": Mqtt.V311, "5": Mqtt.V5}
    if version not in versions:
        raise WrongUseError(f"mqtt: {version!r} is no version of MQTT spoken here; use 3.1.1 or 5")
    return parse_broker(url, ca=ca, version=versions[version])


def _end(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do the work and end the process: 0 done or told to stop, 1 failed, 2 wrong usage."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        asyncio.run(_until_told(work()))
    except DeviceError as exc:
        typer.echo(f"devices: {exc}", err=True)
        raise typer.Exit(2 if isinstance(exc, WrongUseError) else 1) from exc


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends, or until SIGINT or SIGTERM; then it says goodbye and ends."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(work, name="devices")
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not on Windows
            loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def main() -> None:
    """Run the command line; `--zone` and `--zone FILE` are other ways to write `zone`."""
    if sys.argv[1:2] == ["--zone"]:
        sys.argv[1] = "zone"
    app()


if __name__ == "__main__":
    main()
