"""Synonyms: the fields of the hub's kinds that common names in free-form payloads mean. Pure.

A name is read regardless of case and separators, by the last part of its path, with the unit that
it ends in, if it names one: `Temperature`, `temp_c`, `tempF`, `sensor.temperature.value`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from hub.dialects.parsing import units
from schemas import kinds

_FIELDS = {kind.name: {field.name: field for field in kind.fields} for kind in kinds().values()}
_ELSEWHERE = frozenset(
    (
        *("battery", "batt", "bat", "cpu", "mcu", "chip", "board", "internal", "device"),
        *("modem", "min", "max", "minimum", "maximum"),
    )
)
"""Whose temperature or voltage it is, if not that of what is measured."""
_LEVELS = 4
"""The last levels of a path, of which two to three say what a value is."""
_BEHIND = frozenset({"value", "val", "v", "currentvalue", "presentvalue"})

_NAMES: Mapping[str, str] = {
    "temperature": "temp tmp measuretemperature currenttemperature airtemperature airtemp"
    " ambienttemperature ambienttemp roomtemperature roomtemp temperaturesensor externaltemperature"
    " outsidetemperature tempsht tempcsht tempds tempcds 온도 기온",
    "humidity": "hum humid rh relativehumidity airhumidity relhum humiditysensor humsht 습도",
    "pressure": "press pres baro barometer barometricpressure airpressure atmosphericpressure"
    " atmospressure 기압",
    "illuminance": "lux light illumination luminosity luminance lightintensity ambientlight"
    " lightlevel illuminancesensor 조도",
    "battery": "batt bat batterylevel batterypercentage battpercentage batterystate batlevel"
    " 배터리",
    "signal": "rssi signalstrength",
    "co2": "carbondioxide eco2 co2concentration 이산화탄소",
    "pm2_5": "pm25 pm2 pm2p5 finedust pm25concentration 초미세먼지",
    "pm10": "pm10concentration 미세먼지",
    "tvoc": "voc totalvoc",
    "co": "carbonmonoxideconcentration",
    "wind_speed": "windspeedavg windavg 풍속",
    "wind_gust": "gust windgustspeed windspeedmax",
    "wind_direction": "winddir winddirectionavg 풍향",
    "rain_rate": "rainintensity precipitationrate rainfallrate rainfallintensity",
    "uv_index": "uv uvi",
    "noise": "sound soundlevel noiselevel laeq spl 소음",
    "power": "activepower realpower powerw watts apower 전력",
    "energy": "totalenergy energytotal totalactiveenergy activeenergy energyimport importedenergy"
    " energyimported 전력량",
    "energy_exported": "energyexport exportedenergy exportenergy",
    "voltage": "volt volts linevoltage 전압",
    "current": "amps amperage linecurrent 전류",
    "frequency": "freq gridfrequency linefrequency",
    "power_factor": "pf cosphi",
    "state_of_charge": "soc batterysoc chargelevel",
    "switched_on": "switch relay switchstate relaystate output poweron",
    "occupied": "occupancy presence motion pir motiondetected occupancystatus pirstatus human 재실",
    "is_open": "dooropen windowopen door dooropenstatus doorstatus magnetstatus reedswitch"
    " open opened contactopen dooropened 문열림",
    "water_leak": "leak leakage waterleakage leakagestatus waterleakstatus leakdetected 누수",
    "smoke": "smokealarm smokedetected smokestatus 연기",
    "gas": "gasalarm gasdetected",
    "carbon_monoxide": "coalarm",
    "tamper": "tamperstatus tampered tamperalarm",
    "battery_low": "lowbatt battlow lowbattery lowbatteryalarm",
    "latitude": "lat gpslatitude 위도",
    "longitude": "lon lng long gpslongitude 경도",
    "altitude": "alt gpsaltitude elevation 고도",
    "accuracy": "acc hdopm horizontalaccuracy gpsaccuracy",
    "heading": "cog course bearing",
    "speed": "velocity groundspeed 속도",
    "brightness": "dim dimmer",
    "color_temperature": "colourtemperature",
    "target": "setpoint targettemp targettemperature temperaturesetpoint settemperature"
    " heatingsetpoint",
    "demand": "valveposition valve valveopenness heatdemand",
    "heart_rate": "hr heartbeat pulse bpm 심박수",
    "spo2": "oxygensaturation bloodoxygen",
    "respiratory_rate": "respiration breathingrate",
    "weight": "bodyweight 체중",
    "body_fat": "bodyfatpercentage fat",
    "people": "peoplecount persons personcount occupancycount",
    "records_rate": "recordspersecond messagerate messagespersecond",
    "e_stop": "emergencystop",
    "motor_temperature": "motortemp",
    "gpu_load": "gpuload gpuutilization",
}
_TURNED = {"closed": "is_open", "doorclosed": "is_open", "windowclosed": "is_open"}
_UNITS = frozenset(
    (
        *(
            "celsius",
            "fahrenheit",
            "percent",
            "pct",
            "ugm3",
            "dbm",
            "hpa",
            "kpa",
            "ppm",
            "ppb",
            "kwh",
        ),
        *(
            "mmh",
            "kmh",
            "mps",
            "lux",
            "bpm",
            "deg",
            "rad",
            "mbar",
            "volts",
            "wh",
            "kw",
            "mv",
            "ma",
            "pa",
        ),
        *(
            "pa",
            "dba",
            "db",
            "hz",
            "lx",
            "kg",
            "mm",
            "cm",
            "km",
            "c",
            "f",
            "k",
            "w",
            "v",
            "a",
            "m",
            "s",
        ),
    )
)
_UNIT_SIZES = sorted({len(unit) for unit in _UNITS}, reverse=True)  # the longest that fits


class Spelling(NamedTuple):
    """A field that a name means, the unit that it ends in, and whether it says the contrary."""

    field: str
    unit: str = ""
    turned: bool = False


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


_SPELLINGS: Mapping[str, Spelling] = {
    **{_plain(name): Spelling(name) for fields in _FIELDS.values() for name in fields},
    **{name: Spelling(field, turned=True) for name, field in _TURNED.items()},
    **{name: Spelling(field) for field, names in _NAMES.items() for name in names.split()},
}


def spelling_of(place: str) -> Spelling | None:
    """Return the field that a name or a path with ``.`` or ``/`` means; None if it is unknown."""
    return _spelled(place) if len(place) <= 256 else None


@lru_cache(8_192)
def _spelled(place: str) -> Spelling | None:
    levels = re.split(r"[./]", place)[-_LEVELS:]
    parts = [_plain(part) for part in levels if part] or [""]
    found = _known("".join(parts[-2:]))
    if found is None and len(parts) > 1 and (parts[-1].isdigit() or parts[-1] in _BEHIND):
        parts.pop()
        found = _known("".join(parts[-2:]))
    if found is not None or (len(parts) > 1 and parts[-2] in _ELSEWHERE):
        return found
    return _known(parts[-1]) or _known(re.sub(r"\d+$", "", parts[-1]))


def _known(plain: str) -> Spelling | None:
    found = _SPELLINGS.get(plain)
    if found is not None:
        return found
    for size in _UNIT_SIZES:
        unit = plain[-size:]
        base = _SPELLINGS.get(plain[:-size]) if unit in _UNITS else None
        if base and not base.turned and _measured_in(base.field, unit):
            return Spelling(base.field, unit)
    return None


def _measured_in(field: str, unit: str) -> bool:
    specs = [fields[field] for fields in _FIELDS.values() if field in fields]
    return any(spec.numeric and units.line(unit, spec.unit) is not None for spec in specs)
