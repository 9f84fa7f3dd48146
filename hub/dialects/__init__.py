"""Dialects: how makers' devices speak by themselves, each declared in a file of its own. Pure.

A device publishes below ``{root}/{booth}/{dialect}/`` with its own topics behind it, and what it
says becomes readings of the hub's kinds. To add a dialect is to add its file, name it here, and
give it cases under `tests/cases/dialects/`.
"""

from collections.abc import Mapping

from hub.dialects import (
    homeassistant,
    homie,
    senml,
    shelly,
    sparkplug,
    tasmota,
    vda5050,
    zigbee2mqtt,
)
from hub.dialects.dialect import Dialect

_ALL = (
    homeassistant,
    homie,
    senml,
    shelly,
    sparkplug,
    tasmota,
    vda5050,
    zigbee2mqtt,
)
DIALECTS: Mapping[str, Dialect] = {module.DIALECT.name: module.DIALECT for module in _ALL}
"""Every dialect by the name that stands in its topics."""

__all__ = ["DIALECTS", "Dialect"]
