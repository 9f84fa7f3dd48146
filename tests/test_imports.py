"""What import-linter (`make lint`) cannot say: purity, and one place for each library."""

import ast
import re
import sys
from functools import cache

import pytest

from harness import ROOT

OWN = ("hub", "schemas", "devices")


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield node.module


@cache
def imports():
    """The packages that each module imports, by their top names."""
    return {
        module_of(path): {name.partition(".")[0] for name in imported(path)}
        for package in OWN
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def within(name, package):
    return f"{name}.".startswith(f"{package}.")


#: Modules whose docstring says "Pure", and those that all others lean on.
PURE = [
    module_of(path)
    for path in sorted((ROOT / "hub").rglob("*.py"))
    if re.match(r'"""[^"]*\bPure\b', path.read_text(encoding="utf-8"))
] + ["hub.errors", "hub.messages", "hub.settings.table", "hub.event.zone"]
IMPURE = {"asyncio", "socket", "time", "random", "threading", "subprocess", "sqlite3", "ssl"}


def test_topics_decoding_and_liveness_are_pure():
    assert {"hub.topics", "hub.pipeline.decode", "hub.live.liveness"} < set(PURE)


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_loop_no_socket_no_time_and_no_chance(name):
    assert not imports()[name] & IMPURE


def test_schemas_import_pydantic_and_the_standard_library():
    allowed = {"schemas", "pydantic", "pydantic_core", *sys.stdlib_module_names}
    found = (its for name, its in imports().items() if within(name, "schemas"))
    assert set().union(*found) <= allowed


#: Each third-party client is imported in one module, so it can be replaced.
ONE_PLACE = {
    "mqtt5": {"hub.mqtt.codec"},
    "iotcore": {"hub.mqtt.embedded"},
    "aiomqtt": {"hub.mqtt.command_client", "devices"},
    "paho": {"hub.mqtt.command_client", "devices"},
    "h11": {"hub.web.http11"},
    "uvicorn": {"hub.web.server", "hub.web.http11"},
    "prometheus_client": {"hub.web.metrics"},
    "fastapi": {"hub.web"},
    "starlette": {"hub.web"},
    "pydantic_settings": {"hub.settings.model"},
    "influxdb_client": {"hub.stores.influx.client"},
    "aiohttp": {"hub.stores.influx.client"},
    "grafana_foundation_sdk": {"hub.boards"},
    "grafana_client": {"hub.boards.grafana_api"},
    "niquests": {"hub.boards.grafana_api"},
    "mcap": {"hub.recording"},
    "lz4": {"hub.recording.frames"},
    "pytest": {"hub.testing.pytest_plugin"},
    "pyarrow": {"hub.recording.export"},
    "rosbags": {"hub.recording.foreign.ros"},
    "typer": {"hub.cli", "devices.__main__"},
    "rich": {"hub.cli"},
    "cryptography": {"hub.booths.certificates", "hub.web.routes.authority"},
    "yaml": {"hub.event.json_yaml"},
    "segno": {"hub.booths.handout"},
    "sqlite3": {
        *("hub.pipeline.outbox", "hub.stores.sqlite"),
        *("hub.stores.sqlite_file", "hub.stores.sqlite_query", "hub.stores.sqlite_table"),
        "hub.cli.backup",
    },
    "msgspec": {"hub.messages", "hub.pipeline"},
    "orjson": {"hub.stores.rows"},
}


@pytest.mark.parametrize("library", ONE_PLACE)
def test_a_library_is_imported_in_its_place_only(library):
    importers = {name for name, its in imports().items() if library in its}
    assert all(any(within(name, place) for place in ONE_PLACE[library]) for name in importers)


def test_every_third_party_package_has_its_place():
    known = {*ONE_PLACE, *OWN, "pydantic", "pydantic_core", *sys.stdlib_module_names}
    assert set().union(*imports().values()) <= known
