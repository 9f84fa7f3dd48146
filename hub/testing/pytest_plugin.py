"""Fixtures for pytest: `hub`, `replay`, `golden` and `broker`, found by pytest when installed.

It is loaded by every run of pytest in the environment, so it imports nothing of the hub until one
of its fixtures is asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from hub.testing import HeldHub
    from hub.testing.broker import LocalBroker

_UPDATE = "hub_update"
_MARKER = "hub(**settings): settings of the hub that the fixtures hub and replay make"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update``, which writes golden files; ``--hub-update`` if another plugin has that."""
    group = parser.getgroup("smartlife-hub")
    said = {"action": "store_true", "dest": _UPDATE, "help": "write the golden files of `golden`"}
    try:
        group.addoption("--update", "--hub-update", **said)
    except ValueError:
        group.addoption("--hub-update", **said)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of the nearest marker, paths in them relative to the test's folder."""
    marker = request.node.get_closest_marker("hub")
    given: dict[str, Any] = dict(marker.kwargs) if marker is not None else {}
    for name in {"zone", "kinds"} & given.keys():
        given[name] = _found(request, str(given[name]))
    return given


def _found(request: pytest.FixtureRequest, name: str | Path) -> Path:
    """A file beside the test, or in pytest's rootdir."""
    places = [request.path.parent / name, request.config.rootpath / name]
    return next((path for path in places if path.exists()), places[0])


@pytest.fixture
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> "Iterator[HeldHub]":
    """A hub on a clock that stands still, with a store in memory: publish, advance, and look."""
    from hub.testing import held_hub

    with held_hub(tmp_path / "held-hub", **_settings(request)) as held:
        yield held


@pytest.fixture
def replay(request: pytest.FixtureRequest, tmp_path: Path) -> "Iterator[Callable[..., HeldHub]]":
    """Play a recording to a new hub: ``replay("file.mcap", booth="b12")`` returns it."""
    from hub.testing import replayed_hub

    with ExitStack() as stack:
        settings, count = _settings(request), 0

        def play(recording: str | Path, **part: Any) -> "HeldHub":
            nonlocal count
            count += 1
            folder = tmp_path / f"replayed-hub{count}"
            path = _found(request, recording)
            return stack.enter_context(replayed_hub(folder, path, **{**settings, **part}))

        yield play


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> "Callable[..., None]":
    """Hold a hub's outcome to a file: ``golden(hub, "b12.jsonl", tolerance="1%")``."""

    def hold(hub: "HeldHub", name: str | Path, tolerance: str = "0") -> None:
        from hub.testing.golden import held_to

        update = bool(request.config.getoption(_UPDATE))
        held_to(hub, _found(request, name), tolerance, update=update)

    return hold


@pytest.fixture
def broker() -> "Iterator[LocalBroker]":
    """A real broker on a free port: Mosquitto where it is installed, else the embedded one."""
    from hub.testing.broker import run_local_broker

    with run_local_broker() as running:
        yield running
