"""The broker's side of `hub booth`: the admin's connection, and each booth in turn."""

import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hub.cli import booth_output
from hub.errors import BoothError, SettingError

if TYPE_CHECKING:
    from hub.booths.account_requests import AccountRequest, BadRow
    from hub.booths.accounts import BoothAccounts, MadeAccount
    from hub.booths.bootstrap import First
    from hub.booths.registry import Registry
    from hub.settings import Settings
    from hub.settings.values import BrokerAddress

T = TypeVar("T")
DEMO_BROKER = "DEVICES_BROKER"
"""Where the demo devices' program finds its broker and account."""


def registry(settings: "Settings") -> "Registry":
    """Return the registry of the booths in the data folder."""
    from hub.booths.registry import Registry

    return Registry(settings.data)


def run(settings: "Settings", work: "Callable[[BoothAccounts], Awaitable[T]]") -> T:
    """Run a function with the accounts at the broker.

    Raises:
        SettingError: HUB_BROKER_ADMIN is not set.
        BrokerError: the broker cannot be reached, or refuses the account.
        BoothError: it refuses the command, or cannot do such things.
    """
    if settings.broker_admin is None:
        raise SettingError(
            "HUB_BROKER_ADMIN: is not set; set it to the broker with the admin's account, "
            "like mqtt://admin:password@127.0.0.1:1884 (hub booth init makes the account)"
        )
    from hub.booths import at_broker

    return at_broker.run(settings, settings.broker_admin, work)


def add_all(
    settings: "Settings", rows: "Sequence[AccountRequest | BadRow]", sheets: Path | None
) -> list[str]:
    """Add each booth, show what was made, and return what failed, a line each."""
    booth_output.check_sheets(settings, sheets)
    done: list[tuple[str, list[MadeAccount]]] = []
    failed: list[str] = []
    try:
        run(settings, lambda accounts: _add_each(settings, accounts, rows, done, failed))
    finally:
        # Also when the broker goes away half-way: nobody could read these passwords again.
        for booth, made in done:
            try:
                booth_output.passwords(settings, booth, made, sheets)
            except BoothError as exc:  # a sheet that cannot be written hides no other's passwords
                failed.append(str(exc))
    return failed


async def _add_each(
    settings: "Settings",
    accounts: "BoothAccounts",
    rows: "Sequence[AccountRequest | BadRow]",
    done: "list[tuple[str, list[MadeAccount]]]",
    failed: list[str],
) -> None:
    from hub.booths import at_broker
    from hub.booths.account_requests import BadRow, completed
    from hub.event.zone import load

    known, plan = registry(settings), load(settings.zone)
    known.booths()  # a file that cannot be read stops it before anything is made
    for row in _progress(rows):
        try:
            if isinstance(row, BadRow):
                failed.append(f"line {row.line}: {row.reason}")
            else:
                booth_output.other_name(completed(row, plan), plan)
                await at_broker.add(accounts, known, plan, row, done)
        except BoothError as exc:
            failed.append(str(exc))


def _progress(rows: "Sequence[AccountRequest | BadRow]") -> "Iterator[AccountRequest | BadRow]":
    """Iterate over the rows, with a progress bar on stderr when there are many."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(rows, "booths", console=console, transient=True, disable=len(rows) < 2)


def rows(settings: "Settings", path: Path) -> "list[AccountRequest | BadRow]":
    """Read a table of booths, or a zone file.

    Raises:
        BoothError: it cannot be read or is neither.
    """
    from hub.booths.account_requests import from_table, from_zone
    from hub.event import catalogue
    from hub.event.zone import load

    if path.suffix == ".toml":
        return from_zone(load(path))
    try:
        return from_table(path.read_text(encoding="utf-8"), catalogue.load(settings))
    except OSError as exc:
        raise BoothError(f"--from: {path}: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise BoothError(f"--from: {path}: is not UTF-8; save the table as CSV UTF-8") from exc
    except BoothError as exc:
        raise BoothError(f"--from: {path}: {exc}") from exc


def first(settings: "Settings", demo: bool) -> "tuple[list[First], set[str]]":
    """Return the accounts of the beginning, and the roles whose password was made just now."""
    from hub.booths import acl
    from hub.booths.bootstrap import First
    from hub.event.zone import load

    if settings.samples:
        raise SettingError(
            f"{settings.samples[0]}: its secret is the documentation's sample, which everybody "
            "knows; make another: python3 -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    given = {acl.ADMIN: settings.broker_admin, acl.HUB: settings.broker}
    allowed = {
        acl.ADMIN: acl.admin_rights(),
        acl.HUB: acl.hub_rights(settings.root, settings.group, load(settings.zone).phone()),
    }
    if demo:
        given[acl.DEMO] = _demo_broker()
        allowed[acl.DEMO] = acl.demo_rights(settings.root)
    accounts, made = [], set()
    for role, address in given.items():
        account, password, new = _account(role, address)
        made |= {role} if new else set()
        bound = acl.control_id(account) if role == acl.ADMIN else None
        accounts.append(First(account, role, allowed[role], password, bound))
    if len({item.account for item in accounts}) < len(accounts):
        raise SettingError("HUB_BROKER_ADMIN: has the account of HUB_BROKER; each needs its own")
    return accounts, made


def _account(role: str, address: "BrokerAddress | None") -> tuple[str, str, bool]:
    """An account's name and password, and whether the password was made."""
    from hub.booths.accounts import new_password

    name = (address.username if address is not None else None) or role
    if address is not None and address.username and address.password:
        return name, address.password, False
    return name, new_password(), True


def _demo_broker() -> "BrokerAddress | None":
    from hub.settings.values import BrokerAddress

    try:
        return BrokerAddress.parse(os.environ[DEMO_BROKER]) if DEMO_BROKER in os.environ else None
    except ValueError as exc:
        raise SettingError(f"{DEMO_BROKER}: {exc}") from exc
