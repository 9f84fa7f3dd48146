"""A text in the two languages of the event."""

from typing import NamedTuple


class Label(NamedTuple):
    """A text in the two languages of the event; where one is enough, as in a log, in English."""

    en: str
    ko: str

    def __str__(self) -> str:
        return self.en

    def named(self, name: str) -> dict[str, str]:
        """Return both as JSON has them: under `name`, and the Korean one under `name` + `_ko`."""
        return {name: self.en, f"{name}_ko": self.ko}
