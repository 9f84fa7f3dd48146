"""Generates a pytest module that replays a recording and asserts its outcome. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TEST = '''\
"""{title}"""

from collections import Counter
from pathlib import Path
{imports}
RECORDING = Path(__file__).parent / "{recording}"

{marker}
def test_{name}(replay):
    hub = replay(RECORDING)
    assert hub.accounts.accepted == {accepted}
    assert Counter(item["code"] for item in hub.rejections()) == {codes}
{states}'''
_MARKER = "\n@pytest.mark.hub(kinds={kinds})"
_STATE = "    assert hub.state({path}) == {state}\n"
_REASON = "    # {reason}\n"
_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a recording: readings accepted, rejections by code, states by device.

    `reasons` are messages of rejections, for a comment.
    """

    accepted: int
    codes: Mapping[str, int]
    reasons: Sequence[str]
    states: Mapping[str, str]


def render(
    title: str, name: str, recording: str, outcome: Outcome, kinds: str | None = None
) -> str:
    """Return the source of a test that asserts an outcome.

    `recording` is the path of the file as seen from the test's folder, `name` a Python name,
    `kinds` the folder of the event's own kinds, seen from there too.
    """
    lines = [_REASON.format(reason=_one_line(reason)) for reason in outcome.reasons]
    lines += [
        _STATE.format(path=_quoted(path), state=_quoted(state))
        for path, state in outcome.states.items()
    ]
    codes = ", ".join(f"{_quoted(code)}: {count}" for code, count in sorted(outcome.codes.items()))
    return _TEST.format(
        title=_one_line(title).replace("\\", "/").replace('"', "'"),
        name=name,
        imports="" if kinds is None else "\nimport pytest\n",
        marker="" if kinds is None else _MARKER.format(kinds=_quoted(kinds.replace("\\", "/"))),
        recording=recording.replace("\\", "/"),
        accepted=outcome.accepted,
        codes="{" + codes + "}",
        states="".join(lines),
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


def _one_line(text: str) -> str:
    """Text from a device, made safe for one line of a comment."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= _LENGTH else shown[: _LENGTH - 1] + "…"
