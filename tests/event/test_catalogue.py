"""Kinds of an event: declared as JSON Schema, drafted from payloads, taken while the hub runs."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from hub.errors import KindError
from hub.event import json_yaml
from hub.event.catalogue import LARGEST, Catalogue, load, parse
from hub.event.drafting import NoDraft, Samples, draft, of_text, samples
from hub.settings import given
from hub.web import serializers
from schemas import MOST_FIELDS, declared, kinds
from tests.web.conftest import open_site

TANK: dict[str, Any] = {
    "$id": "urn:smartlife:kind:water_tank",
    "title": "Water tank",
    "title_ko": "물탱크",
    "type": "object",
    "properties": {
        "fill": {
            "title": "Fill", "title_ko": "수위", "type": "number", "minimum": 0, "maximum": 100,
            "x-unit": "%", "x-draw": "gauge", "x-normal": [10, None],
        },
        "pump": {
            "title": "Pump", "type": "string", "enum": ["off", "on", "stuck"],
            "x-alarm": ["stuck"],
        },
        "leak": {"title": "Leak", "type": "boolean", "x-alarm": [True]},
    },
    "required": ["fill"],
    "examples": [{"fill": 71.5, "pump": "on"}],
    "x-domain": "iot",
    "x-interval": 5,
}  # fmt: skip
LEAK = TANK["properties"]["leak"]
SENT = [
    {"fill": 71.5, "pump": "on", "flow_rate": -3, "ts": 1, "nested": {}, "Bad Name": 1},
    {"fill": 72, "pump": "off", "flow_rate": 4},
    {"fill": 70, "pump": "on", "flow_rate": 1},
    {"fill": 70, "pump": "on", "flow_rate": 1},
]


@pytest.mark.parametrize("name", kinds())
def test_a_kind_that_ships_comes_back_from_its_own_schema(name):
    ours = kinds()[name]
    back = declared(ours.json_schema())
    assert back.fields == ours.fields
    assert back.json_schema() == ours.json_schema()


@pytest.mark.parametrize(
    ("said", "ko", "symbol"),
    [({"x-unit": "count", "x-counter": "마리"}, "마리", ""), ({"x-unit": "min"}, "분", "min")],
)
def test_a_value_has_words_behind_it_in_korean(said, ko: str, symbol: str):
    fill = {**TANK["properties"]["fill"], **said}
    (spec,) = parse(changed(properties={"fill": fill}, examples=[{"fill": 71.5}])).fields
    assert (spec.unit_ko, spec.unit.symbol) == (ko, symbol)


@pytest.mark.parametrize(
    ("said", "combine"),
    [
        ({}, "min"),  # too little is what needs attention
        ({"x-normal": [None, 90]}, "max"),
        ({"x-normal": [10, 90]}, "mean"),
        ({"x-normal": None}, "mean"),
        ({"x-normal": None, "x-draw": "stat"}, "last"),
        ({"x-normal": None, "x-unit": "°"}, "last"),
        ({"x-combine": "max"}, "max"),
    ],
)
def test_what_several_values_make_together_follows_from_the_declaration(said, combine):
    fill = {**TANK["properties"]["fill"], **said}
    kind = parse(changed(properties={"fill": fill}, examples=[{"fill": 71.5}]))
    assert kind.fields[0].combine == combine
    again = declared(kind.json_schema())
    assert again.fields[0].combine == combine


def changed(**more):
    return json.dumps({**TANK, **more}).encode()


def field(**more):
    return changed(properties={"fill": {**TANK["properties"]["fill"], **more}}, examples=[])


WRONG = {
    "no JSON": (b"{", "Expecting property name"),
    "no object": (b"[]", "a declaration is a JSON object"),
    "far too deep": (b"[" * 100_000, "cannot be used"),
    "too large": (b" " * (LARGEST + 1), "declare fewer fields"),
    "one that ships": (changed(**{"$id": "urn:smartlife:kind:light"}), "light: ships with the hub"),
    "no name": (b"{}", "$id: is missing; name the kind there, like urn:smartlife:kind:water_tank"),
    "an empty name": (changed(**{"$id": "urn:smartlife:kind:"}), "$id: is missing"),
    "a name of two words": (changed(**{"$id": "Water Tank"}), "not a name for a kind"),
    "no domain": (changed(**{"x-domain": "water"}), "x-domain: write one of smart_home"),
    "no interval": (changed(**{"x-interval": "often"}), "x-interval: write the seconds"),
    "no fields": (changed(properties={}), "declare 1 to 100"),
    "an unknown word": (changed(allOf=[]), "allOf: the declaration has a word"),
    "required what is not there": (changed(required=["level"]), "'level' is no declared field"),
    "a wrong example": (changed(examples=[{"fill": 300}]), "examples: fill"),
    "an unknown unit": (field(**{"x-unit": "furlong"}), "x-unit: 'furlong'; write one of"),
    "a sentence for a counter": (
        field(**{"x-counter": "마리쯤 됩니다"}),
        "fill: x-counter: write one line of up to 6 characters",
    ),
    "no range": (field(maximum=None), "minimum, maximum: give both"),
    "a name of the hub's own": (
        changed(properties={"booth": TANK["properties"]["leak"]}, required=[]),
        "booth: not a name",
    ),
    "a key twice": (b'{"title": "a", "title": "b"}', "title: stands twice"),
    "half a number": (
        field(type="integer", minimum=0.5),
        "minimum, maximum: write whole numbers",
    ),
    "words for one value of a flag": (
        changed(properties={"leak": {**LEAK, "x-flag": {"true": {"en": "Wet"}}}}, required=[]),
        "leak: x-flag: write what is shown for true",
    ),
    "a type of its own": (field(type="array"), "type: 'array'; write one of number"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_with_the_way_out(text, said):
    with pytest.raises(KindError, match=re.escape(said)):
        parse(text)


KOREAN = {
    "no range": (field(maximum=None), "fill: 최솟값과 최댓값을 모두 적으세요"),
    "the wrong way round": (field(maximum=-5), "fill: 0~−5는 범위가 아닙니다"),
    "an unknown unit": (field(**{"x-unit": "furlong"}), "fill: x-unit: 'furlong'는 쓸 수 없습니다"),
    "no fields": (changed(properties={}), "필드가 0개입니다"),
    "no name": (b"{}", "$id가 없습니다. urn:smartlife:kind:water_tank처럼"),
    "a wrong example": (changed(examples=[{"fill": 300}]), "보낸 메시지 예의 fill 값이"),
    "one that ships": (changed(**{"$id": "urn:smartlife:kind:light"}), "이미 있는 종류입니다"),
}


@pytest.mark.parametrize(("text", "said"), KOREAN.values(), ids=KOREAN)
def test_a_mistake_of_the_ops_page_is_told_in_korean_too(text, said):
    with pytest.raises(KindError) as caught:
        parse(text)
    assert said in caught.value.ko


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, (("Yes", "예"), ("No", "아니요"))),
        (
            {"x-flag": {"true": {"en": "Wet", "ko": "젖음"}, "false": {"en": "Dry"}}},
            (("Wet", "젖음"), ("Dry", "Dry")),
        ),
    ],
)
def test_a_flag_of_a_declared_kind_has_its_words_or_says_yes_and_no(said, words):
    kind = parse(changed(properties={**TANK["properties"], "leak": {**LEAK, **said}}))
    assert kind.field("leak").words == words
    assert declared(kind.json_schema()).field("leak").words == words


def test_a_broken_file_costs_no_other(tmp_path):
    folder = tmp_path / "kinds"
    folder.mkdir()
    (folder / "a.json").write_bytes(b"{")
    (folder / "water_tank.json").write_bytes(changed())
    found = Catalogue(given({"data": tmp_path / "data", "kinds": folder}))
    assert "water_tank" in found.known
    assert len(found.mistakes) == 1
    assert "a.json" in found.mistakes[0]


YAML_TANK = """
$id: urn:smartlife:kind:water_tank
title: Water tank
title_ko: 물탱크  # as people say
type: object
properties:
  fill: {title: Fill, type: number, minimum: 0, maximum: 100, x-unit: "%", x-normal: [10, null]}
  pump: {title: Pump, type: string, enum: [off, on, stuck], x-alarm: [stuck]}
required: [fill]
examples: [{fill: 71.5, pump: on}]
x-domain: iot
x-interval: 5
"""


def test_a_kind_is_declared_in_yaml_in_which_off_is_a_word(tmp_path):
    folder = tmp_path / "kinds"
    folder.mkdir()
    (folder / "water_tank.yaml").write_text(YAML_TANK, encoding="utf-8")
    spec = Catalogue(given({"data": tmp_path / "data", "kinds": folder})).known["water_tank"]
    assert spec.label.ko == "물탱크"
    assert list(spec.field("pump").choices or ()) == ["off", "on", "stuck"]
    assert (spec.field("fill").maximum, spec.field("fill").normal) == (100, (10, None))
    same = {**TANK, "properties": {"fill": TANK["properties"]["fill"]}, "examples": []}
    assert json_yaml.parse(json.dumps(same)) == same, "JSON is YAML"


_BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(99 + at)}: &{chr(99 + at)} [*{chr(98 + at) if at else 'a'}, x]\n" for at in range(20)
)
HOSTILE = {
    "an alias bomb": (_BOMB, "has an alias"),
    "deep in brackets": ("[" * 100_000, "nested more than 32 levels deep"),
    "deep in blocks": ("- " * 60_000, "nested more than 32 levels deep"),
    "deep by indentation": (
        "\n".join(" " * at + f"k{at}:" for at in range(400)),
        "nested more than 32 levels deep",
    ),
    "a tag of Python": ("!!python/object/apply:os.system [ls]", "write it without a tag"),
    "a tag of YAML": ("a: !!set {b}", "write it without a tag"),
    "a key twice": ("a: 1\na: 2", "stands once in a mapping"),
    "a key that is a list": ("? [a]\n: 1", "each key is a word"),
    "two documents": ("a: 1\n---\nb: 2", "expected a single document"),
    "a byte that is no text": ("a: \x00", "special characters are not allowed"),
    "nothing": ("", "a declaration is a JSON object"),
    "too large": ("a" * (LARGEST + 1), "declare fewer fields"),
}


@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_yaml_costs_its_message_alone(text, said):
    with pytest.raises(KindError, match=said):
        parse(text.encode(), yaml=True)


def test_a_field_never_changes_its_type(tmp_path):
    settings = given({"data": tmp_path})
    Catalogue(settings).add(parse(changed()))
    (tmp_path / "kinds/water_tank.json").unlink()
    with pytest.raises(KindError, match="leak was boolean, and rows with it may be stored"):
        Catalogue(settings).check(
            changed(properties={**TANK["properties"], "leak": TANK["properties"]["fill"]})
        )


def test_a_draft_is_a_declaration_and_says_where_to_look():
    drafted = draft("water_tank", samples(map(json.dumps, SENT)))
    spec = declared(drafted)
    assert [item.name for item in spec.fields] == ["fill", "pump", "flow_rate"]
    assert set(spec.field("pump").choices or ()) == {"on", "off"}
    assert drafted["x-look"][1].endswith(": Bad Name → bad_name")
    assert drafted["x-look"][2].endswith(": nested")
    assert drafted["properties"]["flow_rate"]["minimum"] < -3
    assert "x-look" in drafted["properties"]["flow_rate"]
    assert drafted["required"] == ["fill", "pump", "flow_rate"]


#: The unit of a drafted field, and whether a person is told to look at it.
GUESSED = {
    "temperature": ("°C", False),
    "temperature_c": ("°C", False),
    "battery_percent": ("%", False),
    "wind_speed_ms": ("m/s", False),
    "level": ("%", True),
    "speed": ("m/s", True),
    "temperature_offset": ("°C", True),
    "level_cm": ("cm", True),
    "flow_lpm": ("L/min", True),
    "flow_m3_h": ("m³/h", True),
    "latency_ms": ("ms", True),
    "power_kw": ("kW", True),
    "tank_b": (None, True),
}


@pytest.mark.parametrize(("name", "unit", "look"), [(k, *v) for k, v in GUESSED.items()])
def test_a_unit_in_a_name_counts_and_what_is_not_sure_is_marked(name, unit, look):
    said = draft("tank", samples([json.dumps({name: 20})]))["properties"][name]
    assert (said.get("x-unit"), "x-look" in said) == (unit, look)
    assert said["minimum"] <= 20 <= said["maximum"]


@pytest.mark.parametrize(
    ("said", "symbol"),
    [("cm", "cm"), ("L/min", "L/min"), ("l/min", "L/min"), ("m3/h", "m³/h"), ("Nm", "N·m")],
)
def test_a_kind_of_an_event_has_units_that_no_other_kind_has(said, symbol):
    fill = {**TANK["properties"]["fill"], "x-unit": said}
    kind = parse(changed(properties={"fill": fill}, examples=[{"fill": 71.5}]))
    assert kind.fields[0].unit.symbol == symbol


def test_the_mistakes_of_all_fields_are_told_at_once():
    wrong = {"title": "A", "type": "number", "minimum": 0, "maximum": 9, "x-unit": "furlong"}
    with pytest.raises(KindError, match=r"depth: x-unit.*flow: x-unit") as caught:
        parse(changed(properties={"depth": wrong, "flow": wrong}, required=[], examples=[]))
    assert caught.value.ko.count("furlong") == 2


def test_of_a_payload_that_was_cut_the_fields_before_its_end_are_drafted():
    sent = {"fill": 71.5, "pump": "on", "log": "x" * 2_000, "after": 1}
    cut = json.dumps(sent)[:1_024]
    drafted = draft("tank", samples([cut, cut, "online", ""]))
    assert list(drafted["properties"]) == ["fill", "pump"]
    assert drafted["examples"] == [{"fill": 71.5, "pump": "on"}]
    assert drafted["x-look"][1:] == [
        "fields may be missing: 2 payloads were cut",
        "not looked at: 1 payloads, no JSON object",
    ]
    parse(json.dumps(drafted))
    with_whole = draft("tank", samples([cut, '{"pump": "off"}']))
    assert with_whole["required"] == ["pump"]


#: What is odd about payloads: they, the fields of the draft, and what it says of the others.
ODD = {
    "names that a kind cannot have": (
        ['{"waterLevel": 5, "device": "t1", "time": 3, "온도": 1, "\\u001b": 1, "fill": 2}'],
        ["fill"],
        "left out, for their names or what they hold: device, time, 온도, ?",
    ),
    "names that are lower-case otherwise": (
        ['{"waterLevel": 5, "tempC": 21.5, "Pump Speed": 3, "fill": 2, "Fill": 3}'],
        ["fill"],
        "names are lower-case: waterLevel → water_level, tempC → temp_c, Pump Speed → pump_speed",
    ),
    "objects and arrays": (
        ['{"env": {"t": 1}, "rows": [[1, 2], [3]], "fill": 2}'],
        ["fill"],
        "left out, for their names or what they hold: env, rows",
    ),
    "NaN": (
        ['{"fill": NaN, "flow": 1}', '{"fill": 3, "flow": 1e999}', '{"fill": 3, "flow": 2}'],
        ["fill", "flow"],
        "some values do not fit, like NaN or several lines, and cost their message: fill, flow",
    ),
    "several lines": (
        [json.dumps({"note": "a\nb", "log": "x" * 2_000}), '{"note": "ok", "fill": 2}'],
        ["note", "fill"],
        "left out, for their names or what they hold: log",
    ),
    "numbers in quotation marks": (
        ['{"fill": "71.5"}', '{"fill": "72"}'],
        ["fill"],
        "numbers in quotation marks, which are text: fill",
    ),
    "padding": (['\ufeff{"fill": 2}\r\n\0'], ["fill"], ""),
    "a key twice": (['{"fill": true, "fill": 2}'], ["fill"], ""),
    "another type each time": (
        ['{"fill": 2, "pump": 1}', '{"fill": 2, "pump": "on"}'],
        ["fill"],
        "left out, for their names or what they hold: pump",
    ),
}


@pytest.mark.parametrize(("payloads", "fields", "said"), ODD.values(), ids=ODD)
def test_a_draft_of_odd_payloads_is_a_declaration_all_the_same(payloads, fields, said):
    drafted = draft("tank", samples(payloads))
    assert list(drafted["properties"]) == fields
    assert said in ["", *drafted["x-look"]]
    json.dumps(drafted, ensure_ascii=False).encode()
    spec = parse(json.dumps(drafted))
    assert set(spec.example) <= set(fields)


def test_of_too_many_fields_those_that_are_sent_most_often_are_drafted():
    many = {f"field_{number}": number for number in range(10_000)}
    few = '{"fill": 1, "field_9999": 2}'
    drafted = draft("tank", samples([json.dumps(many), few, few]))
    assert len(parse(json.dumps(drafted)).fields) == MOST_FIELDS
    assert {"fill", "field_9999"} < set(drafted["properties"])
    assert drafted["x-look"][1].endswith(", and 9,891 more")


@pytest.mark.parametrize(
    "text", ['{"fill": 1}\n{"fill": 2}', '[{"fill": 1}, {"fill": 2}]', '\ufeff{\n "fill": 2\n}\n']
)
def test_a_file_of_samples_holds_one_an_array_or_one_a_line(text):
    assert list(draft("tank", of_text(text.encode()))["properties"]) == ["fill"]


@pytest.mark.parametrize(
    ("payloads", "said", "ko"),
    [
        (
            ["21.5", "[1]", "no"],
            "3 were cut or no JSON object",
            "JSON 객체가 아니거나 잘린 메시지: 3건",
        ),
        (['{"waterLevel": 5}'], "waterLevel → water_level", "소문자로 보내세요: waterLevel"),
        (['{"log": "' + "x" * 1_100], "1 were cut", "잘린 메시지: 1건"),
        (['{"a": "\\ud800"}', "[" * 50_000], "2 were cut or no JSON object", "2건"),
    ],
)
def test_nothing_can_be_drafted_of_what_holds_no_field(payloads, said, ko):
    with pytest.raises(NoDraft, match="no payload is a JSON object") as caught:
        draft("water_tank", samples(payloads))
    assert said in str(caught.value)
    assert ko in caught.value.ko


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to all parts of a document."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else items:
        yield from places(item, (*path, key))


def put(path: tuple[Any, ...], value: Any) -> Any:
    """The declaration of a tank with another value at one place."""
    if not path:
        return value
    document = at = copy.deepcopy(TANK)
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return document


NEW_PLACES = [
    *(("properties", "fill", word) for word in ("anyOf", "enum", "const", "x-combine")),
    *(("properties", name) for name in ("time", "__class__", "_x", "model_config")),
    ("properties", "pump", "x-choices"), ("properties", "leak", "x-flag"),
    ("x-event-driven",), ("examples", 0, "other"),
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0.5, float("inf"), float("nan"), 10**400, "", "\ud800", "x\ny", "x" * 5_000, [],
    [None], [[]], ["a", 1], {}, {"a": 1}, [{"type": 5}], {"on": {"en": "\ud800"}}, [{"fill": 1}],
]  # fmt: skip


def answer(document: Any) -> Any:
    """What the hub says of a declaration: the kind, or the mistake in both languages."""
    try:
        spec = parse(json.dumps(document))
    except KindError as exc:
        return [str(exc), exc.ko]
    return [serializers.kind(spec, "root"), spec.json_schema()]


def test_whatever_stands_in_a_declaration_costs_that_alone():
    """A file that raises what nobody foresees would stop the hub's start."""
    for path in [*places(TANK), *NEW_PLACES]:
        for value in VALUES:
            said = answer(put(path, value))
            assert "not understood" not in str(said), (path, value)
            json.dumps(said, ensure_ascii=False, allow_nan=False).encode()


def test_what_nobody_foresaw_of_a_declaration_is_a_mistake_of_it(monkeypatch, caplog):
    def fails(_: object) -> None:
        raise AttributeError("a mistake of the hub")

    monkeypatch.setattr("hub.event.catalogue.declared", fails)
    with pytest.raises(KindError, match="is not understood; see the hub's log"):
        parse(changed())
    assert "a mistake of the hub" in caplog.text


@pytest.fixture
async def site(tmp_path, clock):
    async with open_site(tmp_path / "data", clock) as site:
        yield site


async def test_from_the_first_rejection_to_a_stored_reading(site):
    topic = "b12/water_tank/t1"
    for said in SENT:
        await site.publish(topic, json.dumps(said))
    await site.publish(f"{topic}/status", "online")
    drafted = await site.said("/api/booths/b12/kinds/water_tank/draft")
    assert len(drafted["x-look"]) == 3, "a status is no reading that could not be read"
    answer = await site.client.post("/api/kinds", content=json.dumps(drafted))
    assert answer.status_code == 200, answer.text
    assert answer.json()["topic"] == "smartlife/v1/{booth}/water_tank/{device}"
    await site.publish(topic, json.dumps(SENT[1]))
    (device,) = await site.said("/api/devices", booth="b12")
    assert device["last"]["fill"] == 72
    await site.stored()
    site.clock.advance(1)
    (row,) = await site.said("/api/readings", kind="water_tank")
    assert row["fields"] == {"fill": 72.0, "pump": "off", "flow_rate": 4.0}
    assert "water_tank" in {item["name"] for item in await site.said("/api/kinds")}
    check = await site.client.post("/api/kinds/water_tank/check", content=b'{"fill": 1}')
    assert check.json()["accepted"] is False
    again = await site.client.post("/api/kinds", content=json.dumps(drafted))
    assert again.status_code == 422
    assert "is declared already" in again.json()["message"]


async def test_it_is_there_after_a_restart(tmp_path, clock):
    for _ in range(2):
        async with open_site(tmp_path / "data", clock) as site:
            if "water_tank" not in site.hub.parts.kinds:
                await site.hub.changes.declare(changed())
                continue
            await site.publish("b12/water_tank/t1", '{"fill": 5}')
            await site.stored()
            assert await site.said("/api/readings", kind="water_tank")
            return
    raise AssertionError("it was forgotten")


def test_kinds_beside_the_zone_file_are_read(tmp_path):
    zone = tmp_path / "zone.toml"
    zone.touch()
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds/water_tank.json").write_bytes(changed())
    settings = given({"data": tmp_path / "data", "zone": zone})
    assert "water_tank" in Catalogue(settings).known


def test_a_command_that_looks_writes_nothing(tmp_path):
    folder = tmp_path / "kinds"
    folder.mkdir()
    (folder / "water_tank.json").write_bytes(changed())
    settings = given({"data": tmp_path / "data", "kinds": folder})
    assert "water_tank" in load(settings)
    assert not (tmp_path / "data").exists()


def test_numbers_that_no_range_holds_are_left_out_of_a_draft():
    drafted = draft("tank", Samples([{"fill": 1.0, "huge": float("inf"), "long": 10**400}]))
    assert list(drafted["properties"]) == ["fill"]
