"""Access control at the broker: the roles of dynamic security. Pure.

Mosquitto 2.0 substitutes no user names in topics there, so each booth has its own role.
"""

from collections.abc import Sequence
from typing import Any, Literal

from hub.topics import ERRORS, RECEIPTS, SHORT_ERRORS, Address, topic_of

CONTROL = "$CONTROL/dynamic-security"
VERSION = "$SYS/broker/version"
"""Where Mosquitto says its version: hub doctor names one that is too old."""
BROKER_LOG = ("$SYS/broker/log/N", "$SYS/broker/log/E")
"""Where Mosquitto says who connects and whom it refuses: its log's notices and errors."""
ADMIN, HUB, DEMO = "admin", "hub", "demo"
"""Roles, and the default names of their accounts."""
RETAINED = "$SYS/broker/retained messages/count"
"""Where Mosquitto says how many messages it retains, its own fifty among them."""
_BOOTH_ROLE = "booth-"
_SAID = (ERRORS, SHORT_ERRORS, RECEIPTS, f"+/{RECEIPTS}", f"+/+/{RECEIPTS}")
"""What the hub says to a device, below the device's topic; a program may ask for its receipts
deeper, and no right says "at any depth"."""

Kind = Literal[
    "publishClientSend", "publishClientReceive", "subscribePattern", "unsubscribePattern"
]
Acl = dict[str, Any]

DEFAULTS = {
    "publishClientSend": False,
    # Allowed by default: then a session whose rights were revoked would still receive.
    "publishClientReceive": False,
    "subscribe": False,
    "unsubscribe": True,
}


def allow(kind: Kind, topic: str) -> Acl:
    """Return an ACL that allows."""
    return {"acltype": kind, "topic": topic, "priority": 0, "allow": True}


def deny(kind: Kind, topic: str) -> Acl:
    """Return an ACL that denies a part of a wider one."""
    return {"acltype": kind, "topic": topic, "priority": 1, "allow": False}


def read_rights(topic: str) -> list[Acl]:
    """Return the ACLs to subscribe to a filter and to receive what it matches."""
    return [allow("subscribePattern", topic), allow("publishClientReceive", topic)]


def booth_role(booth: str) -> str:
    """Return the name of a booth's role."""
    return _BOOTH_ROLE + booth


def booth_of(role: str) -> str | None:
    """Return the booth of a role; None for other roles."""
    return role.removeprefix(_BOOTH_ROLE) if role.startswith(_BOOTH_ROLE) else None


def account_name(booth: str, number: int) -> str:
    """Return the name of a booth's account, which is its client id too."""
    return f"{booth}-{number}"


def control_id(account: str) -> str:
    """Return the client id to which an admin's account is bound.

    Where exhibitors connect a client id is the account's name (use_username_as_clientid), so an
    account that is bound to another one does not get in there, even with its password.
    """
    return f"{account}.control"


def booth_rights(root: str, booth: str) -> list[Acl]:
    """Return a booth's ACLs: publish in its booth but on the hub's topics, and subscribe to those.

    A wrong topic within the booth is allowed, for the hub rejects it with the reason.
    """
    own = f"{root}/{booth}"
    answers = [f"{own}/+/+/{leaf}" for leaf in _SAID]
    return [
        allow("publishClientSend", f"{own}/#"),
        *(deny("publishClientSend", topic) for topic in answers),
        *(acl for topic in answers for acl in read_rights(topic)),
    ]


def native_reading(patterns: Sequence[str], group: str) -> list[Acl]:
    """Return what the hub needs to read topics outside the root; in a group it shares them."""
    shared = [allow("subscribePattern", f"$share/{group}/{item}") for item in patterns if group]
    return [*(acl for pattern in patterns for acl in read_rights(pattern)), *shared]


def native_rights(patterns: Sequence[str]) -> list[Acl]:
    """Return a booth's ACLs for topics outside the root that its devices use by themselves.

    They read there too: a robot gets its orders beside its state.
    """
    return [
        acl
        for pattern in patterns
        for acl in (allow("publishClientSend", pattern), *read_rights(pattern))
    ]


def phone_rights(root: str, phone: Address | None) -> list[Acl]:
    """Return the hub's ACLs to publish what visitors tap: as one device, and nothing below it."""
    return [] if phone is None else [allow("publishClientSend", topic_of(root, phone))]


def hub_answers(root: str) -> list[Acl]:
    """Return the hub's ACLs to answer devices."""
    return [allow("publishClientSend", f"{root}/+/+/+/{leaf}") for leaf in _SAID]


def hub_rights(root: str, group: str, phone: Address | None = None) -> list[Acl]:
    """Return what the hub needs and no more.

    It reads all under its root, the broker's version, in its log who was refused, and how much it
    retains; it answers, and publishes as the visitors' `phone` if there is one.
    """
    shared = [allow("subscribePattern", f"$share/{group}/{root}/#")] if group else []
    return [
        *read_rights(f"{root}/#"),
        *(acl for topic in (VERSION, RETAINED, *BROKER_LOG) for acl in read_rights(topic)),
        *shared,
        *hub_answers(root),
        *phone_rights(root, phone),
    ]


def demo_rights(root: str) -> list[Acl]:
    """Return what the demo devices need, which publish at every booth from one process.

    Some also have native topics, outside the root, in a dialect.
    """
    return [
        allow("publishClientSend", f"{root}/+/+/#"),
        *(deny("publishClientSend", f"{root}/+/+/+/{leaf}") for leaf in _SAID),
        *read_rights(f"{root}/+/+/+/{ERRORS}"),
    ]


def admin_rights() -> list[Acl]:
    """Return what making accounts needs: no reading, no publishing, not even the hub's topics."""
    return [allow("publishClientSend", f"{CONTROL}/#"), *read_rights(f"{CONTROL}/#")]
