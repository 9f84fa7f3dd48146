"""The page of the metrics, from their table. Pure."""

from hub.web.metrics import ALL
from tools.text import code, page, table

_METRICS = """\
For the organiser: what the hub measures of itself, for a monitoring system.

`GET /metrics` answers with these in the text format of Prometheus, a system that collects
measurements. Counters count since the data folder was made, over restarts; gauges say how it is
at the moment of the request. With an ops token, give it to Prometheus as `Authorization: Bearer
TOKEN`."""


def files() -> dict[str, str]:
    """Return the page of the metrics."""
    rows = [
        (code(item.name), "counter" if item.name.endswith("_total") else "gauge", item.help)
        for item in ALL
    ]
    parts = (_METRICS, table(("metric", "type", "what"), rows))
    return {"docs/reference/metrics.md": page("metrics", "Metrics", *parts)}
