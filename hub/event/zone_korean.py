"""What is wrong with a zone file, in Korean, for the pages: the messages are English. Pure."""

import re

from hub import topics
from hub.korean import settled

_NAMES = (
    (topics.BOOTH, topics.BOOTH_IN_WORDS),
    (topics.KIND, topics.KIND_IN_WORDS),
    (topics.DEVICE, topics.DEVICE_IN_WORDS),
)
_MISTAKES = tuple(
    (re.compile(english, re.DOTALL), korean)
    for english, korean in (
        # of the file
        (r"\[Errno 2\] .*", "파일이 없습니다. 경로를 확인하세요"),
        (r"\[Errno 13\] .*", "파일을 읽을 권한이 없습니다"),
        (r"\[Errno \d+\] ([^:]*).*", r"파일을 읽을 수 없습니다(\1)"),
        (r"'utf-8' codec .*", "UTF-8로 저장된 파일이 아닙니다. UTF-8로 다시 저장하세요"),
        (
            r"(.*) \(at line (\d+), column (\d+)\)",
            r"\2행 \3열이 TOML 문법에 맞지 않습니다(\1)",
        ),
        (r"(.*) \(at end of document\)", r"파일 끝이 TOML 문법에 맞지 않습니다(\1)"),
        (r"is nested too deeply; .*", "너무 깊게 중첩되어 있습니다"),
        # of a value, as pydantic says it
        (r"Field required", "꼭 필요한 항목입니다. 값을 적으세요"),
        (r"Extra inputs are not permitted", "여기에 쓸 수 없는 항목입니다. 철자를 확인하세요"),
        (r"Input should be greater than or equal to (\S+)", r"\1 이상이어야 합니다"),
        (r"Input should be less than or equal to (\S+)", r"\1 이하여야 합니다"),
        (r"Input should be greater than (\S+)", r"\1보다 커야 합니다"),
        (r"Input should be a finite number", "무한대가 아닌 숫자여야 합니다"),
        (r"Input should be a valid (?:number|integer).*", "숫자로 적으세요"),
        (r"Input should be a valid string", "따옴표 안에 글자로 적으세요"),
        (r"Input should be a valid date.*", "날짜로 적으세요. 예: 2026-10-07"),
        (r"Input should be in a valid time format.*", "시각으로 적으세요. 예: 10:00:00"),
        (r"Input should be a valid (?:tuple|list)", "목록으로 적으세요. 예: [ … ]"),
        (r"Input should be a valid dictionary.*", "표로 적으세요. 예: { … }"),
        (r"Input should be ('\w+') or ('\w+')", r"\1, \2 중에서 고르세요"),
        *(
            (
                rf"String should match pattern '{re.escape(f'^{pattern.pattern}$')}', not ('.*')",
                rf"\1은(는) 쓸 수 없는 이름입니다. {words.ko}",
            )
            for pattern, words in _NAMES
        ),
        (r"String should have at least (\d+) characters?", r"\1자 이상 적으세요"),
        (r"String should have at most (\d+) characters?", r"\1자까지 쓸 수 있습니다"),
        (r"Tuple should have at least (\d+) items? .*", r"\1개 이상 적으세요"),
        # of a value, as the hub says it
        (
            r"there is no time zone ('.*'); .*",
            r"\1 시간대는 없습니다. Asia/Seoul처럼 적으세요. 그래도 없다면 tzdata를 설치하세요",
        ),
        (r"(.+) is no time of day; .*", r"\1은(는) 시각이 아닙니다. 10:00:00처럼 적으세요"),
        (
            r"(\S+) has an offset; .*",
            r"\1에 시차가 붙어 있습니다. timezone의 시각을 10:00:00처럼 적으세요",
        ),
        (r"Exceeds the limit .*", "숫자가 너무 깁니다"),
        (r"give opens and closes, or neither", "opens와 closes는 둘 다 적거나 둘 다 빼세요"),
        (r"opens (\S+) is not before closes (\S+)", r"opens(\1)가 closes(\2)보다 빨라야 합니다"),
        (r"ends (\S+) is before starts (\S+)", r"ends(\1)가 starts(\2)보다 빠릅니다"),
        (
            r"('.*') is no duration; .*",
            r"\1은(는) 시간 길이가 아닙니다. 예: 250ms, 10s, 1m, 2h, 7d",
        ),
        (
            r"there is no dialect ('.*'); known are (.*)",
            r"dialect \1은(는) 없습니다. 쓸 수 있는 것: \2",
        ),
        (
            r"(\S+): a name is that of a dialect; .*",
            r"\1: name은 dialect가 있는 기기에만 씁니다. dialect를 적거나 name을 빼세요",
        ),
        (r"(\S+): the id of ('.*') is (\S+); .*", r"\1: \2의 id는 \3입니다. 그대로 적으세요"),
        (r"('.*') is empty; .*", r"\1: 토픽이 비어 있습니다. uagv/v2/ACME/#처럼 적으세요"),
        (
            r"('.*') has an empty level; .*",
            r"\1: 맨 앞이 아닌 곳에 빈 단계(//)가 있습니다. uagv/v2/ACME/#처럼 적으세요",
        ),
        (
            r"('.*') has a \+ or # that is no whole level; .*",
            r"\1: +와 #은 한 단계에 따로 씁니다. uagv/v2/ACME/#처럼 적으세요",
        ),
        (
            r"('.*') has a # that is not its last level; .*",
            r"\1: #은 마지막 단계에만 씁니다. uagv/v2/ACME/#처럼 적으세요",
        ),
        (
            r"('.*') would take other booths' topics; .*",
            r"\1: 다른 부스의 토픽까지 받게 됩니다. uagv/v2/ACME/#처럼 부스만의 단계로 시작하세요",
        ),
        # of the whole
        (r"booth (\S+) stands twice in the file", r"부스 \1이(가) 두 번 적혀 있습니다"),
        (
            r"booth (\S+) is in zone ('.*'), which is not listed",
            r"부스 \1의 존 \2이(가) 목록에 없습니다",
        ),
        (
            r"event\.phones: booth ('.*') is not listed; .*",
            r"event.phones: 부스 \1이(가) 목록에 없습니다. 파일에 있는 부스를 적으세요",
        ),
        (
            r"event\.phones: booth (\S+) has no place .*",
            r"event.phones: 부스 \1의 배치도 위치(place)가 없습니다. 적거나 다른 부스를 쓰세요",
        ),
        (
            r"booth (\S+): the native topics (\S+) are those of (\S+) too \((\S+)\); .*",
            r"부스 \1: 토픽 \2이(가) 부스 \3의 토픽(\4)과 겹칩니다. 부스마다 다른 토픽을 쓰세요",
        ),
    )
)


def in_korean(mistake: str) -> str:
    """Return what is wrong in Korean; names and values stay, and what nobody foresaw."""
    for english, korean in _MISTAKES:
        found = english.fullmatch(mistake)
        if found is not None:
            return settled(found.expand(korean))
    return f"값이 올바르지 않습니다({mistake})"
