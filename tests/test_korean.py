"""Particles follow the sound before them."""

import pytest

from hub.korean import settled

CASES = {
    "온도은(는) 필수": "온도는 필수",
    "체온은(는) 필수": "체온은 필수",
    "21은(는) 높음": "21은 높음",
    "32은(는) 높음": "32는 높음",
    '"거실"은(는) 못 씀': '"거실"은 못 씀',
    "heart_rate은(는) 없음": "heart_rate는 없음",
    "7(으)로 보내세요": "7로 보내세요",
    "10(으)로 보내세요": "10으로 보내세요",
    "물(으)로": "물로",
    "집(으)로": "집으로",
    '"t1"(V)(으)로': '"t1"(V)로',
    "값이(가)": "값이",
    "나무을(를)": "나무를",
    "그대로": "그대로",
}


@pytest.mark.parametrize(("said", "settled_"), CASES.items(), ids=CASES)
def test_one_particle_is_chosen(said: str, settled_: str):
    assert settled(said) == settled_
