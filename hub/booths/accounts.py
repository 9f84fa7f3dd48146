"""The accounts of booths at the broker: creates, lists, rotates, disables and removes them."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hub.booths.acl import (
    HUB,
    Acl,
    account_name,
    booth_of,
    booth_rights,
    booth_role,
    hub_answers,
    native_reading,
    native_rights,
    phone_rights,
)
from hub.booths.dynsec import Command, Control, DynsecAnswer
from hub.errors import BoothError, BrokerError
from hub.event.zone import PHONE
from hub.topics import BOOTH, BOOTH_IN_WORDS, Address, Topic, parse

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that look alike: passwords are typed in from paper."""
_GROUPS = (4, 4, 4, 4)
MOST_DEVICES = 100
"""Accounts of one booth; more is a slip of the finger."""


class MadeAccount(NamedTuple):
    """An account; `password` is None when it existed before, for it cannot be read again."""

    account: str
    password: str | None

    def __repr__(self) -> str:
        return f"<MadeAccount {self.account}>"


@dataclass(frozen=True, slots=True)
class AtBroker:
    """An account as the broker has it; `connections` are known from brokers after 2.0 only."""

    account: str
    disabled: bool
    connections: int | None


def new_password() -> str:
    """Return a password of 79 bits in groups of four."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for size in _GROUPS)


class BoothAccounts:
    """The accounts of booths whose topics are under `root`; `reserved` names are never theirs.

    `group` is the hub's, which shares its subscriptions then.
    """

    def __init__(
        self,
        control: Control,
        root: str,
        reserved: frozenset[str] = frozenset(),
        group: str = "",
    ) -> None:
        self._group = group
        self._control = control
        self.root = root
        self._reserved = reserved

    async def add(
        self,
        booth: str,
        name: str,
        devices: int,
        native: Sequence[str] = (),
        taken: Sequence[str] = (),
    ) -> list[MadeAccount]:
        """Create the booth's role and accounts; existing ones keep their passwords.

        `native` are filters of topics outside the root that its devices use; the hub gets the
        right to read them, and loses that for `taken`, which they used before.

        Raises:
            BoothError: the id or the number is impossible, or the broker refused.
        """
        accounts = self._names(booth, devices)
        await self._make_role(booth, name, native)
        await self._take(booth, taken)
        made = {account: new_password() for account in accounts}
        answers = await self._control.ask(
            [_create(booth, account, name, password) for account, password in made.items()]
        )
        for answer in answers:
            _well(booth, answer, exists=True)
        there = [
            account for account, answer in zip(accounts, answers, strict=True) if answer.exists
        ]
        await self._check(booth, there)
        return [MadeAccount(item, None if item in there else made[item]) for item in accounts]

    async def rotate(self, booth: str) -> list[MadeAccount]:
        """Give each account of a booth a new password; its clients are disconnected."""
        made = {item.account: new_password() for item in await self._of(booth)}
        commands = [
            {"command": "setClientPassword", "username": account, "password": password}
            for account, password in made.items()
        ]
        try:
            await self._all(booth, commands)
        except (BoothError, BrokerError) as exc:
            raise type(exc)(
                f"{exc}; some of the passwords of {booth} may have changed: hub booth rotate "
                f"{booth} makes all of them new, once the broker answers",
                ko=f"{exc.ko or exc}. {booth}의 비밀번호 일부가 이미 바뀌었을 수 있습니다. "
                "브로커가 다시 응답하면 새 비밀번호를 한 번 더 만드세요",
            ) from exc
        return [MadeAccount(account, password) for account, password in made.items()]

    async def disable(self, booth: str) -> list[str]:
        """Disable the booth's accounts; its clients are disconnected and cannot reconnect."""
        return await self._each(booth, "disableClient")

    async def enable(self, booth: str) -> list[str]:
        """Enable the booth's accounts again."""
        return await self._each(booth, "enableClient")

    async def remove(self, booth: str, native: Sequence[str] = ()) -> list[str]:
        """Remove the booth's accounts and its role; missing ones are no error.

        The hub loses the right to read its `native` topics.
        """
        accounts = [item.account for item in (await self.all()).get(booth, [])]
        commands = [_with("deleteClient", account) for account in accounts]
        role = {"command": "deleteRole", "rolename": booth_role(booth)}
        for answer in await self._control.ask([*commands, role]):
            _well(booth, answer, missing=True)
        await self._take(booth, native)
        return accounts

    async def let_hub(self, phone: Address | None) -> None:
        """Let the hub answer, and publish as the visitors' `phone` and that of no other booth.

        What it needs may be more than when the broker was set up.

        Raises:
            BoothError: the broker refused.
        """
        answer = await self._control.one({"command": "getRole", "rolename": HUB})
        _well(f"the role {HUB}", answer, missing=phone is None)
        rights = () if answer.missing else answer.data["role"]["acls"]
        there = {acl["topic"] for acl in rights if self._taps(acl)}
        wanted = phone_rights(self.root, phone)
        for topic in there - {acl["topic"] for acl in wanted}:
            stale = {"acltype": "publishClientSend", "topic": topic}
            await self._of_hub("removeRoleACL", stale)
        if not answer.missing:
            known = {acl["topic"] for acl in rights if acl["acltype"] == "publishClientSend"}
            for right in (*wanted, *hub_answers(self.root)):
                if right["topic"] not in known:
                    await self._of_hub("addRoleACL", right)

    async def _of_hub(self, command: str, right: Acl) -> None:
        answer = await self._control.one({"command": command, "rolename": HUB, **right})
        _well(f"the role {HUB}", answer)

    def _taps(self, acl: Acl) -> bool:
        """Whether a right of the hub's is that to publish as the visitors' phone of a booth."""
        topic = parse(self.root, acl["topic"])
        device = topic.address[1:] if isinstance(topic, Topic) and topic.leaf is None else None
        return acl["acltype"] == "publishClientSend" and device == PHONE

    async def all(self) -> Mapping[str, list[AtBroker]]:
        """Return the accounts by their booths."""
        answer = await self._control.one({"command": "listClients", "verbose": True})
        _well("the accounts", answer)
        found: dict[str, list[AtBroker]] = defaultdict(list)
        for client in answer.data["clients"]:
            for role in client["roles"]:
                booth = booth_of(role["rolename"])
                if booth is not None:
                    connections = client.get("connections")
                    item = AtBroker(
                        client["username"],
                        bool(client.get("disabled")),
                        None if connections is None else len(connections),
                    )
                    found[booth].append(item)
        return {booth: sorted(found[booth], key=_order) for booth in sorted(found)}

    def _names(self, booth: str, devices: int) -> list[str]:
        if not BOOTH.fullmatch(booth):
            raise BoothError(
                f"{booth[:40]!r}: is no booth id like b12, which has {BOOTH_IN_WORDS.en}",
                ko=f"{booth[:40]!r}: b12 같은 부스 id가 아닙니다. {BOOTH_IN_WORDS.ko}",
            )
        if not 1 <= devices <= MOST_DEVICES:
            raise BoothError(f"{booth}: {devices} devices; give 1 to {MOST_DEVICES}")
        names = [account_name(booth, number + 1) for number in range(devices)]
        taken = self._reserved & set(names)
        if taken:
            raise BoothError(
                f"{booth}: {min(taken)} is the hub's or the admin's; take another id",
                ko=f"{booth}: {min(taken)} 계정은 허브나 관리자의 것입니다. "
                "다른 부스 번호를 쓰세요",
            )
        return names

    async def _make_role(self, booth: str, name: str, native: Sequence[str]) -> None:
        rights = [*booth_rights(self.root, booth), *native_rights(native)]
        for right in native_reading(native, self._group):
            added = {"command": "addRoleACL", "rolename": HUB, **right}
            _well(booth, await self._control.one(added), exists=True)
        role = {"rolename": booth_role(booth), "textname": name, "acls": rights}
        answer = await self._control.one({"command": "createRole", **role})
        _well(booth, answer, exists=True)
        if not answer.exists:
            return
        there = await self._control.one({"command": "getRole", "rolename": booth_role(booth)})
        _well(booth, there)
        # A change of a role applies at once but kicks some: only when the rights are others.
        if _set(there.data["role"]["acls"]) != _set(rights):
            _well(booth, await self._control.one({"command": "modifyRole", **role}))

    async def _take(self, booth: str, native: Sequence[str]) -> None:
        """Take away the hub's right to read topics outside the root."""
        for right in native_reading(native, self._group):
            removed = {"command": "removeRoleACL", "rolename": HUB}
            removed |= {name: right[name] for name in ("acltype", "topic")}
            _well(booth, await self._control.one(removed), missing=True)

    async def _check(self, booth: str, accounts: Sequence[str]) -> None:
        """Check that an existing account has this booth's role and no other."""
        if not accounts:
            return
        answers = await self._control.ask([_with("getClient", account) for account in accounts])
        for account, answer in zip(accounts, answers, strict=True):
            _well(booth, answer)
            roles = [role["rolename"] for role in answer.data["client"]["roles"]]
            if roles != [booth_role(booth)]:
                raise BoothError(
                    f"{booth}: there is an account {account} with other rights ({roles}); remove "
                    "it with mosquitto_ctrl dynsec deleteClient, or take another booth id",
                    ko=f"{booth}: 다른 권한을 가진 계정 {account}이 이미 있습니다({roles}). "
                    "mosquitto_ctrl dynsec deleteClient로 지우거나 다른 부스 번호를 쓰세요",
                )

    async def _of(self, booth: str) -> list[AtBroker]:
        found = (await self.all()).get(booth)
        if not found:
            raise BoothError(
                f"{booth}: has no accounts at the broker; hub booth add {booth}",
                ko=f"{booth}: 브로커에 계정이 없습니다. 먼저 계정을 만드세요",
            )
        return found

    async def _each(self, booth: str, command: str) -> list[str]:
        accounts = [item.account for item in await self._of(booth)]
        await self._all(booth, [_with(command, account) for account in accounts])
        return accounts

    async def _all(self, booth: str, commands: Sequence[Command]) -> None:
        for answer in await self._control.ask(commands):
            _well(booth, answer)


def _create(booth: str, account: str, name: str, password: str) -> Command:
    return {
        "command": "createClient",
        "username": account,
        "password": password,
        # Bound to its own client id at every listener: it cannot take over another session.
        "clientid": account,
        "textname": name,
        "roles": [{"rolename": booth_role(booth), "priority": 0}],
    }


def _with(command: str, account: str) -> Command:
    return {"command": command, "username": account}


def _well(what: str, answer: DynsecAnswer, *, exists: bool = False, missing: bool = False) -> None:
    fine = answer.error is None or (exists and answer.exists) or (missing and answer.missing)
    if not fine:
        raise BoothError(
            f"{what}: the broker refused {answer.command}: {answer.error}",
            ko=f"{what}: 브로커가 {answer.command} 명령을 거부했습니다: {answer.error}",
        )


def _order(item: AtBroker) -> tuple[int, str]:
    return len(item.account), item.account


def _set(acls: Sequence[Acl]) -> set[tuple[str, str, int, bool]]:
    return {
        (item["acltype"], item["topic"], int(item.get("priority", 0)), bool(item["allow"]))
        for item in acls
    }
