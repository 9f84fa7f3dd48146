"""The alert rules that Grafana provisions from a file, derived from the kinds. Pure.

In such a file Grafana puts environment variables in for `$NAME` everywhere but in a rule's query
model and annotations; elsewhere a `$` is written `$$`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hub.boards import influxql
from hub.boards.dataquery import SOURCE_TYPE, SOURCE_UID
from hub.boards.model import Language
from hub.boards.parts import BATTERY, E_STOP, declaring
from hub.boards.policy import CLOSED
from schemas import KindSpec, Label

FOLDER = "Smart Life alerts"
GROUP = "smartlife"
INTERVAL = 10
"""Seconds between two looks at every rule."""
_WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it fires when the newest value of `query` over `span` seconds is beyond `limit`.

    `beyond` is gt or lt, `pending` how long that must last; `silence` is what having no rows at
    all means: OK, or Alerting.
    """

    name: str
    title: Label
    summary: Label
    query: str
    span: int
    beyond: str
    limit: float
    pending: str
    severity: str
    silence: str = "OK"
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def uid(self) -> str:
        """The rule's uid, which never changes."""
        return f"sl-{self.name}".replace("_", "-")[:40]


def rules(kinds: Mapping[str, KindSpec]) -> list[Rule]:
    """Return every rule: those about the hub, then those that each kind brings."""
    return [*_hub(), *_batteries(kinds), *_e_stops(kinds)]


_WHO = "{{ $labels.booth }} {{ $labels.device }}"


def _hub() -> Iterator[Rule]:
    yield Rule(
        "device-silent",
        Label("Device silent", "기기 응답 없음"),
        Label(f"{_WHO} sends nothing.", f"{_WHO}: 측정값이 오지 않습니다."),
        influxql.devices(influxql.ALL),
        _WEEK,
        "lt",
        2,
        "2m",
        "warning",
        labels=(CLOSED,),
    )
    yield Rule(
        "rejections",
        Label("Many rejections", "거부 급증"),
        Label(
            "More than 60 messages were rejected within a minute; the hub's pages say why.",
            "1분 동안 60건 넘게 거부했습니다. 이유는 허브 화면에서 확인하세요.",
        ),
        influxql.growth("rejected"),
        60,
        "gt",
        60,
        "0s",
        "warning",
    )
    yield Rule(
        "outbox-growing",
        Label("Outbox growing", "아웃박스 증가"),
        Label(
            "Readings come faster than the store takes them.",
            "저장소가 받는 속도보다 측정값이 빨리 들어옵니다.",
        ),
        influxql.difference("waiting"),
        300,
        "gt",
        1000,
        "2m",
        "warning",
    )
    yield Rule(
        "hub-down",
        Label("Hub down", "허브 중단"),
        Label(
            "The hub wrote nothing for a minute: it is down, or cannot reach the database.",
            "1분 동안 허브의 기록이 없습니다. 허브가 중단됐거나 저장소에 닿지 못합니다.",
        ),
        influxql.signs_of_life(),
        60,
        "lt",
        1,
        "30s",
        "critical",
        silence="Alerting",
    )


def _batteries(kinds: Mapping[str, KindSpec]) -> Iterator[Rule]:
    for kind, field in declaring(kinds.values(), BATTERY):
        low = (field.normal or (None, None))[0]
        if low is None:
            continue
        yield Rule(
            f"battery-{kind.name}",
            Label(f"Battery low: {kind.label.en}", f"배터리 부족: {kind.label.ko}"),
            Label(f"{_WHO} has less than {low:g} % left.", f"{_WHO}: 잔량이 {low:g} % 미만입니다."),
            influxql.last(kind, field, influxql.ALL),
            600,
            "lt",
            low,
            "1m",
            "warning",
            labels=(("kind", kind.name),),
        )


def _e_stops(kinds: Mapping[str, KindSpec]) -> Iterator[Rule]:
    for kind, field in declaring(kinds.values(), E_STOP):
        yield Rule(
            f"e-stop-{kind.name}",
            Label(f"E-stop pressed: {kind.label.en}", f"비상정지: {kind.label.ko}"),
            Label(f"{_WHO}: the e-stop is pressed.", f"{_WHO}: 비상정지가 눌렸습니다."),
            influxql.count_pressed(kind, field),
            60,
            "gt",
            0,
            "0s",
            "critical",
            labels=(("kind", kind.name),),
        )


_HEAD = """\
# Written by `make gen` from the kinds; Grafana loads it by itself.
apiVersion: 1
groups:
  - orgId: 1
    name: {group}
    folder: {folder}
    interval: {interval}s
    rules:
"""
_RULE = """\
      - uid: {uid}
        title: {title}
        condition: C
        for: {pending}
        noDataState: {silence}
        execErrState: {error}
        labels:
{labels}
        annotations:
          summary: {summary}
          summary_ko: {summary_ko}
        data:
          - refId: A
            relativeTimeRange: {{from: {span}, to: 0}}
            datasourceUid: {source}
            model:
              refId: A
              datasource: {{type: {type}, uid: {source}}}
              query: {query}
              rawQuery: true
              resultFormat: time_series
              intervalMs: 1000
              maxDataPoints: 43200
          - refId: B
            datasourceUid: __expr__
            model:
              refId: B
              datasource: {{type: __expr__, uid: __expr__}}
              type: reduce
              expression: A
              reducer: last
          - refId: C
            datasourceUid: __expr__
            model:
              refId: C
              datasource: {{type: __expr__, uid: __expr__}}
              type: threshold
              expression: B
              conditions:
                - evaluator: {{type: {beyond}, params: [{limit:g}]}}
"""


def files(kinds: Mapping[str, KindSpec]) -> dict[str, str]:
    """Return the rule file by its path from the project's folder."""
    head = _HEAD.format(group=GROUP, folder=_quoted(FOLDER), interval=INTERVAL)
    text = head + "".join(_written(rule) for rule in rules(kinds))
    return {"grafana/provisioning/alerting/rules.yaml": text}


def _written(rule: Rule) -> str:
    labels = (("severity", rule.severity), *rule.labels)
    return _RULE.format(
        uid=rule.uid,
        title=_quoted(f"{rule.title.en} / {Language.KO.of(rule.title)}"),
        pending=rule.pending,
        silence=rule.silence,
        # A database that does not answer is one cause, and fires one rule.
        error="Alerting" if rule.silence == "Alerting" else "KeepLast",
        labels="\n".join(f"          {name}: {_quoted(value)}" for name, value in labels),
        summary=_quoted(rule.summary.en),
        summary_ko=_quoted(rule.summary.ko),
        span=rule.span,
        source=SOURCE_UID,
        type=SOURCE_TYPE,
        query=_quoted(rule.query),
        beyond=rule.beyond,
        limit=rule.limit,
    )


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes; JSON's are valid ones."""
    return json.dumps(text, ensure_ascii=False)
