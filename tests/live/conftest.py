"""What the live picture is tested with."""

from collections.abc import Mapping

import pytest

from hub.clock import HeldClock
from hub.pipeline.decode import Decoder
from schemas import KindSpec
from tests.live.stage import Stage


@pytest.fixture
def stage(kinds: Mapping[str, KindSpec], decoder: Decoder, clock: HeldClock) -> Stage:
    return Stage(kinds, decoder, clock)
