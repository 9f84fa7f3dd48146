"""The alert rules as a file that Grafana provisions, with the booths' names in the messages. Pure.

In such a file Grafana puts environment variables in for `$NAME` everywhere but in a rule's query
model, and for `${NAME}` in annotations; elsewhere a `$` is written `$$`.
"""

import json
from collections.abc import Mapping

from hub.boards.alerts import BOOTH_ID, Rule, rules
from hub.boards.dataquery import SOURCE_TYPE, SOURCE_UID
from hub.boards.model import Language
from hub.event.zone import Zone
from schemas import KindSpec

FOLDER = "Smart Life alerts"
GROUP = "smartlife"
INTERVAL = 10
"""Seconds between two looks at every rule."""
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
        keepFiringFor: {keep}
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
_RECOVERY = """\
                  unloadEvaluator: {{type: {behind}, params: [{recovery:g}]}}
"""


def files(kinds: Mapping[str, KindSpec], zone: Zone) -> dict[str, str]:
    """Return the rule file by its path from the project's folder."""
    head = _HEAD.format(group=GROUP, folder=_quoted(FOLDER), interval=INTERVAL)
    text = head + "".join(_written(rule, zone) for rule in rules(kinds))
    return {"grafana/provisioning/alerting/rules.yaml": text}


def _written(rule: Rule, zone: Zone) -> str:
    labels = (("severity", rule.severity), *rule.labels)
    text = _RULE.format(
        uid=rule.uid,
        title=_quoted(f"{rule.title.en} / {Language.KO.of(rule.title)}"),
        pending=rule.pending,
        keep=rule.keep,
        silence=rule.silence,
        error=rule.error,
        labels="\n".join(f"          {name}: {_quoted(value)}" for name, value in labels),
        summary=_quoted(_named(rule.summary.en, zone, Language.EN)),
        summary_ko=_quoted(_named(rule.summary.ko, zone, Language.KO)),
        span=rule.span,
        source=SOURCE_UID,
        type=SOURCE_TYPE,
        query=_quoted(rule.query),
        beyond=rule.beyond,
        limit=rule.limit,
    )
    if rule.recovery is None:
        return text
    behind = "lt" if rule.beyond == "gt" else "gt"
    return text + _RECOVERY.format(behind=behind, recovery=rule.recovery)


def _named(summary: str, zone: Zone, lang: Language) -> str:
    """A summary with the booths' names in it, chosen by their ids in Go's template language."""
    if BOOTH_ID not in summary or not zone.booth:
        return summary
    cases = "{{ else ".join(
        f'if eq $labels.booth "{booth.id}" }}}}'
        f"{{{{ {_literal(f'{lang.of(booth.label())} ({booth.id})')} }}}}"
        for booth in zone.booth
    )
    return summary.replace(BOOTH_ID, f"{{{{ {cases}{{{{ else }}}}{BOOTH_ID}{{{{ end }}}}")


def _literal(text: str) -> str:
    """A string of Go; without a `$`, for which Grafana puts environment variables in."""
    return _quoted(text).replace("$", r"\x24")


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes; JSON's are valid ones."""
    return json.dumps(text, ensure_ascii=False)
