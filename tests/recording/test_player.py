"""Playing a recording to a sink that notes what it is asked for, with no time passing."""

import asyncio
from collections.abc import Iterable, Iterator

import pytest

from harness.wait import DEADLINE
from hub.errors import RecordingError
from hub.mqtt.outgoing import Outgoing
from hub.recording.controls import Controls
from hub.recording.layout import DUPLICATE, Recorded
from hub.recording.player import Pace, Player
from hub.recording.select import Choice

S = 1_000_000_000


class Sink:
    """Notes what it is asked for in order; it has room for `room` messages at once."""

    def __init__(self, room: int = 1_000) -> None:
        self.asked: list[str] = []
        self._most = self._left = room

    def offer(self, message: Outgoing) -> bool:
        if not self._left:
            return False
        self._left -= 1
        self.asked.append(message.payload.decode())
        return True

    def flush(self) -> None:
        self.asked.append("flush")

    async def room(self) -> None:
        self.asked.append("room")
        self._left = self._most

    async def settled(self) -> None:
        self.asked.append("settled")


def messages(*seconds: float, verdict: str = "accepted") -> list[Recorded]:
    return [
        Recorded("smartlife/v1/b1/light/l1", str(number).encode(), int(at * S), verdict=verdict)
        for number, at in enumerate(seconds)
    ]


async def play(
    sink: Sink, recorded: Iterable[Recorded], speed: float | None, monkeypatch: pytest.MonkeyPatch
) -> tuple[Player, list[float], list[int | None]]:
    """Play without waiting; return the player, how long it would have waited, what was told."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        if seconds:
            waited.append(seconds)
            sink.asked.append("wait")

    player, told = Player(sink, speed), list[int | None]()
    with monkeypatch.context() as patch:
        patch.setattr("hub.recording.player.asyncio.sleep", sleep)
        await player.play(recorded, Choice("smartlife/v1"), lambda: told.append(player.at))
    return player, waited, told


async def test_what_gathered_is_sent_before_each_wait_and_all_has_arrived_at_the_end(monkeypatch):
    sink = Sink()
    player, waited, told = await play(sink, messages(0, 0, 3600, 7200), 2.0, monkeypatch)
    assert sink.asked == [
        *("0", "1"),
        *("flush", "wait", "2"),
        *("flush", "wait", "3"),
        *("flush", "settled"),
    ]
    # Nothing was slept in truth, so the second wait is from the start too.
    assert waited == pytest.approx([1800, 3600], abs=300)
    assert (player.played, player.at) == (4, 7200 * S)
    assert told == [None, 0, 3600 * S, 7200 * S]


async def test_without_a_speed_nothing_is_waited_for(monkeypatch):
    sink = Sink()
    _, waited, _ = await play(sink, messages(0, 3600), None, monkeypatch)
    assert sink.asked == ["0", "1", "flush", "settled"]
    assert waited == []


async def test_a_sink_without_room_is_waited_for_and_nothing_is_left_out(monkeypatch):
    sink = Sink(room=2)
    player, _, told = await play(sink, messages(0, 0, 0, 0, 0), None, monkeypatch)
    assert sink.asked == ["0", "1", "room", "2", "3", "room", "4", "flush", "settled"]
    assert player.played == 5
    assert len(told) == 4  # the first turn, twice for want of room, the end


async def test_what_is_no_new_message_is_counted_apart(monkeypatch):
    sink = Sink()
    player, _, _ = await play(sink, messages(0, 1, verdict=DUPLICATE), None, monkeypatch)
    assert sink.asked == ["flush", "settled"]
    assert (player.played, player.left_out, player.at) == (0, 2, 1 * S)


async def test_what_came_before_damage_is_sent(monkeypatch):
    def damaged() -> Iterator[Recorded]:
        yield from messages(0, 0)
        raise RecordingError("damaged")

    sink = Sink()
    with pytest.raises(RecordingError, match="damaged"):
        await play(sink, damaged(), 1.0, monkeypatch)
    assert sink.asked == ["0", "1", "flush"]


async def controlled(
    sink: Sink, controls: Controls, pressed: list[str], *seconds: float
) -> tuple[Player, list[int | None]]:
    """Play with controls; whenever it is told where it stands, the next keys are pressed."""
    player, told = Player(sink, 1.0, controls), list[int | None]()

    def tell() -> None:
        told.append(player.at)
        for key in pressed[:1]:
            del pressed[0]
            asyncio.get_running_loop().call_soon(controls.press, key)

    async with asyncio.timeout(DEADLINE):
        await player.play(messages(*seconds), Choice("smartlife/v1"), tell)
    return player, told


async def test_a_paused_replay_plays_a_message_a_step():
    sink, controls = Sink(), Controls()
    controls.paused = True
    pressed = [".", ".", "\x1b[C"]
    player, _ = await controlled(sink, controls, pressed, 0, 3600, 7200, 9000)
    assert [word for word in sink.asked if word.isdecimal()] == ["0", "1"]
    assert (player.played, controls.sought(), controls.sought()) == (2, 10, 0)


async def test_a_replay_goes_on_at_another_speed():
    controls = Controls()
    pressed = [*"++++++++++", " ", " "]
    player, _ = await controlled(Sink(), controls, pressed, 0, 20, 40)
    assert (player.played, controls.factor, controls.paused) == (3, 1024.0, False)


async def test_keys_that_mean_nothing_change_nothing():
    controls = Controls()
    for key in ("x", "\x1b[A", ""):
        controls.press(key)
    assert (controls.paused, controls.factor, controls.seek, controls.step()) == (
        False,
        1.0,
        0,
        False,
    )


@pytest.mark.parametrize("key", ["+", "-"])
async def test_the_speed_has_bounds(key: str):
    controls = Controls()
    for _ in range(50):
        controls.press(key)
    assert controls.factor in {1024.0, 1 / 1024}


async def test_times_that_go_back_are_no_falling_behind():
    player, _ = await controlled(Sink(), Controls(), [], 3600, 0, 3600)
    assert player.behind < 60


def test_a_pace_goes_on_from_where_it_is():
    pace = Pace(2.0)
    assert (pace.position(1.0), pace.due(10 * S), pace.due(14 * S)) == (None, 0.0, 2.0)
    assert pace.position(1.0) == 12 * S
    pace.go_on(12 * S, 5.0, 1.0)
    assert pace.due(14 * S) == 7.0
