"""An indoor climate sensor, of those that run for a year on a button cell.

Temperature and humidity have the ranges of the Matter 1.3 Temperature and Relative Humidity
Measurement clusters (0x0402, 0x0405) as far as a room has them, pressure that of a common
barometer (300 to 1,100 hPa, Bosch BME280 data sheet).
"""

from typing import Any

from schemas import Domain, Draw, Kind, Unit, number


class ClimateSensor(
    Kind, domain=Domain.SMART_HOME, interval=60.0, en="Climate sensor", ko="온습도 센서"
):
    """A climate sensor: temperature, humidity, pressure and light, each if it measures it."""

    temperature: float = number(-60, 125, Unit.CELSIUS, en="Temperature", ko="온도")
    humidity: float | None = number(0, 100, Unit.PERCENT, en="Humidity", ko="습도", optional=True)
    pressure: float | None = number(
        300, 1_100, Unit.HECTOPASCAL, en="Air pressure", ko="기압", optional=True
    )
    illuminance: float | None = number(
        0, 200_000, Unit.LUX, en="Illuminance", ko="조도", optional=True
    )
    battery: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Battery",
        ko="배터리",
        draw=Draw.GAUGE,
        normal=(20, None),
        optional=True,
    )
    signal: float | None = number(
        -128, 20, Unit.DECIBEL_MILLIWATT, en="Signal strength", ko="신호 세기", optional=True
    )


EXAMPLE: dict[str, Any] = {
    "temperature": 23.4,
    "humidity": 41.0,
    "pressure": 1013.2,
    "illuminance": 320.0,
    "battery": 88.0,
    "signal": -67.0,
}
