"""Serializers: the catalogue, the zone and stored rows as the API returns them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from hub.booths.registry import BoothAccount
from hub.dialects import Dialect
from hub.event.zone import Booth, Event, Zone
from hub.live.device import Device
from hub.messages import State
from hub.settings import Settings
from hub.settings.values import BrokerAddress
from hub.stores.store import StoredRow
from hub.timestamps import rfc3339
from schemas import FieldSpec, KindSpec


def kind(spec: KindSpec, root: str) -> dict[str, Any]:
    """Return a kind as `/api/kinds` lists it."""
    return {
        "name": spec.name,
        "domain": spec.domain.id,
        "domain_label": spec.domain.label._asdict(),
        "label": spec.label._asdict(),
        "interval": spec.interval,
        "event_driven": spec.event_driven,
        "about": spec.about,
        "topic": f"{root}/{{booth}}/{spec.name}/{{device}}",
        "schema": f"/api/kinds/{spec.name}/schema",
        "example": dict(spec.example),
        "fields": [_field(item) for item in spec.fields],
    }


def dialect(item: Dialect, root: str, now: int, timezone: str) -> dict[str, Any]:
    """Return a dialect as `/api/dialects` lists it; `{booth}` in it is to be filled in.

    Its sample is of `now` (ns): whoever sends it again gets no warning for its time.
    """
    return {
        "name": item.name,
        "label": item.label._asdict(),
        "prefix": f"{root}/{{booth}}/{item.name}/",
        "setup": [
            {"setting": step.setting._asdict(), "value": step.value.replace("{root}", root)}
            for step in item.setup
        ],
        "sample": {"topic": item.sample[0], "payload": item.shown_at(now, timezone)},
    }


def _field(spec: FieldSpec) -> dict[str, Any]:
    choices = spec.choices
    return {
        "name": spec.name,
        "type": spec.type.value,
        "required": spec.required,
        "label": spec.label._asdict(),
        "unit": spec.unit.symbol,
        "unit_ko": spec.unit_ko,
        "draw": spec.draw.value,
        "minimum": spec.minimum,
        "maximum": spec.maximum,
        "normal": spec.normal,
        "alarm": spec.alarm,
        "flag": spec.words and spec.words.as_json(),
        "choices": choices and {word: label._asdict() for word, label in choices.items()},
    }


def zone(
    plan: Zone,
    devices: Iterable[Device],
    settings: Settings,
    now: int,
    accounts: Mapping[str, BoothAccount] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return event, zones and booths; a booth that is not on the plan but sends is listed too.

    Whether the event is open is said of the time `now` (ns).

    Devices connect with an account if there are `accounts`, which also name booths that the plan
    does not know.
    """
    broker, ca = settings.reached_broker, settings.broker_ca
    by_booth: dict[str, list[Device]] = defaultdict(list)
    for device in devices:
        by_booth[device.address.booth].append(device)
    planned = {booth.id: booth for booth in plan.booth}
    unknown = sorted(by_booth.keys() - planned.keys())
    unplanned = [_unplanned(id_, accounts.get(id_)) for id_ in unknown]
    return {
        "event": {
            "name": plan.event.label()._asdict(),
            "starts": plan.event.starts and plan.event.starts.isoformat(),
            "ends": plan.event.ends and plan.event.ends.isoformat(),
            "timezone": plan.event.timezone,
            "languages": list(plan.event.languages),
            **_hours(plan.event, now),
        },
        **({} if plan.origin is None else {"origin": plan.origin.model_dump()}),
        "zones": [{"id": area.id, "name": area.label()._asdict()} for area in plan.zone],
        "booths": [_booth(booth, by_booth[booth.id]) for booth in (*plan.booth, *unplanned)],
        "mqtt": {
            "host": broker.host,
            "port": broker.port,
            "tls": broker.tls,
            "root": settings.root,
            "auth": bool(accounts),
            "ca": ca.name if ca else None,
            **_others(settings.reached_brokers[1:]),
        },
    }


def _others(addresses: Sequence[BrokerAddress]) -> dict[str, Any]:
    """The broker's other addresses and what each is for, if there are any."""
    others = [{"url": str(item), "purpose": item.purpose} for item in addresses]
    return {"others": others} if others else {}


def _hours(event: Event, now: int) -> dict[str, Any]:
    """The opening hours, if there are any, and whether it is open at a time (ns)."""
    if event.opens is None or event.closes is None:
        return {}
    return {
        "opens": event.opens.isoformat("minutes"),
        "closes": event.closes.isoformat("minutes"),
        "open": event.open_at(now),
    }


def only(plan: Zone, booth: str, account: BoothAccount | None) -> Zone:
    """Return the plan reduced to a booth: the event, its zone, itself.

    A booth that has an account is included, also when it is not on the plan.
    """
    booths = tuple(item for item in plan.booth if item.id == booth)
    if not booths and account is not None:
        booths = (_unplanned(booth, account),)
    areas = {item.zone for item in booths}
    zones = tuple(area for area in plan.zone if area.id in areas)
    return plan.model_copy(update={"zone": zones, "booth": booths})


def booth(
    plan: Zone, devices: list[Device], id_: str, account: BoothAccount | None = None
) -> dict[str, Any]:
    """Return one booth as `/api/zone` lists it, whether it is on the plan or not."""
    planned = (item for item in plan.booth if item.id == id_)
    return _booth(next(planned, _unplanned(id_, account)), devices)


def _unplanned(id_: str, account: BoothAccount | None) -> Booth:
    """A booth that is not on the plan: by the names that came with its account, else by its id."""
    name, name_ko = (account.name, account.name_ko) if account is not None else ("", "")
    # Unchecked: a name that is longer than the plan allows is still the name.
    return Booth.model_construct(id=id_, name=name or name_ko or id_, name_ko=name_ko)


def _booth(booth: Booth, devices: list[Device]) -> dict[str, Any]:
    own = [device for device in devices if not device.stray]  # what is nobody's makes nobody late
    counts = {state.value: sum(device.state is state for device in own) for state in State}
    return {
        "id": booth.id,
        "zone": booth.zone,
        "name": booth.label()._asdict(),
        "place": booth.place and booth.place.model_dump(),
        "state": _booth_state(counts),
        "devices": {**counts, "expected": len(booth.devices)},
        "readings": sum(device.readings for device in devices),
        "rejections": sum(device.rejections for device in devices),
    }


def _booth_state(counts: dict[str, int]) -> str:
    """`live` when every device is, `late` when some are not, `offline` when none is."""
    live, known = counts[State.LIVE], sum(counts.values())
    if not known:
        return "empty"
    if live == known:
        return State.LIVE.value
    return State.LATE.value if live or counts[State.LATE] else State.OFFLINE.value


def row(stored: StoredRow) -> dict[str, Any]:
    """Return a stored row as `/api/readings` lists it."""
    return {
        "ts": rfc3339(stored.ts),
        "measurement": stored.measurement,
        "kind": stored.measurement,
        **stored.tags,  # of a device_state, `kind` is the device's
        "fields": stored.fields,
    }
