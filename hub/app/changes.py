"""Applies changes while a hub runs: of the zone file, the kinds, and the native topics."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Collection

from hub.booths.natives import Natives
from hub.errors import ZoneError
from hub.event.catalogue import Catalogue
from hub.event.plan import ZonePlan
from hub.event.wishes import Wishes
from hub.event.zone import Zone
from hub.live.devices import Live
from hub.live.liveness import cadences
from hub.mqtt.codec import TopicFilter
from hub.mqtt.filters import topic_filters
from hub.mqtt.subscriber import Subscriber
from hub.pipeline.decode import Decoder
from hub.pipeline.dialect_routes import Dialects
from hub.settings import Settings
from hub.stores.store import Store
from schemas import KindSpec

Filters = Callable[[Settings, Zone, Dialects], list[TopicFilter]]

log = logging.getLogger("hub")


def filters(settings: Settings, zone: Zone, dialects: Dialects) -> list[TopicFilter]:
    """Return the topic filters of the hub, those of native topics among them."""
    booths = zone.booths_of(settings.booths)
    return topic_filters(settings.root, settings.group, native_topics(dialects, booths), booths)


def native_topics(dialects: Dialects, booths: Collection[str]) -> list[str]:
    """Return the topic filters outside the root, of `booths` or of all."""
    return [item.pattern for item in dialects.native if not booths or item.booth in booths]


class Changes:
    """Passes changes of the event on to the parts of a running hub."""

    def __init__(
        self,
        settings: Settings,
        plan: ZonePlan,
        catalogue: Catalogue,
        natives: Natives,
        store: Store,
        decoder: Decoder,
        live: Live,
        source: Subscriber,
        filters: Filters = filters,
    ) -> None:
        self._settings, self._plan, self._catalogue = settings, plan, catalogue
        self._natives, self._store, self._decoder = natives, store, decoder
        self._live, self._source, self._filters = live, source, filters
        self._declaring = asyncio.Lock()
        self.wishes = Wishes(settings.data / "kinds.wishes")
        self._expect(plan.zone)
        plan.follow(self._use)

    async def declare(self, text: bytes) -> KindSpec:
        """Take a new kind, declared as JSON Schema; readings of it count from now on.

        Raises:
            KindError: the declaration cannot be used or kept.
            StoreUnavailable: the store cannot take it now.
        """
        async with self._declaring:  # two of one name at once: the second finds the first
            spec = self._catalogue.check(text)
            await self._store.declare(spec)
            self._catalogue.add(spec)
        self._decoder.add(spec)
        self.wishes.end(spec.name)
        self._expect(self._plan.zone)
        self._live.broadcast.announce("zone")
        log.info("the kind %s was declared", spec.name)
        return spec

    async def reload_on_hangup(self) -> None:
        """Read the zone file again at each SIGHUP, as `systemctl reload` sends it."""
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        # A loop in another thread than the first gets no signals (a hub in a test).
        with contextlib.suppress(RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGHUP, asked.set)
        while True:
            await asked.wait()
            asked.clear()
            try:
                await self._plan.reload()
            except ZoneError:
                pass  # the plan has logged it
            except Exception:  # nothing that a file holds may end the hub
                log.exception("the zone file was not read again, by an unforeseen error")

    async def follow_natives(self) -> None:
        """Follow what accounts have for topics outside the root."""
        await self._natives.follow(self._use_dialects, lambda: bool(self._source.refused))

    def added(self, booth: str) -> None:
        """Expect the devices of a booth that gets accounts; with its last ones it lost them."""
        self._live.roster.expect_again(booth)
        self._live.broadcast.announce("zone")

    async def _use(self, zone: Zone) -> None:
        """Use a zone file that was read again."""
        self._expect(zone)
        self._live.broadcast.announce("zone")
        await self._use_dialects()

    async def _use_dialects(self) -> None:
        dialects = self._natives.dialects()
        self._decoder.translator.use(dialects)
        await self._source.use(self._filters(self._settings, self._plan.zone, dialects))

    def _expect(self, zone: Zone) -> None:
        self._decoder.names.plan(zone.planned().keys())
        booths = zone.booths_of(self._settings.booths)
        self._live.expect(cadences(zone, self._live.kinds, booths))
