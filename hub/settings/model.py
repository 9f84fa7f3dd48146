"""Loads and validates the settings.

Names, defaults and help are in `hub.settings.table`; the types and checks are here.
"""

import difflib
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, DirectoryPath, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from hub.errors import SettingError
from hub.settings import values
from hub.settings.table import CONFIG, PREFIX, SETTINGS
from hub.settings.values import BrokerAddress, HttpAddress

_TOKEN_LENGTH = 16
_Token = Annotated[SecretStr | None, BeforeValidator(values.token)]


def _field(name: str) -> Any:
    """A field with the default and the help of the table."""
    return Field(default=SETTINGS[name].default, description=SETTINGS[name].help)


class Settings(BaseSettings):
    """All settings; see `hub.settings.table` for names and help."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
        enable_decoding=False,  # an address is text, not JSON, in the environment too
    )

    broker: Annotated[BrokerAddress, BeforeValidator(BrokerAddress.parse)] = _field("broker")
    broker_ca: FilePath | None = _field("broker_ca")
    public_broker: (
        Annotated[tuple[BrokerAddress, ...], BeforeValidator(values.public_brokers)] | None
    ) = _field("public_broker")
    broker_admin: Annotated[BrokerAddress, BeforeValidator(BrokerAddress.parse)] | None = _field(
        "broker_admin"
    )
    client_id: Annotated[str, BeforeValidator(values.client_id)] = _field("client_id")
    group: Annotated[str, BeforeValidator(values.group)] = _field("group")
    booths: Annotated[tuple[str, ...], BeforeValidator(values.booths)] = _field("booths")
    domains: Annotated[tuple[str, ...], BeforeValidator(values.domains)] = _field("domains")
    root: Annotated[str, BeforeValidator(values.root)] = _field("root")
    store: str = _field("store")
    influx_token: _Token = _field("influx_token")
    influx_token_file: FilePath | None = _field("influx_token_file")
    data: Path = _field("data")
    outbox_limit: Annotated[int, BeforeValidator(values.byte_size)] = _field("outbox_limit")
    quota_readings: Annotated[int, Field(ge=0)] = _field("quota_readings")
    quota_bytes: Annotated[int, BeforeValidator(values.byte_rate)] = _field("quota_bytes")
    quota_devices: Annotated[int, Field(ge=0)] = _field("quota_devices")
    past: Annotated[int, BeforeValidator(values.past)] = _field("past")
    http: Annotated[HttpAddress, BeforeValidator(HttpAddress.parse)] = _field("http")
    public_http: Annotated[str, BeforeValidator(values.public_http)] | None = _field("public_http")
    ops_token: _Token = _field("ops_token")
    grafana: Annotated[str, BeforeValidator(values.web_address)] = _field("grafana")
    grafana_token: _Token = _field("grafana_token")
    zone: FilePath | None = _field("zone")
    kinds: DirectoryPath | None = _field("kinds")
    log: Annotated[str, BeforeValidator(values.level)] = _field("log")

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
        path = os.environ.get(CONFIG) or "hub.toml"
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(path))

    @property
    def reached_broker(self) -> BrokerAddress:
        """The broker's address as devices reach it; the first, if there are several."""
        return self.reached_brokers[0]

    @property
    def reached_brokers(self) -> tuple[BrokerAddress, ...]:
        """All addresses of the broker that devices may use."""
        return self.public_broker or (self.broker,)

    @property
    def samples(self) -> list[str]:
        """The settings whose secrets are those of the documentation's examples."""
        secrets: dict[str, str | None] = {
            "HUB_BROKER": self.broker.password,
            "HUB_BROKER_ADMIN": None if self.broker_admin is None else self.broker_admin.password,
            "HUB_OPS_TOKEN": None if self.ops_token is None else self.ops_token.get_secret_value(),
        }
        return [name for name, secret in secrets.items() if values.is_sample(secret)]

    @property
    def short_token(self) -> str | None:
        """Why HUB_OPS_TOKEN is too short for an address beyond this machine, if it is."""
        token = None if self.ops_token is None else self.ops_token.get_secret_value()
        if token is None or len(token) >= _TOKEN_LENGTH:
            return None
        return (
            f"HUB_OPS_TOKEN has {len(token)} characters: it can be guessed, by whoever a proxy on "
            f"this machine lets through; use {_TOKEN_LENGTH} or more"
        )

    @property
    def one_of_several(self) -> bool:
        """Whether other hubs take the other readings, so that a wall shows those of all."""
        return bool(self.group or self.booths)

    @property
    def mqtt_client_id(self) -> str:
        """The client id to use."""
        if self.client_id:
            return self.client_id
        if not self.one_of_several:
            return "smartlife-hub"
        return f"smartlife-hub-{socket.gethostname()}"[:64]

    @property
    def wall_client_id(self) -> str:
        """The client id of a wall, of which there may be several on a machine."""
        return self.client_id or f"smartlife-wall-{socket.gethostname()[:40]}-{self.http.port}"


def load(flags: Mapping[str, Any] | None = None) -> Settings:
    """Load the settings; `flags` are those given on the command line.

    Raises:
        SettingError: one is unknown or impossible; the message names it, the value and the way out.
    """
    _check_names()
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as exc:
        raise SettingError(_in_words(exc)) from exc
    except (OSError, ValueError, RecursionError) as exc:
        path = os.environ.get(CONFIG) or "hub.toml"
        raise SettingError(f"{CONFIG}: {path}: {exc}; correct the file") from exc
    _check_reach(settings)
    _check_token(settings)
    return settings


class _Given(Settings):
    """Settings from a program's arguments alone."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings gives it all
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use only the arguments."""
        return (init_settings,)


def given(values: Mapping[str, Any]) -> Settings:
    """Validate settings given by a program; the environment and the file are not read.

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
    if config and not Path(config).is_file():
        raise SettingError(f"{CONFIG}: {config} is no file; write the path of one that is there")
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingError(f"{name}: there is no such setting; {_nearest(name, known)}")


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"


_USER = re.compile(r"^(\w+://)?.*@", re.DOTALL)
_NO_PORT = re.compile(
    r"(\w+://[^\[\]:/@\s,]*:)(?!\d{1,5}(?:[/?\s,]|$)|[a-z]{1,5}$).+?(?=[\s,]+\w+://|$)", re.DOTALL
)
"""What stands in the place of a port and hardly is a misspelt one: a password without its host."""
_WAYS_OUT = {
    "path_not_file": "is no file; write the path of one that is there",
    "path_not_directory": "is no folder; write the path of one that is there",
    "string_type": "is no text; write it in quotes",
    "path_type": "is no path; write one, in quotes",
    "greater_than_equal": "is below 0; write 0 for any number",
    "int_parsing": "is no whole number; write it in digits, like 2000",
}


def _in_words(exc: ValidationError) -> str:
    """Name the setting, the value and the way out; a password in an address is left out."""
    error: Any = exc.errors()[0]
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting; {_nearest(name, set(Settings.model_fields))}"
    reason = str(error.get("ctx", {}).get("error", error["msg"]))
    reason = _WAYS_OUT.get(error["type"], reason)
    given = _USER.sub(r"\1…@", str(error["input"]))
    given = _NO_PORT.sub(r"\1…", given)
    value = "" if SETTINGS[name].secret else f"{given} "
    return f"{PREFIX}{name.upper()}: {value}{reason}"


def _check_token(settings: Settings) -> None:
    if settings.influx_token is not None and settings.influx_token_file is not None:
        raise SettingError(
            f"HUB_INFLUX_TOKEN_FILE: {settings.influx_token_file}: HUB_INFLUX_TOKEN is set too; "
            "leave one of them out"
        )


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
