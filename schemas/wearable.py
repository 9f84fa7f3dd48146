"""A watch, band or ring worn on the body.

Heart rate follows the Bluetooth SIG Heart Rate Service (0x180D), whose RR intervals give the
variability (RMSSD); oxygen saturation follows its Pulse Oximeter Service (0x1822) and
ISO/IEEE 11073-10404. A device off the wrist may report 0. The normal bands are those of an adult
who walks around, not a diagnosis.
"""

from typing import Any

from schemas import DETECTED, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class Wearable(Kind, domain=Domain.DIGITAL_HEALTHCARE, interval=1.0, en="Wearable", ko="웨어러블"):
    """A wearable: the wearer's heart, oxygen and movement."""

    heart_rate: float = number(
        0,
        300,
        Unit.BEATS_PER_MINUTE,
        en="Heart rate",
        ko="심박수",
        normal=(50, 130),
    )
    spo2: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Blood oxygen",
        ko="산소포화도",
        draw=Draw.GAUGE,
        normal=(94, None),
        optional=True,
    )
    skin_temperature: float | None = number(
        0, 60, Unit.CELSIUS, en="Skin temperature", ko="피부 온도", normal=(28, 38), optional=True
    )
    respiratory_rate: float | None = number(
        0,
        120,
        Unit.BREATHS_PER_MINUTE,
        en="Respiratory rate",
        ko="호흡수",
        normal=(8, 25),
        optional=True,
    )
    heart_rate_variability: float | None = number(
        0, 1_000, Unit.MILLISECOND, en="Heart rate variability", ko="심박 변이도", optional=True
    )
    steps: int | None = number(
        0,
        1_000_000,
        Unit.COUNT,
        en="Steps today",
        ko="걸음 수",
        counter="보",
        draw=Draw.STAT,
        optional=True,
    )
    calories: float | None = number(
        0,
        20_000,
        Unit.KILOCALORIE,
        en="Energy burned today",
        ko="소모 칼로리",
        draw=Draw.STAT,
        optional=True,
    )
    worn: bool | None = flag(
        FlagWords(Label("Worn", "착용 중"), Label("Taken off", "미착용")),
        en="Wear",
        ko="착용",
        optional=True,
    )
    fall: bool | None = flag(DETECTED, en="Fall", ko="낙상", alarm=True, optional=True)
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
    "heart_rate": 78.0,
    "spo2": 97.5,
    "skin_temperature": 33.6,
    "respiratory_rate": 15.0,
    "heart_rate_variability": 42.0,
    "steps": 6240,
    "calories": 318.0,
    "worn": True,
    "fall": False,
    "battery": 71.0,
}
