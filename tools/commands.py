"""The page of the commands: what each prints with --help."""

import contextlib
import functools
import io
from collections.abc import Iterator
from typing import Any

import typer

from hub.cli import app
from tools.text import fence, page

WIDTH = 80

_COMMANDS = """\
For everybody who works with `hub` in a terminal: what `hub COMMAND --help` prints. Exit codes: 0
done, 1 failed, 2 wrong usage.

## Where `hub` is

`hub` is in `.venv/bin` of the project's folder, where `make demo` or `scripts/venv` installs it.
Call it as `.venv/bin/hub`, or put it on the path of a shell with `. .venv/bin/activate`; then `hub`
alone works, as the pages write it. On the machine of an event there is
[a command `hub`](../how-to/install.md#the-command-hub) with the settings of the service."""


def files() -> dict[str, str]:
    """Return the page of the commands."""
    parts = [
        f"## `{' '.join(path)}`\n\n{fence(usage(path), 'text')}"
        for path in command_paths(_command(), ("hub",))
    ]
    return {"docs/reference/commands.md": page("commands", "Commands", _COMMANDS, *parts)}


def command_paths(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield a command and those below it, each as the words that call it."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from command_paths(below, (*path, name))


def usage(path: tuple[str, ...]) -> str:
    """Return what a command's --help prints in a terminal of `WIDTH` columns."""
    words, output = [*path[1:], "--help"], io.StringIO()
    with contextlib.redirect_stdout(output):
        _command().main(words, path[0], standalone_mode=False, terminal_width=WIDTH, color=False)
    return "\n".join(line.rstrip() for line in output.getvalue().strip().splitlines())


@functools.cache
def _command() -> Any:
    return typer.main.get_command(app)
