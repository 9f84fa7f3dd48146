"""A meter of electrical power: of a circuit, a house, a solar plant or a battery.

What is measured follows the Matter 1.3 Electrical Power Measurement (0x0090) and Electrical Energy
Measurement (0x0091) clusters. Power is positive when it is taken from the grid or, of a plant or a
battery, given by it. The normal band is that of a Korean grid of 60 Hz ± 0.2 Hz.
"""

from typing import Any

from schemas import Combine, Domain, Draw, Kind, Unit, number


class PowerMeter(Kind, domain=Domain.IOT, interval=10.0, en="Power meter", ko="전력량계"):
    """A power meter: what flows now, and what has flowed."""

    power: float = number(-1_000_000, 1_000_000, Unit.WATT, en="Power", ko="전력")
    voltage: float | None = number(0, 1_000, Unit.VOLT, en="Voltage", ko="전압", optional=True)
    current: float | None = number(
        -5_000, 5_000, Unit.AMPERE, en="Current", ko="전류", optional=True
    )
    frequency: float | None = number(
        0, 100, Unit.HERTZ, en="Mains frequency", ko="주파수", normal=(59.8, 60.2), optional=True
    )
    power_factor: float | None = number(
        -1, 1, Unit.NONE, en="Power factor", ko="역률", optional=True
    )
    energy: float | None = number(
        0,
        1_000_000_000,
        Unit.KILOWATT_HOUR,
        en="Energy taken",
        ko="누적 사용량",
        draw=Draw.STAT,
        optional=True,
    )
    energy_exported: float | None = number(
        0,
        1_000_000_000,
        Unit.KILOWATT_HOUR,
        en="Energy given",
        ko="누적 공급량",
        draw=Draw.STAT,
        optional=True,
    )
    state_of_charge: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="State of charge",
        ko="충전율",
        draw=Draw.GAUGE,
        combine=Combine.LAST,
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "power": 1240.0,
    "voltage": 220.8,
    "current": 5.7,
    "frequency": 60.01,
    "power_factor": 0.98,
    "energy": 3182.4,
    "energy_exported": 412.7,
    "state_of_charge": 64.0,
}
