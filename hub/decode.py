"""From a topic and a payload to a verdict. Pure: no clock, no I/O, no randomness.

This is the hot path. What a message of a known device costs is one look-up, one validation by
pydantic-core and one printf-style formatting; `make bench` measures it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import CoreConfig, SchemaValidator, ValidationError

from hub import lineprotocol, rejections, times, topics
from hub.model import Reading, Rejection, Status
from hub.rejections import MAX_PAYLOAD, Where
from hub.topics import Address
from schemas import FieldType, KindSpec

AHEAD = 60 * times.SECOND
"""A `ts` further ahead of the hub's clock than this is not believed, in ns."""
BEHIND = 7 * 86_400 * times.SECOND
"""A `ts` older than this is not believed, in ns."""
ROUTES = 20_000
"""Topics remembered; the one that was met first goes when there are more."""
_IGNORED_NAMES = 10
_IGNORED_LENGTH = 48

_new = tuple.__new__

Verdict = Reading | Rejection | Status | None
"""What became of a message; None is a message that is no reading and needs no answer."""


class _Codec:
    """How a kind is validated and written; one for all of its devices."""

    def __init__(self, kind: KindSpec) -> None:
        self.kind = kind
        self.validate = _validator(kind)
        self.formats = lineprotocol.field_formats(kind.fields)
        self.all_fields = ",".join(self.formats.values())
        self.texts = tuple(
            spec.name for spec in kind.fields if spec.type is FieldType.STRING and not spec.choices
        )


def _validator(
    kind: KindSpec,
) -> Callable[[bytes], tuple[dict[str, Any], dict[str, Any], set[str]]]:
    """Validate to plain dicts: building the model as well would double the cost (1.2 to 2.1 µs)."""
    core: Any = kind.model.__pydantic_core_schema__
    config = CoreConfig(strict=True, allow_inf_nan=False, extra_fields_behavior="allow")
    return SchemaValidator(core["schema"], config).validate_json


class _Route:
    """A device that was met: its address, its kind, and its lines' fixed part."""

    __slots__ = ("address", "all_fields", "codec", "prefix", "validate", "width")

    def __init__(self, address: Address, codec: _Codec) -> None:
        tags = {"booth": address.booth, "device": address.device, "domain": codec.kind.domain.id}
        self.address = address
        self.codec = codec
        self.validate = codec.validate
        self.prefix = lineprotocol.prefix(codec.kind.name, tags) + " "
        self.all_fields = f"{self.prefix}{codec.all_fields} %d"
        # A kind with free text has no quick way: its strings must be escaped.
        self.width = -1 if codec.texts else len(codec.formats)


class Decoder:
    """Turns messages under `root` into verdicts, by the declarations of `kinds`."""

    def __init__(self, root: str, kinds: Mapping[str, KindSpec], limit: int = ROUTES) -> None:
        self._root = root
        self._codecs = {name: _Codec(kind) for name, kind in kinds.items()}
        self._routes: dict[str, _Route] = {}
        self._limit = limit

    def decode(self, topic: str, payload: bytes, arrival: int, retain: bool = False) -> Verdict:
        """Return the verdict on a message that arrived at `arrival` (ns)."""
        route = self._routes.get(topic)
        if route is None or retain:
            return self._unrouted(topic, payload, arrival, retain)
        # One long function from here on: each call saved is 0.1 µs of about 3.
        if len(payload) > MAX_PAYLOAD:
            return rejections.too_large(Where(route.address, topic, payload, arrival))
        try:
            fields, extra, given = route.validate(payload)
        except ValidationError as exc:
            errors: Any = exc.errors(include_url=False)
            where = Where(route.address, topic, payload, arrival)
            return rejections.invalid(route.codec.kind, errors, where)
        ts, skew = arrival, None
        # Every field is there: cheaper to tell so than by looking for None among the values.
        whole = len(given) - len(extra) == route.width and b"null" not in payload
        if extra:
            said = extra.pop("ts", None)
            if said is not None:
                try:
                    ts = times.parse(said)
                except ValueError as exc:
                    where = Where(route.address, topic, payload, arrival)
                    return rejections.bad_time(said, str(exc), where)
                if not arrival - BEHIND <= ts <= arrival + AHEAD:
                    ts, skew = arrival, ts - arrival
        line = route.all_fields % (*fields.values(), ts) if whole else _line(route, fields, ts)
        ignored = _ignored(extra) if extra else ()
        # What Reading(…) does, without its Python-level __new__: 0.15 instead of 0.35 µs.
        return _new(Reading, (route.address, line, ts, fields, ignored, skew))

    def _unrouted(self, topic: str, payload: bytes, arrival: int, retain: bool) -> Verdict:
        parsed = topics.parse(self._root, topic)
        if isinstance(parsed, topics.BadTopic):
            return None if retain else rejections.bad_topic(parsed, topic, payload, arrival)
        address, leaf = parsed.address, parsed.leaf
        codec = self._codecs.get(address.kind)
        # What the broker kept is state, not a new measurement; answers are a hub's own.
        if leaf in (topics.ERRORS, topics.RECEIPTS) or (retain and not (codec and leaf)):
            return None
        if codec is None:
            return rejections.unknown_kind(address, self._codecs, topic, payload, arrival)
        if leaf == topics.STATUS:
            return _status(Where(address, topic, payload, arrival), retain)
        self._remember(topic, address, codec)
        return self.decode(topic, payload, arrival)

    def _remember(self, topic: str, address: Address, codec: _Codec) -> None:
        if len(self._routes) >= self._limit:
            del self._routes[next(iter(self._routes))]
        self._routes[topic] = _Route(address, codec)


def _line(route: _Route, fields: dict[str, Any], ts: int) -> str:
    """Write the line; `fields` loses what was not sent."""
    codec = route.codec
    for name in [name for name, value in fields.items() if value is None]:
        del fields[name]
    written = dict(fields)
    for name in codec.texts:
        if name in written:
            written[name] = lineprotocol.escape(written[name])
    formats = codec.formats
    body = ",".join([formats[name] % value for name, value in written.items()])
    return f"{route.prefix}{body} {ts}"


def _ignored(extra: dict[str, Any]) -> tuple[str, ...]:
    """The names of undeclared fields: a few of them, cut, for they are a stranger's."""
    return tuple(name[:_IGNORED_LENGTH] for name in list(extra)[:_IGNORED_NAMES])


def _status(where: Where, retain: bool) -> Verdict:
    if where.payload in (b"online", b"offline"):
        return Status(where.address, where.payload == b"online")
    return None if retain or not where.payload else rejections.bad_status(where)
