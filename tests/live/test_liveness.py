"""When a device is live, late or offline."""

import pytest

from hub.live.liveness import Cadence, liveness
from hub.messages import State

SECOND = 10**9
NOW = 1_760_000_000 * SECOND
CADENCE = Cadence(5.0)

SILENCES = {
    0.0: State.LIVE,
    5.0: State.LIVE,
    14.999999: State.LIVE,
    15.0: State.LATE,
    49.999999: State.LATE,
    50.0: State.OFFLINE,
    1e9: State.OFFLINE,
    -60.0: State.LIVE,  # the clock was set back
}


@pytest.mark.parametrize(("silence", "state"), SILENCES.items())
def test_a_device_is_late_at_three_intervals_and_offline_at_ten(silence: float, state: State):
    heard = NOW - round(silence * SECOND)
    assert liveness(NOW, heard, heard, CADENCE, gone=False) is state


def test_a_device_that_said_goodbye_is_offline_at_once():
    assert liveness(NOW, NOW, NOW, CADENCE, gone=True) is State.OFFLINE


def test_a_device_that_only_sends_what_is_rejected_is_late():
    assert liveness(NOW, None, NOW, CADENCE, gone=False) is State.LATE
    heard = NOW - 3600 * SECOND
    assert liveness(NOW, heard, NOW, CADENCE, gone=False) is State.LATE


def test_a_device_that_only_sent_what_is_rejected_and_stopped_is_offline():
    assert liveness(NOW, None, NOW - 50 * SECOND, CADENCE, gone=False) is State.OFFLINE


@pytest.mark.parametrize(
    ("silence", "state"),
    [(4.999, State.LIVE), (5.0, State.LATE), (19.999, State.LATE), (20.0, State.OFFLINE)],
)
def test_a_device_that_speaks_often_has_some_seconds_of_silence(silence: float, state: State):
    heard = NOW - round(silence * SECOND)
    assert liveness(NOW, heard, heard, Cadence(0.5), gone=False) is state


@pytest.mark.parametrize(("silence", "state"), [(59.999, State.LATE), (60.0, State.OFFLINE)])
def test_an_event_driven_device_that_was_never_accepted_is_offline_after_a_minute(
    silence: float, state: State
):
    noticed = NOW - round(silence * SECOND)
    assert liveness(NOW, None, noticed, Cadence(None), gone=False) is state
    assert liveness(NOW, noticed, noticed, Cadence(None), gone=False) is State.LIVE
