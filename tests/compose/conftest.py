"""Secrets made for the tests, and what docker-compose makes of the project's file with them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from harness import ROOT
from harness.process import program
from harness.wait import DEADLINE

FILE = ROOT / "docker-compose.yml"
SECRETS = ROOT / "scripts" / "secrets"


def make_secrets(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SECRETS), *map(str, words)]
    return subprocess.run(command, check=False, timeout=DEADLINE, capture_output=True, text=True)


def read_env(folder: Path) -> dict[str, str]:
    """What .env sets."""
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def configuration(env_file: Path) -> subprocess.CompletedProcess[str]:
    """Ask docker-compose for the whole configuration, with nothing of our own environment."""
    command = [program("docker-compose"), "--env-file", str(env_file), "-f", str(FILE)]
    command += ["--profile", "demo", "--profile", "tools", "--profile", "cluster", "config"]
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        command, check=False, timeout=DEADLINE, capture_output=True, text=True, env=bare
    )


class Mount(NamedTuple):
    """Something that a container sees, from a path of the project or a named volume."""

    source: Path
    target: str
    read_only: bool


class Composed(NamedTuple):
    """The services as docker-compose understands them, and the secrets that it was given."""

    services: dict[str, Any]
    secrets: dict[str, str]

    def environment(self, service: str) -> dict[str, str]:
        return self.services[service].get("environment", {})

    def mounts(self, service: str) -> list[Mount]:
        """What is mounted of the project."""
        return [item for item in self.volumes(service) if item.source.is_absolute()]

    def volumes(self, service: str) -> list[Mount]:
        """What is mounted: of the project, or by the name of a volume."""
        return [_mount(volume) for volume in self.services[service].get("volumes", [])]


def _mount(volume: str | dict[str, Any]) -> Mount:
    if isinstance(volume, str):
        source, target, mode = volume.split(":")
        return Mount(Path(source), target, mode == "ro")
    return Mount(Path(volume["source"]), volume["target"], volume.get("read_only", False))


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Composed:
    folder = tmp_path_factory.mktemp("compose")
    made = make_secrets(folder)
    assert made.returncode == 0, made.stderr
    asked = configuration(folder / ".env")
    assert asked.returncode == 0, asked.stderr
    assert not asked.stderr, asked.stderr
    services = yaml.safe_load(asked.stdout)["services"]
    return Composed(services, read_env(folder))


class Dockerfile:
    """The lines of the Dockerfile, continued lines joined."""

    def __init__(self) -> None:
        text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        self.steps = [tuple(line.split(None, 1)) for line in lines]

    def of(self, instruction: str) -> list[str]:
        return [words for name, words in self.steps if name == instruction]

    @property
    def health(self) -> list[str]:
        """The command of the health check."""
        command: list[str] = json.loads(self.of("HEALTHCHECK")[0].partition(" CMD ")[2])
        return command


@pytest.fixture(scope="session")
def dockerfile() -> Dockerfile:
    return Dockerfile()
