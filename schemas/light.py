"""A dimmable light.

Brightness, color temperature, hue and saturation follow the Matter 1.3 Level Control (0x0008) and
Color Control (0x0300) clusters, here in per cent, kelvin and degrees; 0 % is off. Lamp failure is
the query of that name of DALI (IEC 62386-102).
"""

from typing import Any

from schemas import ON_OFF, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class Light(Kind, domain=Domain.SMART_HOME, interval=5.0, en="Light", ko="조명"):
    """A dimmable light: how bright, how warm, which color."""

    brightness: float = number(0, 100, Unit.PERCENT, en="Brightness", ko="밝기", draw=Draw.GAUGE)
    switched_on: bool | None = flag(ON_OFF, en="Switch", ko="전원", optional=True)
    color_temperature: float | None = number(
        1_000, 20_000, Unit.KELVIN, en="Color temperature", ko="색온도", optional=True
    )
    hue: float | None = number(0, 360, Unit.DEGREE, en="Hue", ko="색상", optional=True)
    saturation: float | None = number(
        0, 100, Unit.PERCENT, en="Saturation", ko="채도", optional=True
    )
    power: float | None = number(0, 2_000, Unit.WATT, en="Power", ko="소비 전력", optional=True)
    temperature: float | None = number(
        -40,
        150,
        Unit.CELSIUS,
        en="Lamp temperature",
        ko="램프 온도",
        normal=(None, 85),
        optional=True,
    )
    lamp_failure: bool | None = flag(
        FlagWords(Label("Failed", "고장"), Label("Good", "정상")),
        en="Lamp",
        ko="램프",
        alarm=True,
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "brightness": 72.0,
    "switched_on": True,
    "color_temperature": 4000.0,
    "hue": 38.0,
    "saturation": 20.0,
    "power": 8.6,
    "temperature": 44.0,
    "lamp_failure": False,
}
