"""Tracks what a publisher sent with QoS 1 or 2 and that awaits PUBACK, PUBREC or PUBCOMP.

The hub's own acknowledgements are sent by `hub.pipeline.committer`.

The broker accepts a message of QoS 2 once, however often its PUBLISH is retransmitted: that is what
PUBREC, PUBREL and PUBCOMP are for. A retransmitted QoS 1 message, DUP or not, is forwarded again
(Mosquitto 2.0.11 and the specification, 4.3.2). Pure.
"""

from collections import Counter
from collections.abc import Iterable

from hub.errors import BrokerError
from hub.mqtt.codec import PubAckPacket, PubCompPacket, PubRecPacket, pubrel
from hub.mqtt.outgoing import Outgoing, Terms, publish
from hub.mqtt.reason_codes import reason

_IDENTIFIERS = 65_535
_FAILED = 128

Answer = PubAckPacket | PubRecPacket | PubCompPacket


class InFlight:
    """Messages of QoS 1 and 2 that the broker has not acknowledged, in order of sending.

    `answered` counts acknowledged messages, `refused` refused ones by reason, and `in_doubt` those
    received (PUBREC) by a broker that then lost our session: it may have forwarded them. `terms`
    are the broker's limits from CONNACK.
    """

    def __init__(self) -> None:
        self._published: dict[int, tuple[Outgoing, int]] = {}
        self._released: dict[int, None] = {}
        self._latest_id = 0
        self.terms = Terms()
        self.answered = 0
        self.in_doubt = 0
        self.refused = Counter[str]()

    def __len__(self) -> int:
        return len(self._published) + len(self._released)

    def add(self, message: Outgoing, qos: int) -> bytes:
        """Add a message and return its PUBLISH; raises BrokerError if it cannot be sent."""
        packet_id = self._latest_id % _IDENTIFIERS + 1
        while packet_id in self._published or packet_id in self._released:
            packet_id = packet_id % _IDENTIFIERS + 1
        packet = publish(message, qos, packet_id, self.terms)
        self._latest_id = packet_id
        self._published[packet_id] = (message, qos)
        return packet

    def on_answers(self, answers: Iterable[Answer]) -> bytes:
        """Handle PUBACK, PUBREC and PUBCOMP; return the PUBRELs to send."""
        releases: list[bytes] = []
        for answer in answers:
            packet_id = answer.packet_id
            if isinstance(answer, PubCompPacket):
                self.answered += self._released.pop(packet_id, self) is None
            elif int(answer.reason_code) >= _FAILED:
                if self._published.pop(packet_id, None) is not None:
                    self.refused[reason(int(answer.reason_code))] += 1
            elif isinstance(answer, PubAckPacket):
                self.answered += self._published.pop(packet_id, None) is not None
            else:
                # MQTT-4.4.0-1: a PUBREL that was lost is sent again, known or not.
                if self._published.pop(packet_id, None) is not None:
                    self._released[packet_id] = None
                releases.append(pubrel(packet_id))
        return b"".join(releases)

    def resend(self, *, present: bool) -> list[bytes]:
        """Return what is to be sent first on a new connection, in the order of the first time.

        `present` is Session Present. If it is 0, all without a PUBREC are sent as new; what had a
        PUBREC may have been forwarded, and is never sent twice.
        """
        if not present:
            self.in_doubt += len(self._released)
            self._released.clear()
        packets = [*map(pubrel, self._released)]
        for packet_id, (message, qos) in [*self._published.items()]:
            try:
                packets.append(publish(message, qos, packet_id, self.terms, duplicate=present))
            except BrokerError as exc:  # it allows less than the broker before
                del self._published[packet_id]
                self.refused[str(exc)] += 1
        return packets
