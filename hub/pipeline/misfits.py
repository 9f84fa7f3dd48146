"""Rejections of messages in a dialect: the reasons, as messages. Pure."""

from collections.abc import Sequence

from hub.dialects.dialect import READINGS, Heard, Misfit, TooMany
from hub.messages import Code, Fault, Rejection
from hub.pipeline import rejections
from hub.pipeline.dialect_routes import DialectRoute
from hub.pipeline.rejections import MAX_PAYLOAD
from hub.topics import Address
from schemas import Label

_TOO_MANY = Label(
    f"the message holds more than {READINGS} readings; send fewer at a time",
    f"메시지에 측정값이 {READINGS}건 넘게 있습니다. 나누어 보내세요",
)


def untranslated(
    exc: ValueError | TooMany, route: DialectRoute, heard: Heard, topic: str
) -> Rejection:
    """Reject what a dialect could not read: what it raised says why."""
    if isinstance(exc, Misfit):
        return _rejected(Code.SCHEMA, exc.label, route, heard, topic)
    if isinstance(exc, TooMany):
        return _rejected(Code.SIZE, _TOO_MANY, route, heard, topic)
    said = rejections.json_fault(heard.payload, str(exc))
    return _rejected(Code.JSON, said, route, heard, topic)


def _rejected(code: Code, said: Label, route: DialectRoute, heard: Heard, topic: str) -> Rejection:
    shown = rejections.shown(heard.payload)
    return Rejection(code, said, topic, heard.arrival, shown, booth=route.booth)


def faulty(
    route: DialectRoute, heard: Heard, topic: str, faults: Sequence[Fault], address: Address
) -> Rejection:
    """Reject a message of which no reading is valid."""
    told = tuple(faults[: rejections.SHOWN_ERRORS])
    surplus = told[0].rule == rejections.SURPLUS
    return Rejection(
        Code.TOPIC if surplus else Code.SCHEMA,
        told[0].message if surplus else rejections.joined(told),
        topic,
        heard.arrival,
        rejections.shown(heard.payload),
        errors=told,
        booth=route.booth,
        address=address,
        schema=f"/api/kinds/{address.kind}/schema",
    )


def no_topic(route: DialectRoute, topic: str, payload: bytes, at: int) -> Rejection:
    """Reject a message whose topic is none of its dialect's."""
    own, known = route.topic[:80], route.dialect.sample[0]
    said = Label(
        f'{route.dialect.label.en}: "{own}" is none of its topics; they are like {known}',
        f'{route.dialect.label.ko}: "{own}"은(는) 모르는 토픽입니다. 토픽의 예: {known}',
    )
    shown = rejections.shown(payload)
    return Rejection(Code.TOPIC, said, topic[:256], at, shown, booth=route.booth)


def too_large(route: DialectRoute, topic: str, payload: bytes, at: int) -> Rejection:
    """Reject a payload that is longer than any may be."""
    size = len(payload)
    said = Label(
        f"the payload has {size} bytes, the limit is {MAX_PAYLOAD}",
        f"페이로드가 {size}바이트입니다. 한도는 {MAX_PAYLOAD}바이트입니다",
    )
    return Rejection(Code.SIZE, said, topic, at, rejections.shown(payload), booth=route.booth)
