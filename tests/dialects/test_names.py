"""The ids of devices whose makers and owners name them otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.dialects import DIALECTS, Dialect
from hub.dialects.mapping.names import LONGEST, bounded, device_id
from hub.topics import DEVICE


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("plug1", "plug1"),
        ("shellyplus1-441793ab3fb4", "shellyplus1-441793ab3fb4"),
        ("A4:C1:38:6E:4A:E8", "A4-C1-38-6E-4A-E8"),
        ("living room/lamp", "living-room-lamp-051eb609"),
        ("거실 전구", "device-e86eb563"),
        ("", "device-e3b0c442"),
    ],
)
def test_a_name_becomes_an_id(name: str, id_: str):
    assert device_id(name) == id_


@given(st.lists(st.text(max_size=80), unique=True, min_size=2, max_size=8))
def test_different_names_have_different_ids(names: list[str]):
    ids = [device_id(name) for name in names]
    assert len({*ids}) == len(names)
    assert all(DEVICE.fullmatch(id_) for id_ in ids)


def test_a_name_that_looks_like_an_id_that_was_made_gets_another():
    made = device_id("거실 전구")
    assert device_id(made) != made


@given(st.text(min_size=200, max_size=600), st.text(min_size=200, max_size=600))
def test_a_name_is_kept_in_bounded_length_and_stays_its_own(one: str, other: str):
    assert len(bounded(one)) <= LONGEST
    assert (bounded(one) == bounded(other)) is (one == other)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_sample_is_below_what_is_set_in_the_device(dialect: Dialect):
    """Else the page would show topics that no device publishes to that was set up by it."""
    start = f"{{root}}/{{booth}}/{dialect.name}/"
    said = [step.value.rpartition(" ")[2] for step in dialect.setup]
    prefixes = [value.partition("%")[0].partition("…")[0] for value in said if start[:-1] in value]
    topic = start + dialect.sample[0]
    literal = [prefix.partition("{{")[0] for prefix in prefixes]
    assert any(topic.startswith(prefix) for prefix in literal), (topic, prefixes)
