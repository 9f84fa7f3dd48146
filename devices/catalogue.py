"""Which model stands for which kind; a kind without one gets the generic model."""

from collections.abc import Mapping
from random import Random

from devices.ai import VisionAi
from devices.aviation import Drone
from devices.big_data import StreamMeter
from devices.charging import EvCharger
from devices.declared import known_kinds
from devices.dock import Dock
from devices.energy import PowerMeter
from devices.errors import UnknownKindError
from devices.generic import Generic
from devices.healthcare import BodyScale, Wearable
from devices.household import DoorLock, Light, SmartPlug
from devices.iot import EnvironmentStation
from devices.mobility import Scooter, Shuttle
from devices.robot_arm import RobotArm
from devices.robotics import Humanoid, MobileRobot
from devices.rooms import AirQuality, Thermostat
from devices.sensors import ClimateSensor, ContactSensor, PresenceSensor, SafetySensor
from devices.thing import START_HOUR, Thing
from devices.tracker import Tracker
from devices.twin import TwinLink

MODELS: Mapping[str, type[Thing]] = {
    "air_quality": AirQuality,
    "body_scale": BodyScale,
    "climate_sensor": ClimateSensor,
    "contact_sensor": ContactSensor,
    "dock": Dock,
    "door_lock": DoorLock,
    "drone": Drone,
    "environment_station": EnvironmentStation,
    "ev_charger": EvCharger,
    "humanoid": Humanoid,
    "light": Light,
    "mobile_robot": MobileRobot,
    "power_meter": PowerMeter,
    "presence_sensor": PresenceSensor,
    "robot_arm": RobotArm,
    "safety_sensor": SafetySensor,
    "scooter": Scooter,
    "shuttle": Shuttle,
    "smart_plug": SmartPlug,
    "stream_meter": StreamMeter,
    "thermostat": Thermostat,
    "tracker": Tracker,
    "twin_link": TwinLink,
    "vision_ai": VisionAi,
    "wearable": Wearable,
}


def thing(kind: str, seed: int, *, hour: float = START_HOUR) -> Thing:
    """Return a thing of `kind` that lives by `seed`, with its day beginning at `hour` (0 to 24).

    Raises:
        UnknownKindError: no file under `schemas/` declares it.
    """
    if kind not in known_kinds():
        raise UnknownKindError(kind, known_kinds())
    random = Random(f"{kind}/{seed}")
    model = MODELS.get(kind)
    return Generic(known_kinds()[kind], random, hour) if model is None else model(random, hour)
