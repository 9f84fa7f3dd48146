"""Access rights of a booth's link: its own page, and the data that the page shows. Pure."""

import re
from typing import NamedTuple

from starlette.datastructures import QueryParams

from hub.topics import BOOTH, KIND

_READ = frozenset({"GET", "HEAD"})
_WRITE = frozenset({"POST"})
_PAGE = re.compile(f"/booths/({BOOTH.pattern})/?", re.ASCII)


class _Opened(NamedTuple):
    """A path that a booth's link opens; `shared` holds no data of a booth."""

    path: re.Pattern[str]
    methods: frozenset[str]
    shared: bool = False


_OPENED = (
    _Opened(_PAGE, _READ),
    _Opened(re.compile(f"/api/booths/({BOOTH.pattern})", re.ASCII), _READ),
    _Opened(re.compile(f"/api/booths/({BOOTH.pattern})/(?:export|report)", re.ASCII), _READ),
    _Opened(
        re.compile(f"/api/booths/({BOOTH.pattern})/kinds/{KIND.pattern}/wish", re.ASCII), _WRITE
    ),
    _Opened(re.compile("/api/(?:zone|devices|rejections|live)"), _READ),
    _Opened(re.compile("/api/(?:asyncapi|dialects)"), _READ, shared=True),
    _Opened(re.compile(f"/api/kinds(?:/{KIND.pattern}/(?:schema|snippets))?"), _READ, shared=True),
    _Opened(re.compile(f"/api/kinds/{KIND.pattern}/check"), _WRITE, shared=True),
)


class Asked(NamedTuple):
    """The booth that a request is about; None when any booth's link is sufficient."""

    booth: str | None


def page_of(path: str) -> str | None:
    """Return the booth whose page stands at `path`, if it is one."""
    found = _PAGE.fullmatch(path)
    return found[1] if found else None


def asked(method: str, path: str, query: bytes) -> Asked | None:
    """Return which booth's link authorises a request; None when no booth's does.

    The booth is named once, in the path or as `booth=`: a request that names two, or the same one
    twice, is ambiguous, so no link authorises it.
    """
    # Parsed as the routes behind it parse the query.
    named = QueryParams(query).getlist("booth")
    for opened in _OPENED:
        found = opened.path.fullmatch(path)
        if found is None or method not in opened.methods:
            continue
        named = [*found.groups(), *named]
        if not named and opened.shared:
            return Asked(None)
        return Asked(named[0]) if len(named) == 1 else None
    return None
