"""Pages, messages and labels are plain, short English: see `tests.docs.prose`."""

import ast
import re
from collections.abc import Iterator

import pytest

from harness import ROOT
from tests.docs.prose import FORBIDDEN, findings, paragraphs, plain, sentences
from tests.docs.test_links import PAGES, read

#: They are written by measurements, and quote what programs said in them.
MEASURED = {
    "docs/reference/faults.md",
    "docs/reference/performance.md",
    "docs/reference/fuzzing.md",
}
PROSE = [page for page in PAGES if not page.endswith(".ko.md") and page not in MEASURED]
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("hub", "schemas")
    for path in ROOT.glob(f"{folder}/**/*.py")
)
LABELS = [
    ROOT / "hub" / "web" / "static" / "js" / f"{name}.js" for name in ("labels", "desk_labels")
]


@pytest.mark.parametrize("page", PROSE)
def test_a_page_is_plain_and_short(page):
    wrong = [found for text in paragraphs(read(page)) for found in findings(text)]
    assert not wrong, f"{page}:\n" + "\n".join(wrong)


def messages(module: str) -> Iterator[str]:
    """Yield the texts of a module that people may read: strings with words, no docstrings."""
    tree = ast.parse(read(module))
    docs = {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(body := getattr(parent, "body", None), list)
        for node in body
        if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [n.value if isinstance(n, ast.Constant) else "CODE" for n in node.values]
            yield "".join(map(str, parts))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ):
            yield node.value


#: Messages name a value and what it is not, in few words: "412 is no time".
SHORT = "“is no X”; write is not a"


def forbidden(text: str) -> list[str]:
    kept = {rule: pattern for rule, pattern in FORBIDDEN.items() if rule != SHORT}
    parts = [part for part in sentences(plain(text)) if not part.endswith("?")]
    return [rule for rule, pattern in kept.items() for part in parts if pattern.search(part)]


@pytest.mark.parametrize("module", MODULES)
def test_a_message_has_no_forbidden_words(module):
    wrong = [
        (rules, text) for text in messages(module) if " " in text and (rules := forbidden(text))
    ]
    assert not wrong, f"{module}: {wrong}"


def test_a_label_has_no_forbidden_words():
    table = "".join(path.read_text(encoding="utf-8") for path in LABELS)
    labels = re.findall(r'\ben: "([^"]+)"', table)
    assert len(labels) > 100
    assert not [(rules, text) for text in labels if (rules := forbidden(text))]


@pytest.mark.parametrize(
    "text",
    [
        "It waits, for the broker is away.",
        "The booth is told.",
        "What came before is stored.",
        "Somebody mends it.",
        "A state is no reading.",
        "It shall not be late.",
        "word " * 31 + ".",
    ],
)
def test_what_must_not_be_written_is_found(text):
    assert list(findings(text))


@pytest.mark.parametrize(
    "text",
    ["There is no reading.", "It is for the hub alone.", "What is it for?", "They are told apart."],
)
def test_what_may_be_written_is_not_found(text):
    assert not list(findings(text))
