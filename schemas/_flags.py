"""What a flag is shown as when it is true and when it is not: each pair of words once."""

from typing import NamedTuple

from schemas._label import Label


class FlagWords(NamedTuple):
    """What is said of a thing that has a state, or of what happens to it, and of the contrary."""

    true: Label
    false: Label

    def of(self, value: bool) -> Label:
        """Return what `value` is shown as."""
        return self.true if value else self.false

    def as_json(self) -> dict[str, dict[str, str]]:
        """Return the words as JSON has them, by `true` and `false`."""
        return {word: label._asdict() for word, label in self._asdict().items()}


YES_NO = FlagWords(Label("Yes", "예"), Label("No", "아니요"))
"""Of a flag of which nothing else is known: its label asks."""
OPEN_CLOSED = FlagWords(Label("Open", "열림"), Label("Closed", "닫힘"))
ON_OFF = FlagWords(Label("On", "켜짐"), Label("Off", "꺼짐"))
ACTIVE = FlagWords(Label("Active", "작동"), Label("Inactive", "미작동"))
RAISED = FlagWords(Label("Raised", "발생"), Label("None", "없음"))
DETECTED = FlagWords(Label("Detected", "감지"), Label("None", "없음"))
LOW_GOOD = FlagWords(Label("Low", "부족"), Label("Good", "정상"))
