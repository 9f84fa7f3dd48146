"""The search by structure: readings made from what the kinds declare, good ones and one fault.

What is good by its declaration must be accepted as it was sent; what has a fault must be rejected
for just that field.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from fuzz.findings import Outcome, resident
from fuzz.seeds import TOPIC_ROOT
from fuzz.targets import ARRIVAL, check_reading, check_rejection
from hub.messages import Code, Reading, Rejection
from hub.pipeline.decode import Decoder
from schemas import FieldSpec, FieldType, KindSpec, kinds

_LINE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
_JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
BOOTHS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)
DEVICES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", fullmatch=True)


def value(field: FieldSpec) -> st.SearchStrategy[Any]:
    """Return the values that a field declares."""
    if field.choices:
        return st.sampled_from(list(field.choices))
    if field.type is FieldType.STRING:
        return st.text(_LINE, max_size=field.max_length)
    if field.type is FieldType.BOOLEAN:
        return st.booleans()
    low, high = field.minimum, field.maximum
    assert low is not None
    assert high is not None
    whole = st.integers(int(-(-low // 1)), int(high // 1))
    return whole if field.type is FieldType.INTEGER else whole | st.floats(low, high)


def wrong(field: FieldSpec) -> st.SearchStrategy[Any]:
    """Return values that a field does not take."""
    if field.choices:
        return _JUNK.filter(lambda got: got is not None and got not in list(field.choices or ()))
    if field.type is FieldType.STRING:
        return st.just("\n") | _JUNK.filter(
            lambda got: got is not None and not isinstance(got, str)
        )
    if field.type is FieldType.BOOLEAN:
        return _JUNK.filter(lambda got: got is not None and not isinstance(got, bool))
    assert field.maximum is not None
    above = st.floats(field.maximum * 2 + 1, allow_infinity=False)
    return above | _JUNK.filter(lambda got: got is not None and not isinstance(got, int | float))


@st.composite
def readings(draw: st.DrawFn, kind: KindSpec) -> dict[str, Any]:
    """Draw a payload that the kind declares, optional fields left out, null or given."""
    fields: dict[str, Any] = {}
    for field in kind.fields:
        if field.required or draw(st.booleans()):
            null = not field.required and draw(st.integers(0, 4)) == 0
            fields[field.name] = None if null else draw(value(field))
    return fields


class Structured:
    """Tries messages on one decoder and counts what became of them."""

    def __init__(self) -> None:
        self._decoder = Decoder(TOPIC_ROOT, kinds(), 200)
        self.outcome = Outcome("structured")

    def try_out(self, data: st.DataObject) -> None:
        """Draw one message and check what becomes of it."""
        kind = data.draw(st.sampled_from(list(kinds().values())))
        topic = f"{TOPIC_ROOT}/{data.draw(BOOTHS)}/{kind.name}/{data.draw(DEVICES)}"
        fields = data.draw(readings(kind))
        if data.draw(st.integers(0, 2)):
            self._good(topic, fields, data.draw(st.booleans()))
            return
        field = data.draw(st.sampled_from(kind.fields))
        self._faulty(topic, fields | {field.name: data.draw(wrong(field))}, field)

    def _good(self, topic: str, fields: Mapping[str, Any], ascii_only: bool) -> None:
        payload = json.dumps(fields, ensure_ascii=ascii_only).encode()
        self.outcome.inputs += 1
        verdict = self._decoder.decode(topic, payload, ARRIVAL)
        assert isinstance(verdict, Reading), (topic, payload, verdict)
        sent = {name: got for name, got in fields.items() if got is not None}
        assert verdict.fields == sent
        check_reading(verdict, payload)
        self.outcome.ended["accepted"] += 1

    def _faulty(self, topic: str, fields: Mapping[str, Any], field: FieldSpec) -> None:
        payload = json.dumps(fields).encode()
        self.outcome.inputs += 1
        verdict = self._decoder.decode(topic, payload, ARRIVAL)
        if isinstance(verdict, Reading):  # an optional number outside its range costs only itself
            left_out = [note.field for note in verdict.remarks.notes if note.code == "out_of_range"]
            assert left_out == [field.name], (topic, payload, verdict)
            assert field.name not in verdict.fields
            assert not field.required
            check_reading(verdict, payload)
            self.outcome.ended["left out"] += 1
            return
        assert isinstance(verdict, Rejection), (topic, payload, verdict)
        check_rejection(verdict)
        if verdict.code is Code.SCHEMA:  # half a surrogate pair is no JSON in UTF-8
            assert [fault.field for fault in verdict.errors] == [field.name], (payload, verdict)
        self.outcome.ended[f"rejected: {verdict.code.value}"] += 1


def run(count: int, number: int) -> Outcome:
    """Search with about `count` messages; `number` is the seed."""
    search = Structured()
    outcome = search.outcome
    started = time.monotonic()
    outcome.rss_before = resident()
    searched = given(st.data())(search.try_out)
    searched = seed(number)(searched)
    searched = settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )(searched)
    try:
        searched()
    except BaseException as exc:
        outcome.note(str(exc).encode(), exc)
    outcome.seconds = time.monotonic() - started
    outcome.rss_after = resident()
    return outcome
