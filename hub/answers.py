"""What the hub says back over MQTT: rejections on `…/errors`, receipts on the Response Topic."""

import json
from collections.abc import Callable, Sequence

from hub.clock import SECOND, Clock
from hub.fair import FairMap
from hub.model import Receipt, Rejection
from hub.times import rfc3339
from hub.topics import ERRORS, Address, may_answer_to, topic_of

BURST = 20
"""Rejections that a device is told at once."""
PER_SECOND = 5
"""Rejections a second that it is told after that; all are kept and shown, told or not."""
_DEVICES = 10_000

Publish = Callable[[str, bytes, bytes | None], bool]


class Answers:
    """Publishes rejections and receipts; `sent` and `held_back` count them."""

    def __init__(self, root: str, publish: Publish, clock: Clock) -> None:
        self._root = root
        self._publish = publish
        self._clock = clock
        self._spent = FairMap[Address, int](_DEVICES)
        self.sent = 0
        self.held_back = 0

    def send(self, rejections: Sequence[Rejection], receipts: Sequence[Receipt]) -> None:
        """Answer for a lot that is on disk."""
        for rejection in rejections:
            if rejection.address is not None:
                self._reject(rejection.address, rejection)
        for receipt in receipts:
            self._receipt(receipt)

    def _reject(self, address: Address, rejection: Rejection) -> None:
        if not self._may_tell(address):
            self.held_back += 1
            return
        self._say(topic_of(self._root, address, ERRORS), rejection.as_json(), None)

    def _receipt(self, receipt: Receipt) -> None:
        if not may_answer_to(self._root, receipt.address, receipt.response_topic):
            self.held_back += 1
            return
        answer = receipt.answer
        said = (
            answer.as_json()
            if isinstance(answer, Rejection)
            else {"stored": True, "ts": rfc3339(answer)}
        )
        self._say(receipt.response_topic, said, receipt.correlation_data)

    def _say(self, topic: str, said: object, correlation_data: bytes | None) -> None:
        payload = json.dumps(said, ensure_ascii=False).encode()
        if self._publish(topic, payload, correlation_data):
            self.sent += 1
        else:
            self.held_back += 1

    def _may_tell(self, address: Address) -> bool:
        """A leaky bucket for each device, kept as the time at which it will be empty (ns)."""
        now = self._clock.now()
        step = SECOND // PER_SECOND
        # Never further ahead than a full bucket: the clock may have been set back.
        spent = self._spent.pop(address.booth, address)
        empty_at = min(max(now, spent or now), now + BURST * step)
        allowed = empty_at - now <= (BURST - 1) * step
        self._spent.add(address.booth, address, empty_at + step if allowed else empty_at)
        return allowed
