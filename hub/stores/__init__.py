"""Stores: the databases for readings. `open_store` selects one by its address."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from hub.errors import SettingError
from hub.settings import Settings
from hub.stores.memory import MemoryStore
from hub.stores.sqlite import SqliteStore
from hub.stores.store import Store
from schemas import KindSpec

__all__ = ["MemoryStore", "SqliteStore", "open_store", "shown", "store_of"]


def open_store(
    address: str,
    data: Path,
    kinds: Mapping[str, KindSpec],
    influx_token: SecretStr | None = None,
    influx_token_file: Path | None = None,
) -> Store:
    """Open the store that `address` names.

    ``sqlite:`` is `store.db` in the data folder, ``sqlite:PATH`` another file, ``influx://…`` and
    ``influxs://…`` a bucket of InfluxDB, ``memory:`` a store in the process's memory.

    Raises:
        SettingError: no such store.
        StoreError: the store cannot be opened.
    """
    scheme, _, rest = address.partition(":")
    if scheme == "sqlite":
        return SqliteStore(Path(rest) if rest else data / "store.db", kinds)
    if scheme in {"influx", "influxs"}:
        # Imported late: influxdb-client takes a second.
        from hub.stores.influx.address import InfluxAddress
        from hub.stores.influx.store import InfluxStore
        from hub.stores.influx.token import Token

        secret = influx_token.get_secret_value() if influx_token is not None else None
        token = Token(secret, influx_token_file)
        return InfluxStore(InfluxAddress.parse(address), kinds, token)
    if scheme == "memory" and not rest:
        return MemoryStore(kinds)
    raise SettingError(
        f"HUB_STORE: {shown(address)!r} is no store; use sqlite:, sqlite:PATH or "
        "influx://host:8086/BUCKET?org=ORG"
    )


def store_of(settings: Settings, kinds: Mapping[str, KindSpec]) -> Store:
    """Open the store that the settings name; raises as `open_store` does."""
    tokens = settings.influx_token, settings.influx_token_file
    return open_store(settings.store, settings.data, kinds, *tokens)


def shown(address: str) -> str:
    """Return an address without account and organization, for logs and people."""
    scheme, found, rest = address.partition("://")
    if not found:
        return address
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"
