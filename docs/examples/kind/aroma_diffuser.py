"""An aroma diffuser of a smart home.

Mist output is in per cent of the largest, as on consumer devices; the tank holds up to 1,000 ml and
reports its level in per cent. No standard was used.
"""

from typing import Any, Literal

from schemas import Domain, Draw, FlagWords, Kind, Label, Unit, choice, flag, number, text


class AromaDiffuser(
    Kind, domain=Domain.SMART_HOME, interval=10.0, en="Aroma diffuser", ko="아로마 디퓨저"
):
    """An aroma diffuser: how strong the mist is, and how much water is left."""

    mist: float = number(0, 100, Unit.PERCENT, en="Mist", ko="분무량", draw=Draw.GAUGE)
    tank: float = number(
        0, 100, Unit.PERCENT, en="Tank level", ko="물탱크 수위", draw=Draw.GAUGE, normal=(10, None)
    )
    program: Literal["steady", "pulse", "sleep"] | None = choice(
        {
            "steady": Label("Steady", "연속"),
            "pulse": Label("Pulse", "간헐"),
            "sleep": Label("Sleep", "수면"),
        },
        en="Program",
        ko="운전 모드",
        optional=True,
    )
    oil: str | None = text(40, en="Oil", ko="오일", optional=True)
    refills: int | None = number(
        0, 100_000, Unit.COUNT, en="Refills", ko="보충 횟수", optional=True
    )
    tipped_over: bool | None = flag(
        FlagWords(Label("Tipped over", "넘어짐"), Label("Upright", "정상")),
        en="Posture",
        ko="자세",
        alarm=True,
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "mist": 60.0,
    "tank": 72.0,
    "program": "pulse",
    "oil": "Yuzu",
    "refills": 3,
    "tipped_over": False,
}
