"""Topic filters of the hub, of the wall of several hubs, and for the log of the broker. Pure."""

from collections.abc import Sequence

from hub.mqtt.codec import QoS, RetainHandling, TopicFilter


def topic_filters(
    root: str, group: str, native: Sequence[str] = (), booths: Sequence[str] = ()
) -> list[TopicFilter]:
    """Return the hub's topic filters; `native` are those of dialects outside the root.

    Without `booths` one filter matches everything under the root, wrong topics too, for each is
    rejected with a reason. Retained readings have RETAIN = 1 (Retain As Published is 0) and are
    ignored; retained states are needed. In a group the states have a filter of their own, for a
    shared subscription gets no retained messages (MQTT-4.8.2). No Local excludes our own answers;
    it is an error on a shared subscription (MQTT-3.8.3-4).
    """
    everything = [f"{root}/{booth}/#" for booth in booths] or [f"{root}/#"]
    if not group:
        return [_filter(pattern, no_local=True) for pattern in (*everything, *native)]
    shared = [
        _filter(f"$share/{group}/{pattern}", retain=RetainHandling.SEND_NEVER)
        for pattern in (*everything, *native)
    ]
    return [*shared, *status_filters(root, booths)]


def wall_filters(
    root: str, native: Sequence[str] = (), booths: Sequence[str] = (), names: Sequence[str] = ()
) -> list[TopicFilter]:
    """Return the topic filters of a wall: with QoS 0, for it keeps nothing.

    `names` are the second levels below the root that matter, kinds and dialects; without them all.
    """
    patterns = [
        f"{root}/{booth}/{name}/#" if name else f"{root}/{booth}/#"
        for booth in booths or ["+"]
        for name in names or [""]
    ]
    if not booths and not names:
        patterns = [f"{root}/#"]
    return [
        _filter(pattern, no_local=True, max_qos=QoS.AT_MOST_ONCE)
        for pattern in (*patterns, *native)
    ]


def log_filters(topics: Sequence[str]) -> list[TopicFilter]:
    """Return filters of the broker's log: with QoS 0, for what is missed of it is not queued."""
    return [TopicFilter(topic, max_qos=QoS.AT_MOST_ONCE) for topic in topics]


def status_filters(root: str, booths: Sequence[str] = ()) -> list[TopicFilter]:
    """Return the filters of the devices' states, with which the retained ones are sent."""
    return [_filter(f"{root}/{booth}/+/+/status") for booth in booths or ["+"]]


def _filter(
    pattern: str,
    *,
    no_local: bool = False,
    retain: RetainHandling = RetainHandling.SEND_ALWAYS,
    max_qos: QoS = QoS.AT_LEAST_ONCE,
) -> TopicFilter:
    return TopicFilter(
        pattern,
        max_qos=max_qos,
        no_local=no_local,
        retain_as_published=False,
        retain_handling=retain,
    )


def without_retained(item: TopicFilter) -> TopicFilter:
    """Return the filter with which what is retained below `/#` is not sent again."""
    if item.retain_handling == RetainHandling.SEND_NEVER or not item.pattern.endswith("/#"):
        return item
    retain = RetainHandling.SEND_IF_SUBSCRIPTION_NOT_EXISTS
    return _filter(item.pattern, no_local=item.no_local, retain=retain)


def optional(filters: Sequence[TopicFilter]) -> list[str]:
    """Return the patterns that may be refused: all but the first."""
    return [item.pattern for item in filters[1:]]
