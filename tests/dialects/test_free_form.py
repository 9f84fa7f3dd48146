"""Free-form payloads: what names mean, and of which kind a device is that sends them."""

from typing import Any

import pytest

from hub.dialects.dialect import Told
from hub.dialects.mapping.free_form import flattened, take
from hub.dialects.mapping.synonyms import spelling_of

CLIMATE = {"temperature": 21.5, "humidity": 40}


def taken(values: Any, before: list[str] | None = None) -> dict[str, dict[str, Any]]:
    return {draft.kind: draft.fields for draft in told(values, before).drafts}


def told(values: Any, before: list[str] | None = None) -> Told:
    found = Told()
    take(found, "device", flattened(values), before)
    return found


@pytest.mark.parametrize(
    ("place", "field", "unit"),
    [
        ("Temperature", "temperature", ""),
        ("temp_c", "temperature", "c"),
        ("tempF", "temperature", "f"),
        ("Sensors/Env/Relative Humidity", "humidity", ""),
        ("temperature.value", "temperature", ""),
        ("temperature_3", "temperature", ""),
        ("temperatureSensor.3", "temperature", ""),
        ("battery.level", "battery", ""),
        ("PM2.5", "pm2_5", ""),
        ("pm25", "pm2_5", ""),
        ("power_kW", "power", "kw"),
        ("active-energy-wh", "energy", "wh"),
        ("습도", "humidity", ""),
    ],
)
def test_a_name_means_a_field(place: str, field: str, unit: str) -> None:
    found = spelling_of(place)
    assert found is not None
    assert (found.field, found.unit) == (field, unit)


@pytest.mark.parametrize(
    "place",
    ["", "/", ".", "uptime", "battery.voltage", "cpu/temperature", "batteryMv", "BatV", "x" * 500],
)
def test_a_name_that_means_something_else_is_not_taken(place: str) -> None:
    assert spelling_of(place) is None


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (CLIMATE, {"climate_sensor": CLIMATE}),
        ({"tempf": 70.7}, {"climate_sensor": {"temperature": 21.5}}),
        ({"temp": {"value": 70.7, "unit": "°F"}}, {"climate_sensor": {"temperature": 21.5}}),
        (
            {"co2": 612, "tvoc": 40, **CLIMATE, "pressure": 1002.5, "batt": 93},
            {
                "climate_sensor": {**CLIMATE, "pressure": 1002.5, "battery": 93},
                "air_quality": {"co2": 612, "tvoc": 40},
            },
        ),
        ({**CLIMATE, "setpoint": 23}, {"thermostat": {**CLIMATE, "target": 23}}),
        (
            {"status": "Charging", "power": 7.2},
            {"ev_charger": {"status": "charging", "power": 7.2}},
        ),
        ({"status": "ok", "power": 61}, {"power_meter": {"power": 61}}),
        ({"power": 61, "relay": "ON"}, {"smart_plug": {"power": 61, "switched_on": True}}),
        ({"magnet_status": "open"}, {"contact_sensor": {"is_open": True}}),
        ({"door_closed": 1}, {"contact_sensor": {"is_open": False}}),
        ({"leakage_status": "leak"}, {"safety_sensor": {"water_leak": True}}),
        ({"pir": "normal"}, {"presence_sensor": {"occupied": False}}),
        (
            {"gps_1": {"latitude": 37.51, "longitude": 127.06}},
            {"tracker": {"latitude": 37.51, "longitude": 127.06}},
        ),
    ],
)
def test_the_kind_that_most_names_fit_takes_them(
    values: Any, kinds: dict[str, dict[str, Any]]
) -> None:
    assert taken(values) == kinds


@pytest.mark.parametrize("values", [{"battery": 88}, {"state": "idle"}, {"voltage": 3.1}, {}, 7])
def test_what_any_device_says_makes_no_kind(values: Any) -> None:
    assert taken(values) == {}


def test_a_kind_that_the_device_was_of_takes_what_any_device_says() -> None:
    assert taken({"battery": 88}, ["climate_sensor"]) == {"climate_sensor": {"battery": 88}}


def test_a_value_that_the_field_cannot_have_is_left() -> None:
    found = told({"temperature": 21.5, "gas": 51_234, "humidity": True, "temp": 22})
    assert [draft.fields for draft in found.drafts] == [{"temperature": 21.5}]
    assert [part.place for part in found.unused] == ["gas", "humidity", "temp"]


def test_an_unknown_unit_is_a_fault() -> None:
    [draft] = told({"temperature": {"value": 70, "unit": "furlong"}}).drafts
    [fault] = draft.faults
    assert fault.place == "temperature.value"
    assert fault.why is not None
    assert fault.why.en == (
        'the unit "furlong" is none of temperature; known are c, degc, cel, celsius, f, degf, '
        "fahrenheit, k, kelvin"
    )
