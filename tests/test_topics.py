"""Topics: any text is read without raising, and what is read can be written again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub import topics
from hub.topics import Address, BadTopic, Topic

ROOT = "smartlife/v1"
ADDRESSES = st.builds(
    Address,
    st.from_regex(topics.BOOTH, fullmatch=True),
    st.from_regex(topics.KIND, fullmatch=True),
    st.from_regex(topics.DEVICE, fullmatch=True),
)
LEAVES = st.sampled_from([None, "status", "errors", "receipts"])
#: What a hostile client may send: pieces of good topics, separators, and anything else.
PIECES = st.sampled_from([*"/+#$ \0\n", "smartlife", "v1", "b12", "thermostat", "status", "t1"])
HOSTILE = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)
B12 = Address("b12", "thermostat", "t1")


@given(ADDRESSES, LEAVES)
def test_every_address_is_read_back(address: Address, leaf: str | None):
    assert topics.parse(ROOT, topics.topic_of(ROOT, address, leaf)) == Topic(address, leaf)


@given(HOSTILE | HOSTILE.map(lambda text: f"{ROOT}/{text}") | st.text())
@example("")
@example("/")
@example("smartlife/v1//////")
@example("smartlife/v1/b12/thermostat/t1\n")
def test_any_text_is_read_without_raising(text: str):
    read = topics.parse(ROOT, text)
    if isinstance(read, Topic):
        assert topics.topic_of(ROOT, read.address, read.leaf) == text
    else:
        assert read.message.en
        assert read.message.ko
        assert read.booth is None or topics.BOOTH.fullmatch(read.booth)


@given(HOSTILE)
def test_what_is_told_about_a_bad_topic_is_short_and_printable(text: str):
    read = topics.parse(ROOT, f"{ROOT}/b12/thermostat/{text}")
    if isinstance(read, BadTopic):
        assert len(read.message.en) < 300
        assert read.message.en.isprintable()


@given(st.sampled_from(["a", "a/b/c", "공간/v1", "{root}/{0}", "x" * 200]), ADDRESSES)
def test_any_root_will_do(root: str, address: Address):
    assert topics.parse(root, topics.topic_of(root, address)) == Topic(address, None)


OWN = "smartlife/v1/b12/thermostat/t1"


def test_receipts_may_go_below_the_devices_own_topic():
    assert topics.may_answer_to(ROOT, B12, f"{OWN}/receipts")
    assert topics.may_answer_to(ROOT, B12, f"{OWN}/4711/receipts")
    deepest = f"{OWN}/{'a/' * 194}receipts"
    assert deepest.count("/") == 199
    assert topics.may_answer_to(ROOT, B12, deepest)


def test_a_deep_topic_of_receipts_is_the_devices():
    assert topics.parse(ROOT, f"{OWN}/a/b/receipts") == Topic(B12, "receipts")


FORBIDDEN = {
    "an empty topic": "",
    "the root": "smartlife/v1",
    "its own readings": "smartlife/v1/b12/thermostat/t1",
    "another device's readings": "smartlife/v1/b12/thermostat/t2",
    "its own status": "smartlife/v1/b12/thermostat/t1/status",
    "its own errors": "smartlife/v1/b12/thermostat/t1/errors",
    "outside the root": "answers/b12/4711",
    "a root that only begins the same": "smartlife/v10/b12/thermostat/t1/receipts",
    "the receipts of another device of the booth": "smartlife/v1/b12/drone/d1/receipts",
    "below its own topic, but no receipts": "smartlife/v1/b12/thermostat/t1/receipts/a",
    "a level that only ends the same": "smartlife/v1/b12/thermostat/t1/ereceipts",
    "more levels than brokers take": "smartlife/v1/b12/thermostat/t1/" + "a/" * 195 + "receipts",
    "longer than a topic can be": f"smartlife/v1/b12/thermostat/t1/{'가' * 21_835}/receipts",
    "another booth's readings": "smartlife/v1/b1/thermostat/t1",
    "another booth's receipts": "smartlife/v1/b1/thermostat/t1/receipts",
    "a booth whose name only begins the same": "smartlife/v1/b123/thermostat/t1/receipts",
    "a device called receipts": "smartlife/v1/b12/thermostat/receipts",
    "the receipts of no device": "smartlife/v1/b12/receipts",
    "the broker's control": "$CONTROL/dynamic-security/v1",
    "the broker's own topics": "$SYS/broker",
    "a shared subscription": "$share/g/x",
    "a wildcard for one level": "smartlife/v1/b12/thermostat/t1/+/receipts",
    "a wildcard for the rest": "smartlife/v1/b12/thermostat/t1/#/receipts",
    "a NUL": "smartlife/v1/b12/thermostat/t1/\0/receipts",
}


def test_receipts_never_borrow_the_hubs_rights():
    answered = [what for what, topic in FORBIDDEN.items() if topics.may_answer_to(ROOT, B12, topic)]
    assert answered == []


@given(HOSTILE.map(lambda text: f"{ROOT}/{text}"), ADDRESSES)
def test_no_receipt_is_a_reading_or_a_state(text: str, address: Address):
    if topics.may_answer_to(ROOT, address, text):
        read = topics.parse(ROOT, text)
        assert isinstance(read, Topic)
        assert read.leaf == "receipts"


@pytest.mark.parametrize(
    ("pattern", "topic", "fits"),
    [
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/+/c", "a/b/c", True),
        ("a/+", "a", False),
        ("a/+", "a/b/c", False),
        ("#", "$SYS/x", False),
        ("a/b", "a/b", True),
    ],
)
def test_a_filter_matches_topics(pattern: str, topic: str, fits: bool):
    assert topics.matches(pattern, topic) is fits


@pytest.mark.parametrize(
    ("pattern", "topic", "found"),
    [
        ("a/+/#", "a/b/c/d", ["b", "c/d"]),
        ("a/#", "a", [""]),
        ("+/+", "a/", ["a", ""]),
        ("a/b", "a/b", []),
        ("a/+", "a/b/c", None),
        ("+/x", "$a/x", None),
    ],
)
def test_wildcards_stand_for_levels(pattern: str, topic: str, found: list[str] | None):
    assert topics.wildcards(pattern, topic) == found


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "is empty"),
        ("a/b#", "no whole level"),
        ("a/+b", "no whole level"),
        ("#/a", "not its last level"),
        ("+/a/#", None),
        ("/", None),
    ],
)
def test_what_is_no_filter_is_told(pattern: str, why: str | None):
    fault = topics.bad_filter(pattern)
    assert fault is None if why is None else why in str(fault)


@pytest.mark.parametrize(
    ("one", "other", "do"),
    [
        ("a/#", "a/b", True),
        ("a/#", "a", True),
        ("a/+/c", "a/b/+", True),
        ("a/b", "a/c", False),
        ("a/+", "a/b/c", False),
        ("a/+/#", "a/b/c/d", True),
    ],
)
def test_two_filters_overlap(one: str, other: str, do: bool):
    assert topics.overlap(one, other) is do
    assert topics.overlap(other, one) is do
