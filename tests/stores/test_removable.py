"""A store that visitors take away: closed for a while, and opened again with all that it held."""

import pytest

from hub.clock import HeldClock
from hub.errors import StoreUnavailable
from hub.stores import SqliteStore
from hub.stores.removable import LONGEST, RemovableStore


async def test_it_comes_back_by_itself(tmp_path, kinds, clock: HeldClock):
    opened = []

    def open_store() -> SqliteStore:
        opened.append(SqliteStore(tmp_path / "store.db", kinds))
        return opened[-1]

    store = RemovableStore(open_store, clock)
    await store.take_away()
    with pytest.raises(StoreUnavailable, match="back in 60 s"):
        await store.write([])
    with pytest.raises(StoreUnavailable, match="stopping"):
        await opened[0].write([])
    clock.advance(LONGEST)
    assert await store.write([]) == []
    assert len(opened) == 2
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.write([])
