"""Dialects in a group of hubs: what holds of those whose messages need what was said earlier."""

import logging
from collections.abc import Collection

from hub.dialects import DIALECTS
from schemas import Label

log = logging.getLogger("hub.status")


class GroupedDialects:
    """Notes the dialects that a hub of a group cannot surely read.

    A shared subscription gives each message to one hub, and no retained ones (MQTT-4.8.2): what a
    device said once, another hub of the group may have got.

    Args:
        group: the name of the group; empty for a hub that is alone.
        spoken: the dialects that were heard so far.
    """

    def __init__(self, group: str, spoken: Collection[str]) -> None:
        self._group, self._spoken = group, spoken
        self._told = ""

    def note(self) -> Label | None:
        """Return what is to be said of them, if any was heard; it is logged once."""
        if not self._group:
            return None
        labels = [DIALECTS[name].label for name in sorted(self._spoken) if DIALECTS[name].learns]
        if not labels:
            return None
        en, ko = ", ".join(label.en for label in labels), ", ".join(label.ko for label in labels)
        said = Label(
            f"in the group {self._group} (HUB_GROUP) another hub may have got what a device said "
            f"of itself once, and then this one cannot read its messages: {en}. Run one hub "
            "without a group for booths that speak these",
            f"그룹 {self._group}(HUB_GROUP)에서는 기기가 한 번만 알린 내용을 다른 허브가 받았을 수 "
            f"있고, 그러면 이 허브는 그 기기의 메시지를 읽지 못합니다: {ko}. 이런 기기가 있는 "
            "부스는 그룹 없는 허브 하나로 받으세요",
        )
        if said.en != self._told:
            log.warning("%s", said.en)
            self._told = said.en
        return said
