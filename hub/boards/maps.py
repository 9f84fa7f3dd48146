"""Maps of devices, with a ground that needs no internet."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import common, geomap
    from grafana_foundation_sdk.models import common as options
    from grafana_foundation_sdk.models.geomap import TooltipMode

from grafana_foundation_sdk.cog.builder import Builder

from hub.boards.dataquery import ref_id
from hub.boards.model import Panel


def panel(item: Panel) -> geomap.Panel:
    """Return the SDK's builder of a map: a layer of markers for each query."""
    view = geomap.MapViewConfig().id("fit").all_layers(True).zoom(15).lat(0).lon(0)
    base = common.MapLayerOptions().type("geojson").name("basemap").config(_GROUND)
    layers: list[Builder[options.MapLayerOptions]] = [
        _layer(item, at) for at in range(len(item.queries))
    ]
    hints = geomap.TooltipOptions().mode(TooltipMode.DETAILS)
    return geomap.Panel().view(view).basemap(base).layers(layers).tooltip(hints)


_GROUND = {
    "src": "public/maps/countries.geojson",
    "rules": [],
    "style": {"color": {"fixed": "#8e8e8e"}, "opacity": 0.15},
}
"""Land as Grafana itself serves it: the network of a hall may have no internet."""
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
