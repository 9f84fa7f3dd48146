"""Shows what is in a recording on a terminal."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from hub.cli.options import nearest

if TYPE_CHECKING:
    from rich.console import Console

    from hub.recording.info import Info
    from hub.recording.repair import Repaired
    from schemas import KindSpec

_TOPICS = 20


def show(found: "Info", kinds: "Mapping[str, KindSpec]") -> None:
    """Show times, messages by verdict, kind, booth and topic, and what is missing."""
    from rich.console import Console

    console = Console(highlight=False)
    _show_span(console, found)
    for title, counts in (
        ("verdict", found.verdicts),
        ("kind", found.kinds),
        ("booth", found.booths),
        ("topic", found.topics),
    ):
        _show_counts(console, title, counts)
    _show_missed(console, found, kinds)


def remark(found: "Info | Repaired") -> None:
    """Say on stderr what other tools added to a recording, or took away."""
    for said in found.remarks:
        typer.echo(shown(said), err=True)


def _show_span(console: "Console", found: "Info") -> None:
    console.print(f"{found.path}  {found.size:,} bytes", soft_wrap=True, markup=False, style="bold")
    if found.first is None or found.last is None:
        console.print("no messages")
    else:
        seconds = (found.last - found.first) / 1e9
        console.print(
            f"{local_time(found.first)} to {local_time(found.last)}, {seconds:,.1f} s, "
            f"{found.messages:,} messages",
            soft_wrap=True,
        )
    said = {name: value for name, value in found.begin.items() if name != "format"}
    text = "  ".join(f"{name} {value}" for name, value in said.items())
    console.print(shown(text), soft_wrap=True, markup=False)


def _show_counts(console: "Console", title: str, counts: "Mapping[str, int]") -> None:
    from rich.table import Table
    from rich.text import Text

    if not counts:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(title, overflow="fold", min_width=12)
    table.add_column("messages", justify="right")
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for name, count in most[:_TOPICS]:
        table.add_row(Text(shown(name)), f"{count:,}")
    console.print()
    console.print(table)
    if len(most) > _TOPICS:
        console.print(f"… and {len(most) - _TOPICS:,} more")


def shown(text: str) -> str:
    """Text from a device or a file, made safe for a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _show_missed(console: "Console", found: "Info", kinds: "Mapping[str, KindSpec]") -> None:
    from rich.markup import escape

    console.print()
    for gap in found.gaps:
        seconds = (gap.stop - gap.start) / 1e9
        console.print(
            f"[yellow]gap[/yellow] {local_time(gap.start)} for {seconds:.3f} s: "
            f"{escape(shown(gap.why))}",
            soft_wrap=True,
        )
    for said in found.remarks:
        console.print(f"[yellow]changed[/yellow] {escape(shown(said))}", soft_wrap=True)
    if not found.gaps and not found.remarks:
        console.print("nothing is known to be missing")
    older = [name for name in found.kinds if _is_older(found, name, kinds)]
    if older:
        console.print(
            f"[yellow]schema[/yellow] {escape(', '.join(older))}: recorded with other fields than "
            "the present catalogue's, or damaged",
            soft_wrap=True,
        )


def _is_older(found: "Info", kind: str, kinds: "Mapping[str, KindSpec]") -> bool:
    """Whether the fields were others; older recordings write the same ones in another way."""
    import json

    from hub.recording.message_schema import readable, schema_of

    recorded = found.schemas.get(kind)
    if recorded is None:
        return False
    now = json.loads(schema_of(kinds[kind])) if kind in kinds else None
    try:
        return now != readable(json.loads(recorded))
    except (ValueError, TypeError, AttributeError):  # a byte of it is another one
        return True


def local_time(ns: int) -> str:
    """A moment in this machine's time, to the millisecond."""
    local = datetime.fromtimestamp(ns // 1_000_000_000).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}.{ns // 1_000_000 % 1000:03}{local:%z}"


def check_named(found: "Sequence[Info]", named: Mapping[str, Collection[str] | None]) -> None:
    """Refuse a booth or a kind that none of the recordings holds: nothing would come of it.

    Raises:
        BadParameter: with the nearest name; `named` is by the options.
    """
    for option, names in named.items():
        held = {name for it in found for name in (it.kinds if option == "--kind" else it.booths)}
        for name in names or ():
            if held and name not in held:
                hint = nearest(name, held) or f"it has {', '.join(sorted(held))}"
                said = f"{name!r} is not in the recording; {hint}"
                raise typer.BadParameter(said, param_hint=option)
