"""The settings, read and checked: flag, then environment, then `hub.toml`, then default.

Names, defaults and words are in `hub.settings_table`; the types and checks are here.
"""

import difflib
import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import BeforeValidator, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from hub.errors import SettingError
from hub.settings_table import CONFIG, PREFIX, SETTINGS

LEVELS = ("debug", "info", "warning", "error")
_MIB = 1024 * 1024
_SIZE = re.compile(r"(\d{1,15}(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB|KB|MB|GB|TB)?", re.IGNORECASE)
_BINARY = {"b": 1, "kib": 1024, "mib": _MIB, "gib": 1024 * _MIB, "tib": _MIB * _MIB}
_UNITS = _BINARY | {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_ROOT = re.compile(r"[^\s/+#$\0](?:[^\s+#\0]*[^\s/+#\0])?")
_GROUP = re.compile(r"[A-Za-z0-9_-]{0,64}")
_TOKEN_LENGTH = 16
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is, and the account to use there."""

    host: str
    port: int
    tls: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, value: object) -> "BrokerAddress":
        """Read ``mqtt://user:password@host:port`` or ``mqtts://…``; the port may be left out."""
        if isinstance(value, cls):
            return value
        wrong = (
            "is no address of a broker; write it like mqtt://127.0.0.1:1883 or "
            "mqtts://user:password@host:8883, with / ? # @ in a password as %2F %3F %23 %40"
        )
        try:
            parts = urlsplit(str(value))
            port = parts.port
        except ValueError as exc:  # whose words may hold a part of the password
            raise ValueError(wrong) from exc
        beyond = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname or beyond or port == 0:
            raise ValueError(wrong)
        tls = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            port or (8883 if tls else 1883),
            tls,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password is not None else None,
        )

    def __str__(self) -> str:
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class HttpAddress:
    """Where the hub listens for HTTP."""

    host: str
    port: int

    @classmethod
    def parse(cls, value: object) -> "HttpAddress":
        """Read ``host:port``."""
        if isinstance(value, cls):
            return value
        try:
            parts = urlsplit(f"//{value}")
            port = parts.port
        except ValueError as exc:
            raise ValueError("is no address to listen on; write it like 127.0.0.1:8080") from exc
        if not parts.hostname or port is None or parts.path:
            raise ValueError("is no address to listen on; write it like 127.0.0.1:8080")
        return cls(parts.hostname, port)

    @property
    def loopback(self) -> bool:
        """Whether only programs on this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def url(self) -> str:
        """The address as a browser takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def __str__(self) -> str:
        return self.url.removeprefix("http://")


def byte_size(value: object) -> int:
    """Read a size like ``2GiB`` or ``500 MB`` in bytes; a bare number is bytes."""
    size = _bytes(value)
    if size < _MIB:
        raise ValueError("is less than 1MiB, which no outbox can work with; give it more")
    return size


def _bytes(value: object) -> int:
    match = _SIZE.fullmatch(str(value).strip())
    if match is None:
        raise ValueError("is no size; write it like 2GiB or 500MB")
    return int(float(match[1]) * _UNITS[(match[2] or "B").lower()])


def _rate(value: object) -> int:
    """A quota in bytes a second, below which one reading of the largest size would never fit."""
    size = _bytes(value)
    if 0 < size < _LARGEST:
        raise ValueError("is less than 64KiB, one reading of the largest size; give more, or 0")
    return size


def _past(value: object) -> int:
    size = _bytes(value)
    if 0 < size < _MIB:
        raise ValueError("is less than 1MiB, which holds nothing to speak of; give more, or 0")
    return size


def _root(value: object) -> str:
    if not _ROOT.fullmatch(str(value)):
        raise ValueError("is no topic root; write it like smartlife/v1, without + # $ or outer /")
    return str(value)


def _group(value: object) -> str:
    if not _GROUP.fullmatch(str(value)):
        raise ValueError("is no group name; use letters, digits, - and _")
    return str(value)


def _client_id(value: object) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{0,64}", str(value)):
        raise ValueError("is no client id; use up to 64 letters, digits, -, _ and .")
    return str(value)


def _web_address(value: object) -> str:
    way_out = "is no address of a web server; write it like http://127.0.0.1:3000"
    try:
        parts = urlsplit(str(value))
        _ = parts.port
    except ValueError as exc:
        raise ValueError(way_out) from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError(way_out)
    if parts.username is not None:
        raise ValueError("holds an account; leave it out and set HUB_GRAFANA_TOKEN")
    return str(value).rstrip("/")


def _public_http(value: object) -> str:
    way_out = "is no web address; write it like http://10.0.0.5:8080"
    try:
        parts = urlsplit(str(value))
        _ = parts.port
    except ValueError as exc:
        raise ValueError(way_out) from exc
    beyond = parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond:
        raise ValueError(way_out)
    return str(value).rstrip("/")


def _log(value: object) -> str:
    if value not in LEVELS:
        raise ValueError(f"is no level; use one of {', '.join(LEVELS)}")
    return str(value)


def _field(name: str) -> Any:
    """A field with the default and the words of the table."""
    return Field(default=SETTINGS[name].default, description=SETTINGS[name].help)


class Settings(BaseSettings):
    """Everything that can be set; see `hub.settings_table` for names and words."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
        enable_decoding=False,  # an address is text, not JSON, in the environment too
    )

    broker: Annotated[BrokerAddress, BeforeValidator(BrokerAddress.parse)] = _field("broker")
    broker_ca: FilePath | None = _field("broker_ca")
    public_broker: Annotated[BrokerAddress, BeforeValidator(BrokerAddress.parse)] | None = _field(
        "public_broker"
    )
    broker_admin: Annotated[BrokerAddress, BeforeValidator(BrokerAddress.parse)] | None = _field(
        "broker_admin"
    )
    client_id: Annotated[str, BeforeValidator(_client_id)] = _field("client_id")
    group: Annotated[str, BeforeValidator(_group)] = _field("group")
    root: Annotated[str, BeforeValidator(_root)] = _field("root")
    store: str = _field("store")
    influx_token: SecretStr | None = _field("influx_token")
    data: Path = _field("data")
    outbox_limit: Annotated[int, BeforeValidator(byte_size)] = _field("outbox_limit")
    quota_readings: Annotated[int, Field(ge=0)] = _field("quota_readings")
    quota_bytes: Annotated[int, BeforeValidator(_rate)] = _field("quota_bytes")
    past: Annotated[int, BeforeValidator(_past)] = _field("past")
    http: Annotated[HttpAddress, BeforeValidator(HttpAddress.parse)] = _field("http")
    public_http: Annotated[str, BeforeValidator(_public_http)] | None = _field("public_http")
    ops_token: SecretStr | None = _field("ops_token")
    grafana: Annotated[str, BeforeValidator(_web_address)] = _field("grafana")
    grafana_token: SecretStr | None = _field("grafana_token")
    zone: FilePath | None = _field("zone")
    log: Annotated[str, BeforeValidator(_log)] = _field("log")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings gives it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read flags before the environment before the file; no `.env` and no secret files."""
        path = os.environ.get(CONFIG, "hub.toml")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(path))

    @property
    def mqtt_client_id(self) -> str:
        """The client id to use."""
        if self.client_id:
            return self.client_id
        return f"smartlife-hub-{socket.gethostname()}"[:64] if self.group else "smartlife-hub"


def load(flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings; `flags` are those given on the command line.

    Raises:
        SettingError: one is unknown or impossible; the message names it, the value and the way out.
    """
    _check_names()
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as exc:
        raise SettingError(_in_words(exc)) from exc
    except (OSError, ValueError) as exc:
        path = os.environ.get(CONFIG, "hub.toml")
        raise SettingError(f"{CONFIG}: {path}: {exc}; mend the file") from exc
    _check_reach(settings)
    return settings


class _Given(Settings):
    """Settings that a program gives."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings gives it all
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but what was given."""
        return (init_settings,)


def given(values: Mapping[str, Any]) -> Settings:
    """Check settings that a program gives; the environment and the file do not count.

    Raises:
        SettingError: one is unknown or impossible.
    """
    try:
        return _Given(**values)
    except ValidationError as exc:
        raise SettingError(_in_words(exc)) from exc


def _check_names() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG}
    config = os.environ.get(CONFIG)
    if config is not None and not Path(config).is_file():
        raise SettingError(f"{CONFIG}: there is no file {config}")
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingError(f"{name}: there is no such setting; {_nearest(name, known)}")


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"


def _in_words(exc: ValidationError) -> str:
    """Name the setting, the value and the way out; a password in an address is left out."""
    error: Any = exc.errors()[0]
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting; {_nearest(name, set(Settings.model_fields))}"
    reason = str(error.get("ctx", {}).get("error", error["msg"]))
    value = "" if SETTINGS[name].secret else _without_password(str(error["input"])) + " "
    return f"{PREFIX}{name.upper()}: {value}{reason}"


def _without_password(value: str) -> str:
    return re.sub(r"^(\w+://)?.*@", r"\1…@", value, flags=re.DOTALL)


def _check_reach(settings: Settings) -> None:
    if settings.http.loopback:
        return
    token = settings.ops_token.get_secret_value() if settings.ops_token is not None else ""
    if len(token) < _TOKEN_LENGTH:
        raise SettingError(
            f"HUB_HTTP: {settings.http} can be reached from other machines, which needs "
            f"HUB_OPS_TOKEN with {_TOKEN_LENGTH} characters or more; set one, or listen on "
            "127.0.0.1:8080"
        )
