"""The status of a wall: its broker, its store, and the hubs whose devices it shows."""

from dataclasses import dataclass

from hub.clock import Clock
from hub.live.devices import Live
from hub.mqtt.subscriber import Subscriber
from hub.settings import Settings
from hub.status import health
from hub.status.health import Health, Part
from hub.status.hubs import SILENT, Hubs
from hub.timestamps import SECOND
from schemas import Label

_NONE = Label(
    "no hub has written to the store within the hour; do they run, with HUB_GROUP or HUB_BOOTHS, "
    "and with this HUB_STORE?",
    "최근 한 시간 동안 저장소에 기록한 허브가 없습니다. 허브가 HUB_GROUP 또는 HUB_BOOTHS와 같은 "
    "HUB_STORE로 실행 중인지 확인하세요",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallStatus:
    """Collects the status of a wall from its parts, at each call."""

    settings: Settings
    clock: Clock
    source: Subscriber
    hubs: Hubs
    live: Live

    @property
    def hears(self) -> bool:
        """Whether messages reach the wall."""
        return self.source.last_error is None

    def health(self) -> Health:
        """Return the health of the wall: only its broker is vital."""
        return Health(
            {
                "broker": health.broker(str(self.settings.broker), self.source.last_error),
                "store": _store(self.hubs.error),
                "hubs": hubs_part(self.hubs, self.clock.now()),
            }
        )


def _store(error: str | None) -> Part:
    if error is None:
        return Part("ok", Label("answers", "응답 중"), vital=False)
    said = Label(
        f"{error}. New readings are shown; history and rejections are back when the store is",
        f"{error}. 지금 오는 값은 표시되며, 저장소가 복구되면 이력과 거부 내역도 다시 보입니다",
    )
    return Part("away", said, vital=False)


def hubs_part(hubs: Hubs, now: int) -> Part:
    """Return the state of the hubs at a time (ns): `away` if one is silent, `failing` if one is.

    While the store cannot be read they are as they were: what they write there is not seen.
    """
    said, said_ko, state, well = list[str](), list[str](), "ok", 0
    for client, found in sorted(hubs.states.items()):
        if now - found.at > SILENT and hubs.error is None:
            state, age = "away", (now - found.at) // SECOND
            said.append(f"{client}: has written nothing for {age} s; does it run?")
            said_ko.append(f"{client}: {age}초 동안 기록이 없습니다. 실행 중인지 확인하세요")
        elif found.trouble:
            state = state if state == "away" else "failing"
            said.append(f"{client}: {found.trouble}")
            said_ko.append(f"{client}: {found.trouble_ko}")
        else:
            well += 1
    figures = {"hubs": len(hubs.states), "well": well}
    if not hubs.states:
        return Part("away", _NONE, vital=False, figures=figures)
    all_well = Label(f"all {well} are well", f"{well}개 모두 정상")
    message = Label("; ".join(said), "; ".join(said_ko)) if said else all_well
    return Part(state, message, vital=False, figures=figures)
