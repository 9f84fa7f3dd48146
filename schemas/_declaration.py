"""Kinds declared as JSON Schema 2020-12, with the more words that the hub's own schemas have."""

import re
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeGuard

from pydantic import ValidationError

from schemas._catalogue import KindSpec
from schemas._declaration_checks import (
    DeclarationError,
    all_of,
    check_field_name,
    check_name,
    word_mistake,
)
from schemas._drawing import Combine, Draw
from schemas._flags import YES_NO, FlagWords
from schemas._kind import Domain, Kind, choice, flag, number, text
from schemas._label import Label
from schemas._units import ENDINGS, Unit, in_letters

MOST_FIELDS = 100
"""The most fields of a declared kind."""
_URN = "urn:smartlife:kind:"
_KIND_WORDS = frozenset(
    {"$schema", "$id", "title", "title_ko", "description", "type", "properties", "required"}
    | {"additionalProperties", "examples", "x-domain", "x-interval", "x-event-driven", "x-look"}
)
_FIELD_WORDS = frozenset(
    {"title", "title_ko", "description", "type", "anyOf", "enum", "const", "minimum", "maximum"}
    | {"maxLength", "pattern", "x-unit", "x-draw", "x-normal", "x-alarm", "x-choices", "x-look"}
    | {"x-combine", "x-flag", "x-counter"}
)
_TYPES = {"number": float, "integer": int, "boolean": bool, "string": str}
_UNITS = {unit.symbol: unit for unit in reversed(Unit)} | {
    unit.name.lower(): unit for unit in Unit if not unit.symbol
}
_DOMAINS = {domain.id: domain for domain in Domain}


def declared(document: Any) -> KindSpec:
    """Return the kind that a JSON Schema declares; `KindSpec.json_schema` writes one.

    Raises:
        ValueError: it declares none; the message names the field and the way out.
    """
    try:
        return _spec(document)
    except ValidationError as exc:
        first: Any = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DeclarationError(
            f"examples: {where}: {first['msg']}; correct the example",
            f"보낸 메시지 예의 {where} 값이 선언과 맞지 않습니다({first['msg']}). 범위를 고치세요",
        ) from exc
    except TypeError as exc:
        raise DeclarationError(str(exc), getattr(exc, "ko", "")) from exc


def _spec(document: Any) -> KindSpec:
    if not isinstance(document, dict):
        raise TypeError("a declaration is a JSON object, a JSON Schema 2020-12")
    _check_words(document, _KIND_WORDS, "the declaration")
    name = str(document.get("$id") or "").removeprefix(_URN)
    if not name:
        raise DeclarationError(
            f"$id: is missing; name the kind there, like {_URN}water_tank",
            f"$id가 없습니다. {_URN}water_tank처럼 종류의 이름을 적으세요",
        )
    check_name(name)
    properties = {
        key: item for key, item in _mapping(document, "properties").items() if key != "ts"
    }
    if not 1 <= len(properties) <= MOST_FIELDS:
        raise DeclarationError(
            f"properties: {len(properties)} fields; declare 1 to {MOST_FIELDS}",
            f"필드가 {len(properties)}개입니다. 1개에서 {MOST_FIELDS}개까지 고르세요",
        )
    required = _list(document, "required", "the names of fields")
    for field in required:
        if not isinstance(field, str) or field not in properties:
            raise TypeError(f"required: {field!r} is no declared field")
    model = _model(name, document, properties, frozenset(required))
    examples = _list(document, "examples", "messages, each an object") or [{}]
    if not isinstance(examples[0], dict):
        raise TypeError("examples: write a list of messages, each an object")
    example = {key: item for key, item in examples[0].items() if key in properties}
    model.model_validate(example)
    return KindSpec(
        name=name,
        domain=model.domain_,
        interval=model.interval_,
        event_driven=model.event_driven_,
        label=model.label_,
        fields=model.fields_,
        example=MappingProxyType(example),
        about=(model.__doc__ or "").strip(),
        source="",
        model=model,
    )


def _model(
    name: str, document: dict[str, Any], properties: dict[str, Any], required: frozenset[str]
) -> type[Kind]:
    namespace: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    mistakes: list[DeclarationError] = []
    for key, said in properties.items():
        check_field_name(key)  # before it is an attribute: a class has names of its own
        try:
            annotation, value = _field(said, optional=key not in required)
        except TypeError as exc:
            mistakes.append(DeclarationError(str(exc), getattr(exc, "ko", "")).at(key))
            continue
        namespace["__annotations__"][key] = annotation | None if key not in required else annotation
        namespace[key] = value
    if mistakes:
        raise all_of(mistakes)
    namespace["__doc__"] = _text(document, "description", 400) or name
    domain = _DOMAINS.get(str(document.get("x-domain")))
    if domain is None:
        raise TypeError(f"x-domain: write one of {', '.join(_DOMAINS)}")
    interval = document.get("x-interval")
    if not _is_number(interval):
        raise DeclarationError(
            "x-interval: write the seconds that usually pass between two readings",
            "전송 간격을 초로 적으세요",
        )
    events = document.get("x-event-driven", False)
    if not isinstance(events, bool):
        raise TypeError("x-event-driven: write true or false")
    # A class of this name: what a person reads in an error is the kind's name.
    make: Any = type(Kind)
    found: type[Kind] = make(
        re.sub(r"_|\b", "", name.title()),
        (Kind,),
        namespace,
        domain=domain,
        interval=float(interval),
        en=_text(document, "title"),
        ko=_text(document, "title_ko") or _text(document, "title"),
        event_driven=events,
    )
    return found


def _field(said: Any, *, optional: bool) -> tuple[Any, Any]:
    """The annotation and the declaration of a field."""
    if not isinstance(said, dict):
        raise TypeError("is no object")
    flat = _flat(said)
    _check_words(flat, _FIELD_WORDS, "the field")
    label = {"en": _text(flat, "title"), "ko": _text(flat, "title_ko") or _text(flat, "title")}
    words = [flat["const"]] if "const" in flat else flat.get("enum")
    type_ = _TYPES.get("string" if words is not None else str(flat.get("type")))
    if type_ is None:
        raise TypeError(f"type: {flat.get('type')!r}; write one of {', '.join(_TYPES)}")
    common: dict[str, Any] = {**label, "optional": optional}
    if "x-draw" in flat:
        common["draw"] = _one_of("x-draw", flat["x-draw"], {item.value: item for item in Draw})
    alarm = _list(flat, "x-alarm", "the values that need attention")
    if words is not None:
        choices = _choices(flat, words)
        return Literal[tuple(choices)], choice(choices, alarm=tuple(alarm), **common)
    if type_ is bool:
        return bool, flag(_flag_words(flat), alarm=alarm[0] if alarm else None, **common)
    if type_ is str:
        most = flat.get("maxLength", 64)
        if not _is_number(most) or most != int(most):
            raise TypeError(f"maxLength: {most!r}; write a number of characters")
        return str, text(int(most), **common)
    if "x-combine" in flat:
        found = {item.value: item for item in Combine}
        common["combine"] = _one_of("x-combine", flat["x-combine"], found)
    if "x-counter" in flat:
        common["counter"] = _text(flat, "x-counter", 6)
    return type_, _number(flat, type_, common)


def _choices(flat: dict[str, Any], words: Any) -> dict[str, Label]:
    if not isinstance(words, list) or not words:
        raise TypeError("enum: write a list of words")
    for mistake in filter(None, map(word_mistake, words)):
        raise TypeError(f"enum: {mistake}")
    labels = _mapping(flat, "x-choices") if "x-choices" in flat else {}
    return {word: _label(word, labels.get(word)) for word in words}


def _flag_words(flat: dict[str, Any]) -> FlagWords:
    if "x-flag" not in flat:
        return YES_NO
    words = _mapping(flat, "x-flag")
    if set(words) != {"true", "false"}:
        raise TypeError("x-flag: write what is shown for true and what for false")
    return FlagWords(_label("true", words["true"]), _label("false", words["false"]))


def _number(flat: dict[str, Any], type_: type, common: dict[str, Any]) -> Any:
    low, high = flat.get("minimum"), flat.get("maximum")
    if not _is_number(low) or not _is_number(high):
        raise DeclarationError(
            "minimum, maximum: give both; values outside are taken for faults",
            "최솟값과 최댓값을 모두 적으세요. 벗어난 값은 오류로 봅니다",
        )
    if type_ is int:
        if low != int(low) or high != int(high):
            raise DeclarationError(
                "minimum, maximum: write whole numbers for an integer",
                "정수 필드의 최솟값과 최댓값은 정수로 적으세요",
            )
        low, high = int(low), int(high)
    unit = _unit(flat.get("x-unit", ""))
    normal = flat.get("x-normal")
    sides = normal if isinstance(normal, list) else []
    ranged = len(sides) == 2 and all(side is None or _is_number(side) for side in sides)
    if normal is not None and not ranged:
        raise TypeError("x-normal: write [lowest, highest], null where a side is open")
    return number(low, high, unit, normal=tuple(normal) if normal else None, **common)


def _unit(said: Any) -> Unit:
    """The unit of a symbol; ``Nm``, ``l/min`` and ``m3/h`` are written for one too."""
    if isinstance(said, str) and len(said) > 1 and said not in _UNITS and said[0] != "M":
        said = getattr(ENDINGS.get(in_letters(said)), "symbol", said)
    found: Unit = _one_of("x-unit", said, _UNITS)
    return found


def _flat(said: dict[str, Any]) -> dict[str, Any]:
    """A field without the null of `anyOf`, as an optional one is written."""
    either = _list(said, "anyOf", "types")
    options = [item for item in either if not isinstance(item, dict) or item.get("type") != "null"]
    if len(options) > 1 or not all(isinstance(item, dict) for item in options):
        raise TypeError("anyOf: write one type, and null at most")
    rest = {key: item for key, item in said.items() if key != "anyOf"}
    return {**rest, **options[0]} if options else rest


def _label(word: str, said: Any) -> Label:
    if not isinstance(said, dict):
        return Label(word, word)
    en = _text(said, "en") or word
    return Label(en, _text(said, "ko") or en)


def _check_words(said: dict[str, Any], known: frozenset[str], what: str) -> None:
    for word in said:
        if word not in known:
            raise TypeError(f"{word}: {what} has a word that the hub does not know; leave it out")


def _one_of(word: str, said: Any, known: Mapping[str, Any]) -> Any:
    if not isinstance(said, str) or said not in known:
        choices = ", ".join(filter(None, known))
        raise DeclarationError(
            f"{word}: {said!r}; write one of {choices}",
            f"{word}: {said!r}은(는) 쓸 수 없습니다. 다음 중에서 고르세요: {choices}",
        )
    return known[said]


def _mapping(said: dict[str, Any], word: str) -> dict[str, Any]:
    found = said.get(word)
    if not isinstance(found, dict):
        raise TypeError(f"{word}: write an object")
    return found


def _list(said: dict[str, Any], word: str, of: str) -> list[Any]:
    found = said.get(word, [])
    if not isinstance(found, list):
        raise TypeError(f"{word}: write a list of {of}")
    return found


def _is_number(value: Any) -> TypeGuard[float]:
    """Whether it is a number that a float can hold: JSON may say NaN, or 400 digits."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= sys.float_info.max


def _text(said: dict[str, Any], word: str, most: int = 60) -> str:
    found = said.get(word, "")
    if not isinstance(found, str) or len(found) > most or not found.isprintable():
        raise DeclarationError(
            f"{word}: write one line of up to {most} characters",
            f"{word}: {most}자 이내 한 줄로 적으세요",
        )
    return found
