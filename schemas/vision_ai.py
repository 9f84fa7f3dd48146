"""A camera with vision AI that counts people.

Counts and confidence follow the analytics metadata of ONVIF Profile M; latency, frame rate and GPU
are those of an inference pipeline on an edge device. A reading holds no image and no identity.
"""

from typing import Any

from schemas import Domain, Draw, FlagWords, Kind, Label, Unit, flag, number, text


class VisionAi(Kind, domain=Domain.AI, interval=1.0, en="Vision AI", ko="비전 AI"):
    """A vision AI: how many people it sees, how surely, and how fast."""

    people: int = number(0, 100_000, Unit.COUNT, en="People in view", ko="감지 인원", counter="명")
    entered: int | None = number(
        0,
        1_000_000_000,
        Unit.COUNT,
        en="Entered",
        ko="입장",
        counter="명",
        draw=Draw.STAT,
        optional=True,
    )
    exited: int | None = number(
        0,
        1_000_000_000,
        Unit.COUNT,
        en="Exited",
        ko="퇴장",
        counter="명",
        draw=Draw.STAT,
        optional=True,
    )
    dwell_time: float | None = number(
        0, 86_400, Unit.SECOND, en="Dwell time", ko="체류 시간", optional=True
    )
    confidence: float | None = number(
        0,
        1,
        Unit.RATIO,
        en="Confidence",
        ko="신뢰도",
        draw=Draw.GAUGE,
        normal=(0.5, None),
        optional=True,
    )
    latency: float | None = number(
        0,
        60_000,
        Unit.MILLISECOND,
        en="Inference latency",
        ko="추론 지연",
        normal=(None, 200),
        optional=True,
    )
    frame_rate: float | None = number(
        0,
        1_000,
        Unit.FRAMES_PER_SECOND,
        en="Frame rate",
        ko="프레임률",
        normal=(5, None),
        optional=True,
    )
    gpu_load: float | None = number(
        0, 100, Unit.PERCENT, en="GPU load", ko="GPU 사용률", optional=True
    )
    gpu_temperature: float | None = number(
        -40,
        150,
        Unit.CELSIUS,
        en="GPU temperature",
        ko="GPU 온도",
        normal=(None, 90),
        optional=True,
    )
    camera_blocked: bool | None = flag(
        FlagWords(Label("Blocked", "가림"), Label("Clear", "정상")),
        en="Camera",
        ko="카메라",
        alarm=True,
        optional=True,
    )
    model: str | None = text(64, en="Model", ko="모델", optional=True)


EXAMPLE: dict[str, Any] = {
    "people": 23,
    "entered": 1482,
    "exited": 1459,
    "dwell_time": 96.0,
    "confidence": 0.87,
    "latency": 28.4,
    "frame_rate": 29.7,
    "gpu_load": 62.0,
    "gpu_temperature": 58.0,
    "camera_blocked": False,
    "model": "people-counter 3.2",
}
