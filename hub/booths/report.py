"""The report of a booth's day: one HTML page that prints well, in Korean or English. Pure."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

from hub.booths.day_facts import DEVICES, Curve, DayFacts
from hub.booths.take_home import Day, Language
from hub.timestamps import SECOND
from schemas import KindSpec, Label

_WIDTH, _HEIGHT, _EDGE = 320, 90, 4
_HOUR = 3_600 * SECOND
_WORDS = {
    "title": Label("Report of the day", "하루 보고서"),
    "readings": Label("Readings stored", "저장된 측정값"),
    "devices": Label("Devices", "기기"),
    "rejected": Label("Messages rejected", "거부된 메시지"),
    "live": Label("Hours live", "정상 시간"),
    "longest": Label("Hours live, at most", "정상 시간(최대)"),
    "device": Label("Device", "기기"),
    "kind": Label("Kind", "종류"),
    "count": Label("Readings", "측정값"),
    "curves": Label("Course of the day (means of 15 minutes)", "하루 추이(15분 평균)"),
    "causes": Label("Rejected messages by cause", "원인별 거부된 메시지"),
    "cause": Label("Cause", "원인"),
    "none": Label("Nothing was stored on this day.", "이날 저장된 측정값이 없습니다."),
    "more": Label("and {n} more", "외 {n}개"),
    "hours": Label("{n} h", "{n}시간"),
    "made": Label("Made on", "작성"),
}
_CAUSES = {
    "topic": Label("Wrong topic", "토픽 오류"),
    "kind": Label("Unknown kind", "등록되지 않은 종류"),
    "size": Label("Too large", "크기 초과"),
    "json": Label("Not JSON", "JSON 오류"),
    "schema": Label("Wrong value", "값 오류"),
    "device": Label("Too many device names", "기기 이름이 너무 많음"),
    "internal": Label("Error in the hub", "허브 내부 오류"),
}
STYLE = """
@page { size: A4; margin: 14mm; }
body { font-family: Pretendard, "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif;
  color: #14202b; margin: 2rem auto; max-width: 56rem; padding: 0 1rem; line-height: 1.4;
  word-break: keep-all; }
h1 { margin: 0; font-size: 1.7rem; } h2 { font-size: 1.15rem; margin: 1.6rem 0 .5rem; }
.event { margin: 0; color: #51606e; } .day { margin: .2rem 0 1.2rem; font-size: 1.1rem; }
.sums { display: grid; grid-template-columns: repeat(4, 1fr); gap: .8rem; margin: 0; }
.sums div { border: 1px solid #c9d2da; border-radius: .5rem; padding: .6rem .8rem; }
dt { color: #51606e; font-size: .9rem; } dd { margin: 0; font-size: 1.5rem; font-weight: 700; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: #51606e;
  font-weight: 500; } th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #dde4ea; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
tr, figure { break-inside: avoid; }
.curves { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
figure { margin: 0; border: 1px solid #dde4ea; border-radius: .5rem; padding: .5rem .7rem; }
figcaption { font-size: .9rem; } figcaption span { color: #51606e; } svg { width: 100%; }
.axis { display: flex; justify-content: space-between; color: #51606e; font-size: .8rem; }
footer { margin-top: 2rem; color: #51606e; font-size: .85rem; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
@media (max-width: 40rem) { .curves, .sums { grid-template-columns: 1fr; } }
"""


class ReportHead(NamedTuple):
    """Whose report it is: the event, the booth and its name, and when it is made (ns)."""

    event: Label
    booth: str
    name: Label
    now: int


def report(
    head: ReportHead, day: Day, kinds: dict[str, KindSpec], facts: DayFacts, language: Language
) -> str:
    """Return the report as a whole HTML page; names and ids are escaped."""
    page = _Page(day, kinds, facts, language)
    title = f"{page.word('title')} · {_said(head.name, language) or head.booth} · {day.day}"
    parts = [
        f'<p class="event">{escape(_said(head.event, language))}</p>',
        f"<h1>{escape(_said(head.name, language) or head.booth)} ({escape(head.booth)})</h1>",
        f'<p class="day">{page.word("title")} · {day.day} ({escape(day.zone.key)})</p>',
        page.sums(),
        page.devices() if facts.readings else f"<p>{page.word('none')}</p>",
        page.curves(),
        page.causes(),
        f"<footer>{page.word('made')} {day.local(head.now)[:16]}</footer>",
    ]
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _said(label: Label, language: Language) -> str:
    return label.ko if language == "ko" and label.ko else label.en


class _Page:
    """The parts of a report in a language."""

    def __init__(
        self, day: Day, kinds: dict[str, KindSpec], facts: DayFacts, language: Language
    ) -> None:
        self._day, self._kinds, self._facts, self._language = day, kinds, facts, language

    def word(self, key: str, **values: object) -> str:
        return _said(_WORDS[key], self._language).format(**values)

    def sums(self) -> str:
        facts = self._facts
        hours = self.word("hours", n=f"{max(facts.live.values(), default=0) / _HOUR:.1f}")
        sums = (
            (self.word("readings"), f"{facts.readings.total():,}"),
            (self.word("devices"), str(len(facts.readings))),
            (self.word("longest"), hours),
            (self.word("rejected"), f"{facts.rejected.total():,}"),
        )
        cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in sums)
        return f'<dl class="sums">{cells}</dl>'

    def devices(self) -> str:
        facts = self._facts
        rows = [
            (
                escape(device),
                escape(_said(self._kinds[kind].label, self._language)),
                f"{count:,}",
                self.word("hours", n=f"{facts.live[kind, device] / _HOUR:.1f}"),
            )
            for (kind, device), count in sorted(facts.readings.items())
        ]
        heads = [self.word(key) for key in ("device", "kind", "count", "live")]
        more = len(rows) - DEVICES
        left = f"<p>{self.word('more', n=more)}</p>" if more > 0 else ""
        return f"<h2>{self.word('devices')}</h2>{_table(heads, rows[:DEVICES])}{left}"

    def causes(self) -> str:
        if not self._facts.rejected:
            return ""
        rows = [
            (escape(_said(_CAUSES[code], self._language) if code in _CAUSES else code), f"{n:,}")
            for code, n in self._facts.rejected.most_common()
        ]
        heads = [self.word("cause"), self.word("rejected")]
        return f"<h2>{self.word('causes')}</h2>{_table(heads, rows, 1)}"

    def curves(self) -> str:
        if not self._facts.curves:
            return ""
        drawn = "".join(map(self._curve, self._facts.curves))
        more = self._facts.curves_left_out
        left = f"<p>{self.word('more', n=more)}</p>" if more else ""
        return f'<h2>{self.word("curves")}</h2><div class="curves">{drawn}</div>{left}'

    def _curve(self, curve: Curve) -> str:
        times, values = zip(*curve.points, strict=True)
        unit = f" {escape(curve.field.unit.symbol)}" if curve.field.unit.symbol else ""
        low, high = min(values), max(values)
        name = escape(_said(curve.field.label, self._language))
        return (
            f"<figure><figcaption><b>{name}</b> {escape(curve.device)} "
            f"<span>{low:.4g} … {high:.4g}{unit}</span></figcaption>"
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name}">'
            f'<polyline fill="none" stroke="#0a62c9" stroke-width="2" points="{_line(curve)}"/>'
            f'</svg><div class="axis"><span>{self._clock(times[0])}</span>'
            f"<span>{self._clock(times[-1])}</span></div></figure>"
        )

    def _clock(self, ts: int) -> str:
        return f"{datetime.fromtimestamp(ts // SECOND, self._day.zone):%H:%M}"


def _line(curve: Curve) -> str:
    """The points of a curve in the drawing; one alone is a short stroke."""
    times, values = zip(*curve.points, strict=True)
    first, span = times[0], max(times[-1] - times[0], 1)
    low, height = min(values), max(values) - min(values)
    at = [
        (
            _EDGE + (ts - first) / span * (_WIDTH - 2 * _EDGE),
            _HEIGHT - _EDGE - ((value - low) / height if height else 0.5) * (_HEIGHT - 2 * _EDGE),
        )
        for ts, value in curve.points
    ]
    if len(at) == 1:
        at.append((at[0][0] + _EDGE, at[0][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in at)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int = 2) -> str:
    def line(tag: str, cells: Sequence[str]) -> str:
        marks = [' class="n"' if at >= numbers_from else "" for at in range(len(cells))]
        return "".join(
            f"<{tag}{mark}>{cell}</{tag}>" for mark, cell in zip(marks, cells, strict=True)
        )

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{line('th', heads)}</tr></thead><tbody>{body}</tbody></table>"
