"""The programs for exhibitors, as the hub itself hands them out: a page for each kind. Pure."""

from collections.abc import Iterator

from hub.booths.snippets import FORMS, DeviceConnection, SnippetLanguage, snippet
from schemas import KindSpec, kinds
from tools.text import code, fence, page, table
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
A whole device for each kind and each language: birth message, Last Will, readings, and what was
rejected. Copy one, put in the address of the broker and your ids, and replace the values by what
your sensors say. Your booth's page and the hand-out have the same programs with everything but
the password filled in. [Connect a device](../how-to/connect-a-device.md) explains the parts.

On these pages the broker stands at `192.168.0.10` and asks for an account over TLS; `ca.crt` is
the certificate of the event's own authority, from the organiser."""

_FIRST = """\
The first three read the password from the environment variable `MQTT_PASSWORD`, so that it stands
in no file: `export MQTT_PASSWORD='…'` before you start them."""


def files() -> dict[str, str]:
    """Return the list of the pages, a page for each kind, and the examples of the how-tos."""
    example = kinds()[_EXAMPLE_KIND]
    return {
        "docs/reference/snippets.md": page("snippets", "Snippets", _INTRO, _overview()),
        **{f"docs/reference/snippets/{name}.md": _page(kind) for name, kind in kinds().items()},
        **{
            f"docs/examples/connect/{name}": snippet(language, example, OPEN)
            for language, name in EXAMPLES.items()
        },
    }


def _overview() -> str:
    rows = [
        (f"[`{name}`](snippets/{name}.md)", kind.label.en, kind.label.ko)
        for name, kind in kinds().items()
    ]
    return table(("kind", "English", "한국어"), rows)


def _page(kind: KindSpec) -> str:
    title = f"Snippets: {kind.label.en}"
    facts = (
        f"{kind.label.en}, {kind.label.ko}. What {code(kind.name)} can say is under "
        f"[kinds](../kinds.md#{kind.name}); [snippets](../snippets.md) lists the other kinds."
    )
    return page("snippets", title, facts, _FIRST, *_programs(kind))


def _programs(kind: KindSpec) -> Iterator[str]:
    for language, form in FORMS.items():
        yield f"## {form.label}"
        yield fence(snippet(language, kind, SECURED).rstrip("\n"), form.fence)
