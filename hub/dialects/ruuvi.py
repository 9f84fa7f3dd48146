"""Ruuvi Gateway: RuuviTag climate sensors and Ruuvi Air, heard over Bluetooth.

``ruuvi/{gateway MAC}/{sensor MAC}`` is an advertisement with the time of hearing (``ts``, s), its
bytes as hexadecimal text in ``data``, or decoded with the pressure in Pa; ``…/gw_status`` is the
gateway's state and Will. Data formats 3 and 5 are of tags, 6 and E1 of the Air, each an entry of
`_FORMATS`. See docs.ruuvi.com/communication/bluetooth-advertisements.
"""

from collections.abc import Callable, Iterator, Mapping
from math import exp, log
from typing import Any, NamedTuple

from hub.dialects.dialect import Dialect, Heard, Misfit, SetupStep, Told, ignore
from hub.dialects.mapping.gateways import heard_through, through
from hub.dialects.memory import Memory
from hub.dialects.parsing.payload import is_online, number, parsed, parsed_object, scaled, text_of
from hub.dialects.parsing.times import whole
from schemas import Label

_EVERY, _SILENCE = 10.0, 300.0
_COMPANY, _MANUFACTURER = b"\x99\x04", 0xFF
_AIR = ("co2", "pm2_5", "pm10", "temperature", "humidity")


class _Part(NamedTuple):
    """A field within the bytes: where it starts, how many it has, and how it is read."""

    start: int
    size: int
    scale: float
    offset: float = 0.0
    signed: bool = False
    none: bool = True

    def read(self, data: bytes) -> float | None:
        """The value; the least signed and the largest unsigned number mean that there is none."""
        raw = data[self.start : self.start + self.size]
        value, bits = int.from_bytes(raw, "big", signed=self.signed), 8 * self.size
        if self.none and value == (-(1 << bits - 1) if self.signed else (1 << bits) - 1):
            return None
        return round(value * self.scale + self.offset, 3)


_TEMPERATURE, _HUMIDITY = _Part(1, 2, 0.005, signed=True), _Part(3, 2, 0.0025)
_PRESSURE = _Part(5, 2, 0.01, 500.0)
_TAG = {"temperature": _TEMPERATURE, "humidity": _HUMIDITY, "pressure": _PRESSURE}
_FORMATS: Mapping[int, tuple[int, Mapping[str, _Part]]] = {
    0x03: (14, {"humidity": _Part(1, 1, 0.5, none=False), "pressure": _Part(4, 2, 0.01, 500.0)}),
    0x05: (18, _TAG),
    0x06: (17, {**_TAG, "pm2_5": _Part(7, 2, 0.1), "co2": _Part(9, 2, 1.0)}),
    0xE1: (
        29,
        {
            **_TAG,
            "pm2_5": _Part(9, 2, 0.1),
            "pm10": _Part(13, 2, 0.1),
            "co2": _Part(15, 2, 1.0),
            "illuminance": _Part(19, 3, 0.01),
        },
    ),
}
_DECODED: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "temperature": ("temperature", number),
    "humidity": ("humidity", number),
    "pressure": ("pressure", scaled(0.01, 3)),
    "PM2.5": ("pm2_5", number),
    "PM10.0": ("pm10", number),
    "PM10": ("pm10", number),
    "CO2": ("co2", number),
    "luminosity": ("illuminance", number),
}
_INDEX = Label("an index without a unit, no ppb", "단위 없는 지수입니다(ppb가 아님)")
_INDICES = frozenset({"VOC", "NOx"})
_NOISE = frozenset(
    ("gw_mac", "rssi", "aoa", "gwts", "ts", "data", "coords", "dataFormat", "id", "mac")
)


def _sensor(heard: Heard, memory: Memory) -> Told:
    payload, told = parsed_object(heard.payload), Told()
    found = list(_found(payload))
    air = any(field in {"co2", "pm2_5"} for field, *_ in found)
    time, device = whole(payload.get("ts", payload.get("gwts"))), heard.parts["sensor"]
    for field, value, place, convert in found:
        kind = "air_quality" if air and field in _AIR else "climate_sensor"
        draft = told.draft(kind, device, time=time, interval=_EVERY, silence=_SILENCE)
        draft.take(field, value, place, convert)
    if found:
        heard_through(memory, heard.parts["gateway"], device)
    for draft in told.drafts:
        if draft.kind == "climate_sensor" and type(payload.get("rssi")) is int:
            draft.take("signal", payload["rssi"], "rssi")
    for name, value in payload.items():
        if name not in _DECODED and name not in _NOISE:
            told.leave(name, value, _INDEX if name in _INDICES else None)
    return told


_Found = tuple[str, Any, str, Callable[[Any], Any] | None]


def _found(payload: Mapping[str, Any]) -> Iterator[_Found]:
    decoded = [name for name in _DECODED if name in payload]
    if not decoded:
        for field, value in _decoded(_advertised(payload.get("data"))).items():
            yield field, value, f"data ({field})", None
    for name in decoded:
        field, convert = _DECODED[name]
        yield field, payload[name], name, convert


def _advertised(said: Any) -> bytes:
    """Ruuvi's part of an advertisement, which is structures of a length, a type and bytes.

    Others that the gateway hears have none.
    """
    try:
        data = bytes.fromhex(said if isinstance(said, str) else "-")
    except ValueError as exc:
        raise Misfit("data is no hexadecimal text", "data가 16진수 글자가 아닙니다") from exc
    at = 0
    while at + 1 < len(data):
        size, kind = data[at], data[at + 1]
        part = data[at + 2 : at + 1 + size]
        if kind == _MANUFACTURER and part.startswith(_COMPANY):
            return part[len(_COMPANY) :]
        at += size + 1
    return b""


def _decoded(data: bytes) -> dict[str, float | None]:
    if not data:
        return {}
    size, parts = _FORMATS.get(data[0], (0, {}))
    if not parts:
        return {}  # encrypted, or of an older firmware
    if len(data) < size:
        raise Misfit(
            f"data: format {data[0]:X} has {size} bytes, here are {len(data)}",
            f"data: 형식 {data[0]:X}은(는) {size}바이트인데 {len(data)}바이트만 있습니다",
        )
    found = {field: part.read(data) for field, part in parts.items()}
    if data[0] == 0x03:  # a sign and a magnitude, then hundredths
        degrees = (data[2] & 0x7F) + data[3] / 100
        found["temperature"] = -degrees if data[2] & 0x80 else degrees
    if data[0] == 0x06:
        found["illuminance"] = _lux(data[13])
    return {field: value for field, value in found.items() if value is not None}


def _lux(code: int) -> float | None:
    """Format 6 has the light on a logarithmic scale: 0 to 65,535 lx in 254 steps."""
    return None if code == 0xFF else round(exp(code * log(65_536) / 254) - 1, 2)


def _status(heard: Heard, memory: Memory) -> Told:
    text = text_of(heard.payload)
    said = parsed(heard.payload) if text.startswith("{") else text
    state = said.get("state") if isinstance(said, dict) else said
    return Told(through(memory, heard.parts["gateway"], is_online(state, "gw_status")))


_TOPICS = {
    "{gateway}/gw_status": _status,
    "{gateway}/{sensor}": _sensor,
}

DIALECT = Dialect(
    "ruuvi",
    Label("Ruuvi Gateway", "Ruuvi Gateway"),
    topics={
        **{f"ruuvi/{topic}": what for topic, what in _TOPICS.items()},
        **_TOPICS,
        "homeassistant/{more+}": ignore,
    },
    setup=(
        SetupStep(
            Label(
                "Configuration → Custom server → MQTT → Topic prefix",
                "설정 → Custom server → MQTT → Topic prefix",
            ),
            "{root}/{booth}/ruuvi",
        ),
    ),
    sample=(
        "C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6",
        (
            '{"gw_mac":"C8:25:2D:8E:9C:2C","rssi":-61,"ts":"{s}","temperature":22.4,'
            '"humidity":41.2,"pressure":100820}'
        ),
    ),
)
