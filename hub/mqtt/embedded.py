"""The embedded broker, for the demo and for tests: a real one (rumqttd) in a child process.

It keeps sessions and retained messages in memory, has no accounts, and listens for MQTT 3.1.1 and
MQTT 5 on separate ports. Events run Mosquitto.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.errors import PortTaken

_CONFIG = """
id = 0

[router]
id = 0
max_connections = 10010
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10

{listeners}
"""
_LISTENER = """
[{version}.1]
name = "{version}-1"
listen = "{host}:{port}"
next_connection_delay_ms = 1

[{version}.1.connections]
connection_timeout_ms = 60000
max_payload_size = 1048576
max_inflight_count = 1000
dynamic_filters = true
"""


@dataclass(frozen=True, slots=True)
class EmbeddedBroker:
    """A running broker: its address for MQTT 3.1.1 and the one for MQTT 5."""

    host: str
    port: int
    port_v5: int


@contextlib.contextmanager
def run_broker(port: int, port_v5: int, host: str = "127.0.0.1") -> Iterator[EmbeddedBroker]:
    """Run the embedded broker on `port` for MQTT 3.1.1 and `port_v5` for MQTT 5.

    Raises:
        PortTaken: one of them is in use.
    """
    from iotcore import Broker

    listeners = "".join(
        _LISTENER.format(version=version, host=host, port=number)
        for version, number in (("v4", port), ("v5", port_v5))
    )
    with tempfile.TemporaryDirectory(prefix="smartlife-broker-") as folder:
        config = Path(folder) / "rumqttd.toml"
        config.write_text(_CONFIG.format(listeners=listeners))
        broker = Broker(config_path=str(config))
        try:
            broker.start()
        except OSError as exc:
            raise PortTaken(f"MQTT: {exc}; stop what listens there or choose other ports") from exc
        try:
            yield EmbeddedBroker(host, port, port_v5)
        finally:
            broker.stop()
