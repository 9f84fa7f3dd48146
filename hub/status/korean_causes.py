"""Why broker or store are away, in Korean: what programs and systems say in English. Pure."""

import re

_CAUSES = tuple(
    (re.compile(english), korean)
    for english, korean in (
        (
            r"connection refused, nobody listens there",
            "연결이 거부됨(그 주소에서 기다리는 프로그램이 없음)",
        ),
        (r"does not answer: .*(?:refused|Connect call failed).*", "가 응답하지 않음(연결 거부)"),
        (r"does not answer: ", "가 응답하지 않음: "),
        (r"did not answer in time", "가 제시간에 응답하지 않음"),
        (r"no answer$", "응답 없음"),
        (r"there is no host of that name: .*", "그 이름의 호스트를 찾을 수 없음"),
        (r"the broker closed the connection without a reason", "브로커가 이유 없이 연결을 끊음"),
        (r"the broker refused the connection: ", "브로커가 연결을 거절함: "),
        (
            r"the connection ended before TLS was set up; .*",
            "TLS 연결 전에 끊김. TLS 포트(mqtts)가 맞는지 확인하세요",
        ),
        (
            r"TLS failed: (.*?); is it a port .*",
            r"TLS 실패(\1). TLS 포트(mqtts)인지 일반 포트(mqtt)인지 확인하세요",
        ),
        (r"\[Errno 111\] .*", "연결이 거부됨"),
        (r"\[Errno 113\] .*", "그 주소로 가는 길이 없음"),
        (r"database or disk is full", "디스크가 가득 참"),
        (r"disk I/O error", "디스크 입출력 오류"),
        (r"No space left on device", "디스크가 가득 참"),
        (r"database is locked", "다른 프로그램이 파일을 잠금"),
        (
            r"the store was taken away for a show, and is back in (\d+) s at the latest",
            r"관람용으로 저장소를 떼어 냄. 늦어도 \1초 뒤에 돌아옴",
        ),
        (r"^InfluxDB at (\S+) ", r"InfluxDB(\1)"),
    )
)


def korean_cause(error: str) -> str:
    """Return an error in Korean as far as it is known; names and addresses stay."""
    for english, korean in _CAUSES:
        error = english.sub(korean, error)
    return error
