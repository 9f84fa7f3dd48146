"""Codecs: the validators and the row formats of a kind, compiled from its declaration. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from pydantic_core import CoreConfig, SchemaValidator, core_schema

from hub.messages import Note
from hub.pipeline.forms import Forms
from hub.stores import rows
from schemas import KindSpec

HEADERS = 1_024
"""Combinations of a kind's fields whose header is remembered."""


class Shape(NamedTuple):
    """The field names of a payload, and what is derived from them.

    `header` is that of its rows (`hub.stores.rows`), empty when no name is the kind's. `ignored`
    are the names that the kind does not declare, `notes` what is to be said of them.
    """

    header: bytes
    ignored: tuple[str, ...]
    notes: tuple[Note, ...]


class Codec:
    """The validators and formats of a kind, shared by all of its devices."""

    def __init__(self, kind: KindSpec) -> None:
        self.kind = kind
        self.quick, self.full, self.own = _validators(kind)
        self.partial = _partial(kind)
        self.forms = Forms(kind)
        self.types = {spec.name: spec.type for spec in kind.fields}
        self.optional = {spec.name for spec in kind.fields if not spec.required}
        self.names = self.types.keys()
        self.has_position = {"latitude", "longitude"} <= self.names
        self._headers: dict[tuple[str, ...], bytes] = {}
        self.shapes: dict[tuple[str, ...], Shape] = {}
        """Those without ignored names, of all the kind's devices: of 10,000, each shape once."""

    def header_of(self, fields: Iterable[str]) -> bytes:
        """Return the header of rows with these of the kind's fields, remembered."""
        names = (*fields,)
        header = self._headers.get(names)
        if header is None:
            if len(self._headers) >= HEADERS:
                self._headers.clear()
            header = self._headers[names] = self.header(names)
        return header

    def header(self, names: Sequence[str]) -> bytes:
        """Return the header of rows with these of the kind's fields."""
        types = {name: self.types[name] for name in names}
        return rows.header(self.kind.name, self.kind.domain.id, types)


def _validators(
    kind: KindSpec,
) -> tuple[Callable[[bytes], dict[str, Any]], Callable[..., Any], Callable[..., Any]]:
    """A quick validator for what devices usually send, and two full ones of the kind's model.

    The quick one takes JSON and returns a plain dict (building the model would double the cost),
    with what was sent and nothing else, and rejects null. The full ones accept null: one gets the
    kind's own fields, already parsed, and reports what is wrong; the other reads them from JSON
    of any size and ignores the rest.
    """
    core: Any = kind.model.__pydantic_core_schema__
    config = CoreConfig(strict=True, allow_inf_nan=False, extra_fields_behavior="allow")
    fields = {
        name: core_schema.typed_dict_field(
            _without_default(field["schema"]), required=field["schema"]["type"] != "default"
        )
        for name, field in core["schema"]["fields"].items()
    }
    fields["ts"] = core_schema.typed_dict_field(core_schema.any_schema(), required=False)
    anything = core_schema.model_field(
        core_schema.with_default_schema(core_schema.any_schema(), default=None)
    )
    # A typed dict takes its own configuration, not the validator's: without it it is not strict.
    quick = core_schema.typed_dict_schema(fields, extra_behavior="allow", config=config)
    return (
        SchemaValidator(quick, config).validate_json,
        SchemaValidator(core["schema"], config).validate_python,
        SchemaValidator(
            {**core["schema"], "fields": core["schema"]["fields"] | {"ts": anything}},
            CoreConfig(strict=True, allow_inf_nan=False, extra_fields_behavior="ignore"),
        ).validate_json,
    )


def _partial(kind: KindSpec) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A validator of some of a kind's fields, none of which is needed: a dialect's reading."""
    core: Any = kind.model.__pydantic_core_schema__
    config = CoreConfig(strict=True, allow_inf_nan=False, extra_fields_behavior="forbid")
    fields = {
        name: core_schema.typed_dict_field(_without_default(field["schema"]), required=False)
        for name, field in core["schema"]["fields"].items()
    }
    return SchemaValidator(
        core_schema.typed_dict_schema(fields, config=config), config
    ).validate_python


def _without_default(schema: Any) -> Any:
    """Return a field's schema without default and null, also inside a function schema."""
    if schema["type"] in {"default", "nullable"}:
        return _without_default(schema["schema"])
    if schema["type"] == "function-before":  # a whole number, which may be written 3.0
        return {**schema, "schema": _without_default(schema["schema"])}
    return schema
