"""Which connections are closed because nothing comes or is read: judged on a held clock."""

import pytest

from hub.web.connections import PROGRESS, STALLED, Connections

LARGE = 10 * PROGRESS


class HeldConnection:
    """A connection whose client reads when the test says so."""

    address, since, streams, waits = "10.0.0.9", 0.0, True, False

    def __init__(self) -> None:
        self.left = LARGE
        self.aborted = False

    def unsent(self) -> int:
        return self.left

    def abort(self) -> None:
        self.aborted = True


@pytest.mark.parametrize(("read", "closed"), [(PROGRESS, False), (PROGRESS - 1, True)])
def test_a_client_must_read_16_kib_in_30_s(read: int, closed: bool):
    limits, one = Connections(10), HeldConnection()
    limits.enforce([one], 0.0)
    one.left = LARGE - read
    limits.enforce([one], STALLED)
    assert not one.aborted
    limits.enforce([one], STALLED + 0.1)
    assert one.aborted == closed
