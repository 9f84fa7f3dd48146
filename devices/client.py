"""One device as a real MQTT client: birth message, readings, Last Will, and coming back."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import aiomqtt
from aiomqtt.exceptions import MqttConnectError

from devices.broker import Broker, Mqtt
from devices.catalogue import thing
from devices.declared import known_kinds
from devices.dialects import Sign
from devices.errors import BrokerUnreachableError
from devices.faults import Fault, Faults
from devices.hall import in_hall
from devices.speech import NATIVE, Manner, Packet, speech_of
from devices.thing import START_HOUR
from devices.wire import Address, Ts
from devices.zone import Origin

log = logging.getLogger("devices")

#: How long an answer of the broker, or the farewell at the end, may take, in seconds.
PATIENCE = 5.0
KEEP_ALIVE = 15
#: Full jitter: the pause before attempt n is uniform in 0..min(LONGEST, FIRST * 2^n) seconds
#: (M. Brooker, "Exponential backoff and jitter", AWS architecture blog, 2015).
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
#: A message that ended the connection so often in a row is given up: the broker refuses it.
TRIES = 3

_VERSIONS = {Mqtt.V311: aiomqtt.ProtocolVersion.V311, Mqtt.V5: aiomqtt.ProtocolVersion.V5}


@dataclass(frozen=True, slots=True)
class Habits:
    """How devices publish.

    `rate` is in readings a second (`None`: as the kind declares), `qos` 0 to 2, `count` the number
    of readings after which a device stops (`None`: never), `fault_share` the share of readings
    that `faults` spoil. With `wait`, a broker that is not there yet is waited for.
    """

    rate: float | None = None
    qos: int = 1
    ts: Ts = Ts.EPOCH
    faults: tuple[Fault, ...] = ()
    fault_share: float = 0.1
    count: int | None = None
    wait: bool = False
    hour: float = START_HOUR


#: A reading as often as the kind declares, QoS 1, epoch milliseconds, nothing wrong.
USUAL = Habits()


class Device:
    """A thing of the address's kind that publishes to `broker` until it is cancelled.

    The `rate` of its habits counts before the `interval` of its manner.

    With the `origin` of a hall it moves there instead of in the demo's.

    `interval` is in seconds between two readings; `published` counts messages.
    Readings are a function of `seed` alone; only `ts` comes from the clock, which is
    `nanoseconds`, the time since the Unix epoch.

    Raises:
        UnknownKindError: the address names a kind that has no file under `schemas/`.
    """

    def __init__(
        self,
        broker: Broker,
        address: Address,
        *,
        seed: int = 0,
        habits: Habits = USUAL,
        manner: Manner = NATIVE,
        origin: Origin | None = None,
        nanoseconds: Callable[[], int] = time.time_ns,
    ) -> None:
        self.broker = broker
        self.address = address
        self.habits = habits
        self.published = 0
        self._thing = thing(address.kind, seed, hour=habits.hour)
        self._jitter = Random(f"jitter/{seed}")
        faults = Faults(
            known_kinds()[address.kind], habits.faults, Random(f"faults/{seed}"), habits.fault_share
        )
        self._speech = speech_of(address, manner, habits.ts, faults)
        self._origin = origin
        self._nanoseconds = nanoseconds
        usual = manner.interval or known_kinds()[address.kind].interval
        self.interval = 1 / habits.rate if habits.rate else usual
        self._unsent: deque[Packet] = deque()
        self._tries = 0
        self._read = 0
        self._due = 0.0

    async def run(self, *, first_after: float = 0.0) -> None:
        """Publish, and come back after each lost connection, until `count` or cancelled.

        The first reading follows after `first_after` seconds. Leaves `offline` behind, retained.

        Raises:
            BrokerUnreachableError: the first attempt to connect failed (and `wait` is not set).
        """
        self._due = asyncio.get_running_loop().time() + first_after
        attempt, met = 0, self.habits.wait
        while not self._done:
            _mind_cancelled()
            client = self._client()
            try:
                async with client:
                    attempt, met = 0, True
                    await self._serve(client)
            except aiomqtt.MqttError as exc:
                _mind_cancelled()
                if not met:
                    raise _unreachable(self.broker, exc) from exc
                log.warning("%s: %s: %s", self.address.topic, self.broker, exc)
                await asyncio.sleep(pause(self._jitter, attempt))
                attempt += 1
            finally:
                _look_at_end(client)

    @property
    def _done(self) -> bool:
        return self._read == self.habits.count and not self._unsent

    def _client(self) -> aiomqtt.Client:
        address, will = self.address, self._presence(Sign.LOST)
        return aiomqtt.Client(
            self.broker.host,
            self.broker.port,
            username=self.broker.username,
            password=self.broker.password,
            identifier=f"{address.booth}.{address.kind}.{address.device}",
            protocol=_VERSIONS[self.broker.version],
            will=aiomqtt.Will(will.topic, will.payload, qos=1, retain=True),
            keepalive=KEEP_ALIVE,
            timeout=PATIENCE,
            tls_context=self.broker.trust(),
            max_queued_incoming_messages=100,
        )

    async def _serve(self, client: aiomqtt.Client) -> None:
        """Say `online`, publish, and say `offline` on the way out while there is a connection."""
        try:
            for packet in (*self._speech.births(), self._presence(Sign.ONLINE)):
                await client.publish(packet.topic, packet.payload, qos=1, retain=True)
            if self._speech.answers is not None:
                # Before anything that may cost the connection: only then is its loss seen at once.
                await client.subscribe(self._speech.answers, qos=0)
            _mind_cancelled()
            await self._talk(client)
        except asyncio.CancelledError:
            await self._farewell(client)
            raise
        await self._farewell(client)

    async def _talk(self, client: aiomqtt.Client) -> None:
        lost: BaseExceptionGroup[aiomqtt.MqttError] | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                hearing = tasks.create_task(self._hear(client), name=f"hear {self.address.topic}")
                await self._publish(client)
                hearing.cancel()
        except* aiomqtt.MqttError as group:
            lost = group
        if lost is not None:
            raise aiomqtt.MqttError(str(lost.exceptions[0])) from lost

    async def _farewell(self, client: aiomqtt.Client) -> None:
        """Without an answer in time the Last Will says the same."""
        try:
            gone = self._presence(Sign.OFFLINE)
            await client.publish(gone.topic, gone.payload, qos=1, retain=True)
        except aiomqtt.MqttError as exc:
            log.debug("%s: no farewell: %s", self.address.topic, exc)

    async def _hear(self, client: aiomqtt.Client) -> None:
        """Pass on what the hub says of our readings; raises as soon as the connection is lost."""
        async for message in client.messages:
            if isinstance(message.payload, bytes):
                answer = message.payload.decode(errors="backslashreplace")
                log.warning("%s: rejected: %s", self.address.topic, answer)

    async def _publish(self, client: aiomqtt.Client) -> None:
        while not self._done:
            while self._unsent:
                await self._send(client)
                _mind_cancelled()
            if self._done:
                return
            await self._until_due()
            self._unsent.extend(self._next())

    async def _send(self, client: aiomqtt.Client) -> None:
        """Publish the oldest message; it stays the oldest until the broker has taken it."""
        if self._tries == TRIES:
            log.warning("%s: gave up a message after %d tries", self.address.topic, TRIES)
            self._sent()
            return
        self._tries += 1
        packet = self._unsent[0]
        await client.publish(packet.topic, packet.payload, qos=self.habits.qos)
        self.published += 1
        self._sent()

    def _sent(self) -> None:
        self._unsent.popleft()
        self._tries = 0

    async def _until_due(self) -> None:
        """Wait for the next reading's turn; turns missed without a connection stay missed."""
        now = asyncio.get_running_loop().time()
        self._due = max(self._due, now)
        await asyncio.sleep(self._due - now)
        self._due += self.interval

    def _next(self) -> list[Packet]:
        reading = self._thing.step(self.interval)
        if self._origin is not None:
            reading = in_hall(reading, self._origin)
        self._read += 1
        return self._speech.reading(reading, self._nanoseconds())

    def _presence(self, sign: Sign) -> Packet:
        return self._speech.presence(sign, self._nanoseconds())


def pause(random: Random, attempt: int) -> float:
    """Return the seconds to wait before connecting again after `attempt` failures (from 0)."""
    return random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt, 16)))


def _look_at_end(client: aiomqtt.Client) -> None:
    """Look at why the connection ended: asyncio would print what nobody has looked at.

    One that was cancelled while it was being made may end later, which is nobody's concern then.
    """
    ended = client._disconnected  # noqa: SLF001 - aiomqtt 2.5 has no other way to it
    if not ended.cancel() and not ended.cancelled():
        ended.exception()


def _mind_cancelled() -> None:
    """Leave if told to, even where the waiting that was interrupted did not say so.

    Two things hide a cancellation: a connection that breaks meanwhile, and `asyncio.wait_for`
    before Python 3.12, which returns as usual if the answer came in the same turn of the loop
    (python/cpython#86296); aiomqtt waits with it for each acknowledgement.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _unreachable(broker: Broker, exc: aiomqtt.MqttError) -> BrokerUnreachableError:
    if isinstance(exc, MqttConnectError):
        who = broker.username or "nobody"
        return BrokerUnreachableError(
            f"broker: {broker} does not let {who!r} in ({exc}); check user and password, "
            "or try the other version with --mqtt"
        )
    return BrokerUnreachableError(
        f"broker: {broker} cannot be reached ({exc}); start one there (e.g. mosquitto), "
        "or name another with --broker"
    )
