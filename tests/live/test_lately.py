"""What happened lately: from a time on, that time itself included."""

from hub.live.lately import Lately
from hub.messages import Code, Rejection, State, StateChange
from hub.topics import Address
from schemas import Label

T1 = Address("b12", "thermostat", "t1")


def rejection(at: int, booth: str | None) -> Rejection:
    return Rejection(Code.JSON, Label("", ""), "a/b", at, "", booth=booth)


def test_what_happened_since_a_time_comes_oldest_first():
    lately = Lately()
    for at, state in ((1, State.LATE), (2, State.OFFLINE), (3, State.LIVE)):
        lately.changed(StateChange(T1, "smart_home", state, at), State.LIVE)
        lately.rejected(rejection(at, "b12"))
        lately.rejected(rejection(at, None))
    assert [(step.at, step.state) for step in lately.states(2)] == [
        (2, State.OFFLINE),
        (3, State.LIVE),
    ]
    assert lately.rejections(2) == [(2, "b12"), (3, "b12")]
