"""Example programs: a whole device in a few lines, for each kind and language. Pure.

Host, ids and readings are filled in; a password never is: a program reads it from the environment
variable `MQTT_PASSWORD`, and one for a microcontroller has a place for it.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from string import Template
from typing import Any, NamedTuple

from hub.booths import snippet_programs
from hub.booths.snippet_comments import KOREAN
from hub.topics import TRIAL, Address, topic_of
from schemas import KindSpec

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class SnippetLanguage(StrEnum):
    """The language of a snippet."""

    MOSQUITTO_PUB = "mosquitto_pub"
    PYTHON = "python"
    NODEJS = "nodejs"
    ARDUINO = "arduino"
    MICROPYTHON = "micropython"


class SnippetForm(NamedTuple):
    """A language's name, file extension, and name in Markdown and highlighters."""

    label: str
    suffix: str
    fence: str


FORMS = {
    SnippetLanguage.MOSQUITTO_PUB: SnippetForm("mosquitto_pub", ".sh", "sh"),
    SnippetLanguage.PYTHON: SnippetForm("Python", ".py", "python"),
    SnippetLanguage.NODEJS: SnippetForm("Node.js", ".mjs", "js"),
    SnippetLanguage.ARDUINO: SnippetForm("Arduino (ESP32)", ".ino", "cpp"),
    SnippetLanguage.MICROPYTHON: SnippetForm("MicroPython", ".py", "python"),
}
_PROGRAMS = {
    SnippetLanguage.MOSQUITTO_PUB: snippet_programs.SHELL,
    SnippetLanguage.PYTHON: snippet_programs.PYTHON,
    SnippetLanguage.NODEJS: snippet_programs.NODEJS,
    SnippetLanguage.ARDUINO: snippet_programs.ARDUINO,
    SnippetLanguage.MICROPYTHON: snippet_programs.MICROPYTHON,
}


@dataclass(frozen=True, slots=True)
class DeviceConnection:
    """The broker's address and the identity of a device.

    `ca` is the name of the file with the event's certificate authority, for a broker with TLS that
    no public authority signed; `username` is the device's account, which is also its client id.

    Raises:
        ValueError: a text holds a control character, which no language can take in one line.
    """

    host: str
    port: int
    tls: bool
    ca: str | None
    username: str | None
    root: str
    booth: str
    device: str

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, str) and _UNPRINTABLE.search(value):
                raise ValueError(f"{item.name}: {value!r} holds a control character")

    def topic(self, kind: str) -> str:
        """Return the topic of the device's readings."""
        return topic_of(self.root, Address(self.booth, kind, self.device))

    def client_id(self, kind: str) -> str:
        """Return the client id: the account's name, or without one a name of the device's own."""
        return self.username or f"{self.booth}-{kind}-{self.device}"


def trial(kind: KindSpec, connection: DeviceConnection, *, korean: bool = False) -> str:
    """Return the command that sends one reading as a trial, which no wall shows."""
    tried = replace(connection, device=TRIAL)
    return snippet(SnippetLanguage.MOSQUITTO_PUB, kind, tried, korean=korean)


def snippet(
    language: SnippetLanguage,
    kind: KindSpec,
    connection: DeviceConnection,
    *,
    korean: bool = False,
) -> str:
    """Return a whole program, or for mosquitto_pub a command, that publishes readings of `kind`.

    The values are the kind's own example. It ends with a line feed. Its comments are English, or
    `korean`.
    """
    facts = {
        "tls": connection.tls,
        "plain": not connection.tls,
        "ca": connection.tls and connection.ca is not None,
        "system": connection.tls and connection.ca is None,
        "account": connection.username is not None,
        "open": connection.username is None,
        "trial": connection.device == TRIAL,
    }
    program = _PROGRAMS[language]
    if korean:
        for comment, korean_comment in KOREAN.items():
            program = program.replace(comment, korean_comment)
    words = _words(language, kind, connection)
    words["label"] = kind.label.ko if korean else kind.label.en
    words["ca_name"] = connection.ca or ("인증 기관" if korean else "the authority")
    return Template(_kept(program, facts)).substitute(words)


_CONDITION = re.compile(r"\[(\w+)\] ?(.*)")


def _kept(program: str, facts: Mapping[str, bool]) -> str:
    """The lines of a program whose condition holds, if they have one."""
    lines = []
    for line in program.splitlines():
        condition = _CONDITION.fullmatch(line)
        if condition is None:
            lines.append(line)
        elif facts[condition[1]]:
            lines.append(condition[2])
    return "\n".join(lines) + "\n"


def _words(
    language: SnippetLanguage, kind: KindSpec, connection: DeviceConnection
) -> dict[str, str]:
    """The value of each name in a program, as the language writes it."""
    shell = language is SnippetLanguage.MOSQUITTO_PUB
    quoted = shlex.quote if shell else _quoted
    example = dict(kind.example)
    topic = connection.topic(kind.name)
    words = {
        "interval": f"{kind.interval:g}",
        "milliseconds": f"{kind.interval * 1000:.0f}",
        "host": quoted(connection.host),
        "port": str(connection.port),
        "ca": quoted(connection.ca or ""),
        "user": quoted(connection.username or ""),
        "user_name": connection.username or "",
        "client": quoted(connection.client_id(kind.name)),
        "topic": quoted(topic),
        "status": quoted(f"{topic}/status"),
        "errors": quoted(f"{topic}/errors/short"),
        "payload": quoted(json.dumps(example, ensure_ascii=False)),
    }
    return words | _reading(language, example)


def _quoted(text: str) -> str:
    """A text as Python, JavaScript and C++ write it alike."""
    return json.dumps(text, ensure_ascii=False)


def _reading(language: SnippetLanguage, example: Mapping[str, Any]) -> dict[str, str]:
    if language is SnippetLanguage.ARDUINO:
        size = 64 + 2 * len(json.dumps(dict(example), ensure_ascii=False).encode())
        return {
            "fields": "\n".join(f"  {_declared(*item)}" for item in example.items()),
            "format": _format(example),
            "arguments": ",\n           ".join(_argument(*item) for item in example.items()),
            "size": str(max(256, size)),
        }
    write = json.dumps if language is SnippetLanguage.NODEJS else _python
    name = str if language is SnippetLanguage.NODEJS else _quoted
    indent = "    " if language is SnippetLanguage.NODEJS else "        "
    return {
        "fields": "\n".join(
            f"{indent}{name(key)}: {write(value, ensure_ascii=False)},"
            for key, value in example.items()
        )
    }


def _python(value: Any, *, ensure_ascii: bool) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=ensure_ascii)
    return repr(value)


#: Words that C++ keeps for itself and that a field may be called.
_CPP_WORDS = """
    alignas alignof and asm auto bitand bitor bool break case catch char class compl concept
    const continue decltype default delete do double else enum explicit export extern false
    float for friend goto if inline int long mutable namespace new noexcept not nullptr
    operator or private protected public register requires return short signed sizeof
    snprintf static struct switch template this throw true try typedef typeid typename union
    unsigned using virtual void volatile while xor
"""
_CPP = frozenset(_CPP_WORDS.split())


def _cpp_name(name: str) -> str:
    return f"{name}_" if name in _CPP else name


def _declared(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"bool {_cpp_name(name)} = {'true' if value else 'false'};"
    if isinstance(value, int):
        return f"long long {_cpp_name(name)} = {value};"
    if isinstance(value, float):
        return f"double {_cpp_name(name)} = {value!r};"
    inside = json.dumps(value, ensure_ascii=False)[1:-1]
    return f"const char* {_cpp_name(name)} = {_quoted(inside)};"


def _format(example: Mapping[str, Any]) -> str:
    """The reading for snprintf, a line for each field; C++ joins them."""
    places = [f' "{key}": {_place(value)},' for key, value in example.items()]
    places[0] = "{" + places[0][1:]
    places[-1] = places[-1][:-1] + "}"
    return "\n".join(f"           {_quoted(place)}" for place in places)


def _place(value: Any) -> str:
    if isinstance(value, bool):
        return "%s"
    if isinstance(value, int):
        return "%lld"
    if isinstance(value, float):
        exponent = Decimal(repr(value)).as_tuple().exponent
        return f"%.{max(1, -int(exponent))}f"
    return '"%s"'


def _argument(name: str, value: Any) -> str:
    name = _cpp_name(name)
    return f'{name} ? "true" : "false"' if isinstance(value, bool) else name
