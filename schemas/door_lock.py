"""A smart door lock.

States, door states and the ways to operate a lock are those of the Matter 1.3 Door Lock cluster
(0x0101: LockState, DoorState, OperationSource); failed codes are counted up to 255 as its
WrongCodeEntryLimit is.
"""

from typing import Any, Literal

from schemas import RAISED, Domain, Draw, Kind, Label, Unit, choice, flag, number


class DoorLock(
    Kind, domain=Domain.SMART_HOME, interval=10.0, event_driven=True, en="Door lock", ko="도어록"
):
    """A smart door lock: the bolt, the door, and who or what moved it last."""

    state: Literal["locked", "unlocked", "unlatched", "not_fully_locked"] = choice(
        {
            "locked": Label("Locked", "잠김"),
            "unlocked": Label("Unlocked", "열림"),
            "unlatched": Label("Unlatched", "걸쇠 풀림"),
            "not_fully_locked": Label("Not fully locked", "잠금 불완전"),
        },
        en="Lock",
        ko="잠금 상태",
        alarm=("not_fully_locked",),
    )
    door: Literal["closed", "open", "ajar", "jammed", "forced_open"] | None = choice(
        {
            "closed": Label("Closed", "닫힘"),
            "open": Label("Open", "열림"),
            "ajar": Label("Ajar", "덜 닫힘"),
            "jammed": Label("Jammed", "문 끼임"),
            "forced_open": Label("Forced open", "강제 개방"),
        },
        en="Door",
        ko="문 상태",
        alarm=("jammed", "forced_open"),
        optional=True,
    )
    operated_by: (
        Literal["manual", "keypad", "card", "biometric", "remote", "auto", "schedule"] | None
    ) = choice(
        {
            "manual": Label("By hand", "수동"),
            "keypad": Label("Keypad", "비밀번호"),
            "card": Label("Card", "카드"),
            "biometric": Label("Fingerprint or face", "생체 인증"),
            "remote": Label("Remote", "원격"),
            "auto": Label("Auto-lock", "자동 잠금"),
            "schedule": Label("Schedule", "예약"),
        },
        en="Last operated by",
        ko="최근 조작",
        draw=Draw.STAT,
        optional=True,
    )
    failed_attempts: int | None = number(
        0,
        255,
        Unit.COUNT,
        en="Failed attempts",
        ko="인증 실패",
        counter="회",
        draw=Draw.STAT,
        normal=(None, 4),
        optional=True,
    )
    tamper: bool | None = flag(RAISED, en="Tamper alarm", ko="침입 경보", alarm=True, optional=True)
    battery: float | None = number(
        0,
        100,
        Unit.PERCENT,
        en="Battery",
        ko="배터리",
        draw=Draw.GAUGE,
        normal=(20, None),
        optional=True,
    )
    signal: float | None = number(
        -128,
        20,
        Unit.DECIBEL_MILLIWATT,
        en="Signal strength",
        ko="신호 세기",
        normal=(-85, None),
        optional=True,
    )


EXAMPLE: dict[str, Any] = {
    "state": "locked",
    "door": "closed",
    "operated_by": "keypad",
    "failed_attempts": 0,
    "tamper": False,
    "battery": 92.0,
    "signal": -61.0,
}
