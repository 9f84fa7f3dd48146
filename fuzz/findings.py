"""What a search came to: how each input ended, and the inputs that broke a promise."""

import base64
import json
import resource
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MOST = 20
"""Different findings kept of one search; the same place in the code is the same finding."""


@dataclass
class Outcome:
    """The outcome of a search: inputs by how they ended; findings by where they broke out."""

    target: str
    inputs: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    findings: dict[str, dict[str, str]] = field(default_factory=dict)
    seconds: float = 0.0
    rss_before: int = 0
    rss_after: int = 0
    edges: int = 0
    corpus: int = 0

    def try_out(self, check: Callable[[bytes], str], data: bytes) -> None:
        """Try one input; whatever escapes is a finding, and the search goes on."""
        self.inputs += 1
        try:
            self.ended[check(data)] += 1
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:  # a panic in Rust is no Exception
            self.note(data, exc)

    def note(self, data: bytes, exc: BaseException) -> None:
        """Keep a finding, once for each place in the code."""
        self.ended["finding"] += 1
        frames = traceback.extract_tb(exc.__traceback__)
        where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-3:]))
        if len(self.findings) < MOST:
            said = f"{type(exc).__name__}: {exc}"[:400]
            shown = base64.b64encode(data[:4096]).decode()
            self.findings.setdefault(
                f"{type(exc).__name__} at {where}", {"said": said, "input": shown}
            )

    def write(self, path: Path) -> None:
        """Keep the outcome for the process that asked for the search."""
        path.write_text(json.dumps(self.__dict__), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Outcome":
        """Read what `write` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(**found | {"ended": Counter(found["ended"])})


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()
