"""What a message costs in each dialect, from its bytes to its readings, in this process.

python -m bench.dialects
"""

import gc
import time

from hub.dialects import DIALECTS
from hub.messages import Reading, Translated
from hub.pipeline.decode import Decoder
from hub.pipeline.dialect_routes import Dialects
from hub.timestamps import parse
from schemas import kinds

_MESSAGES, _RUNS = 1_000, 7
_NOW = parse("2026-10-07T01:00:00Z")
_ROOT = "smartlife/v1"
_STATES = {
    "homeassistant": ("plug/power", b"12.5"),
    "homie": ("homie/5/hall-1/air/temperature", b"21.5"),
    "sparkplug": ("spBv1.0/plant/NDATA/press", b"\x12\x11\n\x0bTemperature \x03P\x15"),
}
"""What is said after the sample, where that is said once and tells what a device has."""
_NATIVE = (f"{_ROOT}/b12/smart_plug/p1", b'{"power":12.5,"switched_on":true}')


def measure() -> list[tuple[str, int, float]]:
    """Return by dialect how many fields its message has, and the µs of CPU that it costs.

    The first is the hub's own way, for comparison. The least of several runs in turns counts.
    """
    ways = {"": (Decoder(_ROOT, kinds()), *_NATIVE)}
    for name, dialect in DIALECTS.items():
        decoder, own = Decoder(_ROOT, kinds()), dialect.sample[0]
        payload = dialect.sample_at(_NOW, Dialects().timezone)
        decoder.decode(f"{_ROOT}/b12/{name}/{own}", payload.encode(), _NOW)
        said = _STATES.get(name, (own, payload.encode()))
        ways[name] = (decoder, f"{_ROOT}/b12/{name}/{said[0]}", said[1])
    found = {name: _fields(*way) for name, way in ways.items()}
    least = dict.fromkeys(ways, float("inf"))
    gc.collect()
    gc.disable()
    try:
        for _ in range(_RUNS):
            for name, way in ways.items():
                least[name] = min(least[name], _cost(*way))
    finally:
        gc.enable()
    return [(name, found[name], least[name]) for name in ways]


def _fields(decoder: Decoder, topic: str, payload: bytes) -> int:
    verdict = decoder.decode(topic, payload, _NOW)
    if isinstance(verdict, Reading):
        return len(verdict.fields)
    assert isinstance(verdict, Translated), (topic, verdict)
    assert verdict.readings, topic
    return sum(len(reading.fields) for reading in verdict.readings)


def _cost(decoder: Decoder, topic: str, payload: bytes) -> float:
    started = time.process_time()
    for number in range(_MESSAGES):
        decoder.decode(topic, payload, _NOW + 100 * number)
    return (time.process_time() - started) / _MESSAGES * 1e6


def table(found: list[tuple[str, int, float]]) -> str:
    """Return the figures as rows of Markdown."""
    head = "| message | fields | CPU |\n| --- | ---: | ---: |\n"
    rows = (
        f"| {f'`{name}`' if name else 'native, for comparison'} | {fields} | {cost:.0f} µs |"
        for name, fields, cost in found
    )
    return head + "\n".join(rows)


if __name__ == "__main__":
    print(table(measure()))
