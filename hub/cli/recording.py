"""`hub recording`: what is in a recording, and what can be made of it."""

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import MOMENT, duration, usage

if TYPE_CHECKING:
    from rich.console import Console

    from hub.recording.info import Info
    from hub.recording.repair import Repaired
    from hub.recording.test_template import Outcome

app = typer.Typer(
    help="Recordings: look into them, export, repair and cut them.",
    no_args_is_help=True,
    epilog="Example: hub recording info morning.mcap",
)

File = Annotated[Path, typer.Argument(help="The recording.", metavar="FILE")]
Booth = Annotated[str | None, typer.Option(help="Only this booth.")]
Kind = Annotated[str | None, typer.Option(help="Only this kind.")]
_TOPICS = 20
_REASONS = 5


@app.command("info", epilog="Example: hub recording info morning.mcap")
def info_(file: File) -> None:
    """Show what is in a recording: times, messages by topic, kind and verdict, what was missed."""
    from rich.console import Console

    from hub.recording.format import info

    found, console = info(file), Console(highlight=False)
    _show_span(console, found)
    for title, counts in (
        ("verdict", found.verdicts),
        ("kind", found.kinds),
        ("booth", found.booths),
        ("topic", found.topics),
    ):
        _show_counts(console, title, counts)
    _show_missed(console, found)


def _show_span(console: "Console", found: "Info") -> None:
    console.print(f"{found.path}  {found.size:,} bytes", soft_wrap=True, markup=False, style="bold")
    if found.first is None or found.last is None:
        console.print("no messages")
    else:
        seconds = (found.last - found.first) / 1e9
        console.print(
            f"{_time(found.first)} to {_time(found.last)}, {seconds:,.1f} s, "
            f"{found.messages:,} messages",
            soft_wrap=True,
        )
    said = {name: value for name, value in found.begin.items() if name != "format"}
    text = "  ".join(f"{name} {value}" for name, value in said.items())
    console.print(_shown(text), soft_wrap=True, markup=False)


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
        table.add_row(Text(_shown(name)), f"{count:,}")
    console.print()
    console.print(table)
    if len(most) > _TOPICS:
        console.print(f"… and {len(most) - _TOPICS:,} more")


def _shown(text: str) -> str:
    """Text from a device or a file, made safe for a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _show_missed(console: "Console", found: "Info") -> None:
    from rich.markup import escape

    from schemas import kinds

    console.print()
    for gap in found.gaps:
        seconds = (gap.stop - gap.start) / 1e9
        console.print(
            f"[yellow]gap[/yellow] {_time(gap.start)} for {seconds:.3f} s: "
            f"{escape(_shown(gap.why))}",
            soft_wrap=True,
        )
    if not found.gaps:
        console.print("nothing is known to be missing")
    older = [name for name in found.kinds if _is_older(found, name, kinds())]
    if older:
        console.print(
            f"[yellow]schema[/yellow] {escape(', '.join(older))}: recorded with other fields than "
            "the present catalogue's",
            soft_wrap=True,
        )


def _is_older(found: "Info", kind: str, kinds: "Mapping[str, object]") -> bool:
    from hub.recording.writer import schema_of
    from schemas import kinds as catalogue

    recorded = found.schemas.get(kind)
    return recorded is not None and (kind not in kinds or recorded != schema_of(catalogue()[kind]))


def _time(ns: int) -> str:
    """A moment in this machine's time, to the millisecond."""
    local = datetime.fromtimestamp(ns // 1_000_000_000).astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}.{ns // 1_000_000 % 1000:03}{local:%z}"


@app.command(epilog="Example: hub recording export morning.mcap --to csv --out readings")
def export(
    file: File,
    to: Annotated[str, typer.Option(help="csv, parquet (a file for each kind), or jsonl.")],
    out: Annotated[Path, typer.Option(help="The folder; for jsonl the file.")],
    booth: Booth = None,
    kind: Kind = None,
) -> None:
    """Write readings as CSV or Parquet for each kind, or every message as JSON Lines."""
    from hub.recording.export import TABLES, export_lines, export_tables
    from hub.recording.format import info, read
    from schemas import kinds

    if to not in {*TABLES, "jsonl"}:
        raise typer.BadParameter(f"--to: {to!r} is none of {', '.join(TABLES)}, jsonl")
    root = info(file).root
    messages = read(file, booth=booth, kind=kind)
    if to == "jsonl":
        typer.echo(f"{export_lines(messages, out, root):,} messages: {out}")
        return
    counts, strangers = export_tables(messages, to, out, kinds(), root)
    for name, count in sorted(counts.items()):
        typer.echo(f"{count:,} readings: {out / name}.{to}")
    if not counts:
        typer.echo("no readings")
    if strangers:
        typer.echo(
            f"{strangers:,} readings of older kinds do not fit the catalogue any more; "
            "jsonl has them",
            err=True,
        )


@app.command(epilog="Example: hub recording repair morning.mcap")
def repair(
    file: File,
    out: Annotated[
        Path | None, typer.Option(help="Where to; FILE-repaired.mcap without it.")
    ] = None,
) -> None:
    """Save what is whole of a recording that was cut off or damaged; FILE is left as it is."""
    from hub.recording.repair import repair as save
    from schemas import kinds

    target = out or file.with_name(f"{file.stem}-repaired{file.suffix}")
    _show_repaired(file, save(file, target, kinds()))


def _show_repaired(file: Path, result: "Repaired") -> None:
    if result.out is None:
        typer.echo(f"{file} is whole: {result.saved:,} messages; nothing was written")
        return
    typer.echo(f"saved {result.saved:,} messages: {result.out}")
    if not result.closed:
        typer.echo("the recording was not closed; what came in its last second may be missing")
    for gap in result.gaps:
        typer.echo(f"lost between {_time(gap.start)} and {_time(gap.stop)}: {gap.why}")
    for item in result.lost:
        typer.echo(
            f"could not read {item.stop - item.start:,} bytes from byte {item.start:,}: {item.why}"
        )


@app.command(
    epilog="Example: hub recording cut day.mcap --booth b12 --around 14:03:10 "
    "--out tests/data/recordings/b12.mcap --test tests/test_b12.py"
)
def cut(
    file: File,
    around: Annotated[str, typer.Option(help=f"The moment: {MOMENT}.")],
    out: Annotated[Path, typer.Option(help="The piece.")],
    booth: Booth = None,
    kind: Kind = None,
    before: Annotated[str, typer.Option(help="How long before it, like 5s.")] = "5s",
    after: Annotated[str, typer.Option(help="How long after it, like 5s.")] = "5s",
    test: Annotated[
        Path | None, typer.Option(help="Where to write the test; test_NAME.py beside --out.")
    ] = None,
) -> None:
    """Cut what happened around a moment out of a recording, with a test that replays it."""
    from hub.recording.cut import cut as cut_out
    from hub.recording.format import info
    from hub.recording.moment import moment_in
    from schemas import kinds

    path = test or out.with_name(f"test_{_python_name(out.stem)}.py")
    if path.exists():
        raise typer.BadParameter(f"--test: {path} is there already; give another name")
    first, last = info(file).span()
    with usage("--around"):
        moment = moment_in(around, first, last)
    start, stop = moment - duration("--before", before), moment + duration("--after", after)
    messages = cut_out(file, out, kinds(), start=start, stop=stop, booth=booth, kind=kind)
    what = " ".join(
        f"{name} {value}" for name, value in (("booth", booth), ("kind", kind)) if value
    )
    _write_test(path, out, f"{what or 'All'} around {_time(moment)}, cut from {file.name}")
    typer.echo(f"{messages:,} messages: {out}\ntest: {path}; run it with: pytest {path}")


def _python_name(stem: str) -> str:
    return re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower() or "recording"


def _write_test(path: Path, recording: Path, title: str) -> None:
    """Write a test that passes: what it asserts is what the hub makes of the recording now."""
    from hub.errors import RecordingError
    from hub.recording.test_template import render

    seen = os.path.relpath(recording.resolve(), path.resolve().parent)
    text = render(
        title[:1].upper() + title[1:], _python_name(recording.stem), seen, _outcome(recording)
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise RecordingError(f"{path}: cannot be written: {exc.strerror or exc}") from exc


def _outcome(recording: Path) -> "Outcome":
    import tempfile
    from collections import Counter

    from hub.recording.format import info, read
    from hub.recording.layout import names_of
    from hub.recording.test_template import Outcome
    from hub.testing import replayed_hub

    root = info(recording).root
    named = {names_of(root, message.topic) for message in read(recording)}
    devices = sorted("/".join(map(str, names)) for names in named if None not in names)
    with tempfile.TemporaryDirectory() as folder, replayed_hub(Path(folder), recording) as hub:
        rejections = hub.rejections()
        states = {device: hub.state(device) for device in devices}
        return Outcome(
            hub.accounts.accepted,
            Counter(str(item["code"]) for item in rejections),
            list(dict.fromkeys(str(item["message"]) for item in rejections))[:_REASONS],
            {device: state for device, state in states.items() if state is not None},
        )
