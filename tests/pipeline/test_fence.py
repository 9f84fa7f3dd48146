"""The fence around decoding: one message is lost to an error in the hub, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
from pydantic_core import PydanticCustomError

from hub.clock import HeldClock
from hub.messages import Code, Reading, Rejection
from hub.pipeline.decode import Decoder
from hub.pipeline.fence import DecodeFence
from hub.testing.memory_source import MemorySource
from schemas import Domain, Kind, KindSpec, Label, Unit, choice, number
from tests.lines import line_of
from tests.pipeline.station import GOOD, T1, Station, started

AT = 1_760_000_000 * 10**9
TOPIC = "smartlife/v1/b1/oddity/o1"


class PanicException(BaseException):
    """As pyo3 raises it when Rust panics."""


class Oddity(Kind, domain=Domain.IOT, interval=1.0, en="Oddity", ko="별난 것"):
    """What no kind of the catalogue is: it requires nothing, and a choice holds a comma."""

    heat: Literal["low, slow", "high"] | None = choice(
        {"low, slow": Label("Low", "약"), "high": Label("High", "강")},
        en="Heat",
        ko="열",
        optional=True,
    )
    power: float | None = number(0, 9, Unit.WATT, en="Power", ko="전력", optional=True)


@pytest.fixture
def odd() -> Decoder:
    spec = KindSpec(
        "oddity", Domain.IOT, 1.0, Label("Oddity", "별난 것"), Oddity.fields_, {}, "", "", Oddity
    )
    return Decoder("smartlife/v1", {"oddity": spec})


def test_a_choice_may_hold_a_comma(odd: Decoder):
    reading = odd.decode(TOPIC, b'{"heat": "low, slow", "power": 1}', AT)
    assert isinstance(reading, Reading)
    assert line_of(reading).partition(b" ")[2] == f'heat="low, slow",power=1.0 {AT}'.encode()


@pytest.mark.parametrize(
    ("payload", "holds"),
    [
        (b"{}", "nothing"),
        (b'{"power": null}', "nothing"),
        (b'{"ts": 1760000000}', "nothing"),
        (b'{"x": 1, "y": 2}', "only x, y"),
        (b'{"x": 1, "heat": null}', "only x"),
        (b'{"x": "' + b"-" * 5_000 + b'"}', "only x"),
    ],
)
def test_a_payload_without_a_field_of_the_kind_is_rejected(
    odd: Decoder, payload: bytes, holds: str
):
    for _ in range(2):
        rejection = odd.decode(TOPIC, payload, AT)
        assert isinstance(rejection, Rejection)
        assert rejection.code is Code.SCHEMA
        assert rejection.message.en == (
            f"the payload holds {holds}; send at least one of heat, power"
        )


@pytest.fixture
async def station(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Station]:
    async with started(tmp_path / "outbox.db", clock) as station:
        await station.intake.on_session_lost()
        yield station


@pytest.mark.parametrize(
    "exc",
    [
        TypeError("not all arguments converted"),
        RecursionError("maximum recursion depth exceeded"),
        MemoryError(),
        PydanticCustomError("odd", "odd"),
        PanicException("called `Option::unwrap()` on a `None` value"),
    ],
    ids=lambda exc: type(exc).__name__,
)
async def test_an_error_costs_its_message_and_no_other(
    station: Station, caplog: pytest.LogCaptureFixture, exc: BaseException
):
    decode = station.intake._decode

    def fail(topic: str, payload: bytes, *more: Any) -> object:
        if payload == b"x":
            raise exc
        return decode(topic, payload, *more)

    station.intake._decode = fail  # type: ignore[assignment]
    source = MemorySource(station.intake.receive)
    source.send([source.message(T1, payload) for payload in (GOOD, b"x", b"x", b"x", GOOD)])
    await station.settled()
    assert source.acknowledged == [1, 2, 3, 4, 5]
    assert station.outcome == {"accepted": 2, "rejected": 3}
    kept = await station.outbox.rejections(None, 10)
    assert [item["code"] for item in kept] == ["internal"] * 3
    assert kept[0]["message"] == "internal error; see the hub's log"
    assert kept[0]["payload"] == "x"
    assert station.intake._fence.caught == 3
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.exc_info
    assert record.exc_info[1] is exc
    assert T1 in record.getMessage()


@pytest.mark.parametrize("end", [KeyboardInterrupt, asyncio.CancelledError, SystemExit])
def test_an_end_is_no_error(end: type[BaseException]):
    fence = DecodeFence("smartlife/v1", lambda: 0.0)
    with pytest.raises(end):
        fence.rejection(end(), T1, b"", AT)
    assert fence.caught == 0


def raised(where: str, number: int = 1) -> BaseException:
    """An error as raised at a line of a file."""
    space: dict[str, Any] = {}
    exec(compile("\n" * number + "def fail(): raise ValueError", where, "exec"), space)
    try:
        space["fail"]()
    except ValueError as exc:
        return exc
    raise AssertionError


def test_each_place_is_told_at_once_and_again_with_pauses_that_grow(
    caplog: pytest.LogCaptureFixture,
):
    now = 0.0
    fence = DecodeFence("smartlife/v1", lambda: now)
    for _ in range(1_000):
        for place in ("a.py", "b.py"):
            fence.rejection(raised(place), T1, b"", AT)
        now += 0.125
    assert len(caplog.records) == 2 * 7  # at 0, 1, 3, 7, 15, 31 and 63 s of 125
    assert "1 times" not in caplog.records[0].getMessage()
    assert "7 times more" in caplog.records[2].getMessage()


def test_the_places_are_bounded():
    fence = DecodeFence("smartlife/v1", lambda: 0.0)
    for line in range(300):
        fence.rejection(raised("a.py", line), T1, b"", AT)
    assert len(fence._places) == 100
    assert fence.caught == 300


def test_a_topic_that_is_the_trouble_is_no_trouble_to_the_fence(
    monkeypatch: pytest.MonkeyPatch,
):
    def fail(*_: object) -> NoReturn:
        raise RecursionError

    monkeypatch.setattr("hub.topics.parse", fail)
    rejection = DecodeFence("smartlife/v1", lambda: 0.0).rejection(
        ValueError(), "x" * 999, b"\xff", AT
    )
    assert (rejection.code, rejection.topic, rejection.address) == (Code.INTERNAL, "x" * 256, None)


def test_the_rejection_names_booth_and_device():
    rejection = DecodeFence("smartlife/v1", lambda: 0.0).rejection(ValueError(), T1, GOOD, AT)
    assert rejection.address == ("b12", "thermostat", "t1")
    assert rejection.booth == "b12"
