"""The registry of booths with accounts, and their links: a file in the data folder.

Passwords are never in it: only the broker has them. The commands write it and a running hub reads
it, so a change applies at once.
"""

import base64
import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from hub.errors import BoothError
from hub.event.zone import NativeTopics
from hub.files import write_atomically

FILE = "booths.json"
KEY = "booths.key"
_LOCK = "booths.lock"
_AT_BROKER = "admin.lock"
_KEY_LENGTH = 32
_TOKEN_BYTES = 24
"""192 bits are beyond guessing, and a QR code of the whole link stays coarse enough for phones."""


class DeviceAccount(BaseModel):
    """One account at the broker, for one device; `kind` and `device` if known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    kind: str | None = None
    device: str | None = None


class BoothAccount(BaseModel):
    """A booth with accounts; `link` changes when its page gets a new link, and is no secret.

    `native` are topics outside the root besides those that the zone file gives it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    booth: str
    name: str = ""
    name_ko: str = ""
    devices: tuple[DeviceAccount, ...] = ()
    disabled: bool = False
    native: tuple[NativeTopics, ...] = ()
    link: str

    @property
    def native_topics(self) -> tuple[str, ...]:
        """The filters of `native`."""
        return tuple(pattern for item in self.native for pattern in item.topics)


class _Seen(NamedTuple):
    """The identity of a version of the file; each change makes a new inode."""

    inode: int
    modified: int
    size: int


_FILE = TypeAdapter(dict[str, BoothAccount])


class Registry:
    """The booths with accounts; reads the file in `folder` again when it changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: _Seen | None = None
        self._booths: dict[str, BoothAccount] = {}
        self._key: bytes | None = None
        self._tokens: dict[str, str] | None = None

    def booths(self) -> Mapping[str, BoothAccount]:
        """Return the booths by their ids.

        Raises:
            BoothError: the file cannot be read.
        """
        with _readable(self._folder / FILE):
            seen = self._look()
            if seen != self._seen:
                text = (self._folder / FILE).read_bytes() if seen is not None else b"{}"
                self._booths = _FILE.validate_json(text)
                self._seen, self._tokens = seen, None
        return MappingProxyType(self._booths)

    def has(self, booth: str) -> bool:
        """Whether a booth has accounts, so that its page requires a token."""
        return booth in self.booths()

    def owner(self, name: str) -> tuple[str, str] | None:
        """Return the booth and the account that the name of a log-in means, if any.

        It may be written with capitals, `_` or blanks, or be the booth's id alone. None as well
        when the file cannot be read: the page of a booth says so.
        """
        meant = name.strip().lower().replace("_", "-")
        booth = meant.rpartition("-")[0]
        with contextlib.suppress(BoothError):
            for known in filter(None, map(self.booths().get, (booth, meant))):
                accounts = [item.account for item in known.devices]
                if meant in accounts:
                    return known.booth, meant
                if meant == known.booth and accounts:
                    return known.booth, accounts[0]
        return None

    def token(self, booth: str) -> str:
        """Return the token that opens the page of a booth, the same until its link is rotated.

        Raises:
            BoothError: the booth has no accounts.
        """
        return _sign(self._secret(), self._known(booth))

    def opens(self, booth: str, token: str) -> bool:
        """Whether a token opens the page of a booth; compared in constant time."""
        known, key = self.booths().get(booth), self._existing_key()
        if known is None or key is None:
            return False
        return hmac.compare_digest(_sign(key, known).encode(), token.encode(errors="replace"))

    def opened_by(self, token: str) -> str | None:
        """Return the booth whose page a token opens, if any, by one look-up.

        No timing leak: texts are compared only where their keyed hashes are equal.
        """
        booths, key = self.booths(), self._existing_key()
        if key is None:
            return None
        if self._tokens is None:
            self._tokens = {_sign(key, account): booth for booth, account in booths.items()}
        return self._tokens.get(token)

    def rotate_link(self, booth: str) -> str:
        """Replace the token of a booth's page; the previous one is revoked.

        Raises:
            BoothError: the booth has no accounts.
        """
        with self._changing() as booths:
            known = self._known(booth)
            booths[booth] = known.model_copy(update={"link": _new_link()})
        return self.token(booth)

    def put(
        self,
        booth: str,
        name: str,
        name_ko: str,
        devices: tuple[DeviceAccount, ...],
        native: tuple[NativeTopics, ...] = (),
    ) -> BoothAccount:
        """Save a booth; a known one keeps link and devices, and a name that is not given now."""
        with self._changing() as booths:
            known = booths.get(booth) or BoothAccount(booth=booth, link=_new_link())
            merged = {item.account: item for item in known.devices}
            for item in devices:
                before = merged.get(item.account, item)
                merged[item.account] = before if before.kind else item
            booths[booth] = known.model_copy(
                update={
                    "name": name or known.name,
                    "name_ko": name_ko or known.name_ko,
                    "devices": tuple(merged.values()),
                    "native": native,
                }
            )
        return booths[booth]

    def disable(self, booth: str, *, disabled: bool) -> None:
        """Save whether the accounts of a booth are disabled."""
        with self._changing() as booths:
            if booth in booths:
                booths[booth] = booths[booth].model_copy(update={"disabled": disabled})

    def remove(self, booth: str) -> None:
        """Remove a booth; its link stays revoked, even when the booth is added again."""
        with self._changing() as booths:
            booths.pop(booth, None)

    def _known(self, booth: str) -> BoothAccount:
        known = self.booths().get(booth)
        if known is None:
            raise BoothError(f"{booth}: this booth has no account; hub booth list shows which have")
        return known

    def _look(self) -> _Seen | None:
        try:
            found = (self._folder / FILE).stat()
        except FileNotFoundError:
            return None
        return _Seen(found.st_ino, found.st_mtime_ns, found.st_size)

    @contextlib.contextmanager
    def alone(self, *, waits: bool = True) -> Iterator[None]:
        """Lock out other commands at the broker: a second would take over the admin's session.

        Raises:
            BoothError: the folder cannot be written to, or there is one and this `waits` not.
        """
        with _readable(self._folder / _AT_BROKER):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / _AT_BROKER).open("ab")
        with lock:
            self._hand_over(self._folder / _AT_BROKER)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            except BlockingIOError as exc:
                raise BoothError(
                    "another command changes accounts at the broker now; try again in a moment",
                    ko="다른 명령이 브로커 계정을 바꾸고 있습니다. 잠시 후 다시 시도하세요",
                ) from exc
            yield

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, BoothAccount]]:
        """Yield the booths to change, and save them; one command at a time, by a lock."""
        with _readable(self._folder / FILE):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / _LOCK).open("ab") as lock:
                self._hand_over(self._folder / _LOCK)
                fcntl.flock(lock, fcntl.LOCK_EX)
                booths = dict(self.booths())
                yield booths
                text = {name: item.model_dump(mode="json") for name, item in sorted(booths.items())}
                octets = json.dumps(text, ensure_ascii=False, indent=1).encode()
                write_atomically(self._folder / FILE, octets, owner=self._owner())

    def _owner(self) -> tuple[int, int] | None:
        """The owner of files written by root: the folder's, for the hub runs as another user."""
        if os.geteuid() != 0:
            return None
        folder = self._folder.stat()
        return folder.st_uid, folder.st_gid

    def _hand_over(self, path: Path) -> None:
        owner = self._owner()
        if owner is not None:
            # Symbolic links are not followed: the folder's owner could get any file of root's.
            os.chown(path, *owner, follow_symlinks=False)

    def _existing_key(self) -> bytes | None:
        """The key of the links, if it exists; it never changes."""
        path = self._folder / KEY
        if self._key is None and path.exists():
            with _readable(path):
                self._key = path.read_bytes()
            if len(self._key) < _KEY_LENGTH:
                raise BoothError(f"{path}: is no key; remove it, and hand out the links again")
        return self._key

    def _secret(self) -> bytes:
        if self._existing_key() is None:
            with self._changing():
                if self._existing_key() is None:
                    made = secrets.token_bytes(_KEY_LENGTH)
                    write_atomically(self._folder / KEY, made, owner=self._owner())
        key = self._existing_key()
        assert key is not None
        return key


def _new_link() -> str:
    return secrets.token_hex(8)


def _sign(key: bytes, account: BoothAccount) -> str:
    said = f"{account.booth}\n{account.link}".encode()
    digest = hmac.new(key, said, hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Map errors of the file to BoothError, with the file and the way out."""
    try:
        yield
    except OSError as exc:
        said = f"{path}: {exc.strerror}; run this as the hub's user, with the hub's HUB_DATA"
        raise BoothError(said) from exc
    except ValidationError as exc:
        raise BoothError(f"{path}: is not what hub booth writes; put back a copy of it") from exc
