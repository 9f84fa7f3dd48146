"""Answers that many ask for are made once, for so many seconds, and so many are kept."""

import asyncio

import pytest

from hub.clock import HeldClock
from hub.web.shared_answers import KEPT, SharedAnswers


class Counted:
    """Shared answers for 10 s on a held clock, and what was made for them."""

    def __init__(self, clock: HeldClock) -> None:
        self.clock = clock
        self.made: list[str] = []
        self._answers = SharedAnswers(10)

    async def of(self, asked: str, *, fails: bool = False) -> bytes:
        async def make() -> bytes:
            self.made.append(asked)
            await asyncio.sleep(0)
            if fails:
                raise ZeroDivisionError
            return b"%s %d" % (asked.encode(), len(self.made))

        return await self._answers.of(self.clock, asked, make)


@pytest.fixture
def answers(clock: HeldClock) -> Counted:
    return Counted(clock)


async def test_who_asks_meanwhile_and_soon_after_gets_the_same_answer(answers: Counted):
    together = await asyncio.gather(*(answers.of("a") for _ in range(5)))
    answers.clock.advance(9.999)
    assert {*together, await answers.of("a")} == {b"a 1"}
    answers.clock.advance(0.001)
    assert await answers.of("a") == b"a 2"


async def test_an_answer_that_could_not_be_made_is_tried_again(answers: Counted):
    with pytest.raises(ZeroDivisionError):
        await answers.of("a", fails=True)
    assert await answers.of("a") == b"a 2"


async def test_the_answer_that_nobody_asked_for_longest_goes(answers: Counted):
    for asked in [*"abcdefgh"[:KEPT], "a", "new", "a", "b"]:
        await answers.of(asked)
    assert answers.made == [*"abcdefgh", "new", "b"]
