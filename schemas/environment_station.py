"""A weather and environment station.

Temperature, humidity, wind and rain rate have the operational ranges of WMO-No. 8 (Guide to
Instruments and Methods of Observation, volume I, annex 1.A), pressure that of a common barometer
(300 to 1,100 hPa, Bosch BME280 data sheet). The bands for heat, cold, wind and gusts are the
advisory levels of the Korea Meteorological Administration; a UV index above 7 is "very high" (WHO).
"""

from typing import Any

from schemas import Domain, Draw, Kind, Unit, number


class EnvironmentStation(
    Kind, domain=Domain.IOT, interval=10.0, en="Environment station", ko="환경 측정기"
):
    """An environment station: temperature, air, wind, rain, light and noise at one place."""

    temperature: float = number(
        -80, 60, Unit.CELSIUS, en="Temperature", ko="기온", normal=(-12, 33)
    )
    humidity: float | None = number(0, 100, Unit.PERCENT, en="Humidity", ko="습도", optional=True)
    pressure: float | None = number(
        300, 1_100, Unit.HECTOPASCAL, en="Air pressure", ko="기압", optional=True
    )
    wind_speed: float | None = number(
        0, 75, Unit.METRE_PER_SECOND, en="Wind", ko="풍속", normal=(None, 14), optional=True
    )
    wind_gust: float | None = number(
        0, 150, Unit.METRE_PER_SECOND, en="Gust", ko="순간 풍속", normal=(None, 20), optional=True
    )
    wind_direction: float | None = number(
        0, 360, Unit.DEGREE, en="Wind direction", ko="풍향", optional=True
    )
    rain_rate: float | None = number(
        0,
        2_000,
        Unit.MILLIMETRE_PER_HOUR,
        en="Rain",
        ko="강수 강도",
        normal=(None, 30),
        optional=True,
    )
    illuminance: float | None = number(
        0, 200_000, Unit.LUX, en="Illuminance", ko="조도", optional=True
    )
    uv_index: float | None = number(
        0, 50, Unit.NONE, en="UV index", ko="자외선 지수", normal=(None, 7), optional=True
    )
    noise: float | None = number(
        0, 194, Unit.DECIBEL, en="Noise", ko="소음", normal=(None, 85), optional=True
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


EXAMPLE: dict[str, Any] = {
    "temperature": 12.6,
    "humidity": 54.0,
    "pressure": 1018.4,
    "wind_speed": 2.7,
    "wind_gust": 5.1,
    "wind_direction": 285.0,
    "rain_rate": 0.0,
    "illuminance": 18500.0,
    "uv_index": 2.0,
    "noise": 63.5,
    "battery": 94.0,
}
