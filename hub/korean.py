"""Korean particles, which follow the sound that the word before them ends in. Pure."""

import re

_PAIRS = re.compile(r"""(\w)([^\w\s]*)(은\(는\)|이\(가\)|을\(를\)|\(으\)로)""")
_FORMS = {"은(는)": "은는", "이(가)": "이가", "을(를)": "을를", "(으)로": ("으로", "로")}
_LIEUL = 8
_FINALS = 28
_DIGITS = dict(zip("0136784259", "nlnnllvvvv", strict=True))
"""How the names of digits end: n with a consonant, l with ㄹ, v with a vowel."""
_LETTERS = {"l": "l", "m": "n", "n": "n"}


def _ending(letter: str) -> str:
    """How a word ends in the ear that ends in this letter: n, l or v as above."""
    if "가" <= letter <= "힣":
        final = (ord(letter) - ord("가")) % _FINALS
        return "l" if final == _LIEUL else "n" if final else "v"
    return _DIGITS.get(letter) or _LETTERS.get(letter.lower(), "v")


def settled(text: str) -> str:
    """Return a text with one particle where it names two, as "21은(는)" becomes "21은"."""
    if "(는)" not in text and "(으)" not in text and "(가)" not in text and "(를)" not in text:
        return text
    return _PAIRS.sub(_chosen, text)


def _chosen(found: re.Match[str]) -> str:
    letter, marks, pair = found.groups()
    ending = _ending(letter)
    vowel = ending == "v" or (ending == "l" and pair == "(으)로")
    return f"{letter}{marks}{_FORMS[pair][vowel]}"
