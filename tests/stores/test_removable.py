"""A store that visitors take away: closed for a while, and opened again with all that it held."""

import pytest

from hub.clock import HeldClock
from hub.errors import StoreUnavailable
from hub.stores import SqliteStore
from hub.stores.removable import LONGEST, RemovableStore
from hub.stores.store import Query


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


async def test_a_kind_is_declared_to_the_store_that_is_there_and_not_while_it_is_away(
    tmp_path, kinds, clock: HeldClock
):
    store = RemovableStore(lambda: SqliteStore(tmp_path / "store.db", {}), clock)
    await store.declare(kinds["thermostat"])
    written = b"thermostat,booth=b1,device=t1,domain=smart_home temperature=21.5 1"
    assert await store.write([written]) == []
    assert len(await store.query(Query("thermostat", 0, 2))) == 1
    await store.take_away()
    with pytest.raises(StoreUnavailable):
        await store.declare(kinds["drone"])
    await store.close()
