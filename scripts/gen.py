"""Write the generated files, or with --check say which of them are stale.

Each line of `generated` is one pure function that returns file names and texts.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from docs import _generate as docs
from docs import _recordings as recordings
from hub.boards.files import files as grafana_files
from hub.zone import Zone
from schemas import kinds
from schemas._generate import json_files

ROOT = Path(__file__).parent.parent


def generated() -> Iterator[tuple[Path, str | bytes]]:
    """Every generated file with its text, or its bytes if it is none."""
    for name, text in json_files().items():
        yield ROOT / "schemas" / "json" / name, text
    for name, text in docs.files().items():
        yield ROOT / name, text
    for name, recording in recordings.files().items():
        yield ROOT / name, recording
    for name, text in grafana_files(kinds(), Zone()).items():
        yield ROOT / name, text


def main() -> int:
    """Write or check; returns the exit code."""
    wanted = [
        (path, text.encode() if isinstance(text, str) else text) for path, text in generated()
    ]
    stale = [
        (path, text) for path, text in wanted if not path.is_file() or path.read_bytes() != text
    ]
    if "--check" in sys.argv[1:]:
        for path, _ in stale:
            print(f"stale: {path.relative_to(ROOT)}; run make gen", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
