"""Messages that were rejected before their kind was declared are taken in, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.pipeline import reconsideration
from hub.pipeline.reconsideration import Reconsidered
from hub.pipeline.rejections import SHOWN
from hub.testing.hub import HeldHub, held_hub
from hub.testing.outcome import at_once

TEA = json.dumps(
    {
        "$id": "urn:smartlife:kind:tea_robot",
        "title": "Tea robot",
        "type": "object",
        "properties": {"cups": {"title": "Cups", "type": "integer", "minimum": 0, "maximum": 999}},
        "required": ["cups"],
        "examples": [{"cups": 3}],
        "x-domain": "robotics",
        "x-interval": 5,
    }
).encode()


def _accept(hub: HeldHub, booth: str | None = None) -> Reconsidered:
    reconsideration = hub._hub.parts.reconsideration
    assert reconsideration is not None
    found: Reconsidered = at_once(reconsideration.accept("tea_robot", booth))
    hub._settle()
    return found


def _declare(hub: HeldHub) -> None:
    at_once(hub._hub.changes.declare(TEA))


def _balanced(hub: HeldHub) -> None:
    found = hub.accounts.as_json()
    outcomes = ("accepted", "rejected", "duplicate", "ignored")
    assert found["received"] == sum(found[name] for name in outcomes)
    kept = ("stored", "merged", "waiting", "refused")
    assert found["readings"] == sum(found[name] for name in kept)


def test_a_message_at_which_the_decoder_fails_does_not_stand_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with held_hub(tmp_path) as hub:
        for cups in (1, 2, 3):
            hub.publish("b12/tea_robot/r1", {"cups": cups})
        _declare(hub)
        decoder = hub._hub.changes._decoder
        decode = decoder.decode

        def fails(topic: str, payload: bytes, *rest: Any, **named: Any) -> Any:
            if payload == b'{"cups": 2}':
                raise ZeroDivisionError
            return decode(topic, payload, *rest, **named)

        monkeypatch.setattr(decoder, "decode", fails)
        assert _accept(hub) == Reconsidered(taken=2, rejected=1)


def test_what_was_rejected_is_stored_at_its_time_of_arrival_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reconsideration, "PIECE", 2)
    with held_hub(tmp_path) as hub:
        for cups in range(5):
            hub.publish("b12/tea_robot/r1", {"cups": cups})
        sent_at = hub.clock.now()
        hub.advance(60)
        _declare(hub)
        assert _accept(hub) == Reconsidered(taken=5)
        rows = hub.readings("tea_robot")
        assert [row.fields["cups"] for row in rows] == [0, 1, 2, 3, 4]
        assert all(abs(row.ts - sent_at) < 1_000_000 for row in rows)
        assert _accept(hub) == Reconsidered()
        assert len(hub.readings("tea_robot")) == 5
        assert hub.rejections() == []
        assert (hub.accounts.rejected, hub.accounts.accepted, hub.accounts.readings) == (5, 0, 5)
        _balanced(hub)


def test_what_still_does_not_fit_stays_rejected_and_what_is_not_whole_is_told(tmp_path: Path):
    with held_hub(tmp_path) as hub:
        hub.publish("b12/tea_robot/r1", {"cups": -1})
        hub.publish("b12/tea_robot/r1", {"cups": 1, "note": "x" * SHOWN})
        hub.publish("b12/coffee_robot/r1", {"cups": 1})
        hub.publish("b12/tea_robot/r1", {"cups": 1})
        _declare(hub)
        assert _accept(hub) == Reconsidered(taken=1, rejected=1, cut=1)
        assert len(hub.rejections()) == 3
        _balanced(hub)


def test_only_one_booth_s_are_taken_in_if_it_is_named(tmp_path: Path):
    with held_hub(tmp_path) as hub:
        hub.publish("b12/tea_robot/r1", {"cups": 1})
        hub.publish("b13/tea_robot/r1", {"cups": 2})
        _declare(hub)
        assert _accept(hub, "b13").taken == 1
        assert [row.tags["booth"] for row in hub.readings("tea_robot")] == ["b13"]
        assert [item["booth"] for item in hub.rejections()] == ["b12"]


def test_the_names_of_its_devices_count_like_any_other(tmp_path: Path):
    with held_hub(tmp_path, quota_devices=1) as hub:
        hub.publish("b12/tea_robot/r1", {"cups": 1})
        hub.publish("b12/tea_robot/r2", {"cups": 2})
        _declare(hub)
        assert _accept(hub) == Reconsidered(taken=1, rejected=1)
