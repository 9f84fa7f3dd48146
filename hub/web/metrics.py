"""The hub's metrics in the Prometheus text format, collected at each scrape."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hub.status.hub_status import HubStatus
from hub.status.wall_status import WallStatus


class Described(NamedTuple):
    """A metric: its name as scraped, and its help."""

    name: str
    help: str


class Figure(NamedTuple):
    """A gauge, or a counter if its name ends in `_total`, and the function that reads its value."""

    name: str
    help: str
    read: Callable[[HubStatus], float]


MESSAGES = Described(
    "hub_messages_total", "Messages decided on, by outcome: accepted, rejected, duplicate, ignored"
)
READINGS = Described(
    "hub_readings_total",
    "Accepted readings settled by the store, by outcome: stored, merged, refused",
)
DEVICES = Described("hub_devices", "Known devices, by state: live, late, offline")
UP = Described(
    "hub_part_up", "1 while a part is ok, else 0; parts: broker, outbox, store; of a wall: hubs"
)
FIGURES = (
    Figure(
        "hub_readings_waiting",
        "Accepted readings that wait in the outbox",
        lambda hub: hub.outbox.accounts.waiting,
    ),
    Figure(
        "hub_viewers",
        "Pages and programs that watch the live stream",
        lambda hub: hub.live.broadcast.viewers,
    ),
    Figure(
        "hub_in_hand",
        "Messages received and not yet on disk; reading stops at 16384",
        lambda hub: hub.committer.in_hand,
    ),
    Figure("hub_outbox_bytes", "Bytes of lines in the outbox", lambda hub: hub.outbox.size),
    Figure(
        "hub_outbox_limit_bytes", "Disk budget of the outbox", lambda hub: hub.settings.outbox_limit
    ),
    Figure(
        "hub_store_lag_seconds",
        "How long the oldest reading has waited in the outbox",
        lambda hub: hub.lag() / 1e9,
    ),
    Figure(
        "hub_store_unforeseen_errors_total",
        "Errors that the hub did not foresee in what the store answered; the log has a traceback",
        lambda hub: hub.store_fence.caught,
    ),
    Figure(
        "hub_refused_not_kept_total",
        "Lines that the store refused, above the share of the outbox for such lines: only counted",
        lambda hub: hub.outbox.refused_left_out,
    ),
    Figure(
        "hub_past_bytes",
        "Memory taken by the latest messages, for hub record --last",
        lambda hub: hub.flight_recorder.size,
    ),
    Figure(
        "hub_answers_sent_total", "Rejections and receipts published", lambda hub: hub.feedback.sent
    ),
    Figure(
        "hub_answers_held_back_total",
        "Rejections and receipts not published: rate limit, link",
        lambda hub: hub.feedback.throttled,
    ),
    Figure(
        "hub_receipts_not_answered_total",
        "Receipts asked for where none may go: not below the device's own topic",
        lambda hub: hub.feedback.not_answered,
    ),
    Figure(
        "hub_events_left_out_total",
        "States and rejections left out of the live stream, for more came at once than it holds",
        lambda hub: hub.live.broadcast.left_out,
    ),
    Figure(
        "hub_devices_left_out_total",
        "Times that a device was not taken in, or went, because its booth had too many to show",
        lambda hub: hub.live.roster.left_out,
    ),
    Figure(
        "hub_internal_errors_total",
        "Messages rejected as internal, for an error in the hub; its log has the traceback",
        lambda hub: hub.decode_fence.caught,
    ),
    Figure(
        "hub_broker_retained",
        "Messages that the broker retains, as it says; 0 where the hub may not read that",
        lambda hub: hub.retained.count,
    ),
    Figure(
        "hub_broker_unforeseen_total",
        "Connections to the broker that ended in an unforeseen error; the log has the traceback",
        lambda hub: hub.source.unforeseen,
    ),
    Figure(
        "hub_surplus_dropped_total",
        "QoS 0 messages dropped because their booth was above its quota",
        lambda hub: hub.quotas.dropped,
    ),
    Figure(
        "hub_surplus_delayed_total",
        "QoS 1 and 2 messages above their booth's quota: kept, and stored after the others'",
        lambda hub: hub.quotas.delayed,
    ),
    Figure(
        "hub_surplus_counted_total",
        "Rejections above their booth's quota: only counted, neither kept nor answered",
        lambda hub: hub.quotas.counted,
    ),
)
ALL = (MESSAGES, READINGS, DEVICES, UP, *FIGURES)


class _HubCollector(Collector):
    def __init__(self, hub: HubStatus) -> None:
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        accounts = self._hub.outbox.accounts.as_json()
        outcomes = ("accepted", "rejected", "duplicate", "ignored")
        yield _counter(MESSAGES, {name: accounts[name] for name in outcomes})
        yield _counter(READINGS, {name: accounts[name] for name in ("stored", "merged", "refused")})
        yield from _shown(self._hub)
        for figure in FIGURES:
            family = CounterMetricFamily if figure.name.endswith("_total") else GaugeMetricFamily
            yield family(figure.name, figure.help, value=figure.read(self._hub))


class _WallCollector(Collector):
    def __init__(self, wall: WallStatus) -> None:
        self._wall = wall

    def collect(self) -> Iterable[Metric]:
        yield from _shown(self._wall)


def _shown(status: HubStatus | WallStatus) -> Iterable[Metric]:
    """What a hub and a wall have in common."""
    counts = {state.value: count for state, count in status.live.count().items()}
    yield _labelled(DEVICES, "state", counts)
    parts = status.health().parts
    yield _labelled(UP, "part", {name: part.state == "ok" for name, part in parts.items()})


def _counter(described: Described, values: dict[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(described.name, described.help, labels=["outcome"])
    for outcome, value in values.items():
        family.add_metric([outcome], value)
    return family


def _labelled(described: Described, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(described.name, described.help, labels=[label])
    for name, value in values.items():
        family.add_metric([name], value)
    return family


class Metrics:
    """Renders the metrics of one hub; of a wall its devices and its parts."""

    def __init__(self, status: HubStatus | WallStatus) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(
            _WallCollector(status) if isinstance(status, WallStatus) else _HubCollector(status)
        )

    def text(self) -> bytes:
        """Return all metrics as Prometheus text."""
        return generate_latest(self._registry)
