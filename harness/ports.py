"""TCP ports of this machine: a free one, and whether somebody listens."""

import random
import socket

# Below Linux's ephemeral ports: those an outgoing connection may take before the server does.
_PORTS = range(10_000, 32_768)
_RANDOM = (
    random.SystemRandom()
)  # not the one that Hypothesis seeds: suites beside each other differ


def free_port() -> int:
    """Return a port on which nobody listens."""
    while True:
        try:
            with socket.create_server(("127.0.0.1", _RANDOM.choice(_PORTS))) as server:
                return int(server.getsockname()[1])
        except OSError:
            continue


def open_port(port: int) -> bool:
    """Whether someone listens on `port`."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
