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

    def __init__(self, pairs: Iterable[str]) -> None:
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
