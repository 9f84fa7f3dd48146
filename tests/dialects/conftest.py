"""A hub behind the web application, as the tests of the interface have it."""

from tests.web.conftest import site, zone_file

__all__ = ["site", "zone_file"]
