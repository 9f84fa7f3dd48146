"""Apache Artemis, a clustered MQTT 5 broker, with the project's configuration."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from harness import ROOT
from harness.ports import free_port, open_port
from harness.process import Process, found, program
from harness.wait import until

CONFIGURATION = ROOT / "artemis" / "broker.xml"
MEMORY = "-Xmx256m"
NEEDED = "Java 17 and Maven: apt-get install openjdk-17-jre-headless maven, then scripts/artemis"
"""What to do where there is no Artemis."""
_BOOTSTRAP = """\
<broker xmlns="http://activemq.apache.org/schema">
  <jaas-security domain="activemq"/>
  <server configuration="file:{folder}/etc/broker.xml"/>
</broker>
"""
_LOGIN = """\
activemq {
  org.apache.activemq.artemis.spi.core.security.jaas.GuestLoginModule required
    org.apache.activemq.jaas.guest.user="guest" org.apache.activemq.jaas.guest.role="guest";
};
"""
_LOG = """\
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
logger.server.name = org.apache.activemq.artemis.core.server
logger.server.level = INFO
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %-5level [%logger] %msg%n
"""


def artemis_home() -> Path | None:
    """Return where scripts/artemis has put Artemis; None without it, or without Java."""
    homes = sorted(ROOT.glob(".venv/artemis-*/lib/artemis-boot.jar"))
    return homes[-1].parent.parent if homes and found("java") else None


class Artemis(Process):
    """A node: it can be killed and started again on the same folder."""

    def __init__(self, folder: Path, name: str, port: int, nodes: Sequence[int]) -> None:
        (folder / "etc").mkdir(parents=True, exist_ok=True)
        super().__init__(folder / "artemis.log")
        self.folder, self.name, self._own = folder, name, port
        self.port = free_port()
        files = {
            "broker.xml": _configured(nodes),
            "bootstrap.xml": _BOOTSTRAP.format(folder=folder),
            "management.xml": '<management-context xmlns="http://activemq.apache.org/schema"/>',
            "login.config": _LOGIN,
            "log4j2.properties": _LOG,
        }
        for file, text in files.items():
            (folder / "etc" / file).write_text(text, encoding="utf-8")

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def launch_node(self) -> None:
        """Start it, and wait for nothing."""
        home = artemis_home()
        assert home is not None, f"there is no Artemis; it needs {NEEDED}"
        properties = {
            "artemis.home": home,
            "artemis.instance": self.folder,
            "artemis.instance.etc": self.folder / "etc",
            "data.dir": self.folder / "data",
            "java.io.tmpdir": self.folder,
            "java.security.auth.login.config": self.folder / "etc" / "login.config",
            "log4j2.configurationFile": self.folder / "etc" / "log4j2.properties",
            "node.name": self.name,
            "node.port": self._own,
            "node.data": self.folder / "data",
            "mqtt.port": self.port,
        }
        self.launch(
            [
                program("java"),
                *(MEMORY, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                *(f"-D{name}={value}" for name, value in properties.items()),
                *("-cp", str(home / "lib" / "artemis-boot.jar")),
                *("org.apache.activemq.artemis.boot.Artemis", "run"),
            ]
        )

    def listens(self) -> bool:
        """Whether it takes MQTT connections."""
        assert self.running, f"artemis ended:\n{self.said[-4000:]}"
        return open_port(self.port)

    def start(self) -> Self:
        """Start it, and wait until it takes MQTT connections."""
        self.launch_node()
        until(self.listens, lambda: f"artemis listens\n{self.said[-4000:]}")
        return self


class ArtemisCluster(ExitStack):
    """Nodes that know of each other."""

    def __init__(self, folder: Path, count: int) -> None:
        super().__init__()
        ports = [free_port() for _ in range(count)]
        self.nodes = [
            Artemis(folder / f"node{number}", f"node{number}", port, ports)
            for number, port in enumerate(ports, 1)
        ]
        for node in self.nodes:
            self.callback(node.kill)

    def start(self) -> Self:
        """Start all nodes, and wait until each has a bridge to every other."""
        for node in self.nodes:
            node.launch_node()
        for node in self.nodes:
            until(node.listens, lambda: f"artemis listens\n{node.said[-4000:]}")  # noqa: B023 - at once
        for node in self.nodes:
            until(lambda: self.bridged(node), lambda: f"the nodes meet\n{node.said[-4000:]}")  # noqa: B023
        return self

    def bridged(self, node: Artemis) -> bool:
        """Whether a node has said that it has a bridge to every other."""
        return (
            len(re.findall("AMQ221027: Bridge .* is connected", node.said)) >= len(self.nodes) - 1
        )


def _configured(nodes: Sequence[int]) -> str:
    """The shipped file with connectors to these ports of this machine."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    names = [f"node{number}" for number in range(1, len(nodes) + 1)]
    connectors = "".join(
        f'<connector name="{name}">tcp://127.0.0.1:{port}</connector>'
        for name, port in zip(names, nodes, strict=True)
    )
    text = re.sub("<!-- nodes -->.*<!-- /nodes -->", connectors, text, flags=re.DOTALL)
    references = "".join(f"<connector-ref>{name}</connector-ref>" for name in names)
    return re.sub(
        "(<static-connectors>).*(</static-connectors>)", rf"\1{references}\2", text, flags=re.DOTALL
    )
