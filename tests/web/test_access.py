"""Which booth's link authorises which request; every other needs the ops token."""

import pytest

from hub.web.access import Asked, asked

ANY, B12 = Asked(None), Asked("b12")
REQUESTS = [
    ("GET", "/api/asyncapi", "", ANY),
    ("GET", "/api/dialects", "", ANY),
    ("GET", "/api/kinds", "", ANY),
    ("GET", "/api/kinds/thermostat/schema", "", ANY),
    ("GET", "/api/kinds/thermostat/snippets", "", ANY),
    ("GET", "/api/kinds/thermostat/snippets", "booth=b12", B12),
    ("POST", "/api/kinds/thermostat/check", "", ANY),
    ("POST", "/api/kinds/thermostat/check", "booth=b12", B12),
    ("GET", "/api/kinds/thermostat/check", "", None),
    ("GET", "/booths/b12", "", B12),
    ("GET", "/api/booths/b12", "", B12),
    ("GET", "/api/booths/b12", "booth=b13", None),
    ("GET", "/api/booths/b12/export", "day=2026-10-07", B12),
    ("GET", "/api/booths/b12/report", "", B12),
    ("POST", "/api/booths/b12/kinds/oven/wish", "", B12),
    ("POST", "/api/booths/b12/accounts/add", "", None),
    *(
        (method, f"/api/{what}", query, found)
        for what in ("zone", "devices", "rejections", "live")
        for method, query, found in (
            ("GET", "booth=b12", B12),
            ("GET", "", None),
            ("GET", "booth=b12&booth=b12", None),
            ("DELETE", "booth=b12", None),
        )
    ),
    ("GET", "/api/accounts", "", None),
]


@pytest.mark.parametrize(("method", "path", "query", "booth"), REQUESTS)
def test_a_link_opens_what_names_its_booth_once_or_needs_none(
    method: str, path: str, query: str, booth: Asked | None
):
    assert asked(method, path, query.encode()) == booth
