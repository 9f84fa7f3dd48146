"""Broker conformance: checks what recognising redeliveries relies on. Pure.

Mosquitto does from 2.0.13 on; 2.0.11 has up to 65,535 messages in flight whatever Receive Maximum
says, and rumqttd resends without DUP and under new identifiers (both measured).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Label

RECEIVE_MAXIMUM = 4_096
"""Messages that a broker may send ahead of the hub's acknowledgements, and so resend."""
_IDENTIFIERS = 65_535
_SO = Label(
    "; readings without ts may then be stored twice, none is lost",
    ". ts가 없는 측정값은 두 번 저장될 수 있지만 유실되지는 않습니다",
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that the broker breaks, and the consequence."""

    message: Label


BEYOND_RECEIVE_MAXIMUM = Breach(
    Label(
        "the broker has more messages in flight than the Receive Maximum that the hub asked "
        f"for (MQTT-3.3.4-9): when the hub is killed, more come again than it remembers{_SO.en}. "
        "Use Mosquitto 2.0.13 or newer (Debian 13 has 2.0.21)",
        "브로커가 허브가 요청한 Receive Maximum보다 많은 메시지를 한꺼번에 보냅니다"
        "(MQTT-3.3.4-9). 허브가 강제 종료되면 기억하는 것보다 많은 메시지가 다시 옵니다"
        f"{_SO.ko}. Mosquitto 2.0.13 이상을 쓰세요(Debian 13에는 2.0.21이 있습니다)",
    )
)
OUT_OF_ORDER = Breach(
    Label(
        "the broker does not number its messages in order, so equal ones that come again "
        f"cannot be told apart{_SO.en}. Use Mosquitto 2.0.13 or newer, or let devices send a ts",
        "브로커가 메시지에 순서대로 번호를 매기지 않아, 같은 메시지가 다시 오면 구별할 수 "
        f"없습니다{_SO.ko}. Mosquitto 2.0.13 이상을 쓰거나 기기가 ts를 보내게 하세요",
    )
)
NOT_RESENT = Breach(
    Label(
        "the broker resumed the session but did not resend, with DUP, what the hub had not "
        f"acknowledged (MQTT-4.4.0-1): it was killed, or it never does so{_SO.en}. Use Mosquitto "
        "2.0.13 or newer with persistence, or let devices send a ts",
        "브로커가 세션을 이어 갔지만 허브가 확인 응답을 보내지 않은 메시지를 DUP으로 다시 "
        "보내지 않았습니다(MQTT-4.4.0-1). 브로커가 강제 종료되었거나 이를 지원하지 않습니다"
        f"{_SO.ko}. persistence를 켠 Mosquitto 2.0.13 이상을 쓰거나 기기가 ts를 보내게 하세요",
    )
)


_VERSION = re.compile(r"mosquitto version (\d+)\.(\d+)\.(\d+)")
_FIRST_CONFORMING = (2, 0, 13)


def is_too_old(version: str) -> bool:
    """Whether `$SYS/broker/version` names a Mosquitto that does not keep to Receive Maximum."""
    found = _VERSION.match(version)
    return found is not None and tuple(map(int, found.groups())) < _FIRST_CONFORMING


class Conformance:
    """Checks the packet identifiers of one session; `breaches` were seen since the start."""

    def __init__(self, receive_maximum: int) -> None:
        self._receive_maximum = receive_maximum
        self._latest: int | None = None
        self._unacknowledged = 0
        self._due_again = False
        self.breaches: list[Breach] = []

    def connected(self, *, resumed: bool) -> None:
        """Begin a connection; a resumed session retransmits what is not acknowledged."""
        self._due_again = resumed and (self._due_again or self._unacknowledged > 0)
        self._unacknowledged = 0
        self._latest = None

    def received(self, packet_ids: Sequence[int], *, duplicate: bool) -> list[Breach]:
        """Check messages with QoS 1 in order; return the breaches seen for the first time.

        `duplicate` says whether the first of them has DUP set.
        """
        seen = []
        if self._due_again and not duplicate:
            seen.append(NOT_RESENT)
        self._due_again = False
        self._unacknowledged += len(packet_ids)
        if self._unacknowledged > self._receive_maximum:
            seen.append(BEYOND_RECEIVE_MAXIMUM)
        if not self._in_order(packet_ids):
            seen.append(OUT_OF_ORDER)
        self._latest = packet_ids[-1]
        new = [breach for breach in seen if breach not in self.breaches]
        self.breaches += new
        return new

    def acknowledged(self, count: int) -> None:
        """Count acknowledgements on this connection."""
        self._unacknowledged -= count

    def _in_order(self, packet_ids: Sequence[int]) -> bool:
        first, latest = packet_ids[0], self._latest
        successive = list(range(first, first + len(packet_ids))) == packet_ids
        if successive and latest in {None, first - 1}:
            return True  # almost always: 0.02 µs a message
        before = [first - 1 if latest is None else latest, *packet_ids]
        # A message that expired at the broker leaves a gap; none is out of order.
        steps = ((new - old) % _IDENTIFIERS for old, new in zip(before, packet_ids, strict=False))
        return all(0 < step < _IDENTIFIERS // 2 for step in steps)
