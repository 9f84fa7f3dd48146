"""Which lines of the way in a search has reached: its inputs once more, traced line by line."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

MODULES = (
    "hub.topics",
    "hub.timestamps",
    "hub.pipeline.decode",
    "hub.pipeline.rejections",
    "hub.line_protocol",
    "hub.mqtt.codec",
)


def _files() -> dict[str, str]:
    return {str(import_module(name).__file__): name for name in MODULES}


def _lines(code: CodeType, inside: bool = False) -> set[int]:
    """The lines of every function in a module."""
    own = {line for _, _, line in code.co_lines() if line} if inside else set()
    own.discard(code.co_firstlineno)
    nested = [item for item in code.co_consts if isinstance(item, CodeType)]
    return own.union(*(_lines(item, inside or not _is_class(item)) for item in nested))


def _is_class(code: CodeType) -> bool:
    return "__qualname__" in code.co_names[:3]


def reached(work: Callable[[], object]) -> dict[str, tuple[int, int]]:
    """Return for each module the lines in functions that `work` reaches, and how many there are."""
    files = _files()
    seen: dict[str, set[int]] = {file: set() for file in files}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        lines = seen.get(frame.f_code.co_filename)
        if lines is None:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    found = {}
    for file, name in files.items():
        there = _lines(compile(Path(file).read_text(encoding="utf-8"), file, "exec"))
        found[name] = len(there & seen[file]), len(there)
    return found
