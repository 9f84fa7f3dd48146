"""Mosquitto with the configuration that is shipped for an event, and clients of exhibitors."""

import contextlib
import io
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self
from unittest import mock

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from harness import ROOT
from harness.hub import environment
from harness.mosquitto import Mosquitto, oldest_mosquitto
from harness.ports import free_port
from harness.process import Process
from harness.wait import DEADLINE, until
from hub.cli import main

ADMIN, HUB = "admin-secret-of-the-tests", "hub-secret-of-the-tests"
SHIPPED = ("mosquitto.conf", "debian.conf", "exhibitors-plain.conf", "exhibitors-tls.conf")
VERSIONS = (mqtt.MQTTv311, mqtt.MQTTv5)
NAMES = {mqtt.MQTTv311: "3.1.1", mqtt.MQTTv5: "5"}


def shipped(name: str) -> str:
    return (ROOT / "mosquitto" / name).read_text(encoding="utf-8")


class Secured(Mosquitto):
    """The shipped files; only places and ports are the test's.

    It is the oldest Mosquitto that there is, where no `version` is asked for: rights and accounts
    have to hold on Debian 12.
    `port` is the hub's own listener, `plain`, `tls` and `websockets` are the exhibitors'.
    """

    def __init__(
        self, folder: Path, certs: Path | None = None, *extra: str, version: str = ""
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        Process.__init__(self, folder / "mosquitto.log")
        self.version = version or oldest_mosquitto()
        self.folder = folder
        self.accounts = folder / "dynamic-security.json"
        self.port, self.plain, self.tls, self.websockets = (free_port() for _ in range(4))
        places = {
            "/var/lib/mosquitto/dynamic-security.json": str(self.accounts),
            "listener 1884 127.0.0.1\n": f"listener {self.port} 127.0.0.1\n",
            "listener 1883\n": f"listener {self.plain} 127.0.0.1\n",
        }
        if certs is not None:
            places |= {
                "/etc/mosquitto/certs": str(certs),
                "listener 8883\n": f"listener {self.tls} 127.0.0.1\n",
                "listener 8084\n": f"listener {self.websockets} 127.0.0.1\nsocket_domain ipv4\n",
            }
        text = "".join(map(shipped, SHIPPED if certs is not None else SHIPPED[:3]))
        for place, ours in places.items():
            assert place in text
            text = text.replace(place, ours)
        # As root Mosquitto would become a user who may not read the test's files.
        head = ["user root", f"persistence_location {folder}/"]
        head += ["log_dest stderr", "log_type all", *extra]
        self._config = folder / "mosquitto.conf"
        self._config.write_text("\n".join([*head, text]), encoding="utf-8")

    @property
    def admin(self) -> str:
        return f"mqtt://admin:{ADMIN}@127.0.0.1:{self.port}"

    @property
    def hub(self) -> str:
        return f"mqtt://hub:{HUB}@127.0.0.1:{self.port}"

    def settings(self, **more: object) -> dict[str, object]:
        return {"broker_admin": self.admin, "broker": self.hub, "data": self.data, **more}

    @property
    def data(self) -> Path:
        """The hub's data folder."""
        return self.folder / "data"

    def begin(self, **settings: object) -> "Secured":
        """Make the first accounts and start."""
        made = hub_command(self, "booth", "init", "--out", self.accounts, **settings)
        assert made.returncode == 0, made.stderr
        self.start()
        return self


def hub_command(
    secured: Secured, *words: object, **settings: object
) -> subprocess.CompletedProcess[str]:
    """Run a command of the hub's with the admin's settings, in this process: there are many."""
    out, err = io.StringIO(), io.StringIO()
    line = ["hub", *map(str, words)]
    with (
        mock.patch.dict(os.environ, environment(secured.settings(**settings)), clear=True),
        mock.patch.object(sys, "argv", line),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(secured.folder),
    ):
        code = _ended()
    return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())


def _ended() -> int:
    try:
        main()
    except SystemExit as exc:
        return int(exc.code or 0)
    raise AssertionError("a command ends with an exit code")


def passwords(said: str) -> dict[str, str]:
    """The accounts and passwords that a command has shown."""
    lines = [line.split() for line in said.splitlines()]
    return {
        line[0]: line[1] for line in lines
        if len(line) == 3 and line[0][-1].isdigit() and line[1].count("-") == 3
    }  # fmt: skip


def added(broker: Secured, booth: str, *words: object, **settings: object) -> dict[str, str]:
    """Add a booth, and return its accounts with their passwords."""
    done = hub_command(broker, "booth", "add", booth, *words, **settings)
    assert done.returncode == 0, done.stderr
    found = passwords(done.stdout)
    assert found, done.stdout
    return found


class Came(NamedTuple):
    topic: str
    payload: bytes


class Client:
    """An ordinary MQTT client, paho, in either version; every call waits for its answer."""

    def __init__(
        self, port: int, account: str | None, password: str | None, version: MQTTProtocolVersion,
        *, client_id: str = "", persistent: bool = False, ca: Path | None = None,
    ) -> None:  # fmt: skip
        self.version = version
        clean = None if version == mqtt.MQTTv5 else not persistent
        self._mqtt = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=client_id or f"client-{os.urandom(4).hex()}",
            clean_session=clean,
            protocol=version,
            reconnect_on_failure=False,
        )
        self._persistent = persistent
        if account is not None:
            self._mqtt.username_pw_set(account, password)
        if ca is not None:
            self._mqtt.tls_set(str(ca))
        self.came: queue.Queue[Came] = queue.Queue()
        self._answers: dict[str, queue.Queue[Any]] = {
            name: queue.Queue() for name in ("connect", "publish", "subscribe")
        }
        self.gone = threading.Event()
        self.reason: Any = None
        self._port = port
        say = self._answers
        self._mqtt.on_connect = lambda _c, _u, _f, code, _p: say["connect"].put(code)
        self._mqtt.on_publish = lambda _c, _u, _m, code, _p: say["publish"].put(code)
        self._mqtt.on_subscribe = lambda _c, _u, _m, codes, _p: say["subscribe"].put(codes)
        self._mqtt.on_message = lambda _c, _u, m: self.came.put(Came(m.topic, bytes(m.payload)))
        self._mqtt.on_disconnect = self._on_disconnect

    def _on_disconnect(self, _client, _userdata, _flags, code, _properties) -> None:
        self.reason = code
        self.gone.set()

    def connect(self) -> int:
        """Connect; returns the reason code as MQTT 5 has it."""
        more: dict[str, Any] = {}
        if self.version == mqtt.MQTTv5:
            properties = Properties(mqtt.PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 3600 if self._persistent else 0
            more = {"clean_start": not self._persistent, "properties": properties}
        self._mqtt.connect("127.0.0.1", self._port, keepalive=60, **more)
        self._mqtt.loop_start()
        return int(self._answers["connect"].get(timeout=DEADLINE).value)

    def publish(self, topic: str, payload: str = "x", qos: int = 1, *, retain: bool = False) -> int:
        """Publish; returns the reason code, which is 0 with MQTT 3.1.1 whatever became of it."""
        self._mqtt.publish(topic, payload, qos, retain)
        return int(self._answers["publish"].get(timeout=DEADLINE).value)

    def subscribe(self, pattern: str, qos: int = 1) -> int:
        """Subscribe; returns the reason code: below 128 it was granted."""
        if self.version == mqtt.MQTTv5:
            self._mqtt.subscribe(pattern, options=SubscribeOptions(qos=qos))
        else:
            self._mqtt.subscribe(pattern, qos)
        (code,) = self._answers["subscribe"].get(timeout=DEADLINE)
        return int(code.value)

    def next(self) -> Came:
        """The next message that came."""
        return self.came.get(timeout=DEADLINE)

    def wait_until_gone(self) -> None:
        assert self.gone.wait(DEADLINE), "the broker let it be"

    @property
    def connected(self) -> bool:
        return self._mqtt.is_connected()

    def close(self) -> None:
        self._mqtt.disconnect()
        self._mqtt.loop_stop()
        self._mqtt._reset_sockets()  # a pair of its own stays open otherwise

    def __enter__(self) -> Self:
        code = self.connect()
        assert code == 0, code
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def refused(
    port: int, account: str | None, password: str | None, version: MQTTProtocolVersion, **more: Any
):
    """Try to connect; returns the reason code of the refusal, as MQTT 5 has it."""
    client = Client(port, account, password, version, **more)
    try:
        code = client.connect()
        assert code != 0, "it was let in"
        return code
    finally:
        client.close()


def granted(client: Client, patterns: Sequence[str]) -> list[str]:
    """Those of the patterns that the broker lets a client subscribe to."""
    return [pattern for pattern in patterns if client.subscribe(pattern) < 128]


__all__ = [
    "ADMIN", "HUB", "NAMES", "VERSIONS", "Client", "Secured", "added", "granted", "hub_command",
    "passwords", "refused", "shipped", "until",
]  # fmt: skip


def dynsec_command(broker: Secured, **words: Any) -> None:
    """Give the broker a command as another admin would, past hub booth."""
    with Client(broker.port, "admin", ADMIN, mqtt.MQTTv5, client_id="admin.control") as admin:
        assert admin.subscribe("$CONTROL/dynamic-security/v1/response") < 128
        said = json.dumps({"commands": [words]})
        assert admin.publish("$CONTROL/dynamic-security/v1", said) == 0
        (answer,) = json.loads(admin.next().payload)["responses"]
    assert "error" not in answer, answer
