"""What a kind may declare: a mistake is reported at once, not at a device's first message."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from schemas._kind import FieldSpec, Kind

#: Measurements of the hub's own rows; a kind is a measurement too.
OWN_ROWS = frozenset(
    {
        *("booth_readings", "device_state", "hub", "hub_health"),
        *("rejected", "rejections", "surplus"),
    }
)
MAX_TEXT = 1024
"""The longest free text that a field may declare, in characters."""
_LONGEST_INTERVAL = 366 * 86_400
_INT64 = 2**63
_OWN = {"domain_", "interval_", "event_driven_", "label_", "fields_"}
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,47}", re.ASCII)
_TAKEN = frozenset({"ts", "time", "booth", "device", "domain", *dir(BaseModel), *_OWN})
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
# One line, and nothing that line protocol, a query or a document would have to escape.
_WORD = re.compile(r"(?! )[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\"\\]{1,64}(?<! )")
#: For each type, which of a range, a length and choices are declared.
_SHAPES = {
    "float": {(True, False, False): "number()"},
    "integer": {(True, False, False): "number()"},
    "boolean": {(False, False, False): "flag()"},
    "string": {(False, True, False): "text()", (False, False, True): "choice()"},
}


class DeclarationError(TypeError, ValueError):
    """A mistake in a declaration; `ko` says it in Korean, where a page can lead to it."""

    def __init__(self, message: str, ko: str = "") -> None:
        super().__init__(message)
        self.ko = ko

    def at(self, name: str) -> "DeclarationError":
        """Return the mistake as that of a field or of a part."""
        return DeclarationError(f"{name}: {self}", f"{name}: {self.ko}" if self.ko else "")


def all_of(mistakes: Sequence[DeclarationError]) -> DeclarationError:
    """Return several mistakes as one, so that all can be corrected at once."""
    korean = [mistake.ko for mistake in mistakes if mistake.ko]
    ko = "; ".join(korean) if len(korean) == len(mistakes) else ""
    return DeclarationError("; ".join(map(str, mistakes)), ko)


def check_name(name: str) -> None:
    """Check a kind's name.

    Raises:
        TypeError: devices could not publish under it, or it is that of the hub's own rows.
    """
    if not _KIND.fullmatch(name) or name in OWN_ROWS:
        raise DeclarationError(
            f"{name}: not a name for a kind; use lower case words joined by _, up to 64 "
            f"characters, and none of {', '.join(sorted(OWN_ROWS))}",
            f"{name}: 종류의 이름으로 쓸 수 없습니다. 영문 소문자와 숫자, _만 64자까지 쓰고 "
            f"{', '.join(sorted(OWN_ROWS))}는 피하세요",
        )


def is_field_name(name: str) -> bool:
    """Whether a field may have a name: one of lower case that neither the hub nor pydantic uses."""
    return _FIELD.fullmatch(name) is not None and name not in _TAKEN


def check_field_name(name: str) -> None:
    """Check a field's name; raises TypeError."""
    if not is_field_name(name):
        raise DeclarationError(
            f"{name}: not a name for a field; use lower case words joined by _, up to 48 "
            "characters, and none of the hub's own, like time or device",
            f"{name}: 필드 이름으로 쓸 수 없습니다. 영문 소문자와 숫자, _만 48자까지 쓰고 time, "
            "device처럼 허브가 쓰는 이름은 피하세요",
        )


def check_kind(kind: "type[Kind]") -> None:
    """Check what a kind says of itself; raises TypeError."""
    name = kind.__name__
    if not kind.fields_:
        raise TypeError(f"{name}: declare at least one field")
    if not 0 < kind.interval_ <= _LONGEST_INTERVAL:
        raise DeclarationError(
            f"{name}: interval={kind.interval_} is not a number of seconds above 0, at most "
            f"{_LONGEST_INTERVAL} (366 days)",
            f"{name}: 전송 간격 {kind.interval_}은(는) 0보다 크고 {_LONGEST_INTERVAL} 이하인 "
            "초(366일)가 아닙니다",
        )
    if not all(kind.label_):
        raise DeclarationError(
            f"{name}: give it a name in both languages, en= and ko=",
            f"{name}: 영문 이름과 한글 이름을 모두 적으세요",
        )


def check_field(spec: "FieldSpec", *, literal: bool, nullable: bool) -> None:
    """Check a field; `literal` and `nullable` are what its annotation says. Raises TypeError."""
    for mistake in _mistakes(spec, literal, nullable):
        raise (mistake if isinstance(mistake, DeclarationError) else DeclarationError(mistake)).at(
            spec.name
        )


def _mistakes(spec: "FieldSpec", literal: bool, nullable: bool) -> Iterable[str | DeclarationError]:
    ranged = spec.minimum is not None and spec.maximum is not None
    shape = (ranged, spec.max_length is not None, spec.choices is not None)
    fitting = _SHAPES[spec.type.value]
    if shape not in fitting:
        yield f"{spec.type.value} is declared with {' or '.join(fitting.values())}"
    if spec.choices and not literal:
        yield f"annotate it with the Literal of its choices: {', '.join(map(str, spec.choices))}"
    if nullable is spec.required:
        yield "optional=True and an annotation with | None go together"
    if not all(spec.label):
        yield DeclarationError(
            "give it a label in both languages, en= and ko=",
            "영문 이름과 한글 이름을 모두 적으세요",
        )
    if ranged:
        yield from _of_range(spec)
    if spec.max_length is not None and not 0 < spec.max_length <= MAX_TEXT:
        yield f"max_length={spec.max_length} is not between 1 and {MAX_TEXT} characters"
    yield from _of_choices(spec)


def _of_range(spec: "FieldSpec") -> Iterable[DeclarationError]:
    low, high = spec.minimum, spec.maximum
    assert low is not None
    assert high is not None
    shown = [str(end).replace("-", "−") for end in (low, high)]
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        yield DeclarationError(
            f"{' to '.join(shown)} is not a range",
            f"{'~'.join(shown)}은(는) 범위가 아닙니다. 최솟값이 최댓값보다 작아야 합니다",
        )
    elif spec.type.value == "integer" and not (low >= -_INT64 and high < _INT64):
        yield DeclarationError(
            f"{' to '.join(shown)} does not fit into 64 bits",
            f"{'~'.join(shown)}은(는) 64비트에 들어가지 않습니다. 더 좁은 범위를 적으세요",
        )
    for limit in spec.normal or ():
        if limit is not None and not low <= limit <= high:
            yield DeclarationError(
                f"normal={spec.normal} is not within {low} to {high}",
                f"정상 범위 {spec.normal}이(가) {low}~{high}를 벗어납니다",
            )


def word_mistake(word: object) -> str | None:
    """Return why something is no word to choose, if it is none."""
    if isinstance(word, str) and _WORD.fullmatch(word):
        return None
    return (
        f"{word!r} is not a word to choose; use one line of up to 64 characters, without "
        'quotation marks (") and backslashes, and no space around it'
    )


def _of_choices(spec: "FieldSpec") -> Iterable[str]:
    if spec.choices is not None and not spec.choices:
        yield "give it at least one choice"
    yield from filter(None, map(word_mistake, spec.choices or ()))
    for value in spec.alarm:
        if value not in (spec.choices or (True, False)):
            yield f"alarm={value!r} is none of its values"
