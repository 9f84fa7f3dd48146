"""The notes on accepted readings: what was found, and what is better. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.messages import Note
from hub.pipeline.field_faults import fault, quoted
from hub.pipeline.spelling import meant, plain, unit_in
from schemas import KindSpec, Label

_NAMED = 3
_LONGEST_NAME = 48
_READ_TWICE = 4096
_UNIT_FIELDS = frozenset({"unit", "units", "uom", "unitofmeasurement", "unitofmeasure"})


def out_of_range(kind: KindSpec, error: Mapping[str, Any]) -> Note:
    """Return the note on an optional number outside its range, which is left out."""
    spec = kind.field(error["loc"][0])
    said = fault(spec, error).message
    label = Label(f"{spec.name}: {said.en}", f"{spec.name}: {said.ko}")
    return Note("out_of_range", label, spec.name)


def padding(payload: bytes, text: bytes) -> Note:
    """Return the note on what surrounds the JSON `text` in a payload."""
    start = payload.index(text[:1])
    around = payload[:start] + payload[start + len(text) :]
    nuls, marks = around.count(0), around.count(b"\xef\xbb\xbf")
    blanks = len(around) - nuls - 3 * marks
    found = [
        (nuls, f"{nuls} NUL bytes" if nuls > 1 else "a NUL byte", f"NUL {nuls}바이트"),
        (marks, "a byte order mark", "바이트 순서 표시(BOM)"),
        (blanks, f"{blanks} bytes of white space", f"공백 {blanks}바이트"),
    ]
    en = " and ".join(words for count, words, _ in found if count)
    ko = ", ".join(words for count, _, words in found if count)
    way = Label("send strlen() bytes, not the whole buffer", "버퍼 전체 말고 strlen()만큼 보내세요")
    if marks and not nuls:
        way = Label("send UTF-8 without it", "BOM 없는 UTF-8로 보내세요")
    return Note("padding", Label(f"{en} around the JSON; {way.en}", f"JSON 앞뒤에 {ko}. {way.ko}"))


def no_time(value: object) -> Note:
    """Return the note on a `ts` that holds no time, and is taken for left out."""
    said = quoted(value)
    return Note(
        "ts",
        Label(
            f"{said} is no time, so the time of arrival counts; leave ts out, or send a time",
            f"{said}은(는) 시각이 아니므로 도착한 시각으로 저장합니다. ts를 빼거나 시각을 보내세요",
        ),
    )


def no_position() -> Note:
    """Return the note on latitude 0 and longitude 0, which are left out."""
    return Note(
        "position",
        Label(
            "latitude 0 and longitude 0 are left out: that is a receiver without a fix; "
            "leave them out until it has one",
            "위도 0, 경도 0은 위성을 찾지 못한 값이라 저장하지 않습니다. "
            "위치를 찾을 때까지 빼고 보내세요",
        ),
    )


def repeated(payload: bytes) -> Note | None:
    """Return the note on names that stand twice in a JSON object; None if none does.

    A payload of more than `_READ_TWICE` bytes is not read again for it.
    """
    names = _repeated_names(payload) if len(payload) <= _READ_TWICE else []
    if not names:
        return None
    said = ", ".join(names[:_NAMED])
    return Note(
        "duplicate_key",
        Label(
            f"{said}: sent twice in one message, the later one counts; send each name once",
            f"{said}: 한 메시지에 두 번 있어 나중 값을 저장합니다. 이름마다 한 번만 보내세요",
        ),
    )


def _repeated_names(payload: bytes) -> list[str]:
    top: list[tuple[str, Any]] = []

    def keep(pairs: list[tuple[str, Any]]) -> None:
        top[:] = pairs  # the outermost object is the last that ends

    try:
        json.loads(payload, object_pairs_hook=keep)
    except (ValueError, RecursionError):  # a lone surrogate, digits without end
        return []
    counts = Counter(name for name, _ in top)
    return [name[:48] for name, count in counts.items() if count > 1]


def of_ignored(kind: KindSpec, ignored: Sequence[str], own: Iterable[str]) -> tuple[Note, ...]:
    """Return the notes on fields that a kind does not declare: a misspelt name, a unit.

    `own` are the kind's fields that were sent.
    """
    sent = set(own)
    unsent = [spec.name for spec in kind.fields if spec.name not in sent]
    names = [name[:_LONGEST_NAME] for name in ignored[:10]]
    notes = [note for name in names if (note := _unit(kind, name) or _spelt(unsent, name))]
    return tuple(notes[:_NAMED])


def _unit(kind: KindSpec, name: str) -> Note | None:
    if plain(name) in _UNIT_FIELDS:
        units = ", ".join(
            f"{spec.name} {spec.unit.symbol}" for spec in kind.fields if spec.unit.symbol
        )
        return Note(
            "unit",
            Label(
                f"{name} is not read: the units are fixed ({units}); convert before sending",
                f"{name}은(는) 읽지 않습니다. 단위는 정해져 있으니 바꾸어 보내세요 ({units})",
            ),
            name,
        )
    quantity, unit = unit_in(name)
    field = unit and meant(quantity, [spec.name for spec in kind.fields])
    if not field or kind.field(field).unit.symbol == unit:
        return None
    wanted = kind.field(field).unit.symbol
    return Note(
        "unit",
        Label(
            f"{name} ({unit}) is not used; {field} is in {wanted}",
            f"{name} ({unit})은(는) 쓰지 않습니다. {field}의 단위는 {wanted}입니다",
        ),
        name,
    )


def _spelt(unsent: Sequence[str], name: str) -> Note | None:
    field = meant(name, unsent)
    if field is None:
        return None
    return Note(
        "spelling",
        Label(
            f"{name} is not used; if it is {field}, send it as {field}",
            f"{name}은(는) 쓰지 않습니다. {field}이면 {field}(으)로 보내세요",
        ),
        name,
    )
