"""The model of a board: rows of panels, each with queries and how to display them.

Nothing here knows Grafana's JSON; `hub.boards.render` renders it. Texts are in one language.
"""

import zlib
from dataclasses import dataclass
from enum import StrEnum

from schemas import Label, Unit

COLUMNS = 24
"""Columns of the grid that panels stand on."""
MARK = "smartlife-hub"
"""The tag that every board of ours bears; what lacks it is not ours to change."""
WALL = frozenset({"overview", "domain"})
"""The tags of the boards that the playlists show."""


class Language(StrEnum):
    """The languages that every board is made in."""

    EN = "en"
    KO = "ko"

    def of(self, label: Label) -> str:
        """Return the label's text in this language."""
        return label.en if self is Language.EN else label.ko

    @property
    def other(self) -> "Language":
        """The other language."""
        return Language.KO if self is Language.EN else Language.EN


class Form(StrEnum):
    """The forms that a panel can take, by Grafana's names."""

    STAT = "stat"
    GAUGE = "gauge"
    BAR_GAUGE = "bargauge"
    SERIES = "timeseries"
    TIMELINE = "state-timeline"
    TABLE = "table"
    MAP = "geomap"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `value` on (None: from the lowest), values are drawn in `colour`."""

    value: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class ValueMapping:
    """The display of one stored value: `text` and `colour`."""

    value: str
    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """One query in InfluxQL; `alias` names its series.

    `steps` and `readings` override the panel's.
    """

    text: str
    alias: str = ""
    steps: tuple[Threshold, ...] = ()
    readings: tuple[ValueMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, in the order of the table, or the series of a name.

    `link` is the board that it leads to: `booth` or `kind`, or a board's name without language.
    """

    name: str
    title: str
    unit: Unit = Unit.NONE
    steps: tuple[Threshold, ...] = ()
    readings: tuple[ValueMapping, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel; `key` is its name within the board, from which its id follows.

    `since` is a span like `15m` that the panel looks back instead of the board's. `interval` is the
    least width of a time bucket. `minimum` and `maximum` bound a gauge or an axis. A table is
    sorted by the column `order`, a `-` before it for the greatest first. `repeat` is a variable:
    the panel stands once for each of its chosen values.
    """

    key: str
    form: Form
    title: str
    description: str
    queries: tuple[PanelQuery, ...]
    unit: Unit = Unit.NONE
    width: int = 8
    height: int = 8
    steps: tuple[Threshold, ...] = ()
    readings: tuple[ValueMapping, ...] = ()
    columns: tuple[Column, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    since: str = ""
    interval: str = ""
    link: str = ""
    words: bool = False
    order: str = ""
    repeat: str = ""

    @property
    def id(self) -> int:
        """The panel's id, derived from its key, so it never changes."""
        return number(self.key)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of panels; without a title it has no heading.

    A collapsed one sends no queries until it is opened.
    """

    key: str
    title: str
    panels: tuple[Panel, ...]
    collapsed: bool = False

    @property
    def id(self) -> int:
        """The row's id."""
        return number(f"row/{self.key}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a board, with the tag values that `query` returns."""

    name: str
    label: str
    query: str
    multi: bool = True


@dataclass(frozen=True, slots=True)
class Annotation:
    """Annotations over time; the columns `text` and `tags` are an annotation's text and tags."""

    name: str
    colour: str
    query: str
    text: str
    tags: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another board (`uid`) or to all with `tags`; keeps the time range."""

    title: str
    uid: str = ""
    tags: tuple[str, ...] = ()
    keep_variables: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One board in one language."""

    uid: str
    language: Language
    title: str
    description: str
    tags: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    variables: tuple[Variable, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    since: str = "now-30m"
    refresh: str = "5s"
    timezone: str = "browser"

    @property
    def wall(self) -> bool:
        """Whether a playlist shows the board on a wall."""
        return bool(WALL & set(self.tags))

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Every panel of every row."""
        return tuple(panel for row in self.rows for panel in row.panels)


def number(key: str) -> int:
    """Return the id that belongs to a key: positive, and small enough for every Grafana."""
    return zlib.crc32(key.encode()) % (2**31 - 2) + 1


def uid(name: str, language: Language) -> str:
    """Return a board's uid; Grafana takes 40 characters at most (the lint looks)."""
    return f"sl-{name}-{language}"
