"""The closed vocabulary of units: what a field may be measured in.

A unit is a member of `Unit` or it does not exist, so a wall, a board and a document never disagree
about how a value is written. Symbols follow the SI brochure (9th edition) and ISO 80000; the
Grafana ids are those of Grafana's unit formats (`@grafana/data`, `valueFormats/categories`).
"""

from collections.abc import Mapping
from enum import Enum


class Unit(Enum):
    """One unit: the symbol that people read and the id by which Grafana formats it.

    A third word is what stands behind a number in Korean, where that is not the symbol.
    """

    NONE = ("", "none")
    PERCENT = ("%", "percent")
    RATIO = ("", "percentunit")
    COUNT = ("", "short")
    CELSIUS = ("°C", "celsius")
    METRE = ("m", "lengthm")
    MILLIMETRE = ("mm", "lengthmm")
    KILOMETRE = ("km", "lengthkm")
    METRE_PER_SECOND = ("m/s", "velocityms")
    KILOMETRE_PER_HOUR = ("km/h", "velocitykmh")
    DEGREE = ("°", "degree")
    RADIAN = ("rad", "radian")
    DEGREE_PER_SECOND = ("°/s", "rotdegs")
    SECOND = ("s", "s", "초")
    MILLISECOND = ("ms", "ms")
    MINUTE = ("min", "m", "분")
    VOLT = ("V", "volt")
    AMPERE = ("A", "amp")
    WATT = ("W", "watt")
    KILOWATT = ("kW", "kwatt")
    KILOWATT_HOUR = ("kWh", "kwatth")
    HERTZ = ("Hz", "hertz")
    NEWTON = ("N", "forceN")
    NEWTON_METRE = ("N·m", "forceNm")
    KILOGRAM = ("kg", "masskg")
    HECTOPASCAL = ("hPa", "pressurehpa")
    LUX = ("lx", "lux")
    KELVIN = ("K", "kelvin")
    DECIBEL = ("dB", "dB")
    DECIBEL_MILLIWATT = ("dBm", "dBm")
    PARTS_PER_MILLION = ("ppm", "ppm")
    PARTS_PER_BILLION = ("ppb", "conppb")
    MICROGRAM_PER_CUBIC_METRE = ("µg/m³", "conμgm3")
    BEATS_PER_MINUTE = ("bpm", "suffix: bpm")
    BREATHS_PER_MINUTE = ("brpm", "suffix: brpm", "회/분")
    MILLIMETRE_OF_MERCURY = ("mmHg", "suffix: mmHg")
    KILOCALORIE = ("kcal", "suffix: kcal")
    KILOGRAM_PER_SQUARE_METRE = ("kg/m²", "suffix: kg/m²")
    MILLIMETRE_PER_HOUR = ("mm/h", "suffix: mm/h")
    PER_SECOND = ("/s", "cps", "/초")
    FRAMES_PER_SECOND = ("fps", "suffix: fps")
    BYTE = ("B", "bytes")
    BYTES_PER_SECOND = ("B/s", "binBps")
    CENTIMETRE = ("cm", "suffix: cm")
    SQUARE_METRE = ("m²", "areaM2")
    LITRE = ("L", "litre")
    MILLILITRE = ("mL", "mlitre")
    CUBIC_METRE = ("m³", "m3")
    LITRE_PER_MINUTE = ("L/min", "flowlpm")
    LITRE_PER_HOUR = ("L/h", "litreh")
    CUBIC_METRE_PER_HOUR = ("m³/h", "suffix: m³/h")
    GRAM = ("g", "massg")
    PASCAL = ("Pa", "pressurepa")
    KILOPASCAL = ("kPa", "pressurekpa")
    BAR = ("bar", "pressurebar")
    DECIBEL_A = ("dB(A)", "suffix: dB(A)")
    MILLIVOLT = ("mV", "mvolt")
    MILLIAMPERE = ("mA", "mamp")
    WATT_HOUR = ("Wh", "watth")
    VOLT_AMPERE = ("VA", "voltamp")
    OHM = ("Ω", "ohm")
    HOUR = ("h", "h", "시간")
    REVOLUTIONS_PER_MINUTE = ("rpm", "rotrpm")
    RADIAN_PER_SECOND = ("rad/s", "rotrads")
    METRE_PER_SECOND_SQUARED = ("m/s²", "accMS2")
    MILLIGRAM_PER_CUBIC_METRE = ("mg/m³", "conmgm3")
    WATT_PER_SQUARE_METRE = ("W/m²", "Wm2")
    MICROSIEMENS_PER_CENTIMETRE = ("µS/cm", "suffix: µS/cm")
    PH = ("pH", "suffix: pH")

    def __init__(self, symbol: str, grafana: str, ko: str = "") -> None:
        self.symbol = symbol
        self.grafana = grafana
        self.ko = ko or symbol


_ASCII = str.maketrans({"µ": "u", "μ": "u", "²": "2", "³": "3", "Ω": "ohm", "℃": "C"})


def in_letters(symbol: str) -> str:
    """Return a unit's symbol as the name of a field can hold it: ``L/min`` as ``lmin``."""
    return "".join(c for c in symbol.translate(_ASCII).lower() if c.isalnum())


_NO_ENDINGS = frozenset({"", "min", "b", "k", "n"})
"""``temperature_min`` is a minimum, ``tank_b`` a second tank."""
ENDINGS: Mapping[str, Unit] = {
    **{
        ending: unit
        for unit in reversed(Unit)  # the earlier one counts
        if (ending := in_letters(unit.symbol)) not in _NO_ENDINGS
    },
    **dict.fromkeys(("celsius", "degc"), Unit.CELSIUS),
    **dict.fromkeys(("pct", "percent"), Unit.PERCENT),
    **dict.fromkeys(("s", "sec", "seconds"), Unit.SECOND),
    "ms": Unit.MILLISECOND,
    "deg": Unit.DEGREE,
    "mps": Unit.METRE_PER_SECOND,
    "kph": Unit.KILOMETRE_PER_HOUR,
    "lpm": Unit.LITRE_PER_MINUTE,
    "lph": Unit.LITRE_PER_HOUR,
    "lux": Unit.LUX,
}
"""What the name of a field ends with, in lower case, where it says the unit."""
