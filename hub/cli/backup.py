"""`hub backup` and `hub restore`: copies what a hub keeps while it runs, and puts it back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings

OUTBOX, STORE, KINDS = "outbox.db", "store.db", "kinds"
_SMALL = (".json", ".key")
"""Endings of the other files: links of booths, devices that were forgotten, types of fields."""


@with_settings("data", "store")
def backup(
    settings: "Settings",
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder, for the copy.")],
) -> None:
    """Copy readings, outbox, links and kinds, also while the hub runs."""
    from hub.errors import StoreError

    if not (settings.data / OUTBOX).exists():
        raise StoreError(f"there is no hub's data in {settings.data}; is HUB_DATA right?")
    if to.exists():
        raise typer.BadParameter(f"{to} is there already; name a new folder", param_hint="FOLDER")
    part = to.with_name(f"{to.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        with _private():
            part.mkdir(parents=True)
            _back_up(settings, part)
        part.rename(to)
    except (OSError, sqlite3.Error) as exc:
        shutil.rmtree(part, ignore_errors=True)
        raise StoreError(f"no copy was made at {to}: {exc}") from exc
    _list(to)
    if _store(settings) is None:
        typer.echo("the stored readings are in InfluxDB: back up its bucket too")


def _back_up(settings: "Settings", to: Path) -> None:
    _copy_database(settings.data / OUTBOX, to / OUTBOX)
    # In a copy that is put back later, a new message could look like one of these and be taken for
    # a redelivery. Without them it is stored twice in doubt, and never lost.
    with closing(sqlite3.connect(to / OUTBOX)) as copy, copy:
        copy.execute("DELETE FROM delivered")
    # The store last: what moves there meanwhile is then in both copies, never in neither.
    store = _store(settings)
    if store is not None and store.exists():
        _copy_database(store, to / STORE)
    _copy_small(settings.data, to)


def _copy_database(source: Path, to: Path) -> None:
    """Copy a SQLite file that may be in use, and check the copy."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as original,
        closing(sqlite3.connect(to)) as db,
    ):
        original.backup(db)
        ((said,), *_) = db.execute("PRAGMA quick_check").fetchall()
    if said != "ok":
        raise sqlite3.DatabaseError(f"{source}: {said}")


def _copy_small(source: Path, to: Path) -> None:
    for path in sorted(source.iterdir()):
        if path.suffix in _SMALL and path.is_file():
            shutil.copyfile(path, to / path.name)
    if (source / KINDS).is_dir():
        shutil.copytree(
            source / KINDS, to / KINDS, copy_function=shutil.copyfile, dirs_exist_ok=True
        )


@with_settings("data", "store")
def restore(
    settings: "Settings",
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="What hub backup wrote.")],
) -> None:
    """Put a copy back into a data folder that has no readings; no hub may use it meanwhile."""
    from hub.errors import StoreError
    from hub.files import lock

    if not (source / OUTBOX).exists():
        raise typer.BadParameter(f"{source} is no copy of hub backup", param_hint="FOLDER")
    store = _store(settings)
    try:
        with _private(), lock(settings.data):
            there = [path for path in (settings.data / OUTBOX, store) if path and path.exists()]
            if there:
                raise StoreError(f"{there[0]} is there already; move it away, or set HUB_DATA")
            if store is not None and (source / STORE).exists():
                shutil.copyfile(source / STORE, store)
            _copy_small(source, settings.data)
            shutil.copyfile(source / OUTBOX, settings.data / OUTBOX)
    except OSError as exc:
        raise StoreError(f"{settings.data}: {exc}") from exc
    _list(source)
    typer.echo(f"put back into {settings.data}; start the hub")


@contextmanager
def _private() -> Iterator[None]:
    """Make files for their owner alone, as the hub's own are."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _list(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            typer.echo(f"{path.stat().st_size:>12,} bytes  {path.relative_to(folder)}")


def _store(settings: "Settings") -> Path | None:
    """The file of the embedded store; None if the readings are elsewhere."""
    scheme, _, rest = settings.store.partition(":")
    return (Path(rest) if rest else settings.data / STORE) if scheme == "sqlite" else None
