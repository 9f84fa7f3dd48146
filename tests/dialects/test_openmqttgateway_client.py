"""Bluetooth advertisements, decoded by Theengs' own library, from Mosquitto to the store."""

import json
from typing import Any

import paho.mqtt.publish as mqtt
import TheengsDecoder

from harness.hub import Hub
from harness.mosquitto import Mosquitto

THERMOMETER = {
    "id": "A4:C1:38:5A:10:C2",
    "name": "ATC_5A10C2",
    "servicedata": "a4c1385a10c200e029570b7c64",
    "servicedatauuid": "0x181a",
}
SCALE = {"id": "C8:1F:0D:7A:2B:11", "name": "MIBFS", "servicedatauuid": "0x181b"}
TAG = {
    "id": "F4:1F:0C:28:CB:D6",
    "manufacturerdata": "990405118042e8c694000cfff803f4adb607012cf41f0c28cbd6",
}


def decoded(advertisement: dict[str, Any]) -> str:
    """What a gateway publishes of an advertisement."""
    return TheengsDecoder.decodeBLE(json.dumps({**advertisement, "rssi": -71}))


def test_what_theengs_decodes_is_read(mosquitto: Mosquitto, hub: Hub, booth: str):
    heard = [
        THERMOMETER,
        {**SCALE, "servicedata": "02a6ea070a07010203f701be37"},  # in kg
        {**SCALE, "servicedata": "03a6ea070a07010203f701723d"},  # in lb
        TAG,
    ]
    root = f"smartlife/v1/{booth}/openmqttgateway/OpenMQTTGateway/BTtoMQTT"
    mqtt.multiple(
        [
            {
                "topic": f"{root}/{item['id'].replace(':', '')}",
                "payload": decoded(item),
                "qos": 1,
            }
            for item in heard
        ],
        port=mosquitto.port,
    )
    hub.wait_for("stored", len(heard))
    assert [
        (item["device"], item["fields"]) for item in hub.readings("climate_sensor", booth=booth)
    ] == [
        ("A4C1385A10C2", {"temperature": 22.4, "humidity": 41.0, "battery": 87.0, "signal": -71.0}),
        (
            "F41F0C28CBD6",
            {"temperature": 22.4, "humidity": 42.82, "pressure": 1008.36, "signal": -71.0},
        ),
    ]
    scale = hub.readings("body_scale", booth=booth)
    assert [item["fields"] for item in scale] == [{"weight": 71.35}, {"weight": 71.35008}]
