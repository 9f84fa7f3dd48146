"""Moments in a recording: parses a full time, a relative one, or a time of day. Pure."""

from datetime import date, datetime, timedelta, tzinfo

from hub import timestamps


def moment_in(text: str, first: int, last: int, zone: tzinfo | None = None) -> int:
    """Parse a time in a recording that goes from `first` to `last` (ns): RFC 3339 or an epoch.

    ``+10s`` is so long after its first message, ``-10s`` before its last. A time of day, like
    ``14:03:10``, is that of `zone`, None for this machine's, on the recording's day.

    Raises:
        ValueError: it is none, or the recording has no such time of day, or two of them.
    """
    try:
        clock = datetime.strptime(text, "%H:%M:%S").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        return _in_full(text, first, last)
    # To the second: a message of 14:03:10.4 may be the last, one of 14:03:10.6 the first.
    found = [
        moment
        for day in _days(first, last, zone)
        if first - timestamps.SECOND
        <= (moment := round(datetime.combine(day, clock, zone).timestamp()) * timestamps.SECOND)
        <= last + timestamps.SECOND
    ]
    if len(found) != 1:
        said = "the recording has several days" if found else "the recording has no such time"
        raise ValueError(
            f"{text}: {said}; it goes from {timestamps.rfc3339(first, 3)} to "
            f"{timestamps.rfc3339(last, 3)}; give it whole, like {timestamps.rfc3339(first, 3)}"
        )
    return found[0]


def _in_full(text: str, first: int, last: int) -> int:
    try:
        if text.startswith("+"):
            return first + timestamps.duration(text[1:])
        return timestamps.moment(text, last)
    except ValueError as exc:
        raise ValueError(
            f"{exc}, a time of day like 14:03:10, or +10s from the recording's first message"
        ) from exc


def _days(first: int, last: int, zone: tzinfo | None) -> list[date]:
    start = datetime.fromtimestamp(first / 1e9, zone).date()
    stop = datetime.fromtimestamp(last / 1e9, zone).date()
    return [start + timedelta(days=n) for n in range((stop - start).days + 1)]
