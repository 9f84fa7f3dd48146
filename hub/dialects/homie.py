"""Homie 4 and 5: devices that describe themselves, one retained value a topic.

Version 5 says all of a device in one JSON, ``{domain}/5/{device}/$description``; version 4 in an
attribute a topic, ``{base}/{device}/{node}/{property}/$datatype`` and ``…/$unit``. Values are text.
``$state`` is the Will too: ready and alert are there, disconnected and lost are gone, and with a
root its children; one that sleeps is quiet, not gone. A node that has what another has too is a
separate device. See homieiot.github.io/specification.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hub.dialects.dialect import (
    READINGS,
    Dialect,
    Heard,
    Misfit,
    Presence,
    SetupStep,
    Told,
    Translate,
    ignore,
)
from hub.dialects.mapping.measures import (
    HAZARDS,
    field_of,
    fields_of,
    from_unit,
    kind_of,
    of_word,
    sign_of,
)
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import number, parsed_object, switch, text_of
from schemas import Label

_MOST = 128
"""Properties of one device."""
_LONGEST = 64
_NUMBERS = frozenset({"float", "integer"})
_PRESENT = {"ready": True, "alert": True, "disconnected": False, "lost": False}
_OTHER_STATES = frozenset({"init", "sleeping"})
_NOT_DESCRIBED = Label(
    "the device has not described it ($description, or $datatype and $unit)",
    "기기가 설명하지 않은 값입니다($description 또는 $datatype, $unit)",
)
_NO_FIELD = Label("no field for its name and unit", "이름과 단위에 맞는 항목이 없습니다")
_NO_STATE = Label("neither there nor gone", "연결도 끊김도 아닌 상태입니다")

#: What is kept of a property: its datatype, unit and format, by their first letters.
_Property = Mapping[str, str]


def _description(heard: Heard, memory: Memory) -> Told:
    if not heard.payload:  # the device was removed
        memory.set(f"d/{heard.parts['device']}", None)
        return Told()
    said = parsed_object(heard.payload)
    nodes = said.get("nodes")
    found = dict[str, dict[str, str]]()
    for node, inner in nodes.items() if isinstance(nodes, dict) else ():
        properties = inner.get("properties") if isinstance(inner, dict) else None
        for name, about in properties.items() if isinstance(properties, dict) else ():
            if isinstance(about, dict) and len(found) < _MOST:
                kept = {key: about.get(key) for key in ("datatype", "unit", "format")}
                found[f"{node}/{name}"[:_LONGEST]] = {
                    key[0]: str(value)[:_LONGEST] for key, value in kept.items() if value
                }
    device = heard.parts["device"]
    read, told = _read(device, found), Told()
    root = said.get("root")
    known = {"p": found, "v": read, **({"r": str(root)[:_LONGEST]} if root else {})}
    memory.set(f"d/{device}", known)
    for path, about in found.items():
        why = _read_as(*read[path][:2]) if path in read else _NO_FIELD
        told.leave(path, about.get("u", ""), why)
    return told


def _read_as(field: str, name: str) -> Label:
    return Label(
        f"read from now on as {field} of {name}", f"이제부터 {name}의 {field}(으)로 읽습니다"
    )


def _read(device: str, properties: Mapping[str, _Property]) -> dict[str, list[str]]:
    """What is read of each property: its field, its device and that one's kind.

    A node that has what another has too is a separate device, and a property that its node has
    twice as well.
    """
    fields = {path: field for path, about in properties.items() if (field := _field(path, about))}
    nodes = {path: path.partition("/")[0] for path in fields}
    of_device = Counter(fields.values())
    of_node = Counter((nodes[path], field) for path, field in fields.items())
    names, signs = dict[str, str](), dict[str, set[str | None]]()
    for path, field in fields.items():
        alone = of_device[field] == 1
        own = path.replace("/", "-") if of_node[nodes[path], field] > 1 else nodes[path]
        names[path] = device if alone else f"{device}-{own}"
        sign = sign_of(field, properties[path].get("u"))
        signs.setdefault(names[path], set()).add(sign)
    found = dict[str, list[str]]()
    for path, field in fields.items():
        kind = kind_of(signs[names[path]])
        if kind is None or field not in fields_of(kind):
            kind = sign_of(field, properties[path].get("u"))
        if kind is not None:
            found[path] = [field, names[path], kind]
    return found


def _attribute(heard: Heard, memory: Memory) -> Told:
    """An attribute of version 4: `$datatype`, `$unit` or `$format` of a property."""
    device, attribute = heard.parts["device"], heard.parts["attribute"]
    if attribute not in ("datatype", "unit", "format"):
        return Told()
    path = f"{heard.parts['node']}/{heard.parts['property']}"[:_LONGEST]
    known = memory.get(f"d/{device}") or {}
    properties = dict(known.get("p") or {})
    if path in properties or len(properties) < _MOST:
        about = {**properties.get(path, {}), attribute[0]: text_of(heard.payload)[:_LONGEST]}
        properties[path] = {key: value for key, value in about.items() if value}
        if not properties[path]:  # its attributes were cleared
            del properties[path]
        found = {**known, "p": properties, "v": _read(device, properties)}
        memory.set(f"d/{device}", found if properties else None)
    return Told()


def _state(heard: Heard, memory: Memory) -> Told:
    device, word = heard.parts["device"], text_of(heard.payload)
    told = Told()
    if not word:  # the device was removed
        _tell(told, memory, device, False)
    elif word in _OTHER_STATES:
        told.leave("$state", word, _NO_STATE)
    elif word not in _PRESENT:
        raise Misfit(
            f'$state: "{word[:40]}" is none of init, ready, disconnected, sleeping, lost and alert',
            f'$state: "{word[:40]}": init, ready, disconnected, sleeping, lost, alert 중 하나여야 '
            "합니다",
        )
    else:
        _tell(told, memory, device, _PRESENT[word])
        for name in memory.names("d/") if word == "lost" else ():
            child = name.removeprefix("d/")
            if len(told.presences) < READINGS and (memory.get(name) or {}).get("r") == device:
                _tell(told, memory, child, False)
    return told


def _tell(told: Told, memory: Memory, device: str, online: bool) -> None:
    read = (memory.get(f"d/{device}") or {}).get("v") or {}
    names = dict.fromkeys([device, *(name for _, name, _ in read.values())])
    told.presences += [Presence(name, online) for name in names]


def _property(heard: Heard, memory: Memory) -> Told:
    told, known = Told(), memory.get(f"d/{heard.parts['device']}") or {}
    path = f"{heard.parts['node']}/{heard.parts['property']}"[:_LONGEST]
    about, text = (known.get("p") or {}).get(path), text_of(heard.payload)
    read = known.get("v") or {}
    if about is None or path not in read:
        told.leave(path, text, _NOT_DESCRIBED if about is None else _NO_FIELD)
        return told
    field, name, kind = read[path]
    draft = told.draft(kind, name)
    draft.take(field, text, path, lambda value: _value(field, about, value))
    alarm = draft.fields.get(field)
    if field in HAZARDS and alarm is not None:
        others = {it for it, its, _ in read.values() if its == name} & HAZARDS - {field}
        if alarm or not others:  # of several, one that is quiet says not that all is well
            draft.take("alarm", alarm, path)
    return told


def _field(path: str, about: _Property) -> str | None:
    """What a property measures, by its name, unit and datatype."""
    datatype, unit = about.get("d", ""), about.get("u", "")
    if datatype not in _NUMBERS | {"boolean", "enum"}:
        return None
    return field_of(path.rpartition("/")[2], unit, numeric=datatype in _NUMBERS)


def _value(field: str, about: _Property, value: Any) -> Any:
    if about.get("d") == "enum":
        return of_word(field, value)
    if about.get("d") == "boolean":
        return switch(value)
    if field == "brightness" and not about.get("u"):  # of a range like 0:255
        found, most = number(value), _most(about)
        return None if found is None else round(100 * found / most, 1)
    convert = from_unit(field, about.get("u", "")) or number
    return convert(value)


def _most(about: _Property) -> float:
    try:
        most = number(about.get("f", "").split(":")[1])
    except (IndexError, Misfit):
        most = None
    return most if most and most > 0 else 100.0


_DEVICE: dict[str, Translate] = {
    "{device}/$state": _state,
    "{device}/$description": _description,
    "{device}/{node}/{property}/set": ignore,
    "{device}/{node}/{property}/${attribute}": _attribute,
    "{device}/{node}/${other}": ignore,
    "{device}/${other+}": ignore,
    "{device}/{node}/{property}": _property,
}

DIALECT = Dialect(
    "homie",
    Label("Homie", "Homie"),
    topics={
        **{f"homie/5/{topic}": what for topic, what in _DEVICE.items()},
        **{f"5/{topic}": what for topic, what in _DEVICE.items()},
        **{f"homie/{topic}": what for topic, what in _DEVICE.items()},
        "{domain}/5/{device}/$state": _state,  # another domain than homie
        "{domain}/5/{device}/$description": _description,
        "{domain}/5/{device}/{node}/{property}": _property,
        **_DEVICE,
        "homie/$broadcast/{other+}": ignore,
        "homie/5/$broadcast/{other+}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "Base topic (Homie 4), or domain (Homie 5)",
                "Base topic(Homie 4) 또는 domain(Homie 5)",
            ),
            "{root}/{booth}/homie/homie",
        ),
    ),
    learns=True,
    cleared=frozenset({_description, _attribute, _state}),
    sample=(
        "homie/5/hall-1/$description",
        """{"homie":"5.0","version":1,"nodes":{"air":{"properties":{\
"temperature":{"datatype":"float","unit":"°C"}}}}}""",
    ),
)
