"""The catalogue: what each kind declares, what it accepts, and what it promises to others."""

import json
import math
import re
from functools import cache
from types import new_class
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from hub.stores.store import measurements
from schemas import (
    YES_NO,
    Domain,
    Draw,
    FieldSpec,
    FieldType,
    Kind,
    KindSpec,
    Label,
    Unit,
    choice,
    flag,
    kinds,
    number,
    text,
)
from schemas._declaration_checks import OWN_ROWS, check_name
from schemas._kind import INT64_MAX
from tools import schemas as schema_files

KINDS = list(kinds().values())
FIELDS = [(kind, field) for kind in KINDS for field in kind.fields]
NUMBERS = [(kind, field) for kind, field in FIELDS if field.numeric]
INTEGERS = [(kind, field) for kind, field in NUMBERS if field.type is FieldType.INTEGER]
OTHERS = [(kind, field) for kind, field in FIELDS if not field.numeric]
FLAGS = [(kind, field) for kind, field in FIELDS if field.words]
CHOICES = [(kind, field) for kind, field in FIELDS if field.choices]
TEXTS = [(kind, field) for kind, field in FIELDS if field.max_length is not None]
REQUIRED = [(kind, field) for kind, field in FIELDS if field.required]
OPTIONAL = [(kind, field) for kind, field in FIELDS if not field.required]

SHIPPED = {
    "air_quality",
    "body_scale",
    "door_lock",
    "drone",
    "environment_station",
    "ev_charger",
    "humanoid",
    "light",
    "mobile_robot",
    "robot_arm",
    "scooter",
    "shuttle",
    "smart_plug",
    "stream_meter",
    "thermostat",
    "twin_link",
    "vision_ai",
    "wearable",
}
HANGUL = re.compile(r"[가-힣]")
#: What a Korean engineer writes in Latin letters too: CO₂, PM2.5, UV.
ABBREVIATION = re.compile(r"[A-Z]{1,6}[₂₃0-9.]*")


def of_kind(cases: list[KindSpec]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", cases, ids=lambda kind: kind.name)


def of_field(cases: list[tuple[KindSpec, FieldSpec]]) -> pytest.MarkDecorator:
    names = [f"{kind.name}.{field.name}" for kind, field in cases]
    return pytest.mark.parametrize(("kind", "field"), cases, ids=names)


def read(kind: KindSpec, payload: dict[str, Any]) -> Kind:
    """Validate `payload` as it comes from a device: as JSON text."""
    return kind.model.model_validate_json(json.dumps(payload))


def accepts(kind: KindSpec, payload: dict[str, Any]) -> bool:
    try:
        read(kind, payload)
    except ValidationError:
        return False
    return True


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(kinds()[kind].json_schema())


def json_schema_accepts(kind: KindSpec, payload: dict[str, Any]) -> bool:
    return bool(validator(kind.name).is_valid(payload))


def changed(kind: KindSpec, field: FieldSpec, value: Any) -> dict[str, Any]:
    return {**kind.example, field.name: value}


def rejected_fields(kind: KindSpec, payload: dict[str, Any]) -> set[str]:
    with pytest.raises(ValidationError) as caught:
        read(kind, payload)
    return {str(error["loc"][0]) for error in caught.value.errors()}


def bounds(field: FieldSpec) -> tuple[float, float]:
    assert field.minimum is not None
    assert field.maximum is not None
    return field.minimum, field.maximum


# The catalogue as a whole


def test_the_catalogue_has_every_shipped_kind() -> None:
    assert kinds().keys() >= SHIPPED


def test_kinds_are_sorted_by_name() -> None:
    assert list(kinds()) == sorted(kinds())


@pytest.mark.parametrize("domain", Domain, ids=lambda domain: domain.id)
def test_every_domain_has_a_kind(domain: Domain) -> None:
    assert any(kind.domain is domain for kind in KINDS)


@pytest.mark.parametrize("domain", Domain, ids=lambda domain: domain.id)
def test_a_domain_is_named_in_both_languages(domain: Domain) -> None:
    assert domain.label.en
    assert HANGUL.search(domain.label.ko)


def test_no_two_kinds_have_the_same_name() -> None:
    assert len({kind.label.en for kind in KINDS}) == len(KINDS)
    assert len({kind.label.ko for kind in KINDS}) == len(KINDS)


def test_a_field_that_is_not_declared_cannot_be_found() -> None:
    with pytest.raises(KeyError, match="colour"):
        kinds()["thermostat"].field("colour")


# Units


def test_every_unit_is_declared_once() -> None:
    assert len(Unit) == len(Unit.__members__)


def test_no_two_units_share_a_symbol() -> None:
    symbols = [unit.symbol for unit in Unit if unit.symbol]
    assert len(symbols) == len(set(symbols))


def test_no_two_units_share_a_grafana_format() -> None:
    assert len({unit.grafana for unit in Unit}) == len(Unit)


# What a kind declares


@of_kind(KINDS)
def test_a_kind_is_named_in_both_languages(kind: KindSpec) -> None:
    assert kind.label.en[0].isupper()
    assert HANGUL.search(kind.label.ko)


@of_kind(KINDS)
def test_a_kind_says_what_it_is_and_where_its_ranges_come_from(kind: KindSpec) -> None:
    assert kind.about.endswith(".")
    assert len(kind.source.splitlines()) >= 3, "a title, a blank line and the sources"


@of_kind(KINDS)
def test_a_kind_reports_every_tenth_of_a_second_to_every_minute(kind: KindSpec) -> None:
    assert 0.1 <= kind.interval <= 60


@of_kind(KINDS)
def test_the_headline_comes_first_and_is_required(kind: KindSpec) -> None:
    assert kind.fields[0].required


@of_kind(KINDS)
def test_a_simple_device_can_connect(kind: KindSpec) -> None:
    needed = {field.name: kind.example[field.name] for field in kind.fields if field.required}
    assert len(needed) <= 3
    assert accepts(kind, needed)


@of_kind(KINDS)
def test_a_kind_has_five_to_twelve_fields(kind: KindSpec) -> None:
    assert 5 <= len(kind.fields) <= 12


@of_kind(KINDS)
def test_a_map_has_both_coordinates(kind: KindSpec) -> None:
    drawn = {field.name for field in kind.fields if field.draw is Draw.MAP and field.required}
    named = {field.name for field in kind.fields} & {"latitude", "longitude"}
    assert drawn == named
    assert len(named) in {0, 2}


@of_field(FIELDS)
def test_a_field_is_labelled_in_both_languages(kind: KindSpec, field: FieldSpec) -> None:
    assert field.label.en[0].isupper(), kind.name
    assert HANGUL.search(field.label.ko) or ABBREVIATION.fullmatch(field.label.ko)


@of_kind(KINDS)
def test_no_two_fields_of_a_kind_share_a_label(kind: KindSpec) -> None:
    assert len({field.label.en for field in kind.fields}) == len(kind.fields)
    assert len({field.label.ko for field in kind.fields}) == len(kind.fields)


@of_field(NUMBERS)
def test_a_number_has_a_range_that_the_store_can_hold(kind: KindSpec, field: FieldSpec) -> None:
    low, high = bounds(field)
    assert -INT64_MAX <= low < high <= INT64_MAX, kind.name


@of_field(NUMBERS)
def test_a_normal_band_lies_within_the_range(kind: KindSpec, field: FieldSpec) -> None:
    low, high = bounds(field)
    normal_low, normal_high = field.normal or (None, None)
    assert low <= (low if normal_low is None else normal_low), kind.name
    assert (high if normal_high is None else normal_high) <= high
    assert normal_low is None or normal_high is None or normal_low < normal_high


@of_field(OTHERS)
def test_what_is_no_number_has_neither_unit_nor_range(kind: KindSpec, field: FieldSpec) -> None:
    assert (field.unit, field.normal, field.minimum, field.maximum) == (Unit.NONE, None, None, None)
    assert kind.field(field.name) is field


@of_field(CHOICES)
def test_a_choice_is_named_in_both_languages(kind: KindSpec, field: FieldSpec) -> None:
    labels = (field.choices or {}).values()
    assert all(label.en[0].isupper() and HANGUL.search(label.ko) for label in labels), kind.name


@of_kind(KINDS)
def test_a_state_can_follow_a_kinds_name(kind: KindSpec) -> None:
    assert not kind.label.ko.endswith("연결"), "연결 끊김 is what the pages say of a lost device"


def test_that_there_is_no_alarm_is_said_by_more_than_none() -> None:
    words = kinds()["safety_sensor"].field("alarm").words
    assert words is not None
    assert words.false == ("All clear", "이상 없음"), "the headline of a card stands alone"


@of_field(FLAGS)
def test_a_flag_has_its_own_words_in_both_languages(kind: KindSpec, field: FieldSpec) -> None:
    assert field.words is not None
    assert field.words != YES_NO, kind.name
    assert len(set(field.words)) == 2
    for label in field.words:
        assert label.en[0].isupper()
        assert HANGUL.search(label.ko)
        assert label.ko not in field.label.ko.split(), "a label names what the words are said of"


@of_field(CHOICES)
def test_an_alarm_is_one_of_the_choices(kind: KindSpec, field: FieldSpec) -> None:
    assert set(field.alarm) < set(field.choices or ()), kind.name


# The example


@of_kind(KINDS)
def test_the_example_is_accepted(kind: KindSpec) -> None:
    assert read(kind, dict(kind.example)).model_dump() == kind.example


@of_kind(KINDS)
def test_the_example_shows_every_field_in_order(kind: KindSpec) -> None:
    assert list(kind.example) == [field.name for field in kind.fields]


@of_field(NUMBERS)
def test_the_example_is_within_the_normal_band(kind: KindSpec, field: FieldSpec) -> None:
    low, high = field.normal or (None, None)
    value = kind.example[field.name]
    assert low is None or low <= value
    assert high is None or value <= high


@of_field(OTHERS)
def test_the_example_raises_no_alarm(kind: KindSpec, field: FieldSpec) -> None:
    assert kind.example[field.name] not in field.alarm


# What a device may say


@of_field(NUMBERS)
def test_both_ends_of_a_range_are_accepted(kind: KindSpec, field: FieldSpec) -> None:
    assert all(accepts(kind, changed(kind, field, end)) for end in bounds(field))


@of_field(NUMBERS)
def test_a_number_just_beyond_its_range_is_rejected(kind: KindSpec, field: FieldSpec) -> None:
    low, high = bounds(field)
    if field.type is FieldType.INTEGER:
        below, above = low - 1, high + 1
    else:
        below, above = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    assert rejected_fields(kind, changed(kind, field, below)) == {field.name}
    assert rejected_fields(kind, changed(kind, field, above)) == {field.name}


@of_field(NUMBERS)
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(str, id="string"),
        pytest.param(lambda _: True, id="boolean"),
        pytest.param(lambda value: [value], id="array"),
        pytest.param(lambda value: {"value": value}, id="object"),
        pytest.param(lambda _: math.nan, id="NaN"),
        pytest.param(lambda _: math.inf, id="Infinity"),
        pytest.param(lambda _: -math.inf, id="-Infinity"),
        pytest.param(lambda _: 10**400, id="too-large-for-a-double"),
    ],
)
def test_what_is_no_number_is_rejected_as_one(kind: KindSpec, field: FieldSpec, wrong: Any) -> None:
    payload = changed(kind, field, wrong(kind.example[field.name]))
    assert rejected_fields(kind, payload) == {field.name}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_called_so(value: float) -> None:
    with pytest.raises(ValidationError, match="finite number"):
        read(kinds()["thermostat"], {"temperature": value})


@of_field(NUMBERS)
def test_an_integer_is_fine_for_any_number(kind: KindSpec, field: FieldSpec) -> None:
    low, high = bounds(field)
    whole = min(max(math.ceil(low), 0), math.floor(high))
    value = getattr(read(kind, changed(kind, field, whole)), field.name)
    assert type(value) is (int if field.type is FieldType.INTEGER else float)


@of_field(INTEGERS)
def test_an_integer_may_be_written_with_a_zero_fraction(kind: KindSpec, field: FieldSpec) -> None:
    value = getattr(read(kind, changed(kind, field, 3.0)), field.name)
    assert (value, type(value)) == (3, int)


@of_field(INTEGERS)
def test_a_fraction_is_no_integer(kind: KindSpec, field: FieldSpec) -> None:
    assert rejected_fields(kind, changed(kind, field, 3.5)) == {field.name}


@of_field(OTHERS)
@pytest.mark.parametrize("wrong", [1, 0.5, [], {}], ids=repr)
def test_a_number_or_a_structure_is_no_flag_or_word(
    kind: KindSpec, field: FieldSpec, wrong: Any
) -> None:
    assert rejected_fields(kind, changed(kind, field, wrong)) == {field.name}


@of_field(CHOICES)
def test_only_the_declared_words_are_accepted(kind: KindSpec, field: FieldSpec) -> None:
    assert all(accepts(kind, changed(kind, field, word)) for word in field.choices or ())
    assert rejected_fields(kind, changed(kind, field, "sideways")) == {field.name}


@of_field(TEXTS)
@pytest.mark.parametrize("wrong", ["a\nb", "a\n", "\x00", "\x7f"], ids=repr)
def test_a_text_is_one_line(kind: KindSpec, field: FieldSpec, wrong: str) -> None:
    assert rejected_fields(kind, changed(kind, field, wrong)) == {field.name}


@of_field(TEXTS)
def test_a_text_has_a_greatest_length(kind: KindSpec, field: FieldSpec) -> None:
    assert field.max_length is not None
    assert accepts(kind, changed(kind, field, "가" * field.max_length))
    assert not accepts(kind, changed(kind, field, "가" * (field.max_length + 1)))


@of_field(REQUIRED)
def test_a_missing_required_field_is_rejected(kind: KindSpec, field: FieldSpec) -> None:
    payload = {name: value for name, value in kind.example.items() if name != field.name}
    assert rejected_fields(kind, payload) == {field.name}


@of_field(REQUIRED)
def test_a_required_field_is_not_null(kind: KindSpec, field: FieldSpec) -> None:
    assert rejected_fields(kind, changed(kind, field, None)) == {field.name}


@of_field(OPTIONAL)
def test_an_optional_field_may_be_missing_or_null(kind: KindSpec, field: FieldSpec) -> None:
    payload = {name: value for name, value in kind.example.items() if name != field.name}
    assert accepts(kind, payload)
    assert accepts(kind, {**payload, field.name: None})


@of_kind(KINDS)
def test_an_unknown_field_does_not_cost_the_reading(kind: KindSpec) -> None:
    reading = read(kind, {**kind.example, "firmware": "1.2.3"})
    assert reading.model_extra == {"firmware": "1.2.3"}


# The JSON Schema that others validate by


@of_kind(KINDS)
def test_the_json_schema_is_valid(kind: KindSpec) -> None:
    Draft202012Validator.check_schema(kind.json_schema())


@of_kind(KINDS)
def test_the_json_schema_accepts_the_example(kind: KindSpec) -> None:
    validator(kind.name).validate(dict(kind.example))


@of_kind(KINDS)
@pytest.mark.parametrize("ts", ["2026-11-21T10:00:00.5+09:00", 1_795_222_800, 1795222800.5])
def test_the_json_schema_accepts_a_time(kind: KindSpec, ts: Any) -> None:
    assert json_schema_accepts(kind, {**kind.example, "ts": ts})


@of_field(FIELDS)
def test_the_json_schema_tells_unit_and_labels(kind: KindSpec, field: FieldSpec) -> None:
    said = kind.json_schema()["properties"][field.name]
    assert (said["title"], said["title_ko"]) == field.label
    unit = field.unit.symbol or field.unit.name.lower()
    assert said.get("x-unit", "none") == unit
    assert said.get("x-counter", "") == field.counter
    assert set(said.get("x-choices", ())) == set(field.choices or ())
    assert ("x-flag" in said) is (field.words is not None)


@of_field([(kind, field) for kind, field in FIELDS if field.unit is Unit.COUNT])
def test_what_is_counted_has_a_korean_counter(kind: KindSpec, field: FieldSpec) -> None:
    assert re.fullmatch("[가-힣]{1,2}", field.counter)


def values_for(field: FieldSpec) -> st.SearchStrategy[Any]:
    low, high = bounds(field)
    return st.one_of(
        st.floats(low, high),
        st.integers(math.ceil(low), math.floor(high)),
        st.integers(math.ceil(low), math.floor(high)).map(float),
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(),
        st.sampled_from([None, True, False, "", "0", "21.5", -0.0, 1e300, [], {}]),
    )


@of_field(NUMBERS)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_model_and_json_schema_agree(kind: KindSpec, field: FieldSpec, data: st.DataObject) -> None:
    payload = changed(kind, field, data.draw(values_for(field)))
    assert accepts(kind, payload) == json_schema_accepts(kind, payload)


def test_there_is_one_json_file_for_each_kind() -> None:
    assert list(schema_files.files()) == [f"schemas/json/{name}.json" for name in kinds()]


@of_kind(KINDS)
def test_a_json_file_holds_the_schema_for_people_to_read(kind: KindSpec) -> None:
    written = schema_files.files()[f"schemas/json/{kind.name}.json"]
    assert json.loads(written) == kind.json_schema()
    assert written.endswith("}\n")
    assert kind.label.ko in written


# Mistakes in a declaration


KEYWORDS: dict[str, Any] = {
    "domain": Domain.IOT,
    "interval": 1.0,
    "en": "Broken",
    "ko": "고장",
}


def declare(name: str, annotation: Any, declared: Any) -> None:
    """Declare a kind with one field, as a file under `schemas/` would."""
    body = {"__module__": __name__, "__annotations__": {name: annotation}, name: declared}
    new_class("Broken", (Kind,), KEYWORDS, lambda namespace: namespace.update(body))


def a_number() -> Any:
    return number(0, 1, Unit.NONE, en="Value", ko="값")


def on_or_off() -> Any:
    choices = {"on": Label("On", "켜짐"), "off": Label("Off", "꺼짐")}
    return choice(choices, en="Mode", ko="모드", optional=True)


@pytest.mark.parametrize(
    ("name", "annotation", "declared", "says"),
    [
        pytest.param(
            "mode",
            Literal["on", "off", "auto"],
            on_or_off(),
            "mode: the Literal and the choices differ",
            id="the-literal-has-a-word-more",
        ),
        pytest.param(
            "mode",
            Literal["on"] | None,
            on_or_off(),
            "mode: the Literal and the choices differ",
            id="the-choices-have-a-word-more",
        ),
        pytest.param(
            "mode",
            Literal["on", "off"],
            text(8, en="Mode", ko="모드"),
            "mode: the Literal and the choices differ",
            id="a-literal-without-choices",
        ),
        pytest.param(
            "ts",
            float,
            a_number(),
            "ts: not a name for a field",
            id="ts-is-the-time-of-measurement",
        ),
        pytest.param(
            "booth",
            float,
            a_number(),
            "booth: not a name for a field",
            id="booth-is-a-tag",
        ),
        pytest.param(
            "Speed",
            float,
            a_number(),
            "Speed: not a name for a field",
            id="upper-case",
        ),
        pytest.param(
            "samples",
            list[float],
            a_number(),
            r"samples: list\[float\] cannot be stored",
            id="a-list",
        ),
        pytest.param(
            "value",
            float | str,
            a_number(),
            r"value: float \| str cannot be stored",
            id="two-types",
        ),
        pytest.param(
            "value",
            bytes | None,
            flag(en="Value", ko="값", optional=True),
            "value: .*bytes.* cannot be stored",
            id="bytes",
        ),
        pytest.param(
            "value", float, 0.0, r"value: declare it with number\(\)", id="a-bare-default"
        ),
    ],
)
def test_a_mistake_in_a_declaration_names_the_field(
    name: str, annotation: Any, declared: Any, says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        declare(name, annotation, declared)


def of_words(*words: Any, alarm: tuple[str, ...] = ()) -> Any:
    choices = {word: Label(str(word), str(word)) for word in words}
    return choice(choices, en="Mode", ko="모드", alarm=alarm)


@pytest.mark.parametrize(
    ("annotation", "declared", "says"),
    [
        (float, number(5, 1, Unit.NONE, en="V", ko="값"), "5 to 1 is not a range"),
        (float, number(math.nan, 1, Unit.NONE, en="V", ko="값"), "nan to 1 is not a range"),
        (float, number(0, math.inf, Unit.NONE, en="V", ko="값"), "0 to inf is not a range"),
        (int, number(0, 2**63, Unit.NONE, en="V", ko="값"), "does not fit into 64 bits"),
        (
            float,
            number(0, 1, Unit.NONE, en="V", ko="값", normal=(0.5, 2)),
            r"normal=\(0.5, 2\) is not within 0 to 1",
        ),
        (float, number(0, 1, Unit.NONE, en="V", ko=""), "a label in both languages"),
        (str, a_number(), r"string is declared with text\(\) or choice\(\)"),
        (bool, a_number(), r"boolean is declared with flag\(\)"),
        (int, flag(en="V", ko="값"), r"integer is declared with number\(\)"),
        (float, text(5, en="V", ko="값"), r"float is declared with number\(\)"),
        (str, text(0, en="V", ko="값"), "max_length=0 is not between 1 and 1024 characters"),
        (str, text(70_000, en="V", ko="값"), "max_length=70000 is not between 1 and 1024"),
        (str, of_words("on", "off"), "annotate it with the Literal of its choices: on, off"),
        (float | None, a_number(), r"optional=True and an annotation with \| None go together"),
        (str, of_words(), "at least one choice"),
        (Literal[1, 2], of_words(1, 2), "1 is not a word to choose"),
        (Literal["on"], of_words("on", alarm=("of",)), "alarm='of' is none of its values"),
        *(
            (Literal[word], of_words(word), f"v: {re.escape(repr(word))} is not a word to choose")
            for word in (
                "",
                " a",
                "a ",
                'a"',
                "a\\b",
                "a\nb",
                "a\0",
                "a\u2028b",
                "a" * 65,
            )
        ),
    ],
)
def test_what_could_not_be_stored_is_refused_where_it_is_declared(
    annotation: Any, declared: Any, says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        declare("v", annotation, declared)


@pytest.mark.parametrize("word", ["low, slow", "it's", "a=b c", "약하게", "%d", "{x}", "a" * 64])
def test_a_choice_may_be_any_other_line(word: str) -> None:
    declare("v", Literal[word], of_words(word))


@pytest.mark.parametrize("name", ["copy", "json", "model_fields", "label_", "fields_"])
@pytest.mark.filterwarnings("ignore:Field name")
def test_a_field_is_not_called_like_what_a_kind_has_itself(name: str) -> None:
    with pytest.raises((TypeError, NameError), match=name):
        declare(name, float, a_number())


def test_a_kind_without_a_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Broken: declare at least one field"):
        new_class("Broken", (Kind,), {**KEYWORDS})


@pytest.mark.parametrize(
    ("keyword", "says"),
    [
        ({"interval": 0.0}, "interval=0.0 is not a number of seconds above 0"),
        ({"interval": math.inf}, "interval=inf is not a number of seconds above 0"),
        ({"interval": math.nan}, "interval=nan is not a number of seconds above 0"),
        ({"interval": 1e308}, "at most 31622400"),
        ({"ko": ""}, "a name in both languages"),
    ],
)
def test_a_kind_says_of_itself_what_can_be(keyword: dict[str, Any], says: str) -> None:
    body = {"__annotations__": {"v": float}, "v": a_number()}
    with pytest.raises(TypeError, match=says):
        new_class("Broken", (Kind,), KEYWORDS | keyword, lambda namespace: namespace.update(body))


@pytest.mark.parametrize("name", ["hub", "device_state", "Thermostat", "my-kind", "k" * 65, "1st"])
def test_a_kind_is_not_called_like_the_hub_s_own_rows_nor_what_no_topic_names(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name}: not a name for a kind"):
        check_name(name)


def test_the_hub_s_own_rows_are_those_that_the_store_holds() -> None:
    assert set(measurements({})) == OWN_ROWS


def test_a_rightly_declared_kind_raises_nothing() -> None:
    declare("mode", Literal["on", "off"] | None, on_or_off())
