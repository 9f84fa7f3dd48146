"""A charging point for electric vehicles.

Measured values are measurands of OCPP 2.0.1 (Power.Active.Import, Energy.Active.Import.Register of
the session, SoC, Voltage, Current.Import), connectors those of its ConnectorEnumType. The status
joins its ConnectorStatusEnumType with its ChargingStateEnumType: an occupied connector is
`connected`, `charging` or `suspended` (by the vehicle or by the station). Voltage ends at the
1,500 V DC of IEC 62196-1.
"""

from typing import Any, Literal

from schemas import DETECTED, Combine, Domain, Draw, Kind, Label, Unit, choice, flag, number


class EvCharger(Kind, domain=Domain.MOBILITY, interval=5.0, en="EV charger", ko="전기차 충전기"):
    """A charging point: whether it is free, and what the vehicle at it draws."""

    status: Literal[
        "available", "connected", "charging", "suspended", "reserved", "unavailable", "faulted"
    ] = choice(
        {
            "available": Label("Available", "사용 가능"),
            "connected": Label("Connected", "차량 연결"),
            "charging": Label("Charging", "충전 중"),
            "suspended": Label("Suspended", "충전 중단"),
            "reserved": Label("Reserved", "예약됨"),
            "unavailable": Label("Unavailable", "사용 불가"),
            "faulted": Label("Faulted", "고장"),
        },
        en="Status",
        ko="상태",
        alarm=("faulted",),
    )
    power: float | None = number(
        -1_000, 1_000, Unit.KILOWATT, en="Power", ko="충전 출력", optional=True
    )
    energy: float | None = number(
        0,
        10_000,
        Unit.KILOWATT_HOUR,
        en="Energy this session",
        ko="충전량",
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
    voltage: float | None = number(0, 1_500, Unit.VOLT, en="Voltage", ko="전압", optional=True)
    current: float | None = number(
        -1_000, 1_000, Unit.AMPERE, en="Current", ko="전류", optional=True
    )
    connector_temperature: float | None = number(
        -40,
        200,
        Unit.CELSIUS,
        en="Connector temperature",
        ko="커넥터 온도",
        normal=(None, 90),
        optional=True,
    )
    session_time: float | None = number(
        0, 10_080, Unit.MINUTE, en="Session time", ko="충전 시간", draw=Draw.STAT, optional=True
    )
    connector: Literal["ccs1", "ccs2", "chademo", "nacs", "type1", "type2"] | None = choice(
        {
            "ccs1": Label("CCS1", "DC 콤보 1형"),
            "ccs2": Label("CCS2", "DC 콤보 2형"),
            "chademo": Label("CHAdeMO", "차데모"),
            "nacs": Label("NACS", "테슬라(NACS)"),
            "type1": Label("Type 1", "AC 완속 5핀"),
            "type2": Label("Type 2", "AC 3상 7핀"),
        },
        en="Connector",
        ko="커넥터",
        draw=Draw.STAT,
        optional=True,
    )
    ground_fault: bool | None = flag(
        DETECTED, en="Ground fault", ko="누전", alarm=True, optional=True
    )


EXAMPLE: dict[str, Any] = {
    "status": "charging",
    "power": 86.4,
    "energy": 23.7,
    "state_of_charge": 61.0,
    "voltage": 712.0,
    "current": 121.3,
    "connector_temperature": 41.5,
    "session_time": 18.5,
    "connector": "ccs1",
    "ground_fault": False,
}
