"""The admin's connection to the broker: a booth's accounts are made, changed and removed on it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hub.booths.account_requests import AccountRequest, check_apart, completed
from hub.booths.accounts import BoothAccounts, MadeAccount
from hub.booths.acl import ADMIN, control_id
from hub.booths.dynsec import Control
from hub.booths.registry import Registry
from hub.errors import AccountRefused, BoothError
from hub.event.zone import Zone
from hub.mqtt.command_client import connect
from hub.settings import Settings
from hub.settings.values import BrokerAddress

T = TypeVar("T")


def run(
    settings: Settings,
    address: BrokerAddress,
    work: Callable[[BoothAccounts], Awaitable[T]],
    *,
    waits: bool = True,
) -> T:
    """Run a function with the accounts at the broker, in a loop of its own.

    `address` has the admin's account. Another command at the broker is waited for if `waits`.

    Raises:
        AccountRefused: the broker refuses the account.
        BrokerError: it cannot be reached.
        BoothError: it refuses the command, cannot do such things, or another command is at it.
    """
    with Registry(settings.data).alone(waits=waits):
        return asyncio.run(at_broker(settings, address, work))


async def at_broker(
    settings: Settings, address: BrokerAddress, work: Callable[[BoothAccounts], Awaitable[T]]
) -> T:
    """Run a function with the accounts at the broker; raises as `run` does."""
    names = {settings.mqtt_client_id, address.username, settings.broker.username}
    reserved = frozenset(name for name in names if name)
    client_id = control_id(address.username or ADMIN)
    try:
        async with connect(address, settings.broker_ca, "HUB_BROKER_ADMIN", client_id) as client:
            accounts = BoothAccounts(Control(client), settings.root, reserved, settings.group)
            return await work(accounts)
    except AccountRefused as exc:
        raise AccountRefused(
            f"{address}: Not authorized; the name or the password in HUB_BROKER_ADMIN is wrong, or "
            "it is a listener for exhibitors, where the admin's account does not get in"
        ) from exc


async def add(
    accounts: BoothAccounts,
    known: Registry,
    plan: Zone,
    row: AccountRequest,
    done: list[tuple[str, list[MadeAccount]]],
) -> None:
    """Make a booth's accounts and enter them in the registry.

    The hub may then tap as the zone file says, also where the accounts are older than that.
    What was made is in `done` as soon as the broker has it: nobody could read a password again.

    Raises:
        BoothError: something of the request is impossible, or the broker refuses.
    """
    wanted = completed(row, plan)
    before = known.booths().get(wanted.booth)
    devices = wanted.devices(before.devices if before is not None else ())
    kept = before.native if before is not None and not row.planned else ()
    if before is not None and before.disabled and len(devices) > len(before.devices):
        raise BoothError(
            f"{wanted.booth}: is disabled, but new accounts would get in; first hub booth enable",
            ko=f"{wanted.booth}: 중지된 부스입니다. 먼저 hub booth enable로 다시 여세요",
        )
    native = list(dict.fromkeys((*wanted.native, *kept)))
    check_apart(wanted.booth, native, plan, known.booths(), accounts.root)
    patterns = [pattern for item in native for pattern in item.topics]
    taken = set(before.native_topics if before is not None else ()) - set(patterns)
    made = await accounts.add(wanted.booth, wanted.name, len(devices), patterns, sorted(taken))
    done.append((wanted.booth, made))
    known.put(wanted.booth, wanted.name, wanted.name_ko, devices, tuple(native))
    await accounts.let_hub(plan.phone())


async def remove(accounts: BoothAccounts, known: Registry, booth: str) -> list[str]:
    """Remove a booth's accounts, its rights and its link; returns the accounts.

    Raises:
        BoothError: the broker refuses.
    """
    before = known.booths().get(booth)
    gone = await accounts.remove(booth, before.native_topics if before is not None else ())
    known.remove(booth)
    return gone


async def enable(
    accounts: BoothAccounts, known: Registry, booth: str, *, enabled: bool
) -> list[str]:
    """Let a booth's accounts in, or shut them off; returns them.

    Raises:
        BoothError: it has none, or the broker refuses.
    """
    changed = await (accounts.enable(booth) if enabled else accounts.disable(booth))
    known.disable(booth, disabled=not enabled)
    return changed
