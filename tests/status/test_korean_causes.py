"""Why broker or store are away is said in Korean too, with the names and addresses as they are."""

import pytest

from hub.status import health
from hub.status.korean_causes import korean_cause

AT = "mqtt://10.0.0.5:1883"


@pytest.mark.parametrize(
    ("error", "korean"),
    [
        (
            f"{AT}: connection refused, nobody listens there",
            f"{AT}: 연결이 거부됨(그 주소에서 기다리는 프로그램이 없음)",
        ),
        (f"{AT}: no answer", f"{AT}: 응답 없음"),
        (
            f"{AT}: there is no host of that name: Name or service not known",
            f"{AT}: 그 이름의 호스트를 찾을 수 없음",
        ),
        (
            "InfluxDB at influx://db:8086/week does not answer: Connect call failed ('::1', 8086)",
            "InfluxDB(influx://db:8086/week)가 응답하지 않음(연결 거부)",
        ),
        (
            "InfluxDB at influx://db:8086/week did not answer in time",
            "InfluxDB(influx://db:8086/week)가 제시간에 응답하지 않음",
        ),
        ("store hub-data/store.db: disk I/O error", "store hub-data/store.db: 디스크 입출력 오류"),
        ("something new", "something new"),
    ],
)
def test_a_cause_is_said_in_korean(error: str, korean: str):
    assert korean_cause(error) == korean


def test_a_part_of_the_hub_says_its_cause_in_both_languages():
    said = health.broker(AT, f"{AT}: no answer").as_json()
    assert "no answer" in said["message"]
    assert said["message_ko"].endswith(f"원인: {AT}: 응답 없음")
