"""The programs for exhibitors, as the hub itself hands them out: on one page. Pure."""

from collections.abc import Iterator

from hub.booths.snippets import FORMS, DeviceConnection, SnippetLanguage, snippet
from schemas import KindSpec, kinds
from tools.text import as_json, code, fence, page
from tools.topics import ROOT

#: A broker without accounts, as the pages for exhibitors show the programs first.
OPEN = DeviceConnection("192.168.0.10", 1883, False, None, None, ROOT, "b12", "t1")
#: A broker as at an event: an account for each device, and TLS with the event's own authority.
SECURED = DeviceConnection("192.168.0.10", 8883, True, "ca.crt", "b12-t1", ROOT, "b12", "t1")

EXAMPLES = {
    SnippetLanguage.MOSQUITTO_PUB: "publish.sh",
    SnippetLanguage.PYTHON: "publish.py",
    SnippetLanguage.NODEJS: "publish.mjs",
    SnippetLanguage.ARDUINO: "publish.ino",
    SnippetLanguage.MICROPYTHON: "publish_micropython.py",
}
_EXAMPLE_KIND = "thermostat"

_INTRO = """\
For exhibitors and engineers: a whole device in five languages, with birth message, Last Will,
readings, and what was rejected. Copy one, put in the address of the broker and your ids, and
replace the values by what your sensors say. [Connect a device](../how-to/connect-a-device.md)
explains the parts.

Your booth's page and the hand-out have these programs **for your kind**, with everything but the
password filled in; so does [`/api/kinds/KIND/snippets`](http.md#get-apikindskindsnippets).

On this page the broker stands at `192.168.0.10` and asks for an account over TLS; `ca.crt` is the
certificate of the event's own authority, from the organiser. The first three read the password from
the environment variable `MQTT_PASSWORD`, so that it stands in no file: `export MQTT_PASSWORD='…'`
before you start them."""

_KINDS = """\
## Another kind

Replace `thermostat` in the topics and the client id by the name of the kind, and what `measure`
gives by the kind's fields. These are the examples; which fields may be left out is under
[kinds](kinds.md). For the ESP32, make `READING` at least as long as the text."""


def files() -> dict[str, str]:
    """Return the page, and the examples of the how-tos."""
    example = kinds()[_EXAMPLE_KIND]
    parts = (_INTRO, *_programs(example), _KINDS, *_examples())
    return {
        "docs/reference/snippets.md": page("snippets", "Snippets", *parts),
        **{
            f"docs/examples/connect/{name}": snippet(language, example, OPEN)
            for language, name in EXAMPLES.items()
        },
    }


def _programs(kind: KindSpec) -> Iterator[str]:
    for language, form in FORMS.items():
        yield f"## {form.label}"
        yield fence(snippet(language, kind, SECURED).rstrip("\n"), form.fence)


def _examples() -> Iterator[str]:
    for name, kind in kinds().items():
        yield f"### {code(name)}\n\n{kind.label.en}, {kind.label.ko}: [fields](kinds.md#{name})"
        yield as_json(dict(kind.example))
