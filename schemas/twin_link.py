"""The link between a physical thing and its digital twin.

The link is the synchronization of ISO 23247-2 (digital twin framework for manufacturing): the state
lag is the age of the newest physical state that the twin shows, the deviation how far the twin's
state is from the measured one, in per cent of the measuring range.
"""

from typing import Any

from schemas import Combine, Domain, Draw, FlagWords, Kind, Label, Unit, flag, number


class TwinLink(
    Kind, domain=Domain.DIGITAL_TWIN, interval=1.0, en="Digital twin link", ko="디지털 트윈 링크"
):
    """A digital twin's link: how far the twin is behind, and how far off."""

    lag: float = number(
        0, 3_600_000, Unit.MILLISECOND, en="State lag", ko="동기화 지연", normal=(None, 500)
    )
    synced: bool | None = flag(
        FlagWords(Label("In sync", "됨"), Label("Out of sync", "안 됨")),
        en="Synchronisation",
        ko="동기화",
        alarm=False,
        optional=True,
    )
    deviation: float | None = number(
        0, 100, Unit.PERCENT, en="Deviation", ko="상태 편차", normal=(None, 5), optional=True
    )
    update_rate: float | None = number(
        0, 10_000, Unit.HERTZ, en="Update rate", ko="갱신 빈도", normal=(1, None), optional=True
    )
    clock_offset: float | None = number(
        -3_600_000,
        3_600_000,
        Unit.MILLISECOND,
        en="Clock offset",
        ko="시계 오차",
        normal=(-100, 100),
        optional=True,
    )
    objects: int | None = number(
        0,
        10_000_000,
        Unit.COUNT,
        en="Mirrored objects",
        ko="연동 객체",
        counter="개",
        draw=Draw.STAT,
        optional=True,
    )
    lost_updates: int | None = number(
        0,
        1_000_000_000_000,
        Unit.COUNT,
        en="Lost updates",
        ko="갱신 누락",
        counter="건",
        combine=Combine.LAST,
        optional=True,
    )
    frame_rate: float | None = number(
        0,
        1_000,
        Unit.FRAMES_PER_SECOND,
        en="Rendering rate",
        ko="렌더링 프레임률",
        normal=(24, None),
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "lag": 84.0,
    "synced": True,
    "deviation": 0.7,
    "update_rate": 20.0,
    "clock_offset": -3.2,
    "objects": 412,
    "lost_updates": 3,
    "frame_rate": 60.0,
}
