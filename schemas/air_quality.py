"""An indoor air quality monitor.

Ranges are those of common sensors: 0 to 40,000 ppm CO₂ (Sensirion SCD30 and SCD4x data sheets),
0 to 1,000 µg/m³ particulate matter (SPS30), 0 to 60,000 ppb TVOC (SGP30). The normal bands for CO₂,
PM10, PM2.5 and CO are the limits for exhibition halls of Korea's Indoor Air Quality Control Act
(실내공기질 관리법 시행규칙 별표 2). The levels are those of the Matter 1.2 Air Quality cluster
(0x005B).
"""

from typing import Any, Literal

from schemas import Domain, Draw, Kind, Label, Unit, choice, number


class AirQuality(
    Kind, domain=Domain.SMART_HOME, interval=5.0, en="Air quality monitor", ko="공기질 측정기"
):
    """An indoor air quality monitor: carbon dioxide, fine particles and vapours in a room."""

    co2: float = number(
        0,
        40_000,
        Unit.PARTS_PER_MILLION,
        en="Carbon dioxide",
        ko="이산화탄소",
        draw=Draw.GAUGE,
        normal=(None, 1_000),
    )
    pm2_5: float | None = number(
        0,
        1_000,
        Unit.MICROGRAM_PER_CUBIC_METRE,
        en="Fine particles (PM2.5)",
        ko="초미세먼지",
        normal=(None, 50),
        optional=True,
    )
    pm10: float | None = number(
        0,
        1_000,
        Unit.MICROGRAM_PER_CUBIC_METRE,
        en="Particles (PM10)",
        ko="미세먼지",
        normal=(None, 100),
        optional=True,
    )
    tvoc: float | None = number(
        0,
        60_000,
        Unit.PARTS_PER_BILLION,
        en="Volatile organic compounds",
        ko="휘발성유기화합물",
        optional=True,
    )
    co: float | None = number(
        0,
        1_000,
        Unit.PARTS_PER_MILLION,
        en="Carbon monoxide",
        ko="일산화탄소",
        normal=(None, 10),
        optional=True,
    )
    temperature: float | None = number(
        -40, 85, Unit.CELSIUS, en="Temperature", ko="온도", normal=(16, 30), optional=True
    )
    humidity: float | None = number(
        0, 100, Unit.PERCENT, en="Humidity", ko="습도", normal=(20, 70), optional=True
    )
    level: Literal["good", "fair", "moderate", "poor", "very_poor", "extremely_poor"] | None = (
        choice(
            {
                "good": Label("Good", "좋음"),
                "fair": Label("Fair", "양호"),
                "moderate": Label("Moderate", "보통"),
                "poor": Label("Poor", "나쁨"),
                "very_poor": Label("Very poor", "매우 나쁨"),
                "extremely_poor": Label("Extremely poor", "극히 나쁨"),
            },
            en="Air quality",
            ko="공기질 등급",
            alarm=("poor", "very_poor", "extremely_poor"),
            optional=True,
        )
    )


EXAMPLE: dict[str, Any] = {
    "co2": 742.0,
    "pm2_5": 14.2,
    "pm10": 27.5,
    "tvoc": 185.0,
    "co": 0.6,
    "temperature": 23.4,
    "humidity": 45.0,
    "level": "good",
}
