"""The broker's log: who was refused, and how much it retains; read on a separate connection."""

import logging
from collections.abc import Sequence

from hub.booths.acl import ADMIN, BROKER_LOG, DEMO, HUB, RETAINED, control_id
from hub.clock import Clock
from hub.live.log_ins import LogIns, Owner
from hub.mqtt.codec import PublishPacket
from hub.mqtt.connecting import Broker
from hub.mqtt.filters import log_filters
from hub.mqtt.session import Receive, Session
from hub.mqtt.subscriber import Subscriber
from hub.settings import Settings
from hub.status.retained import Retained

_DELAY = 60.0
"""Seconds between two attempts to read the log, at most; the account may be without the right."""


class BrokerLog:
    """Follows the broker's log, on a second connection: its messages are no readings."""

    def __init__(self, settings: Settings, owner: Owner, clock: Clock) -> None:
        self._settings = settings
        self.retained = Retained()
        self.log_ins = LogIns(settings.root, owner, clock, staff(settings))
        self._source = Subscriber(
            Broker(settings.broker, f"{settings.mqtt_client_id}-log", settings.broker_ca),
            log_filters((*BROKER_LOG, RETAINED)),
            _to_each(self.log_ins.receive, self.retained.receive),
            _nothing,
            [],
            _nothing,
            session_expiry=0,
            noticed=self.log_ins.noticed,
            longest_delay=_DELAY,
            logger=logging.getLogger("hub.broker_log"),
        )

    async def follow(self, source: Subscriber) -> None:
        """Follow the log once `source` is subscribed; return where it can tell nothing.

        Without accounts it names none. And only at a listener of the hub's own: at one for
        exhibitors the client id is the account's name, and the second connection would take over
        the session of the first, and lose what the broker holds for it.
        """
        broker = self._settings.broker
        reached = {address.port for address in self._settings.reached_brokers}
        if broker.username is not None and not broker.tls and broker.port not in reached:
            await source.ready.wait()
            await self._source.run()


def staff(settings: Settings) -> frozenset[str]:
    """Return the names and client ids with which the hub, its commands and the desk log in."""
    hub = settings.mqtt_client_id
    own = settings.broker.username or HUB
    admin = (settings.broker_admin and settings.broker_admin.username) or ADMIN
    ids = (hub, f"{hub}-log", f"{hub}-doctor", control_id(admin))
    return frozenset((*ids, own, admin, DEMO))


def _to_each(*receivers: Receive) -> Receive:
    """A receiver that passes each batch on to several."""

    def receive(session: Session, messages: Sequence[PublishPacket]) -> None:
        for receiver in receivers:
            receiver(session, messages)

    return receive


async def _nothing(_: object = None) -> None:
    """Remember nothing of the session in which the broker's log is read."""
