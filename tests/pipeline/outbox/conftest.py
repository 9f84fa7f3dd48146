"""An outbox to test with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.pipeline.outbox import Outbox
from tests.pipeline.outbox.boxes import MIB


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    box = Outbox(path, MIB)
    yield box
    box.close()
