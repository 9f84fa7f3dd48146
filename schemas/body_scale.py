"""A body composition scale.

What is reported follows the Bluetooth SIG Weight Scale (0x181D) and Body Composition (0x181B)
services, with their largest weight, 327.67 kg (16 bits in steps of 5 g, 0xFFFF kept for a failed
measurement). Nothing about the visitor has a normal band: a public wall does not judge who steps on
the scale.
"""

from typing import Any

from schemas import Combine, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class BodyScale(
    Kind,
    domain=Domain.DIGITAL_HEALTHCARE,
    interval=30.0,
    event_driven=True,
    en="Body scale",
    ko="체성분 체중계",
):
    """A body composition scale: weight, and what it is made of."""

    weight: float = number(0, 327.67, Unit.KILOGRAM, en="Weight", ko="체중", draw=Draw.STAT)
    bmi: float | None = number(
        0,
        200,
        Unit.KILOGRAM_PER_SQUARE_METRE,
        en="Body mass index",
        ko="체질량지수",
        draw=Draw.STAT,
        optional=True,
    )
    body_fat: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Body fat",
        ko="체지방률",
        draw=Draw.GAUGE,
        combine=Combine.LAST,
        optional=True,
    )
    muscle_mass: float | None = number(
        0, 327.67, Unit.KILOGRAM, en="Muscle mass", ko="근육량", draw=Draw.STAT, optional=True
    )
    body_water: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Body water",
        ko="체수분율",
        draw=Draw.GAUGE,
        combine=Combine.LAST,
        optional=True,
    )
    basal_metabolism: float | None = number(
        0,
        20_000,
        Unit.KILOCALORIE,
        en="Basal metabolism",
        ko="기초대사량",
        draw=Draw.STAT,
        optional=True,
    )
    stable: bool | None = flag(
        FlagWords(Label("Settled", "완료"), Label("In progress", "진행 중")),
        en="Measurement",
        ko="측정",
        optional=True,
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
    "weight": 68.35,
    "bmi": 22.6,
    "body_fat": 19.4,
    "muscle_mass": 51.8,
    "body_water": 56.2,
    "basal_metabolism": 1540.0,
    "stable": True,
    "battery": 88.0,
}
