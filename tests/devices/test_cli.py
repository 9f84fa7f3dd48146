"""`python -m devices` answers wrong usage with the way out, and ends cleanly."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import aiomqtt
import pytest
from typer.testing import CliRunner

from devices import Address, BadBrokerError, Broker, parse_broker
from devices.__main__ import app
from schemas import kinds

Listening = Callable[[Broker, str], AbstractAsyncContextManager[aiomqtt.Client]]
BOOTH = ["--booth", "b12"]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_help_lists_every_kind_and_has_an_example() -> None:
    code, said = run("--help")
    assert code == 0
    assert "python -m devices thermostat --booth b12" in said
    assert all(name in said for name in kinds())


def test_each_command_has_help_with_an_example() -> None:
    for name in ("thermostat", "zone"):
        code, said = run(name, "--help")
        assert code == 0
        assert f"python -m devices {name}" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["thermostt", *BOOTH], "thermostat"),
        (["light"], "--booth"),
        (["light", "--device", "l1"], "--booth"),
        (["light", "--booth", "B 12"], "'B 12' is no booth"),
        (["light", *BOOTH, "--device", "a/b"], "'a/b' is no device"),
        (["light", *BOOTH, "--broker", "127.0.0.1"], "mqtt://127.0.0.1:1883"),
        (["light", *BOOTH, "--mqtt", "4"], "use 3.1.1 or 5"),
        (["light", *BOOTH, "--rate", "0"], "rate: 0 is not possible"),
        (["light", *BOOTH, "--fault", "broken"], "fault: there is no 'broken'"),
        (["light", *BOOTH, "--fault", "clock-ahead", "--ts", "none"], "leave out --ts none"),
        (["light", *BOOTH, "--broker", "mqtts://h", "--ca", "/no.pem"], "/no.pem cannot be read"),
        (["zone", "/no/zone.toml"], "/no/zone.toml cannot be read"),
    ],
)
def test_wrong_usage_ends_with_2_and_the_way_out(arguments: list[str], said: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert said in output


@pytest.mark.parametrize("command", [["light", *BOOTH], ["zone"]])
def test_a_broker_that_refuses_ends_with_1_and_one_line(command: list[str], free_port: int) -> None:
    url = f"mqtt://127.0.0.1:{free_port}"
    code, output = run(*command, "--broker", url)
    assert code == 1
    (line,) = [line for line in output.splitlines() if line.startswith("devices:")]
    assert f"{url} cannot be reached" in line
    assert "--broker" in line


def test_a_device_with_a_count_ends_with_0(broker: Broker, booth: str) -> None:
    code, _ = run(
        "light", "--booth", booth, "--broker", str(broker), "--rate", "50", "--count", "2"
    )
    assert code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_a_device_with_its_farewell_and_0(
    broker: Broker, booth: str, number: int, listening: Listening
) -> None:
    address = Address(booth, "light", f"l{int(number)}")
    command = [sys.executable, "-m", "devices", "light", "--booth", booth]
    command += ["--device", address.device, "--broker", str(broker), "--rate", "50"]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        async with listening(broker, f"{address.topic}/#") as client:
            async for message in client.messages:
                if str(message.topic) == address.topic:
                    break
            process.send_signal(number)
            async for message in client.messages:
                if message.payload == b"offline":
                    break
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode == 0
    assert b"Traceback" not in said


def test_an_address_of_a_broker_is_taken_apart() -> None:
    broker = parse_broker("mqtts://b12:p%40ss@broker.example")
    assert (broker.host, broker.port, broker.tls) == ("broker.example", 8883, True)
    assert (broker.username, broker.password) == ("b12", "p@ss")
    assert str(parse_broker("mqtt://10.0.0.1")) == "mqtt://10.0.0.1:1883"


@pytest.mark.parametrize(
    "url", ["", "mqtt://", "http://h", "mqtt://h:port", "mqtt://h/x", "h:1883"]
)
def test_what_is_not_an_address_of_a_broker_is_refused(url: str) -> None:
    with pytest.raises(BadBrokerError, match="write it like mqtt://"):
        parse_broker(url)


def test_a_password_never_shows_in_an_error() -> None:
    with pytest.raises(BadBrokerError) as caught:
        parse_broker("http://b12:hush-hush@host")
    assert "hush-hush" not in str(caught.value)
