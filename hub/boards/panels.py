"""Panels for fields, by their declaration: drawing, unit, range, choices, and normal band."""

from collections.abc import Iterable, Iterator

from hub.boards import influxql, words
from hub.boards.influxql import Scope
from hub.boards.model import Column, Form, Language, Panel, PanelQuery, Threshold, ValueMapping
from schemas import YES_NO, Draw, FieldSpec, FieldType, KindSpec, Unit

GOOD, ODD, BAD, PLAIN, OFF = "green", "orange", "red", "blue", "#8e8e8e"
_CALM = ("green", "blue", "purple", "yellow", "semi-dark-green", "semi-dark-blue", "light-purple")
"""Colours of choices that are no alarm; none of them looks like one."""
EACH = "$tag_booth $tag_device"
"""The name of a series of one device."""
_BOUNDED = {Unit.PERCENT, Unit.RATIO}


def title(lang: Language, kind: KindSpec, field: FieldSpec) -> str:
    """Return a panel's title on a board where several kinds stand together."""
    return f"{lang.of(kind.label)} · {lang.of(field.label)}"


def about(lang: Language, kind: KindSpec, field: FieldSpec) -> str:
    """Return the description of a field, with its normal band."""
    said = f"{title(lang, kind, field)} ({kind.name}.{field.name})."
    band = _band(field)
    return f"{said} {lang.of(words.SAID['normal'])}: {band}." if band else said


def _band(field: FieldSpec) -> str:
    if field.normal is None:
        return ""
    low, high = field.normal
    unit = f" {field.unit.symbol}" if field.unit.symbol else ""
    ends = (f"≥ {low:g}" if low is not None else "", f"≤ {high:g}" if high is not None else "")
    return ", ".join(f"{end}{unit}" for end in ends if end)


def known(base: Threshold, *more: Threshold, least: float = 0) -> tuple[Threshold, ...]:
    """Return steps in which what is not known is grey: it takes the colour of the lowest."""
    return (Threshold(None, OFF), Threshold(least, base.colour), *more)


def steps(field: FieldSpec) -> tuple[Threshold, ...]:
    """Return the colours of a number as it is now; without one, grey."""
    base, *more = limits(field)
    return known(base, *more, least=field.minimum or 0)


def limits(field: FieldSpec) -> tuple[Threshold, ...]:
    """Return the colours of a number: normal within its band, odd outside of it."""
    if field.normal is None:
        return (Threshold(None, PLAIN),)
    low, high = field.normal
    base = Threshold(None, GOOD) if low is None else Threshold(None, ODD)
    lower = () if low is None else (Threshold(low, GOOD),)
    upper = () if high is None else (Threshold(high, ODD),)
    return (base, *lower, *upper)


def readings(lang: Language, field: FieldSpec) -> tuple[ValueMapping, ...]:
    """Return the value mappings of a flag or a choice."""
    if field.type is FieldType.BOOLEAN:
        return tuple(_flag(lang, field, value) for value in (True, False))
    return tuple(
        ValueMapping(word, lang.of(label), BAD if word in field.alarm else _CALM[at % len(_CALM)])
        for at, (word, label) in enumerate((field.choices or {}).items())
    )


def _flag(lang: Language, field: FieldSpec, value: bool) -> ValueMapping:
    text = lang.of((field.words or YES_NO).of(value))
    if value in field.alarm:
        return ValueMapping(str(value).lower(), text, BAD)
    calm = GOOD if field.alarm else (PLAIN if value else OFF)
    return ValueMapping(str(value).lower(), text, calm)


def scale(field: FieldSpec) -> tuple[float | None, float | None]:
    """Return the ends of a gauge: the declared range, drawn in to where the normal band shows."""
    if field.normal is None or field.unit in _BOUNDED:
        return field.minimum, field.maximum
    low, high = field.normal
    if low is not None and high is not None:
        margin = (high - low) / 2
        return _no_less(low - margin, field.minimum), _no_more(high + margin, field.maximum)
    if high is not None:
        return field.minimum, _no_more(2 * high, field.maximum)
    return field.minimum, field.maximum


def _no_less(value: float, limit: float | None) -> float:
    return value if limit is None else max(value, limit)


def _no_more(value: float, limit: float | None) -> float:
    return value if limit is None else min(value, limit)


def now(lang: Language, kind: KindSpec, field: FieldSpec, scope: Scope) -> Panel:
    """Return the panel of a field's newest value at each device."""
    form, words_only = Form.STAT, not field.numeric
    if field.numeric and field.draw is Draw.GAUGE:
        form = Form.BAR_GAUGE if field.unit in _BOUNDED else Form.GAUGE
    low, high = scale(field) if form is not Form.STAT else (None, None)
    return Panel(
        f"{kind.name}/{field.name}/now",
        form,
        lang.of(field.label),
        about(lang, kind, field),
        (PanelQuery(influxql.last(kind, field, scope), EACH),),
        field.unit,
        steps=steps(field),
        readings=readings(lang, field),
        minimum=low,
        maximum=high,
        words=words_only,
        height=6,
    )


def trend(lang: Language, kind: KindSpec, field: FieldSpec, scope: Scope) -> Panel:
    """Return the panel of a field over time, a line or a bar for each device."""
    return Panel(
        f"{kind.name}/{field.name}/trend",
        Form.SERIES if field.numeric else Form.TIMELINE,
        lang.of(field.label),
        about(lang, kind, field),
        (PanelQuery(influxql.trend(kind, field, scope), EACH),),
        field.unit,
        width=8 if field.numeric else 12,
        height=8 if field.numeric else 6,
        steps=limits(field),
        readings=readings(lang, field),
        interval=least(kind),
    )


def least(kind: KindSpec) -> str:
    """Return the least width of a time bucket: one reading."""
    return f"{max(kind.interval, 1):g}s"


def alarms(lang: Language, kind: KindSpec, scope: Scope) -> Panel | None:
    """Return one timeline of every flag of a kind that calls for attention, if it has any."""
    flags = [spec for spec in kind.fields if spec.type is FieldType.BOOLEAN and True in spec.alarm]
    if not flags:
        return None
    queries = tuple(
        PanelQuery(
            influxql.trend(kind, flag, scope),
            f"{EACH} {lang.of(flag.label)}",
            readings=readings(lang, flag),
        )
        for flag in flags
    )
    return Panel(
        f"{kind.name}/alarms",
        Form.TIMELINE,
        f"{lang.of(kind.label)} · {lang.of(words.ALARMS)}",
        lang.of(words.SAID["alarms"]),
        queries,
        width=12,
        height=7,
        interval=least(kind),
    )


def position(
    lang: Language, kinds: Iterable[KindSpec], scope: Scope, *, layers: bool = True
) -> Panel | None:
    """Return a map of the kinds with a position, if any has one; with a layer for each kind."""
    placed = [kind for kind in kinds if len(_places(kind)) == 2]
    if not placed:
        return None
    shown = [[kind] for kind in placed] if layers else [placed]
    names = ", ".join(lang.of(kind.label) for kind in placed)
    return Panel(
        "position" if len(placed) > 1 else f"{placed[0].name}/position",
        Form.MAP,
        f"{lang.of(words.POSITION)} ({names})" if layers else lang.of(words.POSITION),
        lang.of(words.SAID["position"]),
        tuple(
            PanelQuery(
                influxql.table(some, _places(some[0]), scope),
                lang.of(some[0].label) if layers else lang.of(words.DEVICES),
            )
            for some in shown
        ),
        width=12,
        height=10,
    )


def _places(kind: KindSpec) -> list[FieldSpec]:
    return [field for field in kind.fields if field.draw is Draw.MAP]


def latest(lang: Language, kind: KindSpec, scope: Scope) -> Panel:
    """Return a table of the newest value of every field, a row for each device."""
    return Panel(
        f"{kind.name}/latest",
        Form.TABLE,
        f"{lang.of(kind.label)} · {lang.of(words.LATEST)}",
        lang.of(words.SAID["latest"]),
        (PanelQuery(influxql.table([kind], kind.fields, scope)),),
        columns=(*device_columns(lang), *(_column(lang, field) for field in kind.fields)),
        width=24,
        height=9,
    )


def _column(lang: Language, field: FieldSpec) -> Column:
    bounded = field.numeric and field.normal is not None
    return Column(
        field.name,
        lang.of(field.label),
        field.unit,
        steps(field) if bounded else (),
        readings(lang, field),
    )


def shared_columns(lang: Language, kinds: Iterable[KindSpec]) -> Iterator[Column]:
    """Yield a column for each name of a field: what all kinds that declare it say of it."""
    said: dict[str, list[Column]] = {}
    for field in (field for kind in kinds for field in kind.fields):
        said.setdefault(field.name, []).append(_column(lang, field))
    for name, ways in said.items():
        first, *others = ways
        yield Column(
            name,
            min((way.title for way in ways), key=len),
            first.unit if all(way.unit is first.unit for way in others) else Unit.NONE,
            first.steps if all(way.steps == first.steps for way in others) else (),
            _agreed(lang, ways),
        )


def _agreed(lang: Language, ways: list[Column]) -> tuple[ValueMapping, ...]:
    """The value mappings that nobody contradicts; a flag of several words says yes or no."""
    found: dict[str, set[ValueMapping]] = {}
    for item in (item for way in ways for item in way.readings):
        found.setdefault(item.value, set()).add(item)
    plain = {
        str(value).lower(): ValueMapping(str(value).lower(), lang.of(YES_NO.of(value)), colour)
        for value, colour in ((True, PLAIN), (False, OFF))
    }
    agreed = (
        items.pop() if len(items) == 1 else plain.get(value) for value, items in found.items()
    )
    return tuple(filter(None, agreed))


def device_columns(lang: Language, names: tuple[ValueMapping, ...] = ()) -> tuple[Column, Column]:
    """Return the columns that say which device; `names` are those of the booths."""
    booth = Column("booth", lang.of(words.BOOTH), readings=names, link="booth")
    return booth, Column("device", lang.of(words.DEVICE))


def level_readings(lang: Language) -> tuple[ValueMapping, ...]:
    """Return the value mappings of the levels of `device_state`."""
    said = ((2, words.LIVE, GOOD), (1, words.LATE, ODD), (0, words.OFFLINE, BAD))
    return tuple(ValueMapping(str(level), lang.of(text), colour) for level, text, colour in said)
