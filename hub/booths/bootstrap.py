"""The initial configuration of dynamic security: the accounts of the admin and the hub."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hub.booths.acl import DEFAULTS, Acl
from hub.errors import BoothError
from hub.files import write_atomically

ITERATIONS = 101
"""As Mosquitto: each connection costs so many, and a random password needs no more."""


class First(NamedTuple):
    """An initial account with its role.

    With `client_id` it is bound to that, at every listener.
    """

    account: str
    role: str
    rights: list[Acl]
    password: str
    client_id: str | None = None

    def __repr__(self) -> str:
        return f"<First {self.account}>"


def configuration(accounts: Sequence[First]) -> dict[str, Any]:
    """Return the plugin's configuration."""
    return {
        "clients": [_client(item) for item in accounts],
        "roles": [{"rolename": item.role, "acls": item.rights} for item in accounts],
        "defaultACLAccess": DEFAULTS,
    }


def _client(item: First) -> dict[str, Any]:
    salt = secrets.token_bytes(12)
    key = hashlib.pbkdf2_hmac("sha512", item.password.encode(), salt, ITERATIONS)
    bound = {} if item.client_id is None else {"clientid": item.client_id}
    return {
        "username": item.account,
        **bound,
        "password": base64.b64encode(key).decode(),
        "salt": base64.b64encode(salt).decode(),
        "iterations": ITERATIONS,
        "roles": [{"rolename": item.role}],
    }


def holds_accounts(path: Path) -> bool:
    """Whether the file exists and has accounts; a broker would start with an empty one.

    Raises:
        BoothError: it cannot be read, or is something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return bool(text.strip()) and bool(json.loads(text)["clients"])
    except FileNotFoundError:
        return False
    except OSError as exc:
        raise BoothError(f"{path}: {exc.strerror}; run this as a user who may read it") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise BoothError(f"{path}: is no file of dynamic security; name another --out") from exc


def write(path: Path, accounts: Sequence[First]) -> None:
    """Write the file atomically, readable and writable by its owner and group.

    Raises:
        BoothError: it cannot be written.
    """
    text = json.dumps(configuration(accounts), indent=1)
    try:
        write_atomically(path, text.encode(), 0o640)
    except OSError as exc:
        raise BoothError(f"{path}: cannot be written: {exc.strerror}; name another --out") from exc
