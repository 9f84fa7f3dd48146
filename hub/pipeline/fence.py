"""Fences: catch unforeseen errors at each border, so that no outside input ends the hub.

An unforeseen error becomes what the border handles anyway: a rejection of one message, or an
unavailable store. It is counted and logged with its traceback.
"""

import logging
from collections.abc import Callable
from time import monotonic
from traceback import extract_tb

from hub import topics
from hub.dialects import DIALECTS
from hub.errors import HubError, StoreUnavailable
from hub.limits.log_throttle import LogThrottle
from hub.messages import Rejection
from hub.pipeline import rejections
from hub.stores.store import Query, Store, StoredRow

PLACES = 100

log = logging.getLogger("hub.pipeline.fence")


class Fence:
    """Counts unforeseen errors (`caught`), and logs a traceback for each line that raised one.

    Repeated errors of one line are rate-limited.

    Args:
        now: the time in seconds; it must not step.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._places: dict[tuple[str, int | None], LogThrottle] = {}
        self.caught = 0

    def catch(self, exc: BaseException, said: str) -> None:
        """Count an error, and log it with the message `said`.

        Raises:
            BaseException: it is no error but an end: KeyboardInterrupt, CancelledError.
        """
        # A panic of a Rust extension (pydantic-core, orjson) is a BaseException.
        if not isinstance(exc, Exception) and type(exc).__name__ != "PanicException":
            raise exc
        self.caught += 1
        innermost = extract_tb(exc.__traceback__)[-1:]
        place = next(((frame.filename, frame.lineno) for frame in innermost), ("", None))
        if place not in self._places:
            if len(self._places) >= PLACES:
                del self._places[next(iter(self._places))]
            self._places[place] = LogThrottle(self._now)
        throttle = self._places[place]
        if throttle.due():
            before = throttle.pop_throttled()
            often = f"; {before} times more since it was last said" if before else ""
            log.error("%s%s: an error in the hub", said, often, exc_info=exc)


class DecodeFence(Fence):
    """Turns an unforeseen error of the decoder into a rejection `internal`."""

    def __init__(self, root: str, now: Callable[[], float] = monotonic) -> None:
        super().__init__(now)
        self._root = root

    def rejection(self, exc: BaseException, topic: str, payload: bytes, at: int) -> Rejection:
        """Return the rejection of the message that raised `exc`; see `Fence.catch`."""
        self.catch(exc, f"a message on {topic[:256]!r} was rejected as internal")
        try:
            parsed = topics.parse(self._root, topic)
        except Exception:
            parsed = None
        address = parsed.address if isinstance(parsed, topics.Topic) else None
        booth = parsed.booth if isinstance(parsed, topics.BadTopic) else None
        if address is not None and address.kind in DIALECTS:  # its second level names no kind
            booth, address = address.booth, None
        return rejections.internal(address, topic, payload, at, booth)


class StoreFence(Fence):
    """Turns an unforeseen error of a store's client into StoreUnavailable."""

    def unavailable(self, exc: Exception) -> StoreUnavailable:
        """Return the error as StoreUnavailable; see `Fence.catch`."""
        self.catch(exc, "the store's answer cannot be used")
        return StoreUnavailable(
            f"the hub could not read the store's answer ({type(exc).__name__}); is HUB_STORE "
            "right? The hub's log has the traceback: report it"
        )

    async def query(self, store: Store, query: Query) -> list[StoredRow]:
        """Return stored rows; StoreUnavailable for any unforeseen error."""
        try:
            return await store.query(query)
        except HubError:
            raise
        except Exception as exc:
            raise self.unavailable(exc) from exc
