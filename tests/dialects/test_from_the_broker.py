"""Each dialect's sample, published by an account of the booth, is stored as the page says."""

import time
from collections.abc import Iterator
from functools import partial

import pytest

from harness.wait import until
from hub.dialects import DIALECTS, Dialect
from hub.messages import Reading, Translated
from hub.pipeline.decode import Decoder
from schemas import kinds
from tests.dialects.stand import BOOTH, Stand

_DISCOVERED = {"homeassistant", "homie"}
"""Their samples say what a device has, and hold no reading: see the tests with their clients."""
SAMPLES = [item for item in DIALECTS.values() if item.name not in _DISCOVERED]


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with Stand(tmp_path_factory.mktemp("stand")) as stand:
        yield stand


def _is_shown(stand: Stand, dialect: Dialect, reading: Reading) -> bool:
    known = stand.hub.device(*reading.address)
    if known is None or known["dialect"] != dialect.name or known["state"] != "live":
        return False
    # Another dialect's sample may have a device of the same name.
    return reading.fields.items() <= known["last"].items()


def _is_stored(stand: Stand, reading: Reading) -> bool:
    _, kind, device = reading.address
    rows = stand.hub.readings(kind, booth=BOOTH, device=device)
    return any(reading.fields == row["fields"] for row in rows)


@pytest.mark.parametrize("dialect", SAMPLES, ids=[item.name for item in SAMPLES])
def test_a_sample_is_stored(stand: Stand, dialect: Dialect):
    now = time.time_ns()
    topic = f"{stand.prefix(dialect.name)}/{dialect.sample[0]}"
    payload = dialect.sample_at(now, "Asia/Seoul")
    expected = Decoder("smartlife/v1", kinds()).decode(topic, payload.encode(), now)
    assert isinstance(expected, Translated)
    assert expected.readings
    assert [reading.skew for reading in expected.readings if reading.skew is not None] == []
    with stand.client() as device:
        device.publish(topic, payload)
    for reading in expected.readings:
        address = reading.address
        until(
            partial(_is_shown, stand, dialect, reading), f"{address} is shown as {reading.fields}"
        )
        until(partial(_is_stored, stand, reading), f"{reading.fields} is stored")
    said = stand.hub.get("/api/rejections", booth=BOOTH)
    assert said == []
