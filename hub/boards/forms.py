"""The forms of panels, in Grafana's classic JSON."""

import string
import warnings
from collections.abc import Callable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import (
        bargauge,
        common,
        gauge,
        geomap,
        stat,
        statetimeline,
        table,
        timeseries,
    )
    from grafana_foundation_sdk.builders import dashboard as build
    from grafana_foundation_sdk.models import common as options
    from grafana_foundation_sdk.models import dashboard as models
    from grafana_foundation_sdk.models.geomap import TooltipMode

from grafana_foundation_sdk.cog.builder import Builder

from hub.boards.dataquery import SOURCE, InfluxQL, QueryBuilder
from hub.boards.model import Column, Form, Language, Panel, Threshold, ValueMapping, uid
from schemas import Unit

_ALL_BUT_TIME = "/^(?!Time$).+$/"
"""Fields that a stat shows when they are words; by default it shows numbers only."""
_TABULAR = {Form.TABLE, Form.MAP}
_DASHES = options.GraphThresholdsStyleMode.DASHED


def panel(item: Panel, lang: Language) -> Any:
    """Return the SDK's builder of a panel, without its position."""
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
    _bound(made, item)
    for at, query in enumerate(item.queries):
        if query.unit is not None:
            unit = models.DynamicConfigValue(id_val="unit", value=query.unit.grafana)
            made.override_by_query(ref_id(at), [unit])
    for column in item.columns:
        made.override_by_name(column.name, _cell(column, lang))
    if item.link:
        made.data_links([_to(item.title, uid(f"kind-{item.link}", lang))])
    return made


def _bound(made: Any, item: Panel) -> None:
    """Set the optional parts of a panel."""
    optional: dict[Callable[[Any], Any], Any] = {
        made.min: item.minimum,
        made.max: item.maximum,
        made.interval: item.interval or None,
        made.time_from: item.since or None,
        made.no_value: item.empty or None,
    }
    for setter, value in optional.items():
        if value is not None:
            setter(value)
    mode = models.FieldColorModeId
    by_series = item.form is Form.SERIES
    made.color_scheme(
        build.FieldColor().mode(mode.PALETTE_CLASSIC_BY_NAME if by_series else mode.THRESHOLDS)
    )


def ref_id(at: int) -> str:
    """Return the name of a panel's query: A to Z, then AA, AB and so on."""
    letters = string.ascii_uppercase
    return letters[at] if at < len(letters) else letters[at // 26 - 1] + letters[at % 26]


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
        said["links"] = [_to(column.title, _WHERE[column.link](lang)).build()]
    return [models.DynamicConfigValue(id_val=name, value=value) for name, value in said.items()]


_WHERE: dict[str, Callable[[Language], str]] = {
    "booth": lambda lang: uid("booth", lang) + "?var-booth=${__value.raw}",
    "kind": lambda lang: uid("kind-${__value.raw}", lang),
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
    by_device = not sparkline and "$tag_" in item.queries[0].alias
    mode = options.BigValueTextMode
    named = by_device or len(item.queries) > 1
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
        .line_width(1)
        .fill_opacity(30 if item.stacked else 5)
        .show_points(options.VisibilityMode.NEVER)
        .legend(
            common.VizLegendOptions()
            .show_legend(True)
            .display_mode(options.LegendDisplayMode.LIST)
            .placement(options.LegendPlacement.BOTTOM)
        )
        .tooltip(common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI))
    )
    if item.stacked:
        made.stacking(common.StackingConfig().mode(options.StackingMode.NORMAL).group("A"))
    if len(item.steps) > 1:
        made.thresholds_style(common.GraphThresholdsStyleConfig().mode(_DASHES))
    return made


def _timeline(_: Panel) -> Any:
    return (
        statetimeline.Panel()
        .merge_values(True)
        .show_value(options.VisibilityMode.AUTO)
        .row_height(0.8)
        .fill_opacity(80)
        .line_width(0)
    )


def _table(item: Panel) -> Any:
    names = [column.name for column in item.columns]
    order = {name: at for at, name in enumerate(names)}
    hidden = {} if "Time" in order else {"Time": True}
    layout = {"excludeByName": hidden, "indexByName": order, "renameByName": {}}
    return table.Panel().with_transformation(
        models.DataTransformerConfig(id_val="organize", options=layout)
    )


def _map(item: Panel) -> Any:
    view = geomap.MapViewConfig().id("fit").all_layers(True).zoom(15).lat(0).lon(0)
    base = common.MapLayerOptions().type("default").name("basemap")
    layers: list[Builder[options.MapLayerOptions]] = [
        _layer(item, at) for at in range(len(item.queries))
    ]
    hints = geomap.TooltipOptions().mode(TooltipMode.DETAILS)
    return geomap.Panel().view(view).basemap(base).layers(layers).tooltip(hints)


_LAYER_COLOURS = ("blue", "orange", "purple", "green", "red")


def _layer(item: Panel, at: int) -> common.MapLayerOptions:
    """Markers of one query; a layer draws only the first frame that its filter leaves."""
    colour = _LAYER_COLOURS[at % len(_LAYER_COLOURS)]
    style = {
        "color": {"fixed": colour},
        "opacity": 0.8,
        "size": {"fixed": 8, "max": 15, "min": 2},
        "symbol": {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"},
        "text": {"field": "device", "fixed": "", "mode": "field"},
        "textConfig": {"fontSize": 12, "offsetX": 0, "offsetY": 12},
    }
    where = common.FrameGeometrySource().mode(options.FrameGeometrySourceMode.COORDS)
    return (
        common.MapLayerOptions()
        .type("markers")
        .name(item.queries[at].alias)
        .config({"showLegend": True, "style": style})
        .location(where.latitude("latitude").longitude("longitude"))
        .filter_data({"id": "byRefId", "options": ref_id(at)})
        .tooltip(True)
    )


_FORMS: dict[Form, Callable[[Panel], Any]] = {
    Form.STAT: _stat,
    Form.GAUGE: _gauge,
    Form.BAR_GAUGE: _bar_gauge,
    Form.SERIES: _series,
    Form.TIMELINE: _timeline,
    Form.TABLE: _table,
    Form.MAP: _map,
}
