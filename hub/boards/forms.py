"""The forms of panels, in Grafana's classic JSON."""

import warnings
from collections.abc import Callable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import (
        bargauge,
        common,
        gauge,
        stat,
        statetimeline,
        table,
        timeseries,
    )
    from grafana_foundation_sdk.builders import dashboard as build
    from grafana_foundation_sdk.models import common as options
    from grafana_foundation_sdk.models import dashboard as models

from hub.boards import maps, words
from hub.boards.dataquery import SOURCE, InfluxQL, QueryBuilder, ref_id
from hub.boards.model import Column, Form, Language, Panel, Threshold, ValueMapping, uid
from schemas import Unit

_ALL_BUT_TIME = "/^(?!Time$).+$/"
"""Fields that a stat shows when they are words; by default it shows numbers only."""
_TABULAR = {Form.TABLE, Form.MAP}
_DASHES = options.GraphThresholdsStyleMode.DASHED


def panel(item: Panel, lang: Language, *, wall: bool) -> Any:
    """Return the SDK's builder of a panel, without its position; larger for a wall."""
    made = (
        _FORMS[item.form](item)
        .id(item.id)
        .title(item.title)
        .description(item.description)
        .datasource(SOURCE)
        .unit(item.unit.grafana)
        .thresholds(thresholds(item.steps or (Threshold(None, "blue"),)))
        .mappings(mappings(item.readings))
        .targets(
            [
                QueryBuilder(InfluxQL(ref_id(at), query.text, query.alias, item.form in _TABULAR))
                for at, query in enumerate(item.queries)
            ]
        )
    )
    _bound(made, item, lang)
    for at, query in enumerate(item.queries):
        own: dict[str, Any] = {}
        if query.steps:
            own["thresholds"] = thresholds(query.steps).build()
        if query.readings:
            own["mappings"] = mappings(query.readings)
        if own:
            made.override_by_query(ref_id(at), _overrides(own))
    for column in item.columns:
        made.override_by_name(column.name, _cell(column, lang))
    if wall:
        _enlarge(made, item)
    if item.link:
        made.data_links([_to(item.title, uid(item.link, lang))])
    return made


_NAME_SIZE, _VALUE_SIZE = 22, 44
"""Heights of a stat's text on a wall, in px: what fits a panel of four rows."""


def _enlarge(made: Any, item: Panel) -> None:
    """Make a panel readable from afar, and leave out what is not."""
    if item.form is Form.STAT:
        made.text(common.VizTextDisplayOptions().title_size(_NAME_SIZE).value_size(_VALUE_SIZE))
    elif item.form is Form.SERIES:
        made.line_width(3)
        if _by_tag(item):
            made.legend(common.VizLegendOptions().show_legend(False))
    elif item.form is Form.TABLE:
        made.cell_height(options.TableCellHeight.LG)


def _bound(made: Any, item: Panel, lang: Language) -> None:
    """Set the optional parts of a panel."""
    optional: dict[Callable[[Any], Any], Any] = {
        made.min: item.minimum,
        made.max: item.maximum,
        made.interval: item.interval or None,
        made.time_from: item.since or None,
        made.repeat: item.repeat or None,
        made.no_value: lang.of(words.NO_DATA),
    }
    for setter, value in optional.items():
        if value is not None:
            setter(value)
    mode = models.FieldColorModeId
    by_series = item.form is Form.SERIES
    made.color_scheme(
        build.FieldColor().mode(mode.PALETTE_CLASSIC_BY_NAME if by_series else mode.THRESHOLDS)
    )


def thresholds(steps: tuple[Threshold, ...]) -> build.ThresholdsConfig:
    """Return steps of colour, the lowest first."""
    listed = [models.Threshold(value=step.value, color=step.colour) for step in steps]
    return build.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(listed)


def mappings(readings: tuple[ValueMapping, ...]) -> list[models.ValueMapping]:
    """Return the value mappings."""
    if not readings:
        return []
    shown = {
        item.value: models.ValueMappingResult(text=item.text, color=item.colour, index=at)
        for at, item in enumerate(readings)
    }
    return [models.ValueMap(options=shown)]


def _cell(column: Column, lang: Language) -> list[models.DynamicConfigValue]:
    said: dict[str, Any] = {"displayName": column.title}
    if column.unit is not Unit.NONE:
        said["unit"] = column.unit.grafana
    if column.steps:
        said["thresholds"] = thresholds(column.steps).build()
    if column.readings:
        said["mappings"] = mappings(column.readings)
    if column.steps or (column.readings and not column.link):
        said["custom.cellOptions"] = {"type": "color-text"}
    if column.link:
        where = _WHERE.get(column.link, uid(column.link, lang)).format(lang=lang)
        said["links"] = [_to(column.title, where).build()]
    return _overrides(said)


def _overrides(said: dict[str, Any]) -> list[models.DynamicConfigValue]:
    return [models.DynamicConfigValue(id_val=name, value=value) for name, value in said.items()]


_WHERE = {
    "booth": "sl-booth-{lang}?var-booth=${{__value.raw}}",
    "kind": "sl-kind-${{__value.raw}}-{lang}?var-booth=${{__data.fields.booth}}",
}


def _to(title: str, target: str) -> build.DashboardLink:
    """A data link that keeps the time range."""
    sign = "&" if "?" in target else "?"
    return (
        build.DashboardLink(title)
        .type(models.DashboardLinkType.LINK)
        .placement(None)  # type: ignore[arg-type]  # it is no link of the board
        .url(f"/d/{target}{sign}${{__url_time_range}}")
    )


def _newest(words: bool) -> common.ReduceDataOptions:
    fields = _ALL_BUT_TIME if words else ""
    return common.ReduceDataOptions().calcs(["lastNotNull"]).fields(fields).values(False)


def _stat(item: Panel) -> Any:
    sparkline = "$__interval" in item.queries[0].text and not item.words
    by_series = not sparkline and _by_tag(item)
    mode = options.BigValueTextMode
    named = by_series or len(item.queries) > 1
    return (
        stat.Panel()
        .reduce_options(_newest(item.words))
        .graph_mode(options.BigValueGraphMode.AREA if sparkline else options.BigValueGraphMode.NONE)
        .color_mode(options.BigValueColorMode.VALUE)
        .text_mode(mode.VALUE_AND_NAME if named else mode.VALUE)
    )


def _gauge(_: Panel) -> Any:
    return gauge.Panel().reduce_options(_newest(False)).show_threshold_markers(True)


def _bar_gauge(_: Panel) -> Any:
    return (
        bargauge.Panel()
        .reduce_options(_newest(False))
        .display_mode(options.BarGaugeDisplayMode.BASIC)
        .orientation(options.VizOrientation.HORIZONTAL)
    )


def _series(item: Panel) -> Any:
    made = (
        timeseries.Panel()
        .line_width(2)
        .fill_opacity(5)
        .show_points(options.VisibilityMode.NEVER)
        .legend(_legend(item))
        .tooltip(
            common.VizTooltipOptions()
            .mode(options.TooltipDisplayMode.MULTI)
            .sort(options.SortOrder.DESCENDING)
        )
    )
    if len(item.steps) > 1:
        made.thresholds_style(common.GraphThresholdsStyleConfig().mode(_DASHES))
    return made


def _legend(item: Panel) -> common.VizLegendOptions:
    """Below, of a few series; of one for each device beside it on a desk, and none on a wall."""
    made = common.VizLegendOptions()
    if not any("$tag_" in query.alias for query in item.queries):
        return (
            made.show_legend(len(item.queries) > 1 or bool(item.columns))
            .display_mode(options.LegendDisplayMode.LIST)
            .placement(options.LegendPlacement.BOTTOM)
        )
    return (
        made.show_legend(True)
        .display_mode(options.LegendDisplayMode.TABLE)
        .placement(options.LegendPlacement.RIGHT)
        .calcs(["lastNotNull"])
    )


def _by_tag(item: Panel) -> bool:
    return any("$tag_" in query.alias for query in item.queries)


def _timeline(_: Panel) -> Any:
    return (
        statetimeline.Panel()
        .merge_values(True)
        .show_value(options.VisibilityMode.AUTO)
        .row_height(0.8)
        .fill_opacity(80)
        .line_width(0)
        .per_page(20)
        .legend(common.VizLegendOptions().show_legend(False))
    )


def _table(item: Panel) -> Any:
    names = [column.name for column in item.columns]
    order = {name: at for at, name in enumerate(names)}
    layout = {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": {}}
    made = table.Panel().cell_height(options.TableCellHeight.SM)
    if item.repeat:
        made.repeat_direction("v")
        made.with_transformation(_configured("renameByRegex", _OF_LAST))
    if item.order:
        name = item.order.removeprefix("-")
        title = next(column.title for column in item.columns if column.name == name)
        sort = common.TableSortByFieldState().display_name(title)
        made.sort_by([sort.desc(item.order.startswith("-"))])
    return made.with_transformation(_configured("organize", layout))


_OF_LAST = {"regex": "^last_(.+)$", "renamePattern": "$1"}
"""The names of fields, of the columns that `last(*)` makes."""


def _configured(name: str, said: dict[str, Any]) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val=name, options=said)


_FORMS: dict[Form, Callable[[Panel], Any]] = {
    Form.STAT: _stat,
    Form.GAUGE: _gauge,
    Form.BAR_GAUGE: _bar_gauge,
    Form.SERIES: _series,
    Form.TIMELINE: _timeline,
    Form.TABLE: _table,
    Form.MAP: maps.panel,
}
