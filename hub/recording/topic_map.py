"""Maps topics of other systems: ``lab/+/temp=smartlife/v1/b1/thermostat/+``. Pure."""

import re
from collections.abc import Iterable

_WILDCARD = re.compile(r"(?:(?<=/)|^)([+#])(?:(?=/)|$)")
_GROUPS = {"+": "([^/]+)", "#": "(.+)"}


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
        for pattern, parts in self._rules:
            match = pattern.fullmatch(topic)
            if match is not None:
                found = iter(match.groups())
                return "".join(next(found) if part in _GROUPS else part for part in parts)
        return topic


def _rule(text: str) -> tuple[re.Pattern[str], list[str]]:
    old, equals, new = text.partition("=")
    parts, places = _WILDCARD.split(old), _WILDCARD.split(new)
    if not old or not equals or not new or parts[1::2] != places[1::2] or "#" in old[:-1]:
        raise ValueError(
            f"{text!r} maps no topic; write it like lab/+/temp=smartlife/v1/b1/thermostat/+, with "
            "the same + and # on both sides, # at the end"
        )
    pattern = "".join(_GROUPS.get(part, re.escape(part)) for part in parts)
    return re.compile(pattern), places


class TopicFilter:
    """MQTT topic filters (4.7.1): whether a topic matches one of them.

    Raises:
        ValueError: one is no filter.
    """

    def __init__(self, filters: Iterable[str] = ()) -> None:
        self._patterns = [_pattern(text) for text in filters]

    def matches(self, topic: str) -> bool:
        """Return whether one of the filters matches a topic."""
        return any(pattern.fullmatch(topic) for pattern in self._patterns)


def _pattern(text: str) -> re.Pattern[str]:
    levels = text.split("/")
    wrong = [level for level in levels if set(level) & set("+#") and level not in {"+", "#"}]
    if not text or wrong or "#" in levels[:-1]:
        raise ValueError(f"{text!r} is no topic filter; write it like smartlife/v1/b12/+/cam-1/#")
    rest = levels[-1] == "#"
    matched = [
        "[^/]*" if level == "+" else re.escape(level) for level in levels[: -1 if rest else None]
    ]
    pattern = "/".join(matched)
    return re.compile((f"{pattern}(?:/.*)?" if matched else ".*") if rest else pattern, re.DOTALL)
