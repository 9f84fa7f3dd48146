"""Accounts of booths at the broker, made and changed from the ops page.

The broker's admin password comes with each request, is used for that one, and is kept nowhere.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hub.booths import at_broker, handout
from hub.booths.account_requests import LONGEST_NAME, AccountRequest, device
from hub.booths.accounts import MOST_DEVICES, BoothAccounts, MadeAccount
from hub.booths.acl import ADMIN
from hub.booths.registry import BoothAccount, DeviceAccount, Registry
from hub.errors import AccountRefused, BoothError
from hub.event.zone import Booth
from hub.limits.token_bucket import TokenBuckets
from hub.settings import Settings
from hub.settings.values import BrokerAddress
from hub.timestamps import SECOND
from hub.web.body import described, read_model
from hub.web.limits import address_of
from hub.web.parts import Parts
from hub.web.routes.parameters import BoothId
from hub.web.statuses import errors
from schemas import Label

WRONG = 5
"""Wrong passwords of the admin in a row that are tried; then one a minute."""
_A_MINUTE = 1 / 60
MOST = 16_384
_ANYBODY = ""
Action = Literal["add", "passwords", "disable", "enable", "remove"]

log = logging.getLogger("hub.booths")


class BoothOrder(BaseModel):
    """Who orders something about a booth's accounts, and for `add` what the booth gets.

    Names and devices that are not given are the zone file's.
    """

    model_config = ConfigDict(extra="forbid")

    admin_password: SecretStr = Field(description="The password of the broker's admin account.")
    admin: str = Field("", max_length=64, description="Its name. [default: admin]")
    by: str = Field(min_length=1, max_length=60, description="Who orders it: a name, for the log.")
    name: str = Field("", max_length=LONGEST_NAME, description="The booth's name.")
    name_ko: str = Field("", max_length=LONGEST_NAME, description="The booth's name in Korean.")
    accounts: int = Field(0, ge=0, le=MOST_DEVICES, description="How many accounts.")
    devices: list[str] = Field([], max_length=MOST_DEVICES, description="Like `thermostat/t1`.")


def add_booth_accounts(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""
    one, guesses = asyncio.Lock(), _Guesses()

    @router.get("/api/booths", tags=["booth"], responses=errors(503))
    async def booths() -> list[dict[str, Any]]:
        """The booths with accounts at the broker, and those of the zone file."""
        return _listed(parts)

    @router.get(
        "/api/booths/{booth}/sheet",
        tags=["booth"],
        response_class=HTMLResponse,
        responses=errors(404, 422, 503),
    )
    async def sheet(booth: BoothId) -> HTMLResponse:
        """A booth's hand-out, with room for the passwords: nobody can read one again."""
        known = parts.registry.booths().get(booth)
        if known is None:
            said = f"{booth} has no accounts; /api/booths lists those that have"
            raise HTTPException(404, Label(said, f"{booth} 부스에는 계정이 없습니다"))
        return HTMLResponse(_sheet(parts, known, {}))

    @router.post(
        "/api/booths/{booth}/accounts/{action}",
        tags=["booth"],
        responses=errors(408, 413, 422, 429, 503),
        openapi_extra=described(BoothOrder),
    )
    async def order(
        booth: BoothId,
        action: Annotated[Action, InPath(description="What is done with the booth's accounts.")],
        request: Request,
    ) -> dict[str, Any]:
        """Make a booth's accounts, give new passwords, shut off, let in or remove it.

        Passwords are in this one answer, with the sheet as HTML; nobody can read them again.
        """
        address = address_of(request.scope.get("client"))
        asked = await read_model(request, BoothOrder, MOST)
        if parts.no_accounts is not None:
            raise BoothError(parts.no_accounts.en, ko=parts.no_accounts.ko)
        row = _row(parts, booth, asked)
        async with one:
            guesses.check(address)
            try:
                done = await asyncio.to_thread(_done, parts, action, row, asked)
            except AccountRefused as exc:
                guesses.wrong(address)
                log.warning("%s (%s): the admin's password is wrong", _who(asked), address)
                raise AccountRefused(
                    "the broker refused the admin's name or password; after "
                    f"{WRONG} wrong ones it takes a minute for each",
                    ko="브로커가 관리자 이름이나 비밀번호를 거부했습니다. "
                    f"{WRONG}번 틀리면 1분에 한 번만 시도할 수 있습니다",
                ) from exc
        log.info(
            "%s (%s): booth %s: %s %s",
            *(_who(asked), address, booth, action, ", ".join(item.account for item in done) or "-"),
        )
        if action == "remove":
            for item in parts.live.devices(booth):
                parts.live.forget(item.address)
        parts.live.broadcast.announce("zone")
        return _answer(parts, booth, done)


class _Guesses:
    """Limits wrong passwords of the admin, of each address and of all."""

    def __init__(self) -> None:
        self._left = TokenBuckets[str](_A_MINUTE, WRONG)

    def check(self, address: str) -> None:
        now = time.monotonic_ns()
        wait = ceil(max(self._left.delay(key, now) for key in (address, _ANYBODY)) / SECOND)
        if wait:
            raise HTTPException(
                429,
                Label(
                    f"the admin's password was wrong too often; try again in {wait} s",
                    f"관리자 비밀번호를 여러 번 틀렸습니다. {wait}초 후에 다시 시도하세요",
                ),
                {"retry-after": str(wait)},
            )

    def wrong(self, address: str) -> None:
        for key in {address, _ANYBODY}:
            self._left.consume(key, time.monotonic_ns())


def _who(asked: BoothOrder) -> str:
    """The name as the log has it: one line of what can be printed."""
    return "".join(letter for letter in " ".join(asked.by.split()) if letter.isprintable()) or "-"


def _row(parts: Parts, booth: str, asked: BoothOrder) -> AccountRequest:
    try:
        named = tuple(device(text.strip(), parts.kinds) for text in asked.devices if text.strip())
    except BoothError as exc:
        raise HTTPException(422, Label(str(exc), exc.ko)) from exc
    return AccountRequest(booth, asked.name.strip(), asked.name_ko.strip(), asked.accounts, named)


def _admin(settings: Settings, asked: BoothOrder) -> BrokerAddress:
    """The broker's address with the admin's account: the hub's own one, or HUB_BROKER_ADMIN's."""
    address = settings.broker_admin or replace(settings.broker, username=ADMIN)
    password = asked.admin_password.get_secret_value()
    return replace(address, username=asked.admin or address.username or ADMIN, password=password)


def _done(
    parts: Parts, action: Action, row: AccountRequest, asked: BoothOrder
) -> list[MadeAccount]:
    """Do it at the broker; returns the accounts, with the passwords that are new."""
    # A registry of its own: this runs in a thread beside the loop.
    known, done = Registry(parts.settings.data), list[tuple[str, list[MadeAccount]]]()

    async def work(accounts: BoothAccounts) -> list[MadeAccount]:
        if action == "add":
            await at_broker.add(accounts, known, parts.plan.zone, row, done)
            return done[0][1]
        if action == "passwords":
            return await accounts.rotate(row.booth)
        if action == "remove":
            gone = await at_broker.remove(accounts, known, row.booth)
        else:
            gone = await at_broker.enable(accounts, known, row.booth, enabled=action == "enable")
        return [MadeAccount(account, None) for account in gone]

    known.booths()  # a file that cannot be read stops it before anything is made
    return at_broker.run(parts.settings, _admin(parts.settings, asked), work, waits=False)


def _answer(parts: Parts, booth: str, done: list[MadeAccount]) -> dict[str, Any]:
    known = parts.registry.booths().get(booth)
    new = {item.account: item.password for item in done if item.password}
    devices = {item.account: item for item in known.devices} if known is not None else {}
    return {
        "booth": booth,
        "accounts": [
            {
                "account": item.account,
                "password": item.password,
                "device": _device(devices.get(item.account)),
            }
            for item in done
        ],
        "link": None if known is None else handout.link(parts.settings, booth),
        "sheet": _sheet(parts, known, new) if known is not None and new else None,
    }


def _device(item: DeviceAccount | None) -> str | None:
    return f"{item.kind}/{item.device}" if item is not None and item.kind else None


def _sheet(parts: Parts, known: BoothAccount, passwords: Mapping[str, str]) -> str:
    facts = handout.facts_of(parts.settings, parts.plan.zone, known, passwords)
    return handout.page(facts, parts.kinds)


def _name(booth: Booth | BoothAccount) -> Label:
    id_ = booth.id if isinstance(booth, Booth) else booth.booth
    return Label(booth.name or booth.name_ko or id_, booth.name_ko or booth.name or id_)


def _listed(parts: Parts) -> list[dict[str, Any]]:
    """Each booth with its accounts: of the zone file first, then those that only have accounts."""
    accounts = parts.registry.booths()
    planned: dict[str, Booth | BoothAccount] = {item.id: item for item in parts.plan.zone.booth}
    others = {id_: accounts[id_] for id_ in sorted(accounts.keys() - planned.keys())}
    return [
        {
            "id": id_,
            "name": _name(booth)._asdict(),
            "planned": id_ in planned,
            "accounts": [item.account for item in accounts[id_].devices] if id_ in accounts else [],
            "disabled": id_ in accounts and accounts[id_].disabled,
        }
        for id_, booth in {**planned, **others}.items()
    ]
