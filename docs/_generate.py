"""The generated pages of the reference, each by its path; what they say is read from the code.

`make gen` writes them; `scripts/gen.py --check` and the tests refuse stale ones.
"""

from collections.abc import Iterator
from typing import Any

import typer
from typer.testing import CliRunner

from docs import _asyncapi, _http, _kinds, _rejections, _snippets, _topics
from docs._text import code, fence, page, table
from hub.cli import app
from hub.settings.table import CONFIG, PREFIX, SETTINGS, Setting
from hub.web.metrics import ALL

WIDTH = 80


def files() -> dict[str, str]:
    """Return every generated page: its text by its path from the project's folder."""
    return {
        **settings(),
        **commands(),
        **metrics(),
        **_topics.files(),
        **_kinds.files(),
        **_rejections.files(),
        **_snippets.files(),
        **_asyncapi.files(),
        **_http.files(),
    }


_SETTINGS = f"""\
The hub looks for each setting in four places, and the first that has it counts:

1. a flag of the command, like `--http 127.0.0.1:9000`;
2. an environment variable, like `HUB_HTTP=127.0.0.1:9000`; an empty one counts as not set;
3. the file `hub.toml` in the folder where the hub is started, like `http = "127.0.0.1:9000"`;
   `{CONFIG}` names another file;
4. the default.

A setting that is unknown or impossible stops the start with exit code 2, and one line that names
the setting, the value and the way out."""


def settings() -> dict[str, str]:
    """Return the page of the settings."""
    rows = [
        (code(PREFIX + name.upper()), _flag(name, item), code(name), _default(item))
        for name, item in SETTINGS.items()
    ]
    parts = [
        _SETTINGS,
        table(("environment", "flag", "in `hub.toml`", "default"), rows),
        *(_setting(name, item) for name, item in SETTINGS.items()),
        f"## `{CONFIG}`\n\nPath of the settings file, if it is not `hub.toml`. It must exist.",
    ]
    return {"docs/reference/settings.md": page("_generate", "Settings", *parts)}


def _setting(name: str, item: Setting) -> str:
    secret = (
        "\n\nIt is a secret, so it has no flag: everyone on the machine can read the flags of a "
        "process."
        if item.secret
        else ""
    )
    return f"## `{PREFIX}{name.upper()}`\n\n{item.help} Default: {_default(item)}.{secret}"


def _flag(name: str, item: Setting) -> str:
    return "none, it is a secret" if item.secret else code(f"--{name.replace('_', '-')}")


def _default(item: Setting) -> str:
    return code(item.default or "") or ("empty" if item.default == "" else "none")


_COMMANDS = """\
What `hub COMMAND --help` prints. `python -m hub` is the same as `hub`. Exit codes: 0 done, 1
failed, 2 wrong usage."""


def commands() -> dict[str, str]:
    """Return the page of the commands."""
    parts = [
        f"## `{' '.join(path)}`\n\n{fence(usage(path), 'text')}"
        for path in command_paths(typer.main.get_command(app), ("hub",))
    ]
    return {"docs/reference/commands.md": page("_generate", "Commands", _COMMANDS, *parts)}


def command_paths(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield a command and those below it, each as the words that call it."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from command_paths(below, (*path, name))


def usage(path: tuple[str, ...]) -> str:
    """Return what a command's --help prints in a terminal of `WIDTH` columns."""
    words = [*path[1:], "--help"]
    result = CliRunner().invoke(app, words, prog_name=path[0], terminal_width=WIDTH, color=False)
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


_METRICS = """\
`GET /metrics` answers with these in the text format of Prometheus, a system that collects
measurements. Counters count since the data folder was made, over restarts; gauges say how it is
at the moment of the request. With an ops token, give it to Prometheus as `Authorization: Bearer
TOKEN`."""


def metrics() -> dict[str, str]:
    """Return the page of the metrics."""
    rows = [
        (code(item.name), "counter" if item.name.endswith("_total") else "gauge", item.help)
        for item in ALL
    ]
    parts = (_METRICS, table(("metric", "type", "what"), rows))
    return {"docs/reference/metrics.md": page("_generate", "Metrics", *parts)}
