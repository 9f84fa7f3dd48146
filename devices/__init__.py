"""Demo devices: seeded models of things, and real MQTT clients that publish what they say.

The models are pure; `python -m devices --help` runs them against a broker.
"""

from devices.broker import Broker, Mqtt, parse_broker
from devices.catalogue import thing
from devices.client import Device, Habits
from devices.errors import (
    BadBrokerError,
    BadZoneError,
    BrokerUnreachableError,
    DeviceError,
    UnknownKindError,
    WrongUseError,
)
from devices.faults import Fault, Faults, spoil
from devices.fleet import fleet, run_fleet, run_unsteadily
from devices.generic import Generic
from devices.thing import Thing
from devices.wire import Address, Ts
from devices.zone import DEMO_ZONE, Zone, load_zone

__all__ = [
    "DEMO_ZONE",
    "Address",
    "BadBrokerError",
    "BadZoneError",
    "Broker",
    "BrokerUnreachableError",
    "Device",
    "DeviceError",
    "Fault",
    "Faults",
    "Generic",
    "Habits",
    "Mqtt",
    "Thing",
    "Ts",
    "UnknownKindError",
    "WrongUseError",
    "Zone",
    "fleet",
    "load_zone",
    "parse_broker",
    "run_fleet",
    "run_unsteadily",
    "spoil",
    "thing",
]
