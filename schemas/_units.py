"""The closed vocabulary of units: what a field may be measured in.

A unit is a member of `Unit` or it does not exist, so a wall, a board and a document never disagree
about how a value is written. Symbols follow the SI brochure (9th edition) and ISO 80000; the
Grafana ids are those of Grafana's unit formats (`@grafana/data`, `valueFormats/categories`).
"""

from enum import Enum


class Unit(Enum):
    """One unit: the symbol that people read and the id by which Grafana formats it."""

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
    SECOND = ("s", "s")
    MILLISECOND = ("ms", "ms")
    MINUTE = ("min", "m")
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
    BREATHS_PER_MINUTE = ("brpm", "suffix: brpm")
    MILLIMETRE_OF_MERCURY = ("mmHg", "suffix: mmHg")
    KILOCALORIE = ("kcal", "suffix: kcal")
    KILOGRAM_PER_SQUARE_METRE = ("kg/m²", "suffix: kg/m²")
    MILLIMETRE_PER_HOUR = ("mm/h", "suffix: mm/h")
    PER_SECOND = ("/s", "cps")
    FRAMES_PER_SECOND = ("fps", "suffix: fps")
    BYTE = ("B", "bytes")
    BYTES_PER_SECOND = ("B/s", "binBps")

    def __init__(self, symbol: str, grafana: str) -> None:
        self.symbol = symbol
        self.grafana = grafana
