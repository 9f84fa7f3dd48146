"""Sentinels: values by which sensors say that they have none. Pure.

DS18B20: -127 (its libraries' "disconnected") and 85 °C (its datasheet's power-on value). Zigbee
Cluster Library: 255 for an unknown 8-bit value, 65535 for 16 bits, -32768 (0x8000) for signed 16.
MAVLink: UINT16_MAX and -1 for unknown. BLE pulse oximeters: 127 and 2047 for SpO2 and pulse.
"""

from schemas import FieldSpec, Label, Unit

_UNKNOWN = Label("{value} means unknown", "{value}은(는) 값을 모른다는 뜻입니다")
_BITS = (255, 65_535, 32_767, -32_768, 4_294_967_295, -2_147_483_648, 2_147_483_647)
_NINES = (999, 9_999, 99_999, -999, -9_999, -99_999, 999.9, -999.9)
_ANY = frozenset({-1, 1e20, *_BITS, *_NINES})
_OXIMETER = frozenset({127, 511, 1_023, 2_047})
_SPECIAL: dict[tuple[Unit, float], Label] = {
    (Unit.CELSIUS, -127): Label(
        "-127 is a DS18B20 that is not connected",
        "-127은(는) DS18B20 센서가 연결되지 않았다는 뜻입니다",
    ),
    (Unit.CELSIUS, 85): Label(
        "85 is what a DS18B20 says before it has measured",
        "85는 DS18B20 센서가 아직 측정하지 않았을 때의 값입니다",
    ),
}


def within(spec: FieldSpec) -> frozenset[float]:
    """Return the sentinels that a field allows as values."""
    low, high = spec.minimum or 0, spec.maximum or 0
    return frozenset(
        value for unit, value in _SPECIAL if unit is spec.unit and low <= value <= high
    )


def meaning(spec: FieldSpec, value: object) -> Label | None:
    """Return what is known of a value of a field, if sensors use it to say that they have none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    special = _SPECIAL.get((spec.unit, value))
    if special is not None:
        return special
    outside = not (spec.minimum or 0) <= value <= (spec.maximum or 0)
    oximeter = spec.unit in {Unit.PERCENT, Unit.BEATS_PER_MINUTE} and value in _OXIMETER
    if outside and (value in _ANY or oximeter):
        text = f"{value:.15g}"
        return Label(_UNKNOWN.en.format(value=text), _UNKNOWN.ko.format(value=text))
    return None
