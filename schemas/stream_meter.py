"""A meter on an analytics pipeline that works on a stream of records.

What is measured follows the metrics of Apache Flink (numRecordsInPerSecond, numBytesInPerSecond,
backPressuredTimeMsPerSecond, lastCheckpointDuration, numRestarts; its job states) and the consumer
lag of Apache Kafka (records-lag-max).
"""

from typing import Any, Literal

from schemas import Domain, Draw, Kind, Label, Unit, choice, number


class StreamMeter(
    Kind, domain=Domain.BIG_DATA, interval=5.0, en="Stream meter", ko="데이터 스트림 모니터"
):
    """A stream meter: how much data passes, how far behind it is, and what fails."""

    records_rate: float = number(
        0, 1_000_000_000_000, Unit.PER_SECOND, en="Records", ko="처리 건수"
    )
    bytes_rate: float | None = number(
        0, 1_000_000_000_000_000, Unit.BYTES_PER_SECOND, en="Throughput", ko="처리량", optional=True
    )
    lag: int | None = number(
        0,
        1_000_000_000_000_000,
        Unit.COUNT,
        en="Records behind",
        ko="미처리 건수",
        counter="건",
        normal=(None, 10_000),
        optional=True,
    )
    latency: float | None = number(
        0,
        86_400_000,
        Unit.MILLISECOND,
        en="Latency",
        ko="처리 지연",
        normal=(None, 5_000),
        optional=True,
    )
    errors: int | None = number(
        0,
        1_000_000_000_000_000,
        Unit.COUNT,
        en="Failed records",
        ko="오류 건수",
        counter="건",
        draw=Draw.STAT,
        optional=True,
    )
    backpressure: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Backpressure",
        ko="처리 정체(백프레셔)",
        normal=(None, 50),
        optional=True,
    )
    checkpoint_time: float | None = number(
        0, 86_400_000, Unit.MILLISECOND, en="Checkpoint time", ko="체크포인트 시간", optional=True
    )
    restarts: int | None = number(
        0,
        1_000_000_000,
        Unit.COUNT,
        en="Restarts",
        ko="재시작",
        counter="회",
        draw=Draw.STAT,
        optional=True,
    )
    state: Literal["running", "restarting", "suspended", "failed", "finished"] | None = choice(
        {
            "running": Label("Running", "실행 중"),
            "restarting": Label("Restarting", "재시작 중"),
            "suspended": Label("Suspended", "일시 중단"),
            "failed": Label("Failed", "실패"),
            "finished": Label("Finished", "완료"),
        },
        en="State",
        ko="상태",
        alarm=("restarting", "failed"),
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "records_rate": 12480.0,
    "bytes_rate": 3_650_000.0,
    "lag": 640,
    "latency": 185.0,
    "errors": 7,
    "backpressure": 4.5,
    "checkpoint_time": 820.0,
    "restarts": 0,
    "state": "running",
}
