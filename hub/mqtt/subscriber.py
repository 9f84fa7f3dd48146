"""The subscriber: connects to the broker, subscribes, and reconnects after each fault."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence

from hub.errors import BrokerError, OutboxError, SessionTaken
from hub.limits.backoff import Backoff
from hub.mqtt.broker_capabilities import lacks
from hub.mqtt.codec import (
    MAX_PACKET_SIZE,
    ConnectPacket,
    TopicFilter,
)
from hub.mqtt.conformance import RECEIVE_MAXIMUM
from hub.mqtt.connecting import CONNECT_TIMEOUT, SESSION_EXPIRY, Broker, describe_error, tls_context
from hub.mqtt.filters import optional, without_retained
from hub.mqtt.session import Receive, Session
from schemas import Label

KEEP_ALIVE = 15
"""Seconds between signs of life."""
_SUBSCRIPTION_IDENTIFIERS = 268_435_455
FIRST_DELAY, LONGEST_DELAY = 0.25, 10.0
_STABLE = 10.0
_SUSPICIOUS = 3

log = logging.getLogger("hub.source")


class Subscriber:
    """Subscribes, resumes the session after faults, and delivers each batch of messages.

    Args:
        broker: its address and our client id.
        filters: the topic filters to subscribe to.
        receive: called with each batch of messages.
        on_session_lost: awaited before SUBSCRIBE when CONNACK has Session Present = 0.
        known_filters: the patterns subscribed when the session was last used, to drop stale ones.
        remember: awaited with the patterns once they are subscribed.
        retained: filters of the retained messages to read again whenever the session is resumed.
        all_retained: whether all of them are to be read again then.
        session_expiry: Session Expiry Interval in seconds.
        noticed: called with whether we are connected, each time that it changes.
        longest_delay: seconds between two attempts to connect, at most.
        logger: where to log what becomes of the connection.

    `unforeseen` counts connections that ended in an unforeseen error. `refused` are the filters
    that the broker refused, with its reasons: any but the first, which is needed, costs no other.
    `lacks` says what the broker cannot do.
    """

    def __init__(
        self,
        broker: Broker,
        filters: Sequence[TopicFilter],
        receive: Receive,
        on_session_lost: Callable[[], Awaitable[None]],
        known_filters: Sequence[str],
        remember: Callable[[list[str]], Awaitable[None]],
        retained: Sequence[TopicFilter] = (),
        all_retained: Callable[[], bool] = lambda: False,
        session_expiry: int = SESSION_EXPIRY,
        noticed: Callable[[bool], None] = lambda _: None,
        longest_delay: float = LONGEST_DELAY,
        logger: logging.Logger = log,
    ) -> None:
        self._broker = broker
        self._filters = filters
        self._receive = receive
        self._on_session_lost = on_session_lost
        self._known_filters = list(known_filters)
        self._remember = remember
        self._retained, self._all_retained = retained, all_retained
        self._session_expiry = session_expiry
        self._noticed = noticed
        self._longest_delay = longest_delay
        self._log = logger
        self._subscribed = False
        self._session: Session | None = None
        self._short_lived = 0
        self.unforeseen = 0
        self.refused: dict[str, str] = {}
        self.lacks: list[Label] = []
        self._traced = ""
        self.connected = False
        self.last_error: str | None = "not connected yet"
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Stay connected until cancelled; reconnects after every fault, with back-off."""
        backoff = Backoff(FIRST_DELAY, self._longest_delay, random.random)
        try:
            while True:
                try:
                    lasted = await self._once()
                except Exception as exc:
                    self._did_not_foresee(exc)
                    lasted = 0.0
                if lasted > _STABLE:
                    backoff.reset()
                await asyncio.sleep(backoff.pause())
        finally:
            self.connected = False
            if self._session is not None:
                self._session.close()

    async def _once(self) -> float:
        """Connect once and receive until closed; return how many seconds it lasted."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT) as patience:
                session = await self._open(patience)
        except (BrokerError, OutboxError, OSError, TimeoutError) as exc:
            self._report(exc)
            return 0.0
        opened = loop.time()
        self.connected, self.last_error = True, None
        self._log.info("connected to %s", self._broker.address)
        self._noticed(True)
        self.ready.set()
        pinging = asyncio.create_task(session.keep_alive_forever(), name="hub.keep_alive")
        try:
            end = await session.closed()
        finally:
            pinging.cancel()
            self.connected = False
            self._noticed(False)
        self._ended(end, loop.time() - opened)
        return loop.time() - started

    async def _open(self, patience: asyncio.Timeout) -> Session:
        address = self._broker.address
        loop = asyncio.get_running_loop()
        _, session = await loop.create_connection(
            self._new_session,
            address.host,
            address.port,
            ssl=tls_context(self._broker.ca) if address.tls else None,
        )
        self._session = session
        try:
            present = await session.connected()
            self._look_at(session)
            # The SUBACK may follow a long queue: only silence means that there is no answer.
            patience.reschedule(None)
            await self._subscribe(session, present)
        except BaseException:
            session.close()
            raise
        return session

    def _look_at(self, session: Session) -> None:
        """Note what the broker cannot do, and log it once."""
        found = lacks(
            session.connack,
            shared=any(item.pattern.startswith("$share/") for item in self._filters),
            session_expiry=self._session_expiry,
            knew_session=bool(self._known_filters),
        )
        for label in found:
            if label not in self.lacks:
                self._log.warning("%s: %s", self._broker.address, label.en)
        self.lacks = found

    def _new_session(self) -> Session:
        address = self._broker.address
        return Session(
            ConnectPacket(
                self._broker.client_id,
                username=address.username,
                password=address.password.encode() if address.password is not None else None,
                clean_start=False,
                keep_alive=KEEP_ALIVE,
                session_expiry_interval=self._session_expiry,
                receive_max=RECEIVE_MAXIMUM,
                max_packet_size=MAX_PACKET_SIZE,
            ),
            self._receive,
        )

    async def _subscribe(self, session: Session, present: bool) -> None:
        """Subscribe; retained messages are sent for a new session, and once in each run.

        With filters that overlap, some brokers would send a reading twice: all of what is retained
        is read by the filters that there are.
        """
        if not present:
            await self._on_session_lost()
        filters = self._filters
        if present and self._subscribed:
            await self._subscribe_again(session, filters)
        else:
            await self._subscribe_anew(session, filters, present)
        self._subscribed = filters is self._filters
        if not self._subscribed:  # `use` came while the SUBACK was awaited
            await self._subscribe(session, present=True)

    async def _subscribe_again(self, session: Session, filters: Sequence[TopicFilter]) -> None:
        # A broker that was killed may have saved our session without its subscriptions.
        everything = self._all_retained()
        again = filters if everything else [without_retained(item) for item in filters]
        subscription_id = _new_subscription_id()
        self._note(await session.subscribe(again, subscription_id, optional(filters)))
        if self._retained and not everything:
            await session.subscribe(self._retained, subscription_id)
            session.unsubscribe([item.pattern for item in self._retained])

    async def _subscribe_anew(
        self, session: Session, filters: Sequence[TopicFilter], present: bool
    ) -> None:
        patterns = [item.pattern for item in filters]
        stale = [pattern for pattern in self._known_filters if pattern not in patterns]
        # A crash may have come before they were unsubscribed.
        stale += [item.pattern for item in self._retained]
        if present and stale:
            session.unsubscribe(stale)
        self._note(await session.subscribe(filters, _new_subscription_id(), optional(filters)))
        if patterns != self._known_filters:
            await self._remember(patterns)
            self._known_filters = patterns

    def _note(self, refused: dict[str, str]) -> None:
        """Note the filters that were refused, and log them once."""
        if refused and refused != self.refused:
            said = ", ".join(f"{pattern} ({why})" for pattern, why in refused.items())
            self._log.warning(
                "%s: the broker refused to subscribe %s; what is published there does not arrive. "
                "hub booth add gives the right to a booth's own topics",
                self._broker.address,
                said,
            )
        self.refused = refused

    async def use(self, filters: Sequence[TopicFilter]) -> None:
        """Subscribe to these filters from now on; a connection that is up stays so."""
        before = [item.pattern for item in self._filters]
        patterns = [item.pattern for item in filters]
        if patterns == before and not self.refused:
            return
        self._filters = filters
        self._subscribed = False  # should it fail: the next connection does all of it
        session = self._session
        if session is None or not self.connected:
            return
        stale = [pattern for pattern in before if pattern not in patterns]
        new = {*patterns} - ({*before} - self.refused.keys())
        added = [item for item in filters if item.pattern in new]
        try:
            if stale:
                session.unsubscribe(stale)
            if added:
                asked = session.subscribe(added, _new_subscription_id(), optional(filters))
                self._note(await asked)
            else:
                self._note({})
            await self._remember(patterns)
        except (BrokerError, OutboxError, OSError) as exc:
            self._report(exc)
            session.close()
            return
        self._known_filters, self._subscribed = patterns, True

    def _report(self, exc: BaseException) -> None:
        self._report_error(f"{self._broker.address}: {describe_error(exc, self._broker.address)}")

    def _did_not_foresee(self, exc: Exception) -> None:
        """Count an unforeseen error; its traceback is logged once, until another one occurs."""
        self.unforeseen += 1
        said = (
            f"{self._broker.address}: an unforeseen {type(exc).__name__}: {exc}; the log has the "
            "traceback"
        )
        if said != self.last_error:
            self._log.error("%s", said, exc_info=exc if said != self._traced else None)
        self.last_error = self._traced = said

    def _report_error(self, said: str) -> None:
        """Set `last_error`, and log it once."""
        if said != self.last_error:
            self._log.warning("%s", said)
        self.last_error = said

    def _ended(self, end: Exception | None, lasted: float) -> None:
        """Report why the connection ended, and after several short ones the possible causes.

        Only reason code 142 proves that another client has our client id; Mosquitto before 2.0.15
        closes the connection then without a DISCONNECT.
        """
        self._short_lived = self._short_lived + 1 if lasted < _STABLE else 0
        if end is not None and not isinstance(end, BrokerError):
            self._did_not_foresee(end)
            return
        end = end or BrokerError("closed")
        if self._short_lived < _SUSPICIOUS or isinstance(end, SessionTaken):
            self._report(end)
            return
        self._report_error(
            f"{self._broker.address}: {end}; this happened {self._short_lived} times in a row. "
            "Possible causes: a network that breaks, a broker that restarts or refuses what it "
            f"gets (see its log), or a second client with the client id {self._broker.client_id} "
            "(give each hub its own HUB_CLIENT_ID)"
        )

    def publish(self, topic: str, payload: bytes, correlation_data: bytes | None = None) -> bool:
        """Publish with QoS 0 if connected; returns whether it was sent."""
        if self._session is None or not self.connected:
            return False
        return self._session.publish(topic, payload, correlation_data)

    def pause(self) -> None:
        """Stop reading from the broker."""
        if self._session is not None:
            self._session.pause()

    def close(self, *, forget: bool = False) -> None:
        """Close the connection; the broker keeps the session unless `forget` is set."""
        with contextlib.suppress(BrokerError):
            if self._session is not None:
                self._session.close(forget=forget)


def _new_subscription_id() -> int:
    """A new one on each connection marks what was published before it: see `redelivery`."""
    return random.randint(1, _SUBSCRIPTION_IDENTIFIERS)
