"""The short form of the searches: always the same inputs, and nothing may be found."""

from pathlib import Path

import pytest

from fuzz import flow, search, structured
from fuzz.findings import Outcome
from fuzz.seeds import seeds
from fuzz.targets import targets

RUNS = 1_500


def test_there_is_a_search_for_each_way_in():
    assert set(search.ALL) == {*targets(), "flow", "structured"}


# Not packets: the codec panics in Rust, and Python tells of that in its way.
@pytest.mark.parametrize("target", [name for name in targets() if name != "packet"])
def test_what_a_search_begins_with_breaks_nothing(target: str):
    check, outcome = targets()[target], Outcome(target)
    for data in seeds(target):
        outcome.try_out(check, data)
    assert outcome.findings == {}
    assert outcome.inputs > 20


@pytest.mark.skipif(not search.guided(), reason=search.LEFT_OUT)
@pytest.mark.parametrize("target", ["payload", "packet"])
def test_a_search_guided_by_coverage_finds_nothing(target: str, tmp_path: Path):
    outcome = search.by_bytes(target, RUNS, 7, tmp_path)
    assert outcome.findings == {}
    assert outcome.inputs == sum(outcome.ended.values()) == RUNS
    assert outcome.edges > 20


def test_the_whole_way_accounts_for_every_message():
    outcome = flow.run(3_000, 7)
    assert outcome.findings == {}
    assert outcome.inputs == 3_000
    ended = outcome.ended
    assert ended["stored"] + ended["merged"] == ended["accepted"] > ended["merged"] > 0
    assert outcome.ended["duplicate"] > 0


def test_readings_made_from_what_kinds_declare_are_taken_and_faults_are_named():
    outcome = structured.run(60, 7)
    assert outcome.findings == {}
    assert outcome.ended["accepted"] > 0
    assert outcome.ended["rejected: schema"] > 0


def test_a_finding_is_kept_and_the_search_goes_on():
    def check(data: bytes) -> str:
        if data == b"bad":
            raise BaseException("a panic")  # noqa: TRY002 - as pyo3 raises
        return "taken"

    outcome = Outcome("example")
    for data in (b"good", b"bad", b"bad", b"good"):
        outcome.try_out(check, data)
    assert outcome.ended == {"taken": 2, "finding": 2}
    (finding,) = outcome.findings.values()
    assert finding == {"said": "BaseException: a panic", "input": "YmFk"}


def test_without_atheris_the_searches_that_need_it_are_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "guided", lambda: False)
    found = search.run(2_000, 7, ["topic", "structured"], lambda _: None)
    assert [outcome.target for outcome in found] == ["structured"]
