"""Dialects: how makers' devices speak by themselves, each declared in a file of its own. Pure.

A device publishes below ``{root}/{booth}/{dialect}/`` with its own topics behind it, and what it
says becomes readings of the hub's kinds. To add a dialect is to add its file, name it here, and
give it cases under `tests/cases/dialects/`.
"""

from collections.abc import Mapping

from hub.dialects import (
    chirpstack,
    dji,
    evcc,
    everest,
    goe,
    homeassistant,
    homie,
    onem2m,
    openmqttgateway,
    openwb,
    owntracks,
    ros,
    ruuvi,
    senml,
    shelly,
    sparkplug,
    tasmota,
    thingsboard,
    ttn,
    tuya,
    vda5050,
    zigbee2mqtt,
)
from hub.dialects.dialect import Dialect

DIALECTS: Mapping[str, Dialect] = {
    module.DIALECT.name: module.DIALECT
    for module in (
        chirpstack,
        dji,
        evcc,
        everest,
        goe,
        homeassistant,
        homie,
        onem2m,
        openmqttgateway,
        openwb,
        owntracks,
        ros,
        ruuvi,
        senml,
        shelly,
        sparkplug,
        tasmota,
        thingsboard,
        ttn,
        tuya,
        vda5050,
        zigbee2mqtt,
    )
}
"""Every dialect by the name that stands in its topics."""

__all__ = ["DIALECTS", "Dialect"]
