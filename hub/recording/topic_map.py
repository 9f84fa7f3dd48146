"""Maps topics of other systems: ``lab/+/temp=smartlife/v1/b1/thermostat/+``. Pure."""

from collections.abc import Iterable

from hub import topics

_WILDCARDS = frozenset("+#")


class TopicMap:
    """Topic filters, each with the topic that takes its place.

    Args:
        pairs: ``OLD=NEW``; `+` is a level and a `#` at the end the rest, and both stand in the
            same order in NEW.

    Raises:
        ValueError: one is no such pair.
    """

    def __init__(self, pairs: Iterable[str] = ()) -> None:
        self._rules = [_rule(text) for text in pairs]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def mapped(self, topic: str) -> str:
        """Return the topic that takes its place; the same if none does."""
        for old, new in self._rules:
            found = topics.wildcards(old, topic)
            if found is not None and all(found):  # # is one level or more
                rest = iter(found)
                return "/".join(
                    next(rest) if level in _WILDCARDS else level for level in new.split("/")
                )
        return topic


def _rule(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    ours, theirs = (
        [level for level in side.split("/") if level in _WILDCARDS] for side in (old, new)
    )
    if topics.bad_filter(old) or topics.bad_filter(new) or ours != theirs:
        raise ValueError(
            f"{text!r} maps no topic; write it like lab/+/temp=smartlife/v1/b1/thermostat/+, with "
            "the same + and # on both sides, # at the end"
        )
    return old, new


class TopicFilter:
    """MQTT topic filters: whether a topic matches one of them.

    Raises:
        ValueError: one is no filter.
    """

    def __init__(self, filters: Iterable[str] = ()) -> None:
        self._filters = tuple(filters)
        for text in self._filters:
            fault = topics.bad_filter(text)
            if fault is not None:
                raise ValueError(f"{text!r} {fault}; write it like smartlife/v1/b12/+/cam-1/#")

    def matches(self, topic: str) -> bool:
        """Return whether one of the filters matches a topic."""
        return any(topics.matches(pattern, topic) for pattern in self._filters)
