"""Decoding: any message whatever comes to a verdict, and nothing is remembered without bound."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages import Reading, Rejection, Status
from hub.pipeline import decode as decode_module
from hub.pipeline.batch import held
from hub.pipeline.decode import Decoder
from schemas import KindSpec
from schemas import kinds as catalogue
from tests.lines import line_of

ARRIVAL = 1_760_000_000 * 10**9
ROOT = "smartlife/v1"
TOPICS = st.one_of(
    st.text(),
    st.builds(
        "/".join,
        st.lists(
            st.sampled_from(["smartlife", "v1", "b12", "thermostat", "vision_ai", "t1", "status"])
            | st.text(max_size=4),
            max_size=8,
        ),
    ),
    st.builds(
        "smartlife/v1/b1/{}/t1{}".format,
        st.sampled_from(list(catalogue())),
        st.sampled_from(["", "", "", "/status", "/errors", "/x"]),
    ),
)
NAMES = st.sampled_from(
    ["ts", *{spec.name for kind in catalogue().values() for spec in kind.fields}]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**320), 10**320)
    | st.floats()
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(NAMES | st.text(), VALUES, max_size=6)
PAYLOADS = st.one_of(
    st.binary(),
    OBJECTS.map(lambda said: json.dumps(said).encode()),
    OBJECTS.map(lambda said: json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    VALUES.map(lambda said: json.dumps(said).encode()),
    st.builds(lambda said, cut: json.dumps(said).encode()[:cut], OBJECTS, st.integers(0, 200)),
)


@given(TOPICS, PAYLOADS, st.booleans())
def test_every_message_comes_to_a_verdict(
    decoder: Decoder, topic: str, payload: bytes, retain: bool
):
    verdict = decoder.decode(topic, payload, ARRIVAL, retain)
    assert verdict is None or isinstance(verdict, Reading | Rejection | Status)
    if isinstance(verdict, Rejection):
        told = json.dumps(verdict.as_json(), ensure_ascii=False, allow_nan=False).encode()
        assert len(told) < 64 * 1024
        assert verdict.message.en
        assert verdict.message.ko
    if isinstance(verdict, Reading):
        assert ARRIVAL - 7 * 86_400 * 10**9 <= verdict.ts <= ARRIVAL + 60 * 10**9
        line_of(verdict).decode()
        json.dumps(verdict.fields, ensure_ascii=False, allow_nan=False).encode()
        json.dumps(verdict.ignored, ensure_ascii=False).encode()


@given(PAYLOADS)
def test_the_second_message_of_a_device_is_judged_like_the_first(
    kinds: Mapping[str, KindSpec], payload: bytes
):
    decoder = Decoder(ROOT, kinds)
    topic = "smartlife/v1/b12/thermostat/t1"
    assert repr(decoder.decode(topic, payload, ARRIVAL)) == repr(
        decoder.decode(topic, payload, ARRIVAL)
    )


@pytest.mark.parametrize("kind", catalogue())
def test_every_kinds_example_is_stored(kinds: Mapping[str, KindSpec], decoder: Decoder, kind: str):
    payload = json.dumps(dict(kinds[kind].example)).encode()
    reading = decoder.decode(f"{ROOT}/b12/{kind}/d1", payload, ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.fields == dict(kinds[kind].example)
    assert reading.ignored == ()


def test_a_topic_that_was_forgotten_is_met_again(kinds: Mapping[str, KindSpec]):
    decoder = Decoder(ROOT, kinds, limit=3)
    topics = [f"{ROOT}/b12/thermostat/t{number}" for number in range(10)]
    for topic in topics * 2:
        reading = decoder.decode(topic, b'{"temperature": 21.5}', ARRIVAL)
        assert isinstance(reading, Reading)
        assert reading.address.device == topic.rsplit("/", 1)[1]
    assert len(decoder._routes) == 3


def test_a_booth_with_ever_new_names_pushes_out_no_other_s_route(kinds: Mapping[str, KindSpec]):
    decoder = Decoder(ROOT, kinds, limit=10)
    topics = [f"{ROOT}/b12/thermostat/t{number}" for number in range(3)]
    topics += [f"{ROOT}/b13/thermostat/t{number}" for number in range(100)]
    for topic in topics:
        decoder.decode(topic, b'{"temperature": 21.5}', ARRIVAL)
    assert len(decoder._routes) == 10
    assert all(decoder._routes.get(topic) is not None for topic in topics[:3])


def test_a_strangers_names_are_not_remembered_without_bound(kinds: Mapping[str, KindSpec]):
    decoder = Decoder(ROOT, kinds)
    topic = f"{ROOT}/b12/thermostat/t1"
    for number in range(100):
        names = {f"{number}-{n}-{'x' * 1000}": n for n in range(50)}
        reading = decoder.decode(topic, json.dumps({"temperature": 1, **names}).encode(), ARRIVAL)
        assert isinstance(reading, Reading)
        assert len(reading.ignored) == 10
        decoder.decode(topic, json.dumps({"temperature": 1, f"x{number}": 1}).encode(), ARRIVAL)
    (route,) = decoder._routes.values()
    remembered = route.own
    assert remembered is not None
    assert 0 < len(remembered) <= 8
    assert sum(len(name) for names in remembered for name in names) < 8 * 1024
    assert not route.shapes, "what one device makes up is not kept for all of its kind"


def test_all_devices_of_a_kind_share_what_is_known_of_a_payload(kinds: Mapping[str, KindSpec]):
    """Of 10,000 devices each would have its own, and none of it in the processor's cache."""
    decoder = Decoder(ROOT, kinds)
    headers = set()
    for number in range(3):
        topic = f"{ROOT}/b{number}/thermostat/t1"
        reading = decoder.decode(topic, b'{"temperature": 1, "humidity": 2}', ARRIVAL)
        assert isinstance(reading, Reading)
        headers.add(id(reading.header))
    assert len(headers) == 1


def test_payloads_beyond_those_that_a_kind_remembers_are_remembered_by_device(
    kinds: Mapping[str, KindSpec], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(decode_module, "HEADERS", 2)
    decoder = Decoder(ROOT, kinds)

    def shapes(device: str, *names: str) -> tuple[int, int]:
        payload = json.dumps(dict.fromkeys(names, 20)).encode()
        topic = f"{ROOT}/b12/thermostat/{device}"
        for _ in range(2):
            assert isinstance(decoder.decode(topic, payload, ARRIVAL), Reading)
        route = decoder._routes.get(topic)
        assert route is not None
        return len(route.shapes), len(route.own or ())

    assert shapes("t1", "temperature") == (1, 0)
    assert shapes("t1", "temperature", "humidity") == (2, 0)
    assert shapes("t1", "humidity", "temperature") == (2, 0), "their order is the kind's"
    assert shapes("t1", "battery", "temperature") == (2, 1), "kept for itself"
    assert shapes("t2", "temperature") == (2, 0), "which is still known"


def test_bad_topics_are_not_remembered(kinds: Mapping[str, KindSpec]):
    decoder = Decoder(ROOT, kinds)
    for number in range(100):
        decoder.decode(f"{ROOT}/b12/nothing/t{number}", b"{}", ARRIVAL)
        decoder.decode(f"{ROOT}/b12/thermostat/t{number}/status", b"online", ARRIVAL)
        decoder.decode(f"{ROOT}/{number}", b"{}", ARRIVAL)
    assert len(decoder._routes) == 0


@pytest.mark.parametrize(("size", "found"), [(1_024, Status), (1_025, Rejection)])
def test_a_status_has_at_most_1024_bytes(decoder: Decoder, size: int, found: type):
    said = b'{"state": "online"%b}' % (b" " * (size - 19))
    assert len(said) == size
    assert isinstance(decoder.decode(f"{ROOT}/b12/thermostat/t1/status", said, ARRIVAL), found)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b" " * 2_000 + b"online" + b"\0" * 2_000, Status),
        (b"online" + b" " * 2_000 + b"or not", Rejection),
    ],
)
def test_padding_of_a_status_may_be_long_and_hides_nothing(
    decoder: Decoder, payload: bytes, found: type
):
    assert isinstance(decoder.decode(f"{ROOT}/b12/thermostat/t1/status", payload, ARRIVAL), found)


@pytest.mark.parametrize(("latitude", "swapped"), [(180, True), (-180, True), (180.5, False)])
def test_a_latitude_that_may_be_a_longitude_is_said_to_be_one(
    decoder: Decoder, latitude: float, swapped: bool
):
    said = {"latitude": latitude, "longitude": 37.5, "altitude": 30}
    rejection = decoder.decode(f"{ROOT}/b12/drone/d1", json.dumps(said).encode(), ARRIVAL)
    assert isinstance(rejection, Rejection)
    assert ("latitude and longitude swapped" in rejection.message.en) == swapped


def test_a_retained_message_of_a_known_device_is_ignored_too(decoder: Decoder):
    topic, payload = f"{ROOT}/b12/thermostat/t1", b'{"temperature": 21.5}'
    assert isinstance(decoder.decode(topic, payload, ARRIVAL), Reading)
    assert decoder.decode(topic, payload, ARRIVAL, retain=True) is None


def test_the_receipt_of_a_reading_names_the_time_it_was_kept_under(decoder: Decoder):
    payload = b'{"temperature": 21.5, "ts": 1759999990123456789}'
    reading = decoder.decode(f"{ROOT}/b12/thermostat/t1", payload, ARRIVAL)
    assert isinstance(reading, Reading)
    assert reading.ts == 1759999990123456789
    assert line_of(reading).endswith(b" 1759999990123456789")


@pytest.mark.parametrize(("times", "merged"), [(16, True), (17, False)])
def test_the_latest_sixteen_times_of_a_device_are_remembered(
    decoder: Decoder, times: int, merged: bool
):
    native = f"{ROOT}/b12/thermostat/of{times}", '{"temperature": 21.5, "ts": %d}'
    tasmota = f"{ROOT}/b12/tasmota/tele/of{times}/SENSOR", '{"Time": %d, "ENERGY": {"Power": 12}}'
    for topic, payload in (native, tasmota):
        found = [
            held(decoder.decode(topic, (payload % (1_759_999_000 + at)).encode(), ARRIVAL))
            for at in (*range(times), 0)
        ]
        said = [reading.remarks.merged for (reading,) in found]
        assert said == [*[False] * times, merged]


@pytest.mark.parametrize("other", [-1, 1], ids=["an older time between", "a newer time between"])
def test_a_time_that_a_device_gave_before_is_merged_into_the_row_it_has(
    decoder: Decoder, other: int
):
    def merged(ts: int) -> bool:
        payload = json.dumps({"temperature": 21.5, "ts": ts}).encode()
        reading = decoder.decode(f"{ROOT}/b12/thermostat/twice{other}", payload, ARRIVAL)
        assert isinstance(reading, Reading)
        return reading.remarks.merged

    times = [ARRIVAL, ARRIVAL, ARRIVAL + other, ARRIVAL, ARRIVAL + other]
    assert [merged(ts) for ts in times] == [False, True, False, True, True]
