"""Topics: parses topic names into booth, kind and device. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple

from schemas import Label

BOOTH = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
KIND = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_ANY_KIND = re.compile(r"[\w.-]{1,64}")
"""What may be meant for a kind: which there are, the catalogue says."""

STATUS, ERRORS, RECEIPTS = "status", "errors", "receipts"
SHORT_ERRORS = f"{ERRORS}/short"
"""Where rejections are said in so few bytes that a small device can take them."""
BOOTH_IN_WORDS = Label(
    "lower-case letters, digits and -, at most 32, a letter or digit first",
    "영문 소문자나 숫자로 시작하고 영문 소문자, 숫자, -만 32자까지 쓸 수 있습니다",
)
"""What `BOOTH` matches."""
DEVICE_IN_WORDS = Label(
    "letters, digits, -, _ and ., at most 64, a letter or digit first",
    "영문자나 숫자로 시작하고 영문자, 숫자, -, _, .만 64자까지 쓸 수 있습니다",
)
"""What `DEVICE` matches."""
KIND_IN_WORDS = Label(
    "lower-case letters, digits and _, at most 64, a letter first",
    "영문 소문자로 시작하고 영문 소문자, 숫자, _만 64자까지 쓸 수 있습니다",
)
"""What `KIND` matches."""
_IN_WORDS = {"booth": BOOTH_IN_WORDS, "kind": KIND_IN_WORDS, "device": DEVICE_IN_WORDS}

TRIAL = "try"
"""The device id of a trial: its readings are kept as any other's, but the wall never shows it, and
its booth's page only while it sends."""
MOST_LEVELS = 200
"""Levels of a topic name; Mosquitto closes the connection of whoever publishes to more, also where
it has no right to (its TOPIC_HIERARCHY_LIMIT)."""
_LONGEST = 65_535
_LONGEST_NAME = 64


class Address(NamedTuple):
    """The address of a device: booth, kind and device id."""

    booth: str
    kind: str
    device: str


@dataclass(frozen=True, slots=True)
class BadTopic:
    """An invalid topic, with the reason; `booth` if that level is valid."""

    message: Label
    booth: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic under the root: a device, and after it `status`, `errors`, `receipts` or nothing.

    Its kind may be any name; whether there is such a kind is not said.
    """

    address: Address
    leaf: str | None


_SHAPE = "{root}/{{booth}}/{{kind}}/{{device}}"


def parse(root: str, topic: str) -> Topic | BadTopic:
    """Parse a topic under `root`, which has no trailing slash."""
    shape = _SHAPE.format(root=root)
    if not topic.startswith(root + "/"):
        why = _other_root(root, topic)
        said = Label(
            f"the topic does not start with {root}/{why.en}; publish to {shape}",
            f'토픽이 "{root}/"로 시작하지 않습니다{why.ko}. {shape} 형식으로 보내세요',
        )
        return BadTopic(said)
    levels = topic[len(root) + 1 :].split("/", 4)
    booth = levels[0] if BOOTH.fullmatch(levels[0]) else None
    if booth is not None:
        shape = shape.replace("{booth}", booth)
    if len(levels) > 4 and f"/{levels[-1]}".endswith(
        f"/{RECEIPTS}"
    ):  # as deep as a device asked for its answers
        levels = [*levels[:3], RECEIPTS]
    if "/".join(levels[3:]) == SHORT_ERRORS:
        levels = [*levels[:3], ERRORS]
    if len(levels) not in (3, 4):
        count = topic.count("/", len(root) + 1) + 1
        said = Label(
            f"the topic has {count} levels after {root}, a reading has 3: {shape}",
            f"{root} 다음에 {count}단계가 있습니다. 측정값 토픽은 3단계입니다: {shape}",
        )
        return BadTopic(said, booth)
    wrong = _wrong_level(levels)
    if wrong is not None:
        name, level, pattern = wrong
        words = _IN_WORDS[name]
        fits = "" if pattern is None else _fitting(level, pattern, lower=name == "booth")
        said = Label(
            f'{name}: "{_printable(level)}" is not a {name} id, which has {words.en}; '
            + (f"write it like {fits} and " if fits else "")
            + f"publish to {shape}",
            f'{name}: "{_printable(level)}"은(는) 쓸 수 없는 이름입니다. {words.ko}'
            + (f". 예: {fits}" if fits else "")
            + f". 토픽: {shape}",
        )
        return BadTopic(said, booth)
    leaf = levels[3] if len(levels) == 4 else None
    if leaf not in {None, STATUS, ERRORS, RECEIPTS}:
        said = Label(
            f'the topic has a 4th level that is not "{STATUS}"; publish readings to {shape}',
            f'4단계에는 "{STATUS}"만 쓸 수 있습니다. 측정값은 {shape} 형식의 토픽으로 보내세요',
        )
        return BadTopic(said, booth)
    booth_id, kind, device = levels[:3]
    # Of 10,000 devices each booth and kind once: what a reading touches stays in the cache.
    return Topic(Address(intern(booth_id), intern(kind), device), leaf)


def _other_root(root: str, topic: str) -> Label:
    """The message about a topic that nearly starts with the root."""
    if topic.startswith(f"/{root}/"):
        return Label(" but with a slash; leave that out", " (맨 앞의 /를 빼세요)")
    if topic.lower().startswith(f"{root.lower()}/"):
        return Label(" (small and capital letters differ)", " (대소문자를 구분합니다)")
    return Label("", "")


def _printable(level: str) -> str:
    """A level as it is, but for control characters, which are escaped."""
    letters = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in level[:64])
    return "".join(letters)[:64]


def _fitting(level: str, pattern: re.Pattern[str], *, lower: bool) -> str:
    """A name like `level` that fits the pattern; empty if it is too long or nothing is left."""
    if len(level) > _LONGEST_NAME:
        return ""
    separators = re.sub(
        r"[^A-Za-z0-9]+" if lower else r"[^A-Za-z0-9_.-]+",
        "-",
        unicodedata.normalize("NFKC", level),
    )
    name = re.sub(r"^[^A-Za-z0-9]+", "", separators).rstrip("-")
    name = name.lower() if lower else name
    return name if pattern.fullmatch(name) else ""


def _wrong_level(levels: list[str]) -> tuple[str, str, re.Pattern[str] | None] | None:
    """The first level that does not fit: its name, its text and the pattern it should fit."""
    booth, kind, device = levels[:3]
    if not BOOTH.fullmatch(booth):
        return "booth", booth, BOOTH
    if not _ANY_KIND.fullmatch(kind):
        return "kind", kind, None
    return None if DEVICE.fullmatch(device) else ("device", device, DEVICE)


def topic_of(root: str, address: Address, leaf: str | None = None) -> str:
    """Return the topic of a device's readings, or of the `leaf` below it."""
    return "/".join([root, *address, *([leaf] if leaf else [])])


def may_answer_to(root: str, address: Address, response_topic: str) -> bool:
    """Whether a receipt may be published to the Response Topic that a device asked for.

    The hub publishes with its own rights, so a device must not borrow them: only below its own
    topic, where the last level is `receipts`, and nowhere that would cost the hub its connection.
    """
    return (
        response_topic.startswith(f"{topic_of(root, address)}/")
        and response_topic.endswith(f"/{RECEIPTS}")
        and unfit(response_topic) is None
    )


def bad_filter(pattern: str) -> str | None:
    """Return why a text is no topic filter (MQTT-4.7.1); None if it is one."""
    levels = pattern.split("/")
    if not pattern:
        return "is empty"
    if any(len(level) > 1 and set(level) & set("+#") for level in levels):
        return "has a + or # that is no whole level"
    return "has a # that is not its last level" if "#" in levels[:-1] else None


def wildcards(pattern: str, topic: str) -> list[str] | None:
    """Return what each + and # of a topic filter stands for in a topic name (MQTT-4.7.1).

    None if it does not match. A # may stand for no level, which is an empty text.
    """
    if topic.startswith("$") != pattern.startswith("$"):  # MQTT-4.7.2-1
        return None
    wanted, levels = pattern.split("/"), topic.split("/")
    found: list[str] = []
    for place, want in enumerate(wanted):
        if want == "#":
            return [*found, "/".join(levels[place:])] if place <= len(levels) else None
        if place >= len(levels) or want not in ("+", levels[place]):
            return None
        if want == "+":
            found.append(levels[place])
    return found if len(wanted) == len(levels) else None


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic name matches a topic filter with + and #."""
    return wildcards(pattern, topic) is not None


def overlap(one: str, other: str) -> bool:
    """Whether some topic name matches both of two topic filters."""
    ours, theirs = one.split("/"), other.split("/")
    for our, their in zip(ours, theirs, strict=False):
        if "#" in (our, their):
            return True
        if our != their and "+" not in (our, their):
            return False
    longer = ours if len(ours) > len(theirs) else theirs
    return len(ours) == len(theirs) or longer[min(len(ours), len(theirs))] == "#"


def unfit(name: str) -> str | None:
    """Return why a broker may refuse a PUBLISH to a topic name (MQTT-4.7); None if it is valid."""
    if not name:
        return "the topic is empty"
    if set(name) & set("+#\0"):
        return "the topic holds + or # or a NUL"
    levels = name.count("/") + 1
    if levels > MOST_LEVELS:
        return f"the topic has {levels} levels; brokers take {MOST_LEVELS}"
    if len(name.encode(errors="surrogatepass")) > _LONGEST:
        return f"the topic is longer than {_LONGEST} bytes"
    return None
