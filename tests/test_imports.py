"""Who may import whom: the directions of docs/explanation/architecture.md, read from sources."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("hub", "schemas", "devices")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    module_of(path): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "static" not in path.parts
}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file; names out of packages in full."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in FILES else node.module


IMPORTS = {name: sorted(set(imported(path))) for name, path in FILES.items()}


def top(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_there_is_something_to_look_at():
    assert len(FILES) > 60
    assert "hub.topics" in IMPORTS["hub.pipeline.decode"]
    assert "hub.mqtt.codec" in IMPORTS["hub.mqtt.session"]


def test_schemas_import_pydantic_and_the_standard_library():
    allowed = {"schemas", "pydantic", "pydantic_core", *sys.stdlib_module_names}
    strangers = {
        (name, target)
        for name, targets in IMPORTS.items()
        if within(name, "schemas")
        for target in targets
        if top(target) not in allowed
    }
    assert strangers == set()


def test_devices_never_import_the_hub():
    assert not [
        (name, target)
        for name, targets in IMPORTS.items()
        if within(name, "devices")
        for target in targets
        if top(target) == "hub"
    ]


def test_only_the_demo_imports_devices():
    importers = {
        name
        for name, targets in IMPORTS.items()
        if not within(name, "devices") and any(within(target, "devices") for target in targets)
    }
    assert importers == {"hub.cli.demo"}


PURE = [
    "hub.counters",
    "hub.live.checklist",
    "hub.clock",
    "hub.status.clock_steps",
    "hub.mqtt.conformance",
    "hub.pipeline.decode",
    "hub.live.device",
    "hub.errors",
    "hub.limits.fair",
    "hub.status.health",
    "hub.line_protocol",
    "hub.live.liveness",
    "hub.messages",
    "hub.mqtt.codec",
    "hub.mqtt.inflight",
    "hub.testing.memory_source",
    "hub.mqtt.outgoing",
    "hub.mqtt.reason_codes",
    "hub.pipeline.json_faults",
    "hub.recording.select",
    "hub.recording.time_shift",
    "hub.pipeline.redelivery",
    "hub.pipeline.rejections",
    "hub.limits.log_throttle",
    "hub.live.replay",
    "hub.settings.table",
    "hub.settings.values",
    "hub.booths.snippet_programs",
    "hub.booths.snippets",
    "hub.stores.store",
    "hub.stores.validation",
    "hub.stores.influx.address",
    "hub.stores.influx.influxql",
    "hub.timestamps",
    "hub.topics",
    "hub.web.access",
    "hub.web.refusals",
    "hub.web.serializers",
    "hub.zone",
]
IMPURE = {"asyncio", "socket", "time", "random", "threading", "subprocess", "sqlite3", "ssl"}


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_loop_no_socket_no_time_and_no_chance(name: str):
    allowed = {"time"} if name == "hub.clock" else set()
    assert {top(target) for target in IMPORTS[name]} & IMPURE == allowed


LEAVES = {name for name in PURE if name.count(".") == 1} | {"hub", "hub.settings"}


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_leaves_import_leaves(name: str):
    own = {target for target in IMPORTS[name] if top(target) == "hub"}
    assert own <= LEAVES


SIBLINGS = [
    "hub.pipeline.feedback",
    "hub.boards",
    "hub.booths",
    "hub.pipeline.drain",
    "hub.pipeline.intake",
    "hub.pipeline.selfstats",
    "hub.live.devices",
    "hub.mqtt",
    "hub.pipeline.outbox",
    "hub.recording",
    "hub.stores",
    "hub.web",
]


def sibling_of(name: str) -> str | None:
    return next((sibling for sibling in SIBLINGS if within(name, sibling)), None)


def test_siblings_do_not_import_each_other():
    crossed = {
        (name, target)
        for name, targets in IMPORTS.items()
        for target in targets
        if sibling_of(name) and sibling_of(target) not in {None, sibling_of(name)}
    }
    assert crossed == set()


def test_only_the_composition_root_and_the_commands_import_siblings():
    allowed = ("hub.app", "hub.cli", "hub.testing", "hub.testing.broker")
    importers = {
        name
        for name, targets in IMPORTS.items()
        if not sibling_of(name) and any(sibling_of(target) for target in targets)
    }
    assert all(any(within(name, package) for package in allowed) for name in importers)


def test_the_running_hub_needs_nothing_that_is_for_tests():
    importers = {
        name
        for name, targets in IMPORTS.items()
        if {"hub.testing", "hub.testing.pytest_plugin", "pytest"} & set(targets)
    }
    # hub recording cut tries the test that it writes
    assert importers <= {"hub.testing.pytest_plugin", "hub.cli.recording"}


def test_nothing_imports_the_commands_and_only_they_and_the_tests_import_the_app():
    for name, targets in IMPORTS.items():
        if name != "hub.__main__" and not within(name, "hub.cli"):
            assert not [target for target in targets if within(target, "hub.cli")], name
            assert "hub.app" not in targets or name == "hub.testing", name


#: Each third-party client is imported in one module, so it can be replaced.
ONE_PLACE = {
    "mqtt5": {"hub.mqtt.codec"},
    "iotcore": {"hub.mqtt.embedded"},
    "aiomqtt": {"hub.mqtt.client", "devices"},
    "paho": {"devices"},
    "h11": {"hub.web.server"},
    "uvicorn": {"hub.web.server"},
    "prometheus_client": {"hub.web.metrics"},
    "fastapi": {"hub.web"},
    "starlette": {"hub.web"},
    "pydantic_settings": {"hub.settings"},
    "influxdb_client": {"hub.stores.influx.client"},
    "aiohttp": {"hub.stores.influx.client"},
    "grafana_foundation_sdk": {"hub.boards"},
    "grafana_client": {"hub.boards.client"},
    "niquests": {"hub.boards.client"},
    "mcap": {"hub.recording"},
    "pytest": {"hub.testing.pytest_plugin"},
    "pyarrow": {"hub.recording.export"},
    "typer": {"hub.cli", "devices.__main__"},
    "rich": {"hub.cli"},
    "cryptography": {"hub.booths.certificates"},
    "segno": {"hub.booths.handout"},
    "sqlite3": {"hub.pipeline.outbox", "hub.stores.sqlite", "hub.stores.sqlite_file"},
    "orjson": {"hub.pipeline.decode"},
}


@pytest.mark.parametrize("client", ONE_PLACE)
def test_a_client_is_imported_in_its_place_only(client: str):
    elsewhere = {
        name
        for name, targets in IMPORTS.items()
        if any(top(target) == client for target in targets)
        and not any(within(name, place) for place in ONE_PLACE[client])
    }
    assert elsewhere == set()


def test_every_third_party_package_has_its_place():
    known = {*ONE_PLACE, *PACKAGES, "pydantic", "pydantic_core", *sys.stdlib_module_names}
    strangers = {
        (name, target)
        for name, targets in IMPORTS.items()
        for target in targets
        if top(target) not in known
    }
    assert strangers == set()
