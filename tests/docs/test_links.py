"""What the pages point to exists: files, headings, commands, options, targets of make."""

import re
import shlex
import unicodedata
from typing import Any

import pytest
import typer

from harness import ROOT
from hub.cli import app

SKIPPED = {".venv", "node_modules", "vendor", ".git"}
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if not SKIPPED & set(path.parts)
)
TEXTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.glob("docs/**/*")
    if path.suffix in {".md", ".py", ".sh", ".mjs", ".ino", ".toml", ".conf", ".svg", ".service"}
) + [page for page in PAGES if "/" not in page]
#: Folders of one machine, and where packages come from: both differ from place to place.
ELSEWHERE = re.compile(
    r"/(?:work|root|home|Users|tmp)/|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|"
    r"--index-url|--registry|artifactory|\bmirrors?\.",
    re.IGNORECASE,
)


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def prose(page):
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", read(page), flags=re.DOTALL | re.MULTILINE)


def links(page):
    return re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", prose(page).replace("\n", " "))


def anchors(page):
    """The names of a page's headings, as GitHub makes them."""
    named = set(re.findall(r'<a id="([\w-]+)"></a>', prose(page)))
    return named | {slug(text) for text in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)}


def slug(heading):
    kept = [
        letter
        for letter in heading.strip().lower()
        if letter in " -_" or unicodedata.category(letter)[0] in "LN"
    ]
    return "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_each_link_leads_somewhere(page):
    for link in links(page):
        if re.match(r"https?:|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent.joinpath(path).resolve() if path else ROOT / page
        assert target.exists(), f"{page}: {link}: there is no such file"
        if anchor:
            assert anchor in anchors(target), f"{page}: {link}: there is no such heading"


ROLE = re.compile(
    r"\b[Ff]or (?:the )?(?:exhibitor|organiser|engineer|everybody|whoever)|위한 안내|new to the hub"
)


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/")])
def test_each_page_says_whom_and_what_it_is_for_in_its_first_two_lines(page):
    text = re.sub(r"^<!--.*?-->\n", "", read(page))
    _, first, *_ = re.split(r"\n\n", text.strip(), maxsplit=2)
    assert ROLE.search("\n".join(first.splitlines()[:2])), f"{page}: for whom is it?"


def test_each_page_is_in_the_index():
    listed = {(ROOT / "docs" / link).resolve() for link in links("docs/README.md")}
    decisions = "docs/explanation/decisions"
    listed |= {ROOT / decisions / link for link in links(f"{decisions}/README.md")}
    pages = {ROOT / page for page in PAGES if page.startswith("docs/")}
    assert pages - listed <= {
        ROOT / "docs" / "README.md",
        # written by the benchmark, where it has been run
        ROOT / "docs" / "reference" / "performance.md",
    }


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_true_on_one_machine_only(text):
    assert not ELSEWHERE.findall(read(text))


#: The folders at the top of the project, as CONTRIBUTING lists them.
FOLDERS = set(
    re.findall(
        r"`([\w.]+)/`", "".join(re.findall(r"^\| (`.*?) \|", read("CONTRIBUTING.md"), re.MULTILINE))
    )
)
PATH = re.compile(rf"(?<![\w/.$-])(?:{'|'.join(map(re.escape, sorted(FOLDERS)))})/[\w./*-]*")
#: Files that a reader makes.
TO_BE_MADE = {
    "schemas/aroma_diffuser.py",
    "tests/data/recordings/b12.mcap",
    "tests/test_b12.py",
}


def test_contributing_lists_each_folder():
    made = {"hub-data", "build", "__pycache__"}
    there = {path.name for path in ROOT.iterdir() if path.is_dir()} - made
    assert {name for name in there if not name.startswith(".")} == FOLDERS - {".ci"}


@pytest.mark.parametrize("page", PAGES)
def test_each_path_of_the_project_exists(page):
    named = {path.rstrip(".") for path in PATH.findall(read(page))} - TO_BE_MADE
    gone = {path for path in named if not next(ROOT.glob(path.rstrip("/")), None)}
    assert not gone, f"{page}: there is no such path"


def shell_lines(page):
    """The lines of a page's blocks of shell commands, continued lines joined."""
    for block in re.findall(r"^```sh\n(.*?)^```$", read(page), re.DOTALL | re.MULTILINE):
        yield from block.replace("\\\n", " ").splitlines()


def calls(page, program):
    """Each call of a program in a page: the words after its name."""
    for line in shell_lines(page):
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;")
        lexer.whitespace_split = True
        words = []
        for word in [*lexer, "|"]:
            if not set(word) <= set("|&;"):
                words.append(word)
                continue
            at = _program_in(words)
            name = words[at].rpartition("/")[2] if words[at:] else ""
            if name == program:
                yield words[at + 1 :]
            words = []


def _program_in(words):
    """Where the program stands: a path to it anywhere, else the first word but for settings."""
    paths = [at for at, word in enumerate(words) if "/.venv/bin/" in f"/{word}"]
    settings = [at for at, word in enumerate(words) if word != "sudo" and "=" not in word]
    return next(iter([*paths, *settings]), len(words))


HUB_CALLS = [
    (page, call) for page in PAGES for call in calls(page, "hub") if not call[0].startswith("$")
]


@pytest.mark.parametrize(("page", "call"), HUB_CALLS, ids=str)
def test_a_command_has_the_options_that_a_page_gives_it(page, call):
    command: Any = typer.main.get_command(app)
    words = list(call)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    assert not getattr(command, "commands", {}), f"{page}: hub {' '.join(call)}: no such command"
    known = {name for option in command.params for name in option.opts} | {"--help"}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given <= known, f"{page}: hub {' '.join(call)}"


@pytest.mark.parametrize("page", sorted({page for page, _ in HUB_CALLS}))
def test_a_page_that_calls_the_hub_says_where_it_is(page):
    bare = re.search(r"^(?:[^#\n]*[|&] )?hub [a-z]", "\n".join(shell_lines(page)), re.MULTILINE)
    said = "commands.md#where-hub-is" in read(page) or ". .venv/bin/activate" in read(page)
    assert said or not bare, f"{page}: link to commands.md#where-hub-is"


def test_the_pages_do_call_the_hub():
    assert len(HUB_CALLS) > 3


@pytest.mark.parametrize("page", PAGES)
def test_each_target_of_make_exists(page):
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    asked = {word for call in calls(page, "make") for word in call}
    assert asked - {"git"} <= targets
