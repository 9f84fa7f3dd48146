"""Every query of every board, variable, annotation and rule, on a real InfluxDB, with rows."""

import json
from collections.abc import Iterator, Mapping

import httpx
import pytest

from harness.influxd import Influxd
from harness.wait import DEADLINE
from hub.boards import alerts, compose, lint, render
from hub.boards.lint import Json
from hub.boards.model import Language
from hub.event.zone import Zone
from schemas import Domain, KindSpec
from schemas import kinds as catalogue
from tests.boards import rows
from tests.boards.interpolation import All, Choice, Range, interpolate

NOW = 1_760_000_000
"""Seconds; where the rows end."""
BOARDS = {board.uid: render.render(board) for board in compose.boards(catalogue(), Zone())}
RULES = {rule.uid: rule for rule in alerts.rules(catalogue())}
DB = "boards"
LIMIT = 5_000
"""Lines of one write."""


class Database:
    """The server with the rows; each text is asked once."""

    def __init__(self, server: Influxd) -> None:
        self._client = httpx.Client(base_url=server.url, trust_env=False, timeout=DEADLINE)
        self._known: dict[str, list[Json]] = {}

    def close(self) -> None:
        self._client.close()

    def write(self, lines: list[str]) -> None:
        answer = self._client.post("/write", params={"db": DB}, content="\n".join(lines).encode())
        assert answer.status_code == 204, answer.text

    def ask(self, text: str) -> list[Json]:
        """Return the series that answer; an error fails."""
        if text not in self._known:
            answer = self._client.post("/query", params={"db": DB, "epoch": "ms"}, data={"q": text})
            assert answer.status_code == 200, f"{text}\n{answer.text}"
            results = answer.json()["results"]
            assert len(results) == 1, text
            assert "error" not in results[0], f"{text}\n{results[0]['error']}"
            self._known[text] = results[0].get("series", [])
        return self._known[text]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    server = Influxd(tmp_path_factory.mktemp("boards"))
    try:
        server.start().create(DB)
        database = Database(server)
        lines = list(rows.lines(catalogue(), NOW * rows.SECOND))
        for first in range(0, len(lines), LIMIT):
            database.write(lines[first : first + LIMIT])
        yield database
        database.close()
    finally:
        server.close()


def choices(board: Json) -> list[dict[str, Choice]]:
    """What a viewer may choose: everything; and each booth where only one can be chosen."""
    names = {item["name"]: item for item in board["templating"]["list"]}
    chosen: dict[str, Choice] = {
        name: All(item["allValue"]) for name, item in names.items() if item["includeAll"]
    }
    if "booth" in names and "booth" not in chosen:
        booths = sorted({address.booth for address in rows.addresses()})
        return [{**chosen, "booth": booth} for booth in booths]
    return [chosen]


def asked(board: Json, panel: Json, query: str, choice: Mapping[str, Choice]) -> str:
    span = panel.get("timeFrom") or board["time"]["from"]
    within = Range.back(span, NOW * 1000)
    return interpolate(query, within, choice, panel.get("interval", ""))


def choices_of(panel: Json, board: Json) -> list[dict[str, Choice]]:
    """The same, where a panel stands once for each kind that the board's variable offers."""
    if panel.get("repeat") != "kind":
        return choices(board)
    return [{**one, "kind": kind} for one in choices(board) for kind in catalogue()]


def rowless(database: Database, board: Json) -> list[str]:
    """The panel queries that return no row, whatever is chosen; every choice is asked."""
    silent = []
    for panel in lint.panels(board):
        for query in (target["query"] for target in panel["targets"]):
            every = choices_of(panel, board)
            answers = [database.ask(asked(board, panel, query, one)) for one in every]
            if not any(answers):
                silent.append(f"{panel['title']}: {query}")
    return silent


@pytest.mark.parametrize("uid", BOARDS)
def test_every_panel_query_returns_rows(database: Database, uid: str) -> None:
    assert rowless(database, BOARDS[uid]) == []


def planted(was: str, to: str) -> Json:
    """A board with a fault in its queries."""
    text = render.text(BOARDS["sl-kind-robot_arm-en"])
    assert was in text
    return json.loads(text.replace(was, to))


def test_a_query_without_rows_would_be_found(database: Database) -> None:
    silent = rowless(database, planted(r"mean(\"cycle_time\")", r"mean(\"cycle_tim\")"))
    assert len(silent) == 1


def test_a_query_that_influxdb_refuses_would_be_found(database: Database) -> None:
    with pytest.raises(AssertionError, match="unsupported mean iterator type"):
        rowless(database, planted(r"last(\"e_stop\") FROM", r"mean(\"e_stop\") FROM"))


@pytest.mark.parametrize("uid", BOARDS)
def test_every_variable_offers_values(database: Database, uid: str) -> None:
    board = BOARDS[uid]
    within = Range.back(board["time"]["from"], NOW * 1000)
    for variable in board["templating"]["list"]:
        for choice in choices(board):
            text = interpolate(variable["query"]["query"], within, choice)
            values = [value for series in database.ask(text) for _, value in series["values"]]
            assert values, text


@pytest.mark.parametrize("uid", BOARDS)
def test_every_annotation_has_its_columns_and_rows(database: Database, uid: str) -> None:
    board = BOARDS[uid]
    for item in board["annotations"]["list"]:
        found = [
            series
            for choice in choices(board)
            for series in database.ask(asked(board, {}, item["target"]["query"], choice))
        ]
        assert found, item["target"]["query"]
        for series in found:
            assert "tags" not in series, "grouped tags never reach an annotation"
            assert {"time", item["target"]["textColumn"], item["target"]["tagsColumn"]} <= set(
                series["columns"]
            )


@pytest.mark.parametrize("uid", RULES)
def test_every_rule_returns_one_number_for_each_set_of_labels(database: Database, uid: str) -> None:
    rule = RULES[uid]
    text = interpolate(rule.query, Range((NOW - rule.span) * 1000, NOW * 1000))
    found = database.ask(text)
    assert found, text
    labels = [tuple(sorted(series.get("tags", {}).items())) for series in found]
    assert len(labels) == len(set(labels)), "Grafana refuses two series of the same labels"
    for series in found:
        assert len(series["columns"]) == 2
        assert all(isinstance(value, int | float) for _, value in series["values"])


@pytest.mark.parametrize(
    ("uid", "fires"),
    [
        ("sl-device-silent", True),
        ("sl-rejections", True),
        ("sl-store-behind", True),
        ("sl-hub-down", False),
        ("sl-hub-deaf", False),
        ("sl-store-down", False),
        ("sl-e-stop-robot-arm", True),
        ("sl-e-stop-shuttle", True),
    ],
)
def test_a_rule_fires_when_it_should(database: Database, uid: str, fires: bool) -> None:
    rule = RULES[uid]
    found = database.ask(interpolate(rule.query, Range((NOW - rule.span) * 1000, NOW * 1000)))
    newest = [series["values"][-1][1] for series in found]
    beyond = [value > rule.limit if rule.beyond == "gt" else value < rule.limit for value in newest]
    assert any(beyond) is fires, newest


def test_the_hub_is_down_when_its_rows_end(database: Database) -> None:
    rule, later = RULES["sl-hub-down"], NOW + 3600
    assert not database.ask(interpolate(rule.query, Range((later - 60) * 1000, later * 1000)))
    assert rule.silence == "Alerting"


def values_of(database: Database, uid: str, title: str, ago: int = 0) -> list[list[Json]]:
    """The series that answer each query of a panel, looked at some seconds before the end."""
    board = BOARDS[uid]
    panel = next(item for item in lint.panels(board) if item["title"] == title)
    within = Range.back(panel.get("timeFrom") or board["time"]["from"], (NOW - ago) * 1000)
    least = panel.get("interval", "")
    return [
        database.ask(interpolate(target["query"], within, {}, least)) for target in panel["targets"]
    ]


def test_the_counts_of_devices_are_those_of_the_hub(database: Database) -> None:
    counted = values_of(database, "sl-overview-en", "Devices")
    assert [series[0]["values"][0][1] for series in counted] == [34, 1, 1]


def test_without_a_hub_nothing_is_counted_not_even_zero(database: Database) -> None:
    for title in ("Devices", "Hub"):
        assert values_of(database, "sl-overview-en", title, ago=-3600) == [[], [], []]


def test_while_the_hub_hears_nothing_no_device_is_counted_and_one_rule_fires(
    database: Database,
) -> None:
    at = NOW + 7200
    fields = "hears=0i,devices_live=34i,devices_late=0i,devices_offline=2i,waiting=0i"
    database.write([f"hub,client=smartlife-hub {fields} {(at - 5) * rows.SECOND}"])
    assert values_of(database, "sl-overview-en", "Devices", ago=-7200) == [[], [], []]
    rule = RULES["sl-hub-deaf"]
    (deaf,) = database.ask(interpolate(rule.query, Range((at - rule.span) * 1000, at * 1000)))
    assert (rule.beyond, deaf["values"][-1][1] < rule.limit) == ("lt", True)


def test_a_domain_without_a_live_device_has_a_share_of_zero(database: Database) -> None:
    (shares,) = values_of(database, "sl-overview-en", "Devices live, by domain")
    found = {series["tags"]["domain"]: round(series["values"][0][1]) for series in shares}
    assert found.keys() == {domain.id for domain in Domain}
    late_or_gone = {catalogue()[rows.addresses()[at].kind].domain.id for at in (0, -1)}
    assert {name for name, share in found.items() if share < 100} == late_or_gone
    # Looked at when all were offline but none had come back: a share, and it is 0.
    alone = [f"device_state,booth=z9,device=d,domain=ai,kind=k level={level}i" for level in (0, 1)]
    database.write([f"{line} {(NOW - 7200 + at) * rows.SECOND}" for at, line in enumerate(alone)])
    (shares,) = values_of(database, "sl-overview-en", "Devices live, by domain", ago=7100)
    assert [series["values"][0][1] for series in shares] == [0]


def test_a_chosen_device_is_that_one_alone(database: Database) -> None:
    board = BOARDS["sl-kind-robot_arm-en"]
    panel = next(item for item in lint.panels(board) if item["type"] == "timeseries")
    choice = {"booth": ["b03"], "device": ["arm-1"]}
    found = database.ask(asked(board, panel, panel["targets"][0]["query"], choice))
    assert [series["tags"]["device"] for series in found] == ["arm-1"]
    both: dict[str, Choice] = {"booth": All(".*"), "device": ["arm-1", "arm-2"]}
    assert len(database.ask(asked(board, panel, panel["targets"][0]["query"], both))) == 2


@pytest.mark.parametrize(
    ("choice", "written"),
    [
        (All(".*"), '"device" =~ /^.*$/'),
        ("a.1", r'"device" =~ /^a\.1$/'),
        (["a", "b-2"], '"device" =~ /^(a|b-2)$/'),
    ],
)
def test_a_choice_is_written_as_grafana_writes_it(choice: Choice, written: str) -> None:
    query = 'SELECT 1 WHERE "device" =~ /^$device$/'
    assert interpolate(query, Range(0, 1000), {"device": choice}).endswith(written)


def test_both_languages_ask_the_same(kinds: Mapping[str, KindSpec]) -> None:
    def texts(lang: Language) -> list[str]:
        return [
            target["query"]
            for uid, board in BOARDS.items()
            if uid.endswith(f"-{lang}")
            for panel in lint.panels(board)
            for target in panel["targets"]
        ]

    assert texts(Language.EN) == texts(Language.KO)
