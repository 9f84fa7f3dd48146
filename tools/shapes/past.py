"""The shapes of what was: the last seconds, and a day."""

from typing import Literal

from pydantic import Field

from tools.shapes.shape import Shape


class PastToldShape(Shape):
    """The latest seconds in steps of `step_ms`: the step, then what was in it.

    `devices` have booth, kind, id and the state at the beginning; `heard` the booths with a
    reading, `moves` a device with its x and y in metres, `states` a device with its new state,
    `rejections` a booth and how many, `messages` how many. Booths and devices are numbers in their
    lists.
    """

    from_: str = Field(alias="from")
    to: str
    step_ms: int
    booths: list[str]
    devices: list[tuple[str, str, str, Literal["live", "late", "offline"]]]
    messages: list[tuple[int, int]]
    heard: list[list[int]]
    moves: list[tuple[int, int, float, float]]
    states: list[tuple[int, int, Literal["live", "late", "offline"]]]
    rejections: list[tuple[int, int, int]]


class DayToldShape(Shape):
    """A day in parts of `every_s`; each entry is a part, a booth by its number, and a count."""

    day: str
    from_: str = Field(alias="from")
    to: str
    every_s: int
    booths: list[str]
    readings: list[tuple[int, int, int]]
    rejections: list[tuple[int, int, int]]
