"""What a device kind declares: one pydantic model, from which everything else follows.

A kind is a subclass of `Kind` in a file of the kind's name. Each attribute is made by `number`,
`flag`, `choice` or `text`, which keep the range for pydantic and the meaning (unit, labels,
drawing, what needs attention) for the boards, the wall, the simulators and the docs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from schemas._declaration_checks import check_field, check_field_name, check_kind
from schemas._drawing import Combine, Draw, usual_combine
from schemas._flags import YES_NO, FlagWords
from schemas._label import Label
from schemas._units import Unit

INT64_MAX = 2**63 - 1
#: No control characters: a text value is one line of line protocol, whatever it holds.
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


class Domain(Enum):
    """What a device is about: the fields that the Smart Life zone shows."""

    SMART_HOME = ("smart_home", Label("Smart home", "스마트홈"))
    ROBOTICS = ("robotics", Label("Robotics", "로보틱스"))
    MOBILITY = ("mobility", Label("Mobility", "모빌리티"))
    DIGITAL_HEALTHCARE = ("digital_healthcare", Label("Digital healthcare", "디지털 헬스케어"))
    DIGITAL_TWIN = ("digital_twin", Label("Digital twin", "디지털 트윈"))
    AI = ("ai", Label("AI", "인공지능"))
    BIG_DATA = ("big_data", Label("Big data", "빅데이터"))
    IOT = ("iot", Label("IoT", "사물인터넷"))

    def __init__(self, id: str, label: Label) -> None:  # noqa: A002 - the contract's word
        self.id = id
        self.label = label


class FieldType(StrEnum):
    """The type that a field has in the store, for ever."""

    FLOAT = "float"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field means to people; kept beside the pydantic field that holds its range."""

    label: Label
    unit: Unit
    draw: Draw
    normal: tuple[float | None, float | None] | None = None
    alarm: tuple[bool | str, ...] = ()
    choices: Mapping[str, Label] | None = None
    words: FlagWords | None = None
    combine: Combine | None = None
    counter: str = ""


def number(
    minimum: float,
    maximum: float,
    unit: Unit,
    *,
    en: str,
    ko: str,
    draw: Draw = Draw.SERIES,
    normal: tuple[float | None, float | None] | None = None,
    combine: Combine | None = None,
    counter: str = "",
    optional: bool = False,
) -> Any:
    """Declare a number from `minimum` to `maximum`, both allowed, in `unit`.

    `normal` is the band in which nothing needs attention; `None` leaves a side open. `combine` is
    what several values make together, where `usual_combine` does not say it right. `counter` is
    what stands behind a count in Korean: 17명, 3개.
    Annotate the attribute `float` or `int`, with `| None` when it is optional.
    """
    meaning = Meaning(Label(en, ko), unit, draw, normal=normal, combine=combine, counter=counter)
    info: FieldInfo = _declared(meaning, optional, ge=minimum, le=maximum)
    info.metadata.append(_WholeNumbers())
    return info


def flag(
    words: FlagWords = YES_NO,
    *,
    en: str,
    ko: str,
    alarm: bool | None = None,
    draw: Draw = Draw.STATE,
    optional: bool = False,
) -> Any:
    """Declare a boolean, shown by `words`; `alarm` is the value that needs attention, if one does.

    The label names what the words are said of: a window (open, closed).
    """
    alarms = () if alarm is None else (alarm,)
    return _declared(Meaning(Label(en, ko), Unit.NONE, draw, alarm=alarms, words=words), optional)


def choice(
    choices: Mapping[str, Label],
    *,
    en: str,
    ko: str,
    alarm: tuple[str, ...] = (),
    draw: Draw = Draw.STATE,
    optional: bool = False,
) -> Any:
    """Declare one of a few words; annotate the attribute with the `Literal` of the same words."""
    meaning = Meaning(Label(en, ko), Unit.NONE, draw, alarm=alarm, choices=choices)
    return _declared(meaning, optional)


def text(
    max_length: int, *, en: str, ko: str, draw: Draw = Draw.STAT, optional: bool = False
) -> Any:
    """Declare free text of one line (no control characters), `max_length` characters at most."""
    meaning = Meaning(Label(en, ko), Unit.NONE, draw)
    return _declared(meaning, optional, max_length=max_length, pattern=ONE_LINE)


class _WholeNumbers:
    """Lets an `int` be written `3.0`, an integer to JSON Schema 2020-12 (Validation, 6.1.1)."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        if int not in {source, *get_args(source)}:
            return schema
        return core_schema.no_info_before_validator_function(_whole, schema)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _declared(meaning: Meaning, optional: bool, **limits: Any) -> Any:
    default: Any = None if optional else ...
    info: FieldInfo = Field(default, title=meaning.label.en, **limits)
    info.metadata.append(meaning)
    return info


class Kind(BaseModel):
    """A reading of one kind of device: its fields, and (as class keywords) what the kind is.

    `domain` is what the device is about, `interval` the seconds that usually pass between two
    readings, `en` and `ko` its name. An `event_driven` device sends when something happens: its
    silence says nothing, and the interval only how often a simulated one sends.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        extra="allow",  # an unknown field must be seen to be warned of; it is never stored
        protected_namespaces=(),
    )

    domain_: ClassVar[Domain]
    interval_: ClassVar[float]
    event_driven_: ClassVar[bool]
    label_: ClassVar[Label]

    def __init_subclass__(
        cls, *, domain: Domain, interval: float, en: str, ko: str, event_driven: bool = False
    ) -> None:
        super().__init_subclass__()
        cls.domain_ = domain
        cls.interval_ = interval
        cls.event_driven_ = event_driven
        cls.label_ = Label(en, ko)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.fields_ = tuple(_field_of(name, info) for name, info in cls.model_fields.items())
        check_kind(cls)

    fields_: ClassVar[tuple["FieldSpec", ...]] = ()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One declared field, as the rest of the hub reads it.

    `minimum` and `maximum` are given for numbers, `choices` for words out of a list, `words` for
    flags, `max_length` for free text; `normal` and `alarm` say what needs attention. `combine` is
    what several values make together: the newest, of what is no number. `counter` is the Korean
    word behind a count.
    """

    name: str
    type: FieldType
    required: bool
    label: Label
    unit: Unit
    draw: Draw
    minimum: float | None
    maximum: float | None
    normal: tuple[float | None, float | None] | None
    alarm: tuple[bool | str, ...]
    choices: Mapping[str, Label] | None
    words: FlagWords | None
    max_length: int | None
    combine: Combine
    counter: str = ""

    @property
    def unit_ko(self) -> str:
        """What stands behind a value in Korean."""
        return self.counter or self.unit.ko

    @property
    def numeric(self) -> bool:
        """Whether the field can be averaged."""
        return self.type in {FieldType.FLOAT, FieldType.INTEGER}


_TYPES: dict[Any, FieldType] = {
    float: FieldType.FLOAT,
    int: FieldType.INTEGER,
    bool: FieldType.BOOLEAN,
    str: FieldType.STRING,
}


def _field_of(name: str, info: FieldInfo) -> FieldSpec:
    meaning = next((item for item in info.metadata if isinstance(item, Meaning)), None)
    if meaning is None:
        raise TypeError(f"{name}: declare it with number(), flag(), choice() or text()")
    check_field_name(name)
    type_, words = _stored_type(name, info.annotation)
    if words is not None and set(words) != set(meaning.choices or ()):
        raise TypeError(f"{name}: the Literal and the choices differ: {words}, {meaning.choices}")
    spec = FieldSpec(
        name=name,
        type=type_,
        required=info.is_required(),
        label=meaning.label,
        unit=meaning.unit,
        draw=meaning.draw,
        minimum=_limit(info, "ge"),
        maximum=_limit(info, "le"),
        normal=meaning.normal,
        alarm=meaning.alarm,
        choices=meaning.choices,
        words=meaning.words,
        max_length=_limit(info, "max_length"),
        combine=_combine(type_, meaning),
        counter=meaning.counter,
    )
    nullable = type(None) in get_args(info.annotation)
    check_field(spec, literal=words is not None, nullable=nullable)
    return spec


def _combine(type_: FieldType, meaning: Meaning) -> Combine:
    if type_ not in {FieldType.FLOAT, FieldType.INTEGER}:
        return Combine.LAST
    return meaning.combine or usual_combine(meaning.unit, meaning.draw, meaning.normal)


def _stored_type(name: str, annotation: Any) -> tuple[FieldType, tuple[str, ...] | None]:
    """The stored type of an annotation, and the words of a `Literal`."""
    options = [option for option in get_args(annotation) if option is not type(None)]
    if get_origin(annotation) is Literal:
        return FieldType.STRING, get_args(annotation)
    if len(options) == 1 and type(None) in get_args(annotation):
        return _stored_type(name, options[0])
    if annotation in _TYPES:
        return _TYPES[annotation], None
    raise TypeError(
        f"{name}: {annotation} cannot be stored; use float, int, bool, str or a Literal"
    )


def _limit(info: FieldInfo, name: str) -> Any:
    return next((getattr(item, name) for item in info.metadata if hasattr(item, name)), None)
