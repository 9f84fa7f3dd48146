"""`hub demo`: everything at once, with nothing else installed."""

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import with_settings
from hub.settings.table import SETTINGS

if TYPE_CHECKING:
    from hub.mqtt.embedded import EmbeddedBroker
    from hub.settings import Settings
    from hub.settings.values import HttpAddress

MQTT_PORT = 1883
_DATA = Path("hub-data") / "demo"
_WORKS, _FAILS = 240.0, 40.0
"""Seconds for which the device that drops out is there, and for which it is away."""

_NO_ACCOUNTS = {
    "en": "the demo's broker has no accounts, devices connect without any; to make some, run the "
    "hub at Mosquitto with hub run",
    "ko": "데모의 브로커에는 계정 기능이 없어 기기는 계정 없이 연결합니다. 계정이 필요하면 "
    "hub run으로 허브를 Mosquitto에 연결하세요",
}


@with_settings("http", "log")
def demo(
    settings: "Settings",
    mqtt_port: Annotated[
        int | None,
        typer.Option(
            help=f"Port of the embedded broker. [default: {MQTT_PORT}, else a free one]",
            min=1,
            max=65_535,
        ),
    ] = None,
    data: Annotated[Path, typer.Option(help="Where the readings stay for the next start.")] = _DATA,
    seed: Annotated[int, typer.Option(help="The demo devices' seed.")] = 1,
    show: Annotated[
        bool,
        typer.Option(
            "--show", help="For visitors: a button of the wall takes the store away for a minute."
        ),
    ] = False,
) -> None:
    """Run broker, store, demo devices of every kind, hub and wall, until Ctrl-C."""
    import logging

    from hub.cli.running import log_to_stderr, run_until_stopped

    # What it prints is for one who looks at it for the first time: addresses, not a log.
    quiet = settings.model_copy(update={"log": "warning"})
    log_to_stderr(settings if "log" in settings.model_fields_set else quiet)
    # One of the demo devices drops out on purpose; the wall shows it, the terminal need not.
    logging.getLogger("devices").setLevel(logging.ERROR)
    # aiomqtt 2.5 asks asyncio to write to a connection that may have ended meanwhile: the device
    # sees its end anyway.
    logging.getLogger("asyncio").addFilter(lambda record: "add_writer" not in record.getMessage())
    run_until_stopped(_demo(settings, mqtt_port, data, seed, show=show))


async def _demo(
    settings: "Settings", mqtt_port: int | None, data: Path, seed: int, *, show: bool
) -> None:
    import asyncio
    import contextlib

    from devices import DEMO_ZONE
    from hub import app
    from hub.mqtt.embedded import run_broker
    from hub.settings.values import BrokerAddress
    from schemas import Label

    notes: list[str] = []
    ports = _ports(mqtt_port, notes)
    listener, http = _listen(settings, notes)
    with contextlib.closing(listener), run_broker(*ports) as broker:
        # What is set for an event, its broker or its store, is not the demo's.
        usual = {
            name: SETTINGS[name].default
            for name in ("root", "group", "booths", "domains", "client_id", "store")
        }
        chosen = settings.model_copy(
            update={
                **usual,
                "broker": BrokerAddress(broker.host, broker.port_v5),
                "public_broker": (BrokerAddress(broker.host, broker.port),),
                "data": data,
                "zone": DEMO_ZONE,
                "http": http,
                "public_http": None if http.loopback else _reached(http),
            }
        )
        opened = app.open_hub(chosen, show=show, no_accounts=Label(**_NO_ACCOUNTS))
        async with opened as hub, asyncio.TaskGroup() as tasks:
            running = tasks.create_task(hub.run(listener), name="hub.run")
            await hub.source.ready.wait()
            devices = tasks.create_task(_devices(broker, seed), name="hub.devices")
            _say(chosen, broker, notes)
            try:
                await asyncio.wait({running, devices}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                # The devices first, so that each can still say that it goes offline.
                typer.echo("\nstopping…")
                devices.cancel()
                await asyncio.wait({devices})
                running.cancel()
                typer.echo(f"the readings are in {chosen.data}")


async def _devices(broker: "EmbeddedBroker", seed: int) -> None:
    """Run every device of the demo zone; the last one drops out now and then, as one always does.

    So the wall is calm most of the time, and shows what trouble looks like.
    """
    import asyncio

    from devices import DEMO_ZONE, Broker, fleet, load_zone, run_fleet, run_unsteadily

    mqtt = Broker(broker.host, broker.port)
    *steady, last = fleet(load_zone(DEMO_ZONE), mqtt, seed=seed)
    await asyncio.gather(run_fleet(steady, seed=seed), run_unsteadily(last, _WORKS, _FAILS))


def _ports(wanted: int | None, notes: list[str]) -> tuple[int, int]:
    """A port for MQTT 3.1.1 and one for MQTT 5; the usual ones if they are free."""
    if wanted is not None:
        return wanted, _free_port()
    if _is_free(MQTT_PORT):
        return MQTT_PORT, _free_port() if not _is_free(MQTT_PORT + 1) else MQTT_PORT + 1
    port = _free_port()
    notes.append(f"port {MQTT_PORT} is taken; MQTT is on {port} (or choose with --mqtt-port)")
    return port, _free_port()


def _listen(settings: "Settings", notes: list[str]) -> "tuple[socket.socket, HttpAddress]":
    """A socket for the wall: where it was asked for, else at the usual address or a free one."""
    from hub.errors import PortTaken
    from hub.settings.values import HttpAddress
    from hub.web.server import listen

    address = settings.http
    try:
        return listen(address), address
    except PortTaken:
        if "http" in settings.model_fields_set:
            raise
    listener = listen(HttpAddress(address.host, 0))
    port = listener.getsockname()[1]
    notes.append(f"port {address.port} is taken; the wall is on {port} (or choose with --http)")
    return listener, HttpAddress(address.host, port)


def _reached(http: "HttpAddress") -> str:
    """The wall's address as telephones in this network reach it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:  # sends nothing: the system only says from which of its addresses it would
            probe.connect(("192.0.2.1", 9))
            host = probe.getsockname()[0]
        except OSError:
            host = socket.gethostname()
    wildcard = http.host in {"0.0.0.0", "::"}  # noqa: S104
    return f"http://{host}:{http.port}" if wildcard else http.url


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _called() -> str:
    """How this program was called, so that a command that is printed can be copied as it is."""
    return sys.argv[0] if Path(sys.argv[0]).name == "hub" else f"{sys.executable} -m hub"


def _say(settings: "Settings", broker: "EmbeddedBroker", notes: list[str]) -> None:
    broker_v5 = f"mqtt://{broker.host}:{broker.port_v5}"
    reading = "b01 thermostat by-hand '{\"temperature\": 21.5}'"
    for note in notes:
        typer.secho(f"note     {note}", fg=typer.colors.YELLOW)
    typer.echo(
        f"wall     {settings.http.url}/   (?lang=ko, ?kiosk=15)\n"
        f"booth    {settings.http.url}/booths/b01\n"
        f"MQTT     mqtt://{broker.host}:{broker.port} (3.1.1)   {broker_v5} (5)\n"
        f"send     {_called()} send --broker {broker_v5} {reading}\n"
        "stop     Ctrl-C"
    )
