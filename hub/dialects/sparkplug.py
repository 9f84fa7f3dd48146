"""Sparkplug B: edge nodes of industry, and the devices behind them.

``spBv1.0/{group}/{NBIRTH|NDATA|NDEATH|DBIRTH|DDATA|DDEATH}/{node}[/{device}]``. A BIRTH names each
metric, mostly with an alias and maybe with its unit (property ``engUnit``); DATA bears those that
changed, by alias. NDEATH is the node's will: it counts only with the ``bdSeq`` of the last NBIRTH,
as that of an earlier connection may come late. Times are ms, of each metric. What a metric is, its
name says, as in any free-form payload. See sparkplug.eclipse.org, specification 3.0, 6 (payloads).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from zlib import crc32

from hub.dialects.dialect import Dialect, Draft, Heard, Misfit, Presence, SetupStep, Told, ignore
from hub.dialects.mapping import free_form
from hub.dialects.mapping.gateways import under
from hub.dialects.mapping.synonyms import spelling_of
from hub.dialects.memory import Memory
from hub.dialects.sparkplug_payload import BITS, NAME, Metric, metrics_of, signed
from schemas import Label

_CHUNK = 32
_new = tuple.__new__  # what a NamedTuple does, without its Python-level __new__
_TOGETHER = 1_000  # ms: a node takes the time of each metric as it adds it
_OWN = ("Node Control/", "Device Control/", "bdSeq")
_SHAPED = Label("is no single value", "단일 값이 아닙니다")


class _Known(NamedTuple):
    """What a birth said of a metric: `kind` takes it, or none does; `folder` is its device's."""

    name: str
    unit: str
    type: int
    kind: str
    folder: str


def _name(heard: Heard) -> str:
    return "/".join(part for part in map(heard.parts.get, ("group", "node", "device")) if part)


def _session(metrics: list[Metric]) -> int | None:
    found = next((metric.value for metric in metrics if metric.name == "bdSeq"), None)
    return found if isinstance(found, int) else None


def _birth(heard: Heard, memory: Memory) -> Told:
    name, metrics = _name(heard), metrics_of(heard.payload)
    known = _sorted_out(metrics, name, heard)
    before = memory.get(f"birth/{name}") or {}
    chunks = 2 * len(known) // _CHUNK + 1
    parts: list[dict[str, Any]] = [{} for _ in range(chunks)]
    for metric, what in zip(metrics, known, strict=True):
        parts[_place(metric.key, chunks)][metric.key] = list(what)
        if metric.alias is not None and metric.name:
            named = f"={metric.name[:NAME]}"
            parts[_place(named, chunks)][named] = metric.key
    for place, part in enumerate(parts):
        memory.set(f"metrics/{place}/{name}", part)
    for place in range(chunks, before.get("chunks", 0)):
        memory.set(f"metrics/{place}/{name}", None)
    memory.set(f"birth/{name}", {"chunks": chunks, "bdSeq": _session(metrics)})
    told = Told(presences=[Presence(name, True)])
    _take(told, name, zip(metrics, known, strict=True))
    return told


def _sorted_out(metrics: list[Metric], name: str, heard: Heard) -> list[_Known]:
    """Which kind takes each metric. Where a name is there twice, each folder is a device."""
    keys = [_key(metric) for metric in metrics]
    named = [key for key in keys if key is not None]
    twice = len(set(named)) < len(named)
    folders = [(metric.name or "").rpartition("/")[0] if twice else "" for metric in metrics]
    groups: dict[str, dict[str, int]] = {}
    for place, (key, folder) in enumerate(zip(keys, folders, strict=True)):
        if key is not None:
            groups.setdefault(folder, {}).setdefault(key, place)
    kinds: dict[int, str] = {}
    for folder, group in groups.items():
        device = f"{name}/{folder}" if folder else name
        fits = free_form.fitting(frozenset(group), tuple(heard.kinds_of(device)))
        kinds.update({group[key]: kind for key, kind in fits.items()})
    return [
        _Known(
            (metric.name or "")[:NAME],
            metric.unit,
            metric.type,
            kinds.get(place, ""),
            folders[place][:NAME] if place in kinds else "",
        )
        for place, metric in enumerate(metrics)
    ]


def _key(metric: Metric) -> str | None:
    name = metric.name or ""
    spelling = None if metric.shaped or name.startswith(_OWN) else spelling_of(name[:NAME])
    return None if spelling is None else free_form.key(spelling, metric.value)


def _place(key: str, chunks: int) -> int:
    return crc32(key.encode(errors="surrogatepass")) % chunks


def _data(heard: Heard, memory: Memory) -> Told:
    name, metrics = _name(heard), metrics_of(heard.payload)
    born = memory.get(f"birth/{name}")
    if born is None:
        what = "DBIRTH" if heard.parts.get("device") else "NBIRTH"
        raise Misfit(
            f"no {what} of {name} was heard, so its metrics are unknown; "
            "restart the edge node, or send it Node Control/Rebirth",
            f"{name}의 {what}를 받지 못해 메트릭을 알 수 없습니다. "
            "엣지 노드를 다시 시작하거나 Node Control/Rebirth를 보내세요",
        )
    told, chunks = Told(), born["chunks"]

    def named(key: str) -> Any:
        return (memory.get(f"metrics/{_place(key, chunks)}/{name}") or {}).get(key)

    found: list[tuple[Metric, _Known]] = []
    for metric in metrics:
        known = named(metric.key)
        if isinstance(known, str):  # by name, though it has an alias
            known = named(known)
        if known is None:
            shown = metric.name if metric.alias is None else f"alias {metric.alias}"
            told.leave(shown or "", metric.value, _UNBORN)
        else:
            found.append((metric, _new(_Known, known)))
    _take(told, name, found)
    return told


_UNBORN = Label(
    "its BIRTH did not name it; let the edge node send a new one (Node Control/Rebirth)",
    "BIRTH에 없는 메트릭입니다. 엣지 노드가 BIRTH를 다시 보내게 하세요(Node Control/Rebirth)",
)


def _take(told: Told, name: str, found: Iterable[tuple[Metric, _Known]]) -> None:
    drafts: dict[tuple[str, str], tuple[Draft, int | None]] = {}
    for metric, known in found:
        spelling = spelling_of(known.name)
        if not known.kind or spelling is None:
            if not known.name.startswith(_OWN):
                told.leave(known.name, metric.value, _SHAPED if metric.shaped else None)
            continue
        device = f"{name}/{known.folder}" if known.folder else name
        draft, time = drafts.get((device, known.kind), (None, None))
        apart = abs((metric.time or 0) - (time or 0))
        if draft is None or apart >= _TOGETHER or (apart and spelling.field in draft.places):
            draft, time = Draft(known.kind, device, metric.time), metric.time
            drafts[device, known.kind] = draft, time
            told.add(draft)
        value = metric.value
        if isinstance(value, int) and not isinstance(value, bool) and known.type in BITS:
            value = signed(value, known.type)  # DATA may leave the type to the birth
        convert = free_form.converter(known.kind, spelling, known.unit)
        draft.take(spelling.field, value, known.name, convert)


def _death(heard: Heard, memory: Memory) -> Told:
    name = _name(heard)
    if not heard.parts.get("device"):
        session = _session(metrics_of(heard.payload))
        born = memory.get(f"birth/{name}") or {}
        if session is not None and born.get("bdSeq") not in {None, session}:
            return Told()  # the will of an earlier connection
    return Told([Presence(name, online=False), *under(memory, f"{name}/", online=False)])


_BEHIND = {"N": "{node}", "D": "{node}/{device}"}
_WHAT = {"BIRTH": _birth, "DATA": _data, "DEATH": _death, "CMD": ignore}


DIALECT = Dialect(
    "sparkplug",
    Label("Sparkplug B", "Sparkplug B"),
    topics={
        **{
            f"spBv1.0/{{group}}/{who}{name}/{behind}": what
            for who, behind in _BEHIND.items()
            for name, what in _WHAT.items()
        },
        "spBv1.0/STATE/{host}": ignore,
        "STATE/{host}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "Group ID; the organizer gives the booth this group's topics (zone file: native)",
                "Group ID. 주최자가 존 파일(native)에서 이 그룹의 토픽을 부스에 배정합니다",
            ),
            "spBv1.0/{booth}/#",
        ),
        SetupStep(
            Label("If the topic's prefix can be set", "토픽 앞부분을 설정할 수 있다면"),
            "{root}/{booth}/sparkplug/spBv1.0",
        ),
        SetupStep(
            Label(
                "Metric names that say what is measured, unit as property engUnit",
                "무엇을 재는지 알 수 있는 메트릭 이름, 단위는 engUnit 속성",
            ),
            "Temperature, Humidity, Active Power …",
        ),
    ),
    learns=True,
    sample=("spBv1.0/plant/NBIRTH/press", "\x12\x11\n\x0bTemperature \x03P\x15"),
)
