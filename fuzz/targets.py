"""What must hold for any input: one function for each way in. Bytes in, the outcome in a word out.

A broken promise raises: AssertionError where the answer is wrong, else whatever escaped.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, cast
from zlib import crc32

from fuzz.seeds import KINDS, TOPIC_ROOT
from hub import timestamps, topics
from hub.dialects.parsing.payload import PADDING
from hub.errors import ProtocolError
from hub.messages import Reading, Rejection
from hub.mqtt.codec import MAX_PACKET_SIZE, ConnectPacket, Framer, PublishPacket
from hub.mqtt.session import Session
from hub.pipeline import decode, full_validation, rejections
from hub.pipeline.decode import Decoder
from hub.stores import line_protocol, rows
from schemas import FieldType, kinds

ARRIVAL = 1_760_000_000 * timestamps.SECOND
ROUTES = 200
"""Routes of the decoder under test: few, so that they are seen to be bounded."""
LARGEST_REJECTION = 32 * 1024
"""Bytes of JSON that a rejection may come to, whatever it is about."""

_CATALOGUE = kinds()
_TYPES = {
    FieldType.FLOAT: (float, int),
    FieldType.INTEGER: (int,),
    FieldType.BOOLEAN: (bool,),
    FieldType.STRING: (str,),
}


def topic(data: bytes) -> str:
    """Any topic names a device or says why it does not; none borrows the rights of the hub."""
    text = data.decode("utf-8", "replace")
    said = text if len(data) % 2 else f"{TOPIC_ROOT}/{text}"
    parsed = topics.parse(TOPIC_ROOT, said)
    own = topics.Address("b12", "thermostat", "t1")
    if topics.may_answer_to(TOPIC_ROOT, own, said):
        assert parsed == topics.Topic(own, topics.RECEIPTS)
        assert topics.unfit(said) is None
    if isinstance(parsed, topics.BadTopic):
        assert parsed.message.en
        assert parsed.message.ko
        assert parsed.booth is None or topics.BOOTH.fullmatch(parsed.booth)
        rejection = rejections.bad_topic(parsed, said, data, ARRIVAL)
        assert len(json.dumps(rejection.as_json())) < LARGEST_REJECTION
        return "refused"
    if parsed.leaf != topics.RECEIPTS:
        assert topics.topic_of(TOPIC_ROOT, parsed.address, parsed.leaf) == said
    assert not set("".join(parsed.address)) & set(" ,=\"\\\n/+#\0'")
    return "taken"


def time(data: bytes) -> str:
    """Any `ts` is a time or is refused in words, and a time that is written reads back."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = data.decode("utf-8", "replace")
    _asked_for(data.decode("utf-8", "replace"))
    try:
        ns = timestamps.parse(value)
    except ValueError as exc:
        assert str(exc)
        return "refused"
    assert isinstance(ns, int)
    assert -(10**21) <= ns <= 10**21
    if abs(ns) < 10**20 and not isinstance(value, str):
        # A number says the same as its text, to the nanosecond that a float can tell apart.
        said = float(value)
        scale = next(s for s in (9, 6, 3, 0) if abs(said) * 10**s < 10**20 or s == 0)
        assert abs(ns - said * 10**scale) <= max(1, abs(ns) * 1e-12)
    if isinstance(value, str) and value[:4] not in {"0000", "0001", "9999"}:
        assert timestamps.parse(timestamps.rfc3339(ns)) == ns
    return "taken"


def _asked_for(text: str) -> None:
    """A time or a duration in a query."""
    for read in (timestamps.duration, lambda text: timestamps.moment(text, ARRIVAL)):
        try:
            assert -(2**63) <= read(text) < 2**63  # what a store takes
        except ValueError as exc:
            assert str(exc)


class Payloads:
    """Decodes payloads of every kind by one decoder, as a hub does for as long as it runs."""

    def __init__(self) -> None:
        self.decoder = Decoder(TOPIC_ROOT, _CATALOGUE, ROUTES)

    def __call__(self, data: bytes) -> str:
        """Any payload is a reading that reads back as it was sent, or a rejection that says why."""
        first, payload = (data[0], data[1:]) if data else (0, b"")
        kind = _CATALOGUE[KINDS[first % len(KINDS)]]
        device = f"d{crc32(data) % (2 * ROUTES)}"
        said = f"{TOPIC_ROOT}/b{first}/{kind.name}/{device}"
        verdict = self.decoder.decode(said, payload, ARRIVAL)
        self._bounded()
        if isinstance(verdict, Rejection):
            check_rejection(verdict)
            return f"rejected: {verdict.code.value}"
        assert isinstance(verdict, Reading)
        assert verdict.address == (f"b{first}", kind.name, device)
        check_reading(verdict, payload)
        return "accepted"

    def _bounded(self) -> None:
        routes = self.decoder._routes
        assert len(routes) <= ROUTES
        for newest in [*routes.values()][-1:]:
            assert len(newest.shapes) <= decode.SHAPES


def check_rejection(rejection: Rejection) -> None:
    """A rejection has words in both languages, and is JSON of a bounded size."""
    text = json.dumps(rejection.as_json(), ensure_ascii=False, allow_nan=False).encode()
    assert len(text) < LARGEST_REJECTION, len(text)
    assert rejection.message.en
    assert rejection.message.ko


def check_reading(reading: Reading, payload: bytes) -> None:
    """A reading's line reads back as what was sent, and fits its kind."""
    kind = _CATALOGUE[reading.address.kind]
    line = rows.lines(rows.join([(reading.header, reading.row)]))[0]
    row = line_protocol.parse(line.decode())
    tags = {"booth": reading.address.booth, "device": reading.address.device}
    assert (row.measurement, row.tags) == (kind.name, tags | {"domain": kind.domain.id})
    assert (row.fields, row.ts) == (reading.fields, reading.ts)
    assert b"\n" not in line
    for name, value in reading.fields.items():
        assert type(value) in _TYPES[kind.field(name).type], (name, value)
    if not any(note.code == "position" for note in reading.remarks.notes):
        kind.model.model_validate(reading.fields)  # the quick way and the full way agree
    assert ARRIVAL - timestamps.BEHIND <= reading.ts <= ARRIVAL + timestamps.AHEAD
    sent = json.loads(payload.strip(PADDING))
    assert reading.fields.items() <= sent.items()
    assert reading.skew is None or (reading.ts == ARRIVAL and "ts" in sent)
    assert len(reading.ignored) <= full_validation.IGNORED_NAMES


def line(data: bytes) -> str:
    """Any value that a line can hold comes back as itself, and cannot become another field."""
    name, _, rest = data.partition(b"\0")
    field = "".join(c for c in name.decode("utf-8", "replace") if c.isalnum())[:20] or "f"
    text = "".join(
        c if c >= " " and c not in "\x7f\x85\u2028\u2029" else "?"
        for c in rest.decode("utf-8", "replace")
    )
    number = int.from_bytes(rest[:7], "little", signed=True)
    fields = {f"{field}_t": text, f"{field}_i": number, f"{field}_f": number / 7, "b": True}
    written = line_protocol.line("kind", {"booth": "b12", "device": "d.1"}, fields, number)
    row = line_protocol.parse(written)
    assert row == ("kind", {"booth": "b12", "device": "d.1"}, fields, number)
    assert len(written.split("\n")) == 1
    return "taken"


class _Wire(asyncio.Transport):
    """The other end of a session, which only remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False

    def write(self, data: Any) -> None:
        """Take what the session sends."""

    def is_reading(self) -> bool:
        """It is, whatever the session says: more is read at once."""
        return True

    def pause_reading(self) -> None:
        """Go on all the same."""

    def resume_reading(self) -> None:
        """Go on."""

    def is_closing(self) -> bool:
        """Whether the session gave up."""
        return self.aborted

    def abort(self) -> None:
        """Take note that it did."""
        self.aborted = True


class Packets:
    """Feeds bytes to a framer at once and to a session in pieces; both must come to the same."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def __call__(self, data: bytes) -> str:
        """Any bytes are packets, a protocol error, or wait for more; nothing else, and no more."""
        step, stream = (data[0], data[1:]) if data else (0, b"")
        whole = Framer()
        try:
            packets, broken = whole.feed(stream), False
        except ProtocolError as exc:
            assert str(exc)
            packets, broken = [], True
        # What is kept is one packet that is not complete, and it is not too large.
        assert whole._have <= len(stream)
        assert broken or whole._need <= MAX_PACKET_SIZE
        got, wire, ended = self._run(self._in_pieces(stream, step % 17 + 1))
        published = [packet for packet in packets if type(packet) is PublishPacket]
        if not broken and not ended:
            assert got == published
        if broken:
            assert ended
            assert wire.aborted
            return "refused"
        return "taken" if packets else "waits"

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        self._loop = self._loop or asyncio.new_event_loop()  # once there is something to run
        return self._loop.run_until_complete(work)

    async def _in_pieces(
        self, stream: bytes, step: int
    ) -> tuple[list[PublishPacket], _Wire, Exception | None]:
        got: list[PublishPacket] = []
        session = Session(ConnectPacket("fuzz"), lambda _, messages: got.extend(messages))
        wire = _Wire()
        session.connection_made(wire)
        for start in range(0, len(stream), step * 8):
            piece = stream[start : start + step * 8]
            session.get_buffer(-1)[: len(piece)] = piece
            session.buffer_updated(len(piece))
            if wire.aborted:
                break
        ended = session._closed.result() if session._closed.done() else None
        assert (ended is not None) == wire.aborted
        session.connection_lost(None)
        return got, wire, ended


def targets() -> dict[str, Callable[[bytes], str]]:
    """Return what can be searched by bytes, by name; those with a memory begin afresh."""
    return {
        "topic": topic,
        "time": time,
        "payload": Payloads(),
        "packet": cast("Callable[[bytes], str]", Packets()),
        "line": line,
    }
