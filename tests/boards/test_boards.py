"""The boards: what each kind, field and language gets, and that the lint finds every fault."""

import copy
import json
import re
from collections.abc import Callable, Mapping

import pytest
import yaml

from devices.zone import DEMO_ZONE
from harness import ROOT
from hub.boards import alert_file, alerts, compose, lint, render
from hub.boards.dataquery import SOURCE_UID, InfluxQL
from hub.boards.lint import Json
from hub.boards.model import Board, Form, Language
from hub.boards.provisioning import faults, files
from hub.event.zone import Booth, Event, Zone
from hub.event.zone import load as load_zone
from hub.stores.store import measurements
from schemas import Combine, Domain, Draw, FieldSpec, FieldType, KindSpec, declared
from schemas import kinds as catalogue

KINDS = catalogue()
MADE = compose.boards(KINDS, Zone())
BOARDS: dict[str, Board] = {board.uid: board for board in MADE}
RENDERED = {uid: render.render(board) for uid, board in BOARDS.items()}
KNOWN = measurements(KINDS)
HANGUL = re.compile("[가-힣]")
FIELDS = [(kind, field) for kind in KINDS.values() for field in kind.fields]


def kind_board(kind: KindSpec, lang: str = "en") -> Json:
    return RENDERED[f"sl-kind-{kind.name}-{lang}"]


def asking(board: Json, kind: KindSpec, field: FieldSpec) -> list[Json]:
    """The panels of a board that ask for a field."""
    return [
        panel
        for panel in lint.panels(board)
        if any(
            f'FROM "{kind.name}"' in target["query"] and f'("{field.name}")' in target["query"]
            for target in panel["targets"]
        )
    ]


# --- which boards there are


def test_there_is_a_board_for_each_thing_in_both_languages() -> None:
    names = {
        "sl-overview",
        "sl-booth",
        "sl-health",
        *(f"sl-kind-{name}" for name in KINDS),
        *(f"sl-domain-{domain.id.replace('_', '-')}" for domain in Domain),
    }
    assert set(BOARDS) == {f"{name}-{lang}" for name in names for lang in ("en", "ko")}


def test_uids_are_short_enough_and_say_the_language() -> None:
    for uid, board in BOARDS.items():
        assert len(uid) <= 40
        assert uid.endswith(f"-{board.language}")


def test_the_same_declarations_give_the_same_bytes() -> None:
    assert files(KINDS, Zone()) == files(KINDS, Zone())


def test_the_files_on_disk_are_those_that_are_made() -> None:
    for name, text in files(KINDS, Zone()).items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"{name}: run make gen"


def test_ids_do_not_move_when_a_kind_goes() -> None:
    fewer = {name: kind for name, kind in KINDS.items() if name != "air_quality"}
    before = {panel.key: panel.id for panel in BOARDS["sl-booth-en"].panels}
    board = next(item for item in compose.boards(fewer, Zone()) if item.uid == "sl-booth-en")
    assert {panel.key: panel.id for panel in board.panels}.items() <= before.items()


@pytest.mark.parametrize("uid", RENDERED)
def test_a_board_is_set_up_for_a_wall(uid: str) -> None:
    board = RENDERED[uid]
    assert board["editable"] is False
    assert board["schemaVersion"] == 42
    assert board["timezone"] == "Asia/Seoul"
    assert board["refresh"] in {"5s", "10s"}
    if BOARDS[uid].wall:
        assert not any("repeat" in panel for panel in lint.panels(board))
    assert all(link["keepTime"] for link in board["links"])
    assert "inControlsMenu" not in json.dumps(board)


# --- each kind and field


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda item: item.name)
def test_each_field_has_a_panel_of_its_own_and_a_place_in_the_table(
    kind: KindSpec, field: FieldSpec
) -> None:
    shown = {panel["type"] for panel in asking(kind_board(kind), kind, field)}
    expected = {Draw.STATE: Form.TIMELINE, Draw.SERIES: Form.SERIES, Draw.MAP: Form.MAP}
    assert "table" in shown
    assert expected.get(field.draw, Form.TABLE) in shown
    assert len(shown) >= 2


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda item: item.name)
def test_each_field_is_named_in_the_language_of_the_board(
    kind: KindSpec, field: FieldSpec, lang: Language
) -> None:
    if field.draw is Draw.MAP:
        return
    titles = {panel["title"] for panel in asking(kind_board(kind, lang), kind, field)}
    assert lang.of(field.label) in titles


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_kind_stands_on_the_board_of_its_domain(kind: KindSpec) -> None:
    board = RENDERED[f"sl-domain-{kind.domain.id.replace('_', '-')}-en"]
    assert any(kind.label.en in panel["title"] for panel in lint.panels(board))


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda item: item.name)
def test_numbers_bear_their_unit_and_their_band(kind: KindSpec, field: FieldSpec) -> None:
    if not field.numeric or field.draw is Draw.MAP:
        return
    own = [panel for panel in asking(kind_board(kind), kind, field) if panel["type"] != "table"]
    assert own
    for panel in own:
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["unit"] == field.unit.grafana
        bounds = {step["value"] for step in defaults["thresholds"]["steps"]}
        assert bounds >= {end for end in field.normal or () if end is not None}


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda item: item.name)
def test_states_are_shown_in_words_and_alarms_in_red(
    kind: KindSpec, field: FieldSpec, lang: Language
) -> None:
    if field.numeric or field.draw is not Draw.STATE:
        return
    panels = asking(kind_board(kind, lang), kind, field)
    panel = next(item for item in panels if item["type"] == "state-timeline")
    shown = panel["fieldConfig"]["defaults"]["mappings"][0]["options"]
    if field.type is FieldType.BOOLEAN:
        assert field.words is not None
        assert {word: item["text"] for word, item in shown.items()} == {
            word: lang.of(label) for word, label in field.words._asdict().items()
        }
        red = {str(value).lower() for value in field.alarm}
    else:
        assert {word: item["text"] for word, item in shown.items()} == {
            word: lang.of(label) for word, label in (field.choices or {}).items()
        }
        red = set(map(str, field.alarm))
    assert {word for word, item in shown.items() if item["color"] == "red"} == red


@pytest.mark.parametrize(
    ("kind", "field", "ends"),
    [
        ("thermostat", "temperature", (9, 37)),  # half the band beyond either end
        ("air_quality", "co2", (0, 2000)),  # twice what is normal, not the sensor's 40,000
        ("shuttle", "speed", (0, 100)),
        ("wearable", "spo2", (0, 100)),
    ],
)
def test_a_gauge_shows_where_the_normal_band_is(
    kind: str, field: str, ends: tuple[int, int]
) -> None:
    spec = KINDS[kind].field(field)
    gauges = [
        panel["fieldConfig"]["defaults"]
        for panel in asking(kind_board(KINDS[kind]), KINDS[kind], spec)
        if panel["type"] in {"gauge", "bargauge"}
    ]
    assert [(item["min"], item["max"]) for item in gauges] == [ends]


def test_a_mean_is_asked_for_only_where_the_kind_says_that_it_means_something() -> None:
    asked = {
        (kind, field)
        for board in RENDERED.values()
        for panel in lint.panels(board)
        for target in panel["targets"]
        for kind in re.findall(r'FROM "(\w+)"', target["query"])
        for field in re.findall(r'mean\("(\w+)"\)', target["query"])
        if kind in KINDS
    }
    mean = {(kind.name, field.name) for kind, field in FIELDS if field.combine is Combine.MEAN}
    assert {("thermostat", "temperature"), ("wearable", "heart_rate")} <= asked <= mean
    assert not {"battery", "weight", "heading"} & {field for _, field in asked}


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("scooter", 'min("battery")'),  # the emptiest
        ("drone", 'max("altitude")'),  # the highest
        ("thermostat", 'mean("temperature")'),
        ("body_scale", 'min("battery")'),  # never a visitor's weight
    ],
)
def test_a_headline_of_many_devices_is_what_they_make_together(
    kind: str, said: str, lang: Language
) -> None:
    domain = KINDS[kind].domain.id.replace("_", "-")
    board = BOARDS[f"sl-domain-{domain}-{lang}"]
    panel = next(panel for panel in board.panels if panel.key == f"{kind}/headline")
    assert said in panel.queries[0].text
    words = {"min": ("lowest", "최저"), "max": ("highest", "최고"), "mean": ("mean", "평균")}
    assert words[said[: said.index("(")]][lang is Language.KO] in panel.title


def test_a_kind_whose_numbers_make_nothing_together_counts_its_readings() -> None:
    compass = declared(
        {
            "$id": "urn:smartlife:kind:compass",
            "title": "Compass",
            "properties": {
                "heading": {"title": "H", "type": "number", "minimum": 0, "maximum": 360}
                | {"x-unit": "°"}
            },
            "required": ["heading"],
            "examples": [{"heading": 1}],
            "x-domain": "iot",
            "x-interval": 5,
        }
    )
    board = compose.domain(Language.EN, Domain.IOT, {"compass": compass})
    (panel,) = board.rows[0].panels
    assert panel.queries[0].text.startswith('SELECT count("heading")')
    assert lint.lint(render.render(board), measurements({"compass": compass})) == []


# --- on a wall


@pytest.mark.parametrize("lang", Language)
def test_the_overview_fits_a_screen_and_asks_little(lang: Language) -> None:
    board = RENDERED[f"sl-overview-{lang}"]
    panels = list(lint.panels(board))
    assert max(item["gridPos"]["y"] + item["gridPos"]["h"] for item in panels) <= 24
    queries = [target for panel in panels for target in panel["targets"]]
    assert len(queries) + len(board["annotations"]["list"]) <= 20


@pytest.mark.parametrize("uid", [uid for uid, board in BOARDS.items() if board.wall])
def test_what_stands_open_on_a_wall_fits_a_screen(uid: str) -> None:
    shown = [item for item in RENDERED[uid]["panels"] if item["type"] != "row"]
    assert max(item["gridPos"]["y"] + item["gridPos"]["h"] for item in shown) <= 24


@pytest.mark.parametrize("uid", [uid for uid, board in BOARDS.items() if board.wall])
def test_a_wall_is_read_from_afar(uid: str) -> None:
    for panel in lint.panels(RENDERED[uid]):
        if panel["type"] == "stat":
            assert panel["options"]["text"] == {"titleSize": 22, "valueSize": 44}
        if panel["type"] == "timeseries":
            assert panel["fieldConfig"]["defaults"]["custom"]["lineWidth"] == 3
            by_device = any("$tag_" in target["alias"] for target in panel["targets"])
            assert not (by_device and panel["options"]["legend"]["showLegend"])


@pytest.mark.parametrize("uid", RENDERED)
def test_what_is_not_known_is_never_green(uid: str) -> None:
    said = "데이터 없음" if uid.endswith("-ko") else "No data"
    for panel in lint.panels(RENDERED[uid]):
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["noValue"] == said
        if panel["type"] in {"stat", "gauge", "bargauge"} and defaults["unit"] != "none":
            shown = [defaults["thresholds"]] + [
                change["value"]
                for override in panel["fieldConfig"]["overrides"]
                for change in override["properties"]
                if change["id"] == "thresholds"
            ]
            # A value that is null has the colour of the lowest step.
            lowest = {item["steps"][0]["color"] for item in shown[1:] or shown}
            assert lowest == {"#8e8e8e"}, panel["title"]


def test_no_live_device_is_red_and_none_offline_is_not_green() -> None:
    counts = next(panel for panel in BOARDS["sl-overview-en"].panels if panel.title == "Devices")
    colours = [[step.colour for step in query.steps] for query in counts.queries]
    assert colours == [["#8e8e8e", "red", "green"], ["#8e8e8e", "orange"], ["#8e8e8e", "red"]]
    assert [counts.queries[0].steps[1].value, counts.queries[0].steps[2].value] == [0, 1]


@pytest.mark.parametrize("lang", Language)
def test_the_board_of_a_booth_has_a_table_for_each_kind_that_it_has(lang: Language) -> None:
    board = RENDERED[f"sl-booth-{lang}"]
    (table,) = [item for item in lint.panels(board) if item.get("repeat")]
    assert (table["repeat"], table["title"]) == ("kind", "$kind")
    assert 'last(*) FROM "$kind"' in table["targets"][0]["query"]
    said = {
        item["matcher"]["options"]: {change["id"]: change["value"] for change in item["properties"]}
        for item in table["fieldConfig"]["overrides"]
    }
    assert said.keys() > {field.name for _, field in FIELDS}
    assert said["battery"]["unit"] == "percent"
    assert "unit" not in said["speed"], "km/h of some, m/s of others"
    assert said["locked"]["displayName"] == {"en": "Lock", "ko": "잠금 상태"}[lang]
    shown = said["occupied"]["mappings"][0]["options"]
    assert shown["true"]["text"] == {"en": "Yes", "ko": "예"}[lang], "of a room, or of a dock"


def test_alarms_on_one_timeline_are_each_in_their_own_words() -> None:
    panels = lint.panels(RENDERED["sl-domain-smart-home-ko"])
    alarms = next(panel for panel in panels if panel["title"] == "문열림 센서 · 경보")
    said = [
        change["value"][0]["options"]["true"]["text"]
        for item in alarms["fieldConfig"]["overrides"]
        for change in item["properties"]
    ]
    assert said == ["발생", "부족"]


def test_times_are_those_of_the_event() -> None:
    zone = Zone(event=Event(name="Expo", timezone="Europe/Berlin"))
    made = compose.boards(KINDS, zone)
    assert {render.render(board)["timezone"] for board in made} == {"Europe/Berlin"}


@pytest.mark.parametrize("name", ["drone", "scooter", "shuttle"])
def test_what_knows_its_place_is_on_a_map(name: str) -> None:
    for uid in (f"sl-kind-{name}-en", "sl-domain-mobility-en", "sl-overview-en"):
        maps = [panel for panel in lint.panels(RENDERED[uid]) if panel["type"] == "geomap"]
        assert len(maps) == 1
        layers = maps[0]["options"]["layers"]
        assert [layer["filterData"]["options"] for layer in layers] == [
            target["refId"] for target in maps[0]["targets"]
        ]
        assert any(f'"{name}"' in target["query"] for target in maps[0]["targets"])


def test_no_map_asks_the_internet() -> None:
    maps = [item for board in RENDERED.values() for item in lint.panels(board)]
    grounds = [item["options"]["basemap"] for item in maps if item["type"] == "geomap"]
    assert {(item["type"], item["config"]["src"]) for item in grounds} == {
        ("geojson", "public/maps/countries.geojson")  # as Grafana itself serves it
    }


def test_every_form_of_panel_is_used() -> None:
    used = {panel["type"] for board in RENDERED.values() for panel in lint.panels(board)}
    assert used == set(Form)


# --- languages, links, marks


@pytest.mark.parametrize("uid", [uid for uid in RENDERED if uid.endswith("-ko")])
def test_korean_boards_speak_korean(uid: str) -> None:
    board = RENDERED[uid]
    texts = [board["description"], *(item["label"] for item in board["templating"]["list"])]
    texts += [panel["description"] for panel in lint.panels(board)]
    texts += [item["name"] for item in board["annotations"]["list"]]
    assert [text for text in texts if not HANGUL.search(text)] == []


@pytest.mark.parametrize("uid", [uid for uid in RENDERED if uid.endswith("-en")])
def test_english_boards_hold_no_korean_but_the_way_to_it(uid: str) -> None:
    board = copy.deepcopy(RENDERED[uid])
    board["links"] = [link for link in board["links"] if link["title"] != "한국어"]
    assert HANGUL.findall(render.text(board)) == []


@pytest.mark.parametrize("uid", RENDERED)
def test_every_link_leads_to_a_board(uid: str) -> None:
    text = render.text(RENDERED[uid])
    for target in re.findall(r'"/d/([^"?]+)', text):
        assert "${__value.raw}" in target or target in BOARDS, target
    for link in RENDERED[uid]["links"]:
        if link["type"] == "dashboards":
            assert any(set(link["tags"]) <= set(board["tags"]) for board in RENDERED.values())


def test_the_link_of_a_kind_in_a_table_leads_to_its_board() -> None:
    table = next(
        panel for panel in lint.panels(RENDERED["sl-overview-ko"]) if panel["type"] == "table"
    )
    links = json.dumps(table["fieldConfig"]["overrides"])
    to = "/d/sl-kind-${__value.raw}-ko?var-booth=${__data.fields.booth}&${__url_time_range}"
    assert to in links
    assert all(f"sl-kind-{name}-ko" in BOARDS for name in KINDS)


def test_e_stops_and_outages_are_marked() -> None:
    stops = [kind for kind in KINDS.values() if any(f.name == "e_stop" for f in kind.fields)]
    marks = RENDERED["sl-overview-en"]["annotations"]["list"]
    assert len(marks) == len(stops) + 1
    for kind in stops:
        queries = [item["target"]["query"] for item in kind_board(kind)["annotations"]["list"]]
        assert any('"e_stop" = true' in query for query in queries)
        assert any('FROM "device_state"' in query for query in queries)


def test_booths_bear_the_names_of_the_zone_file() -> None:
    zone = load_zone(DEMO_ZONE)
    made = {board.uid: render.render(board) for board in compose.boards(KINDS, zone)}
    assert made["sl-overview-ko"]["title"] == "서울 스마트라이프위크 2026 · 현황"
    assert "b03 Garam Robotics" in render.text(made["sl-overview-en"])
    assert "b03 가람로보틱스" in render.text(made["sl-booth-ko"])


def test_the_playlist_shows_the_overview_and_each_domain() -> None:
    shown = compose.cycle(MADE, Language.KO)
    assert shown[0] == "sl-overview-ko"
    assert len(shown) == 1 + len(Domain)


# --- the lint


def test_the_lint_finds_nothing_in_what_is_made() -> None:
    assert faults(KINDS, Zone()) == []


def first(board: Json) -> Json:
    return next(lint.panels(board))


def change_query(was: str, to: str) -> Callable[[Json], None]:
    def change(board: Json) -> None:
        target = next(
            target
            for panel in lint.panels(board)
            for target in panel["targets"]
            if was in target["query"]
        )
        target["query"] = target["query"].replace(was, to)

    return change


FAULTS: Mapping[str, tuple[Callable[[Json], object], str]] = {
    "no title": (lambda b: b.update(title=""), "it has no title"),
    "no description": (lambda b: b.update(description=""), "it has no description"),
    "a uid too long": (lambda b: b.update(uid="x" * 41), "uid: not 1 to 40"),
    "not marked": (lambda b: b.update(tags=["en"]), "lacks the tag"),
    "editable": (lambda b: b.update(editable=True), "edited by hand"),
    "an older schema": (lambda b: b.update(schemaVersion=36), "schemaVersion"),
    "no refresh": (lambda b: b.update(refresh=""), "does not refresh"),
    "a panel without title": (lambda b: first(b).update(title=""), "it has no title"),
    "a panel not described": (lambda b: first(b).pop("description"), "no description"),
    "no unit": (lambda b: first(b)["fieldConfig"]["defaults"].pop("unit"), "no unit"),
    "another source": (lambda b: first(b)["datasource"].update(uid="x"), SOURCE_UID),
    "a query's source": (lambda b: first(b)["targets"][0].pop("datasource"), SOURCE_UID),
    "no query": (lambda b: first(b).update(targets=[]), "asks nothing"),
    "one id twice": (lambda b: first(b).update(id=b["panels"][0]["id"]), "stands 2 times"),
    "no id": (lambda b: first(b).update(id=None), "id None"),
    "one place twice": (lambda b: first(b)["gridPos"].update(w=24), "overlap"),
    "beyond the grid": (lambda b: first(b)["gridPos"].update(x=20), "beyond the grid"),
    "no time filter": (change_query("$timeFilter", "time > now() - 1h"), "stands 0 times"),
    "no such measurement": (change_query('"robot_arm"', '"robot_leg"'), "no measurement"),
    "no such field": (change_query('("cycle_time")', '("cycle_tim")'), "no field cycle_tim"),
    "no such tag": (change_query('"device"', '"devise"'), "no tag and no field devise"),
    "a wrong variable": (change_query("$booth$", "$device$"), "does not choose the tag"),
    "a mark without time": (
        lambda b: b["annotations"]["list"][0]["target"].update(query='SELECT 1 FROM "robot_arm"'),
        "annotation",
    ),
    "a bucket in a mark": (
        lambda b: b["annotations"]["list"][0]["target"].update(
            query='SELECT last("e_stop") FROM "robot_arm" WHERE $timeFilter '
            "GROUP BY time($__interval)"
        ),
        "no $__interval in annotations",
    ),
    "a variable of nothing": (
        lambda b: b["templating"]["list"][0]["query"].update(
            query='SHOW TAG VALUES FROM "robots" WITH KEY = "booth"'
        ),
        "variable booth: there is no measurement robots",
    ),
    "an all that is not all": (
        lambda b: b["templating"]["list"][0].update(allValue=""),
        "all is not .*",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_lint_finds(fault: str) -> None:
    board = copy.deepcopy(kind_board(KINDS["robot_arm"]))
    plant, words = FAULTS[fault]
    plant(board)
    found = lint.lint(board, KNOWN)
    assert any(words in line for line in found), found


def test_the_lint_looks_into_closed_rows() -> None:
    board = copy.deepcopy(RENDERED["sl-domain-robotics-en"])
    closed = next(item for item in board["panels"] if item.get("collapsed"))
    closed["panels"][0]["description"] = ""
    assert len(lint.lint(board, KNOWN)) == 1


# --- the files that Grafana loads


def provisioning(name: str) -> Json:
    path = ROOT / "grafana/provisioning" / name
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_rules_are_one_for_each_danger() -> None:
    group = provisioning("alerting/rules.yaml")["groups"][0]
    uids = [rule["uid"] for rule in group["rules"]]
    assert uids == [rule.uid for rule in alerts.rules(KINDS)]
    assert len(set(uids)) == len(uids)
    assert all(len(uid) <= 40 for uid in uids)
    titles = [rule["title"] for rule in group["rules"]]
    assert len(set(titles)) == len(titles), "Grafana refuses one title twice in a folder"
    with_battery = {kind.name for kind, field in FIELDS if field.name == "battery"}
    assert {uid for uid in uids if uid.startswith("sl-battery-")} == {
        f"sl-battery-{name.replace('_', '-')}" for name in with_battery
    }


@pytest.mark.parametrize("rule", alerts.rules(KINDS), ids=lambda rule: rule.name)
def test_a_rule_does_not_flap(rule: alerts.Rule) -> None:
    if rule.name.startswith("e-stop"):
        return  # it says for a whole minute what was pressed in it
    assert rule.keep != "0s"
    if rule.limit > 3:  # else it counts, or is a state: there is nothing on an edge
        assert rule.recovery is not None
        assert (rule.recovery < rule.limit) is (rule.beyond == "gt")


def test_a_rule_with_a_recovery_has_it_in_the_file() -> None:
    group = provisioning("alerting/rules.yaml")["groups"][0]
    found = {rule["uid"]: rule for rule in group["rules"]}
    (condition,) = found["sl-rejections"]["data"][2]["model"]["conditions"]
    assert condition == {
        "evaluator": {"type": "gt", "params": [60]},
        "unloadEvaluator": {"type": "lt", "params": [30]},
    }
    assert found["sl-rejections"]["keepFiringFor"] == "5m"
    (condition,) = found["sl-battery-drone"]["data"][2]["model"]["conditions"]
    assert condition["unloadEvaluator"] == {"type": "gt", "params": [30]}


def test_one_cause_fires_one_rule_and_the_store_is_not_asked_about_itself() -> None:
    rules = {rule.name: rule for rule in alerts.rules(KINDS)}
    assert [name for name, rule in rules.items() if rule.error == "Alerting"] == ["store-down"]
    assert [name for name, rule in rules.items() if rule.silence == "Alerting"] == ["hub-down"]


def test_messages_name_booths_by_name() -> None:
    (text,) = alert_file.files(KINDS, load_zone(DEMO_ZONE)).values()
    rules = {rule["uid"]: rule for rule in yaml.safe_load(text)["groups"][0]["rules"]}
    for lang, name in (("", "Garam Robotics (b03)"), ("_ko", "가람로보틱스 (b03)")):
        said = rules["sl-e-stop-robot-arm"]["annotations"][f"summary{lang}"]
        assert f'if eq $labels.booth "b03" }}}}{{{{ "{name}" }}}}' in said
        assert "{{ else }}{{ $labels.booth }}{{ end }} {{ $labels.device }}" in said


def test_a_name_of_a_booth_is_no_template_and_no_variable() -> None:
    odd = Booth(id="b1", name='{{ "A" }} ${HOME}')
    (text,) = alert_file.files(KINDS, Zone(booth=(odd,))).values()
    rules = {rule["uid"]: rule for rule in yaml.safe_load(text)["groups"][0]["rules"]}
    said = rules["sl-device-silent"]["annotations"]["summary"]
    assert r'{{ "{{ \"A\" }} \x24{HOME} (b1)" }}' in said


def test_a_dollar_stands_only_where_grafana_leaves_it_alone() -> None:
    for rule in provisioning("alerting/rules.yaml")["groups"][0]["rules"]:
        model = rule["data"][0]["model"]
        assert "$timeFilter" in model.pop("query")
        rule.pop("annotations")
        assert "$" not in json.dumps(rule)


def test_the_data_source_is_the_one_that_the_boards_ask() -> None:
    source = provisioning("datasources/influxdb.yaml")["datasources"][0]
    assert (source["uid"], source["type"]) == (SOURCE_UID, "influxdb")
    assert source["jsonData"]["httpMode"] == "POST"


def test_the_folders_are_those_that_push_makes() -> None:
    providers = provisioning("dashboards/smartlife.yaml")["providers"]
    assert {(item["folderUid"], item["folder"]) for item in providers} == set(
        render.FOLDERS.values()
    )
    for item in providers:
        assert item["options"]["path"].endswith(f"/{item['name'][-2:]}")
        assert item["allowUiUpdates"] is False


def test_the_policy_names_the_contact_point() -> None:
    contact = provisioning("alerting/contact-points.yaml")["contactPoints"][0]
    policy = provisioning("alerting/policies.yaml")
    assert policy["policies"][0]["receiver"] == contact["name"]
    assert "muteTimes" not in policy, "the files in the project know no opening hours"


def test_a_query_is_read_back_as_it_was_written() -> None:
    query = InfluxQL("A", "SELECT 1", "name", True, textColumn="device")
    data = json.loads(json.dumps(query.to_json(), default=lambda item: item.to_json()))
    assert InfluxQL.from_json(data).to_json() == query.to_json()
