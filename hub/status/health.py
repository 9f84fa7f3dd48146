"""Health: the state of each part of the hub, with messages that ops staff can act on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.errors import OutboxBroken, OutboxError, OutboxFull, ZoneError
from hub.mqtt.conformance import Breach
from hub.pipeline.outbox.salvage import Saved
from hub.status.clock_steps import WrongStamps
from hub.status.korean_causes import korean_cause
from hub.timestamps import rfc3339
from schemas import Label


@dataclass(frozen=True, slots=True)
class Part:
    """The health of a part: `state` is ok or what is wrong; the message explains the way out.

    The hub can accept readings only while every `vital` part is ok.
    """

    state: str
    message: Label
    vital: bool
    figures: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the part as the API shows it."""
        return {"state": self.state, **self.message.named("message"), **self.figures}


@dataclass(frozen=True, slots=True)
class Health:
    """The health of the hub: well when every vital part is ok.

    `over_quota` are booths that send too much, `too_many_devices` those of which not all are shown,
    `wrong_stamps` times of arrival that are known to be wrong, for the clock was. `deaf_since` is
    when messages ceased to reach the hub (ns).
    """

    parts: dict[str, Part]
    over_quota: tuple[str, ...] = ()
    too_many_devices: tuple[str, ...] = ()
    wrong_stamps: Sequence[WrongStamps] = ()
    deaf_since: int | None = None

    @property
    def well(self) -> bool:
        """Whether the hub can accept readings."""
        return all(part.state == "ok" or not part.vital for part in self.parts.values())

    def as_json(self, version: str) -> dict[str, Any]:
        """Return the health as the API shows it."""
        return {
            "status": "ok" if self.well else "failing",
            "version": version,
            "parts": {name: part.as_json() for name, part in self.parts.items()},
            "over_quota": list(self.over_quota),
            "too_many_devices": list(self.too_many_devices),
            "wrong_stamps": [item.as_json() for item in self.wrong_stamps],
            **({"deaf_since": rfc3339(self.deaf_since)} if self.deaf_since else {}),
        }


def broker(
    address: str,
    error: str | None,
    breaches: Sequence[Breach] = (),
    more: Sequence[Label | None] = (),
) -> Part:
    """Return the state of the connection to the broker, what it breaks and lacks, and more."""
    if error is None:
        said = Label(f"connected to {address}", f"연결됨({address})")
        for note in [*(breach.message for breach in breaches), *filter(None, more)]:
            said = Label(f"{said.en}. Note: {note.en}", f"{said.ko}. 참고: {note.ko}")
        return Part("ok", said, vital=True)
    said = Label(
        f"{error}. Is the broker running, and is HUB_BROKER right? The hub keeps trying",
        "브로커가 실행 중인지, HUB_BROKER가 맞는지 확인하세요. 자동으로 다시 연결합니다. "
        f"원인: {korean_cause(error)}",
    )
    return Part("down", said, vital=True)


def refused(filters: Mapping[str, str]) -> Label | None:
    """Return the note about topic filters that the broker refused, each with its reason."""
    if not filters:
        return None
    said = ", ".join(f"{pattern} ({why})" for pattern, why in filters.items())
    return Label(
        f"the broker refused to subscribe {said}; what is published there does not arrive. The hub "
        "gets the right by hub booth add BOOTH",
        f"브로커가 {said} 구독을 거절해 그 토픽의 메시지가 오지 않습니다. hub booth add BOOTH로 "
        "권한을 주세요",
    )


def zone(error: ZoneError) -> Part:
    """Return the state of a zone file that was not taken when it was read again."""
    said = Label(
        f"{error}. The earlier file stays in force; correct it, and read it again with hub zone "
        "reload",
        f"이전 내용을 그대로 씁니다. 고친 다음 hub zone reload로 다시 읽히세요. 원인: {error.ko}",
    )
    return Part("stale", said, vital=False)


def outbox(error: OutboxError | None, size: int, limit: int, saved: Saved | None = None) -> Part:
    """Return the state of the outbox; `size` and `limit` in bytes, `saved` by a salvage.

    It is `full`, `broken` when its file is damaged, or else `failing`.
    """
    figures = {"bytes": size, "limit": limit}
    if error is None:
        said = Label(f"{size} of {limit} bytes used", f"{limit}바이트 중 {size}바이트 사용")
        if saved is not None:
            before = saved.label
            said = Label(
                f"{said.en}. At the start {before.en}", f"{said.ko}. 시작할 때 {before.ko}"
            )
        return Part("ok", said, vital=True, figures=figures)
    if isinstance(error, OutboxBroken):
        said = Label(
            str(error),
            "아웃박스 파일이 손상되었습니다. 허브를 멈추고 다시 시작하면 읽을 수 있는 "
            "측정값을 옮기고 손상된 파일은 그 옆에 보관합니다. "
            f"원인: {korean_cause(str(error))}",
        )
        return Part("broken", said, vital=True, figures=figures)
    said = Label(
        f"{error}. Reading from the broker has stopped; nothing is lost",
        f"브로커에서 읽기를 멈췄습니다. 유실된 측정값은 없습니다. 원인: {korean_cause(str(error))}",
    )
    state = "full" if isinstance(error, OutboxFull) else "failing"
    return Part(state, said, vital=True, figures=figures)


def store(error: str | None, waiting: int, blocked: bool = False) -> Part:
    """Return the state of the store; `waiting` readings are not stored yet.

    It is `blocked` when it answers but refuses us, else `away`.
    """
    if error is None:
        state, said = "ok", Label("takes readings", "저장 중")
    else:
        state = "blocked" if blocked else "away"
        said = Label(
            f"{error}. {waiting:,} readings wait in the outbox; the hub keeps trying",
            f"측정값 {waiting:,}건을 안전하게 보관 중이며, 복구되면 자동으로 저장합니다. "
            f"원인: {korean_cause(error)}",
        )
    return Part(state, said, vital=False, figures={"waiting": waiting})


def clock(wrong: Sequence[WrongStamps]) -> Part:
    """Return the state of the clock; `wrong` are wrong timestamps, the newest last.

    They are reported for as long as they are known; the clock itself is `ok` once it was set.
    """
    if not wrong:
        return Part("ok", Label("no step was noticed", "시계 변경 없음"), vital=False)
    start, stop, ahead = wrong[-1].as_json().values()
    more = len(wrong) - 1
    said = Label(
        f"it was set: times of arrival from {start} to {stop} are {abs(ahead)} s "
        f"{'ahead' if ahead > 0 else 'behind'}, by the clock as it is now"
        + (f" ({more} more in wrong_stamps)" if more else ""),
        f"시계가 변경되었습니다. 현재 시계 기준으로 {start}부터 {stop}까지의 "
        f"도착 시각이 {abs(ahead)}초 {'빠릅니다' if ahead > 0 else '늦습니다'}"
        + (f" (wrong_stamps에 {more}건 더 있음)" if more else ""),
    )
    return Part("ok", said, vital=False)
