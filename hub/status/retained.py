"""How many messages the broker retains, which no setting of Mosquitto bounds."""

from collections.abc import Sequence

from hub.booths.acl import RETAINED
from hub.messages import Message
from schemas import Label

MANY = 10_000
"""More than an event has devices: each retains its state, and nothing else should be retained."""


class Retained:
    """Takes note of the broker's own count; `count` is 0 where it does not tell us."""

    def __init__(self) -> None:
        self.count = 0

    def receive(self, _: object, messages: Sequence[Message]) -> None:
        """Take the newest count among messages of the broker's."""
        for message in messages:
            if message.topic == RETAINED and message.payload.isdigit():
                self.count = int(message.payload[:18])

    def note(self, root: str) -> Label | None:
        """Return what is to be said of it, with the way out."""
        if self.count <= MANY:
            return None
        look = f"mosquitto_sub -t '{root}/#' --retained-only -F %t"
        return Label(
            f"the broker retains {self.count:,} messages, which takes its memory: some device "
            f"retains readings, or has new names again and again. {look} shows whose they are; "
            "hub booth disable ends it",
            f"브로커가 메시지 {self.count:,}건을 보존(retain)하고 있어 메모리를 차지합니다. "
            "측정값을 retain으로 보내거나 이름을 계속 바꾸는 기기가 있습니다. "
            f"{look} 로 어느 부스인지 확인하고 hub booth disable 로 막으세요",
        )
