"""A dock in which a drone or a robot waits and charges.

What is reported is what the docks of drones say of themselves: the cover, the drone inside, the
weather at the dock.
"""

from typing import Any

from schemas import ACTIVE, OPEN_CLOSED, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class Dock(Kind, domain=Domain.ROBOTICS, interval=10.0, en="Dock", ko="드론 스테이션"):
    """A dock: whether it is open, whether the drone is in it, and the weather there."""

    cover_open: bool = flag(OPEN_CLOSED, en="Cover", ko="덮개")
    occupied: bool | None = flag(
        FlagWords(Label("Present", "있음"), Label("Absent", "없음")),
        en="Drone in dock",
        ko="도킹된 드론",
        optional=True,
    )
    charging: bool | None = flag(
        FlagWords(Label("In progress", "진행 중"), Label("Off", "안 함")),
        en="Charging",
        ko="충전",
        optional=True,
    )
    e_stop: bool | None = flag(
        ACTIVE, en="Emergency stop", ko="비상 정지", alarm=True, optional=True
    )
    temperature: float | None = number(
        -80, 60, Unit.CELSIUS, en="Outside temperature", ko="외부 온도", optional=True
    )
    inside_temperature: float | None = number(
        -80, 100, Unit.CELSIUS, en="Inside temperature", ko="내부 온도", optional=True
    )
    humidity: float | None = number(
        0, 100, Unit.PERCENT, en="Inside humidity", ko="내부 습도", optional=True
    )
    wind_speed: float | None = number(
        0, 75, Unit.METRE_PER_SECOND, en="Wind", ko="풍속", normal=(None, 12), optional=True
    )
    battery: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Drone's battery",
        ko="드론 배터리",
        draw=Draw.GAUGE,
        normal=(20, None),
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "cover_open": False,
    "occupied": True,
    "charging": True,
    "e_stop": False,
    "temperature": 14.8,
    "inside_temperature": 21.3,
    "humidity": 47.0,
    "wind_speed": 3.1,
    "battery": 82.0,
}
