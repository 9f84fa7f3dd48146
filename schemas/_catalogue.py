"""The catalogue: every kind that has a file in this package, found by its file's name."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from pydantic import ValidationError

import schemas
from schemas._declaration_checks import check_name
from schemas._drawing import usual_combine
from schemas._flags import YES_NO
from schemas._kind import Domain, FieldSpec, FieldType, Kind
from schemas._label import Label
from schemas._units import Unit

JSON_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind as the rest of the hub reads it.

    `interval` is in seconds; of an `event_driven` kind silence says nothing. `example` is a payload
    that validates. `about` is the first line of the model's docstring, `source` the module's, which
    names where ranges and units come from.
    """

    name: str
    domain: Domain
    interval: float
    label: Label
    fields: tuple[FieldSpec, ...]
    example: Mapping[str, Any]
    about: str
    source: str
    model: type[Kind]
    event_driven: bool = False

    def field(self, name: str) -> FieldSpec:
        """Return the field called `name`.

        Raises:
            KeyError: the kind declares no such field.
        """
        for spec in self.fields:
            if spec.name == name:
                return spec
        raise KeyError(name)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema 2020-12 of a payload of this kind, units and labels included."""
        schema = self.model.model_json_schema()
        properties = {
            spec.name: _property(schema["properties"][spec.name], spec) for spec in self.fields
        }
        return {
            "$schema": JSON_SCHEMA_DIALECT,
            "$id": f"urn:smartlife:kind:{self.name}",
            **self.label.named("title"),
            "description": self.about,
            "type": "object",
            "properties": {**properties, "ts": _TS},
            "required": schema.get("required", []),
            "additionalProperties": True,
            "examples": [dict(self.example)],
            "x-domain": self.domain.id,
            "x-interval": self.interval,
            "x-event-driven": self.event_driven,
        }


_TS = {
    **Label("Time of measurement", "측정 시각").named("title"),
    "description": "RFC 3339 with an offset, or a Unix epoch number in s, ms, µs or ns. "
    "Without it, the time of arrival counts.",
    "anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}, {"type": "null"}],
}


def _property(schema: dict[str, Any], spec: FieldSpec) -> dict[str, Any]:
    said = {key: value for key, value in schema.items() if key != "default"}
    said |= spec.label.named("title")
    if spec.unit is not Unit.NONE:
        said["x-unit"] = spec.unit.symbol or spec.unit.name.lower()
    if spec.counter:
        said["x-counter"] = spec.counter
    said["x-draw"] = spec.draw.value
    if spec.normal is not None:
        said["x-normal"] = list(spec.normal)
    if spec.numeric and spec.combine is not usual_combine(spec.unit, spec.draw, spec.normal):
        said["x-combine"] = spec.combine.value
    if spec.alarm:
        said["x-alarm"] = list(spec.alarm)
    if spec.choices:
        said["x-choices"] = {word: label._asdict() for word, label in spec.choices.items()}
    if spec.words and spec.words != YES_NO:
        said["x-flag"] = spec.words.as_json()
    return said


@cache
def kinds() -> Mapping[str, KindSpec]:
    """Return every kind by name, sorted by name."""
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(schemas.__path__)
        if not module.name.startswith("_")
    )
    return MappingProxyType({name: _load(name) for name in names})


def _load(name: str) -> KindSpec:
    check_name(name)
    module = importlib.import_module(f"schemas.{name}")
    model = _model_in(module)
    try:
        model.model_validate(module.EXAMPLE)
    except ValidationError as exc:
        raise TypeError(f"{module.__name__}: its EXAMPLE does not fit it: {exc}") from exc
    return KindSpec(
        name=name,
        domain=model.domain_,
        interval=model.interval_,
        event_driven=model.event_driven_,
        label=model.label_,
        fields=model.fields_,
        example=MappingProxyType(module.EXAMPLE),
        about=(model.__doc__ or "").strip().splitlines()[0],
        source=(module.__doc__ or "").strip(),
        model=model,
    )


def _model_in(module: ModuleType) -> type[Kind]:
    models = [
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Kind) and item is not Kind
    ]
    if len(models) != 1:
        raise TypeError(f"{module.__name__}: declares {len(models)} kinds; one file is one kind")
    return models[0]


__all__ = ["Domain", "FieldType", "KindSpec", "kinds"]
