"""The settings as flags, made from their table; what commands ask of their flags."""

import functools
import inspect
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.settings.table import PREFIX, SETTINGS

if TYPE_CHECKING:
    from hub.settings import Settings

DECLARED = ("kinds", "zone", "data")
"""The settings that say where the event's own kinds are declared."""

LARGEST_INPUT = 64 * 1024**2
"""Bytes that are read of what a command is given to look at: a capture of a day, not a device."""

MOMENT = "14:03:10 in this machine's time, RFC 3339, epoch, +10s from the first, -10s from the end"
"""How a moment in a recording is written: see `hub.recording.moment`."""


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command a flag for each setting named (all without names) and hand it the settings."""
    chosen = [name for name in names or SETTINGS if not SETTINGS[name].secret]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [
            item.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for item in list(inspect.signature(command).parameters.values())[1:]
        ]

        @functools.wraps(command)
        def wrapped(**given: Any) -> None:
            from hub.settings import load

            flags = {name: given.pop(name) for name in chosen}
            command(load(flags), **given)

        parameters = [_flag(name) for name in chosen] + own
        wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        wrapped.__annotations__ = {item.name: item.annotation for item in parameters}
        return wrapped

    return decorate


def _flag(name: str) -> inspect.Parameter:
    setting = SETTINGS[name]
    default = "none" if setting.default is None else setting.default or "empty"
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        help=f"{setting.help} [{PREFIX}{name.upper()}; default: {default}]",
        metavar="VALUE",
    )
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, option]
    )


def duration(name: str, text: str) -> int:
    """Read the value of the flag `name`, like ``10m``, in ns."""
    from hub import timestamps

    with usage(name):
        return timestamps.duration(text)


def check_kind(name: str, known: Collection[str], option: str) -> None:
    """Refuse a kind that there is not.

    Raises:
        BadParameter: with the nearest name.
    """
    if name not in known:
        hint = nearest(name, known) or "hub kinds list shows all"
        raise typer.BadParameter(f"there is no kind {name!r}; {hint}", param_hint=option)


def check_names(settings: "Settings", booth: str | None, kind: str | None) -> None:
    """Refuse wildcards and slashes, which would change the topic filter, and unknown kinds.

    Raises:
        BadParameter: it names the option.
    """
    from hub import topics
    from hub.event.catalogue import load

    for name, value, pattern in (("booth", booth, topics.BOOTH), ("kind", kind, topics.KIND)):
        if value is not None and not pattern.fullmatch(value):
            raise typer.BadParameter(f"--{name}: {value!r} is no {name}; it is {pattern.pattern}")
    if kind is not None:
        check_kind(kind, load(settings), "--kind")
    if booth is not None:
        warn_of_booth(settings, booth)


def warn_of_booth(settings: "Settings", booth: str) -> None:
    """Warn of a booth that the zone file does not name, if it names any: it may be misspelt."""
    from hub.event.zone import load

    known = [item.id for item in load(settings.zone).booth]
    if known and booth not in known:
        hint = nearest(booth, known) or f"it has {', '.join(known[:10])}"
        said = f"the zone file has no booth {booth!r}; {hint}"
        typer.secho(said, fg=typer.colors.YELLOW, err=True)


def nearest(name: str, known: Collection[str]) -> str:
    """Return the question for the known name that is most like this one; empty without one."""
    from hub.pipeline import spelling

    near = spelling.nearest(name, known)
    return f"did you mean {near[0]}?" if near else ""


@contextmanager
def usage(flag: str) -> Iterator[None]:
    """Return a ValueError as wrong usage of a flag.

    Its words alone, not the value: that may hold a password.
    """
    try:
        yield
    except ValueError as exc:
        raise typer.BadParameter(str(exc), param_hint=flag) from exc


def read_payload(file: Path | None) -> bytes:
    """Return what a file holds, or stdin where there is none or it is ``-``.

    Raises:
        BadParameter: it cannot be read, or has more than `LARGEST_INPUT`.
    """
    given = "stdin" if file is None or str(file) == "-" else str(file)
    try:
        if file is not None and str(file) != "-":
            with file.open("rb") as opened:
                found = opened.read(LARGEST_INPUT + 1)
        elif sys.stdin is None:  # it was closed
            found = b""
        else:
            found = sys.stdin.buffer.read(LARGEST_INPUT + 1)
    except OSError as exc:
        raise typer.BadParameter(f"{given}: {exc.strerror}", param_hint="FILE") from exc
    if len(found) > LARGEST_INPUT:
        raise typer.BadParameter(
            f"{given}: has more than {LARGEST_INPUT:,} bytes; give a part of it", param_hint="FILE"
        )
    return found
