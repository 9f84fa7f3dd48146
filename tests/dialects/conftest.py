"""A hub behind the web application, as the tests of the interface have it; and one as a process."""

from tests.integration.conftest import booth, hub, make_hub, mosquitto
from tests.web.conftest import site, zone_file

__all__ = ["booth", "hub", "make_hub", "mosquitto", "site", "zone_file"]
