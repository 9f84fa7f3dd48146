"""Stores: where readings are kept for good. `open_store` picks one by its address."""

from collections.abc import Mapping
from pathlib import Path

from hub.errors import SettingError
from hub.store import Store
from hub.stores.memory import MemoryStore
from hub.stores.sqlite import SqliteStore
from schemas import KindSpec

__all__ = ["MemoryStore", "SqliteStore", "open_store"]


def open_store(address: str, data: Path, kinds: Mapping[str, KindSpec]) -> Store:
    """Open the store that `address` names.

    ``sqlite:`` is `store.db` in the data folder, ``sqlite:PATH`` another file, ``memory:`` a store
    that is gone with the process.

    Raises:
        SettingError: no such store.
        StoreError: the store cannot be opened.
    """
    scheme, _, rest = address.partition(":")
    if scheme == "sqlite":
        return SqliteStore(Path(rest) if rest else data / "store.db", kinds)
    if scheme == "memory" and not rest:
        return MemoryStore(kinds)
    raise SettingError(f"HUB_STORE: {address!r} is no store; use sqlite: or sqlite:PATH")
