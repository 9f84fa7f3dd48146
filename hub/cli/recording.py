"""`hub recording`: what is in a recording, and what can be made of it."""

import functools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import DECLARED, MOMENT, duration, usage, with_settings
from hub.cli.recording_diff import diff
from hub.cli.recording_import import import_
from hub.cli.recording_output import check_named, local_time, remark, show

if TYPE_CHECKING:
    from hub.recording.repair import Repaired
    from hub.recording.test_template import Outcome
    from hub.settings import Settings

app = typer.Typer(
    help="Recordings: look into them, compare, import, export, repair and cut them.",
    no_args_is_help=True,
    epilog="Example: hub recording info morning.mcap",
)

app.command(
    "import", epilog="Example: hub recording import sub.log --out sub.mcap --map-topic 'lab/#=…/#'"
)(import_)
app.command(epilog="Example: hub recording diff monday.mcap tuesday.mcap --tolerance 1%")(diff)

File = Annotated[Path, typer.Argument(help="The recording.", metavar="FILE")]
Booth = Annotated[str | None, typer.Option(help="Only this booth.")]
Kind = Annotated[str | None, typer.Option(help="Only this kind.")]
_REASONS = 5


@app.command("info", epilog="Example: hub recording info morning.mcap")
@with_settings(*DECLARED)
def info_(settings: "Settings", file: File) -> None:
    """Show what is in a recording: times, messages by topic, kind and verdict, what was missed."""
    from hub.event.catalogue import load
    from hub.recording.format import info

    show(info(file), load(settings))


@app.command(epilog="Example: hub recording export morning.mcap --to csv --out readings")
@with_settings(*DECLARED)
def export(
    settings: "Settings",
    file: File,
    to: Annotated[
        str, typer.Option(help="csv, parquet (a file for each kind), jsonl or foxglove.")
    ],
    out: Annotated[Path, typer.Option(help="The folder; for jsonl and foxglove the file.")],
    booth: Booth = None,
    kind: Kind = None,
) -> None:
    """Write readings as CSV or Parquet, or every message as JSON Lines or for Foxglove."""
    from hub.event.catalogue import load
    from hub.recording.export import TABLES, export_lines, export_tables
    from hub.recording.format import info, read
    from hub.recording.foxglove import export_foxglove

    if to not in {*TABLES, "jsonl", "foxglove"}:
        raise typer.BadParameter(f"--to: {to!r} is none of {', '.join(TABLES)}, jsonl, foxglove")
    found = info(file)
    remark(found)
    check_named([found], {"--booth": [booth] if booth else (), "--kind": [kind] if kind else ()})
    root, messages = found.root, read(file, booth=booth, kind=kind)
    if to == "jsonl":
        typer.echo(f"{export_lines(messages, out, root):,} messages: {out}")
        return
    if to == "foxglove":
        count, beside = export_foxglove(messages, out, load(settings), root)
        typer.echo(f"{count:,} messages, {beside:,} views of them for panels: {out}")
        return
    counts, strangers = export_tables(messages, to, out, load(settings), root)
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
@with_settings(*DECLARED)
def repair(
    settings: "Settings",
    file: File,
    out: Annotated[
        Path | None, typer.Option(help="Where to; FILE-repaired.mcap without it.")
    ] = None,
) -> None:
    """Save what is whole of a recording that was cut off or damaged; FILE is left as it is."""
    from hub.event.catalogue import load
    from hub.recording.repair import repair as save

    target = out or file.with_name(f"{file.stem}-repaired{file.suffix}")
    _show_repaired(file, save(file, target, load(settings)))


def _show_repaired(file: Path, result: "Repaired") -> None:
    remark(result)
    if result.out is None:
        found = f"is whole: {result.saved:,} messages" if result.saved else "holds no messages"
        typer.echo(f"{file} {found}; nothing was written")
        return
    typer.echo(f"saved {result.saved:,} messages: {result.out}")
    if not result.closed:
        typer.echo("the recording was not closed; what came in its last second may be missing")
    for gap in result.gaps:
        typer.echo(f"lost between {local_time(gap.start)} and {local_time(gap.stop)}: {gap.why}")
    for item in result.lost:
        typer.echo(
            f"could not read {item.stop - item.start:,} bytes from byte {item.start:,}: {item.why}"
        )


@app.command(
    epilog="Example: hub recording cut day.mcap --booth b12 --around 14:03:10 "
    "--out tests/data/recordings/b12.mcap --test tests/test_b12.py"
)
@with_settings(*DECLARED)
def cut(
    settings: "Settings",
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
    from hub.event.catalogue import load
    from hub.recording.cut import cut as cut_out
    from hub.recording.format import info
    from hub.recording.moment import moment_in

    path = test or out.with_name(f"test_{_python_name(out.stem)}.py")
    if path.exists():
        raise typer.BadParameter(f"--test: {path} is there already; give another name")
    found = info(file)
    remark(found)
    first, last = found.span()
    with usage("--around"):
        moment = moment_in(around, first, last)
    start, stop = moment - duration("--before", before), moment + duration("--after", after)
    messages = cut_out(file, out, load(settings), start=start, stop=stop, booth=booth, kind=kind)
    what = " ".join(
        f"{name} {value}" for name, value in (("booth", booth), ("kind", kind)) if value
    )
    title = f"{what or 'All'} around {local_time(moment)}, cut from {file.name}"
    _write_test(path, out, title, _declaring(settings))
    typer.echo(f"{messages:,} messages: {out}\ntest: {path}; run it with: pytest {path}")


def _declaring(settings: "Settings") -> Path | None:
    """The folder of the event's own kinds, for the test to name."""
    from hub.event.catalogue import folders

    return next((folder for folder in folders(settings) if any(folder.glob("*.json"))), None)


def _python_name(stem: str) -> str:
    return re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower() or "recording"


def _write_test(path: Path, recording: Path, title: str, kinds: Path | None) -> None:
    """Write a test that passes: what it asserts is what the hub makes of the recording now."""
    from hub.errors import RecordingError
    from hub.recording.test_template import render

    seen = functools.partial(os.path.relpath, start=path.resolve().parent)
    text = render(
        title[:1].upper() + title[1:],
        _python_name(recording.stem),
        seen(recording.resolve()),
        _outcome(recording, kinds),
        None if kinds is None else seen(kinds.resolve()),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise RecordingError(f"{path}: cannot be written: {exc.strerror or exc}") from exc


def _outcome(recording: Path, kinds: Path | None) -> "Outcome":
    import tempfile
    from collections import Counter

    from hub.recording.format import info, read
    from hub.recording.layout import names_of
    from hub.recording.test_template import Outcome
    from hub.testing import replayed_hub

    root = info(recording).root
    named = {names_of(root, message.topic) for message in read(recording)}
    devices = sorted("/".join(map(str, names)) for names in named if None not in names)
    with (
        tempfile.TemporaryDirectory() as folder,
        replayed_hub(Path(folder), recording, kinds=kinds) as hub,
    ):
        rejections = hub.rejections()
        states = {device: hub.state(device) for device in devices}
        return Outcome(
            hub.accounts.accepted,
            Counter(str(item["code"]) for item in rejections),
            list(dict.fromkeys(str(item["message"]) for item in rejections))[:_REASONS],
            {device: state for device, state in states.items() if state is not None},
        )
