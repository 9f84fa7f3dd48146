"""Feedback to devices over MQTT: rejections on `…/errors`, receipts on the Response Topic."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.clock import Clock
from hub.limits.token_bucket import TokenBuckets
from hub.messages import Rejection, short
from hub.pipeline.batch import Batch, Receipt
from hub.timestamps import rfc3339
from hub.topics import ERRORS, RECEIPTS, SHORT_ERRORS, Address, may_answer_to, topic_of
from schemas import Label

BURST = 20
"""Rejections that are published to a device at once."""
PER_SECOND = 5
"""Rejections a second published to it after that; all are kept and shown, published or not."""
MAX_CORRELATION_DATA = 1_024
"""Bytes of Correlation Data that a receipt returns, at most."""
BOOTHS = 2_000
_SHOWN = 200

Publish = Callable[[str, bytes, bytes | None], bool]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Receipts that a booth asked for and does not get: how many, and why the newest of them."""

    count: int
    address: Address
    message: Label

    def as_json(self) -> dict[str, Any]:
        """Return them as the booth's page shows them."""
        return {
            "count": self.count,
            "device": self.address._asdict(),
            **self.message.named("message"),
        }


class Feedback:
    """Publishes rejections and receipts.

    `sent` and `throttled` count them; `not_answered` counts receipts with a Response Topic that is
    not allowed, or with too much Correlation Data. They leave by `publish`.
    """

    def __init__(self, root: str, publish: Publish, clock: Clock) -> None:
        self._root = root
        self.publish = publish
        self._clock = clock
        self._limit = TokenBuckets[Address](PER_SECOND, BURST)
        self._unanswered: dict[str, Unanswered] = {}
        self.sent = 0
        self.throttled = 0
        self.not_answered = 0

    def unanswered(self, booth: str) -> Unanswered | None:
        """Return the receipts that a booth did not get; None if there are none."""
        return self._unanswered.get(booth)

    def observe(self, batch: Batch) -> None:
        """Publish the rejections and receipts of a batch that is on disk."""
        self.send(batch.rejections, batch.receipts)

    def send(self, rejections: Sequence[Rejection], receipts: Sequence[Receipt]) -> None:
        """Publish rejections and receipts."""
        for rejection in rejections:
            if rejection.address is not None:
                self._reject(rejection.address, rejection)
        for receipt in receipts:
            self._receipt(receipt)

    def _reject(self, address: Address, rejection: Rejection) -> None:
        now = self._clock.monotonic()
        if self._limit.delay(address, now):
            self.throttled += 1
            return
        self._limit.consume(address, now, address.booth)
        self._say(topic_of(self._root, address, ERRORS), rejection.as_json(), None)
        # A small device takes no message that is longer than its buffer.
        self.publish(topic_of(self._root, address, SHORT_ERRORS), short(rejection), None)

    def _receipt(self, receipt: Receipt) -> None:
        wrong = self._wrong(receipt)
        if wrong is not None:
            self._note(receipt.address, wrong)
            return
        answer = receipt.answer
        said = (
            answer.as_json()
            if isinstance(answer, Rejection)
            else {"stored": True, "ts": rfc3339(answer)}
        )
        self._say(receipt.response_topic, said, receipt.correlation_data)

    def _wrong(self, receipt: Receipt) -> Label | None:
        """Why a receipt is not sent."""
        size = len(receipt.correlation_data or b"")
        if size > MAX_CORRELATION_DATA:
            return Label(
                f"the Correlation Data has {size:,} bytes; {MAX_CORRELATION_DATA:,} at most",
                f"Correlation Data가 {size:,}바이트로, {MAX_CORRELATION_DATA:,}바이트를 넘습니다",
            )
        if may_answer_to(self._root, receipt.address, receipt.response_topic):
            return None
        own = topic_of(self._root, receipt.address, RECEIPTS)
        asked = receipt.response_topic[:_SHOWN].encode("unicode_escape").decode()[:_SHOWN]
        return Label(
            f'the Response Topic is "{asked}"; use {own}',
            f'Response Topic이 "{asked}"입니다. 다음 토픽을 쓰세요: {own}',
        )

    def _note(self, address: Address, message: Label) -> None:
        self.not_answered += 1
        before = self._unanswered.pop(address.booth, None)
        count = before.count + 1 if before is not None else 1
        self._unanswered[address.booth] = Unanswered(count, address, message)
        if len(self._unanswered) > BOOTHS:
            del self._unanswered[next(iter(self._unanswered))]

    def _say(self, topic: str, said: object, correlation_data: bytes | None) -> None:
        payload = json.dumps(said, ensure_ascii=False).encode()
        if self.publish(topic, payload, correlation_data):
            self.sent += 1
        else:
            self.throttled += 1
