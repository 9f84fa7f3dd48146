"""Write the generated files, or with --check say which of them are stale: python -m tools.gen."""

import sys
from pathlib import Path

from hub.boards.provisioning import files as grafana_files
from hub.event.zone import Zone
from schemas import kinds as catalogue
from tools import (
    asyncapi,
    commands,
    dialects,
    help_pages,
    http_api,
    kinds,
    limits,
    metrics,
    page_types,
    recordings,
    rejections,
    schemas,
    settings,
    snippets,
    times,
    topics,
    units,
)

ROOT = Path(__file__).parent.parent
_PAGES = (
    *(settings, commands, metrics, topics, kinds, dialects, limits, times, help_pages),
    *(rejections, snippets, asyncapi, http_api, page_types, units),
)


def pages() -> dict[str, str]:
    """Return every generated file of the documentation: its text by its path in the project."""
    return {path: text for module in _PAGES for path, text in module.files().items()}


def files() -> dict[str, bytes]:
    """Return every generated file by its path in the project."""
    texts = {**schemas.files(), **pages(), **grafana_files(catalogue(), Zone())}
    return {path: text.encode() for path, text in texts.items()} | recordings.files()


def main() -> int:
    """Write or check; returns the exit code."""
    stale = {
        path: content
        for path, content in files().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_bytes() != content
    }
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"stale: {path}; run make gen", file=sys.stderr)
        return 1 if stale else 0
    for path, content in stale.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(content)
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
