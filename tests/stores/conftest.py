"""Fixtures: a real InfluxDB, shared by tests with a bucket each, and one that a test may kill."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.influx_shim import TOKEN, Influx, Shim
from harness.influxd import Influxd
from hub.stores.influx.address import InfluxAddress
from hub.stores.influx.store import InfluxStore
from hub.stores.store import Store
from schemas import kinds as catalogue

_buckets = itertools.count(1)


@pytest.fixture(scope="session")
def shared_influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """influxd that runs as long as the tests do."""
    influxd = Influxd(tmp_path_factory.mktemp("influxd"))
    try:
        yield influxd.start()
    finally:
        influxd.close()


@pytest.fixture
def influx(shared_influxd: Influxd) -> Iterator[Influx]:
    """A bucket that no other test uses, behind a shim of its own."""
    bucket = f"expo-{next(_buckets)}"
    shared_influxd.create(bucket)
    shim = Shim(shared_influxd).start()
    try:
        yield Influx(shared_influxd, shim, bucket)
    finally:
        shim.close()


@pytest.fixture
def mortal_influx(tmp_path: Path) -> Iterator[Influx]:
    """An InfluxDB of its own, which the test may stop and kill."""
    influxd = Influxd(tmp_path / "influxd")
    try:
        influxd.start().create("expo")
        shim = Shim(influxd).start()
        try:
            yield Influx(influxd, shim, "expo")
        finally:
            shim.close()
    finally:
        influxd.close()


@pytest.fixture(scope="session")
def open_influx(shared_influxd: Influxd) -> Iterator[Callable[[Path], Store]]:
    """Opens a store on an empty bucket; the folder is for stores that have one."""
    shim = Shim(shared_influxd).start()

    def opened(_: Path) -> Store:
        bucket = f"contract-{next(_buckets)}"
        shared_influxd.create(bucket)
        address = Influx(shared_influxd, shim, bucket).address
        return InfluxStore(InfluxAddress.parse(address), catalogue(), TOKEN)

    try:
        yield opened
    finally:
        shim.close()
