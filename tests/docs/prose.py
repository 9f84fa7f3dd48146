"""What pages, messages and labels may not say: forbidden words, and sentences that are too long.

The rules are those of "Style" in CONTRIBUTING: plain, short English that a reader whose first
language is another one understands without a dictionary.
"""

import re
from collections.abc import Iterator

MOST_WORDS = 30
"""Words of a sentence, or of a part of it that a colon or a semicolon ends."""

_VERB = r"(?:is|are|was|were|has|have|had|may|can|cannot|does|do|did|will|would|never|needs|makes)"
_AUXILIARY = r"(?:is|are|was|were|can|may|goes|stays|stands|waits|does)"
_NOUNS = r"(?:(?!that\b|which\b|who\b|whose\b)[\w'-]+ ){0,4}?"
FORBIDDEN = {
    "a causal “, for …”; write because": re.compile(
        rf", for (?:(?:it|they|he|she|we|you|there) (?!alone|and|to|as|or)"
        rf"|(?:nobody|everybody|that) {_VERB} "
        rf"|(?:a|an|the|its|their|each|every|what|one|another) {_NOUNS}{_VERB} )"
    ),
    "“is told”; name who reports what": re.compile(
        r"\b(?:is|are|was|were|be|being) told(?! apart)"
    ),
    "“What …” as the subject; name it": re.compile(
        rf"^What (?:[\w'-]+ ){{1,8}}?(?:{_AUXILIARY}) (?!not$)", re.ASCII
    ),
    "“let go of”; write delete or drop": re.compile(r"\blet(?:s|ting)? go of\b"),
    "“mend”; write correct, fix or repair": re.compile(r"\bmend(?:s|ed|ing)?\b", re.IGNORECASE),
    "“anew”; write again": re.compile(r"\banew\b"),
    "“seldom”; write rarely": re.compile(r"\bseldom\b"),
    "“in hand”; write received and not yet on disk": re.compile(r"\bin hand\b"),
    "“is no X”; write is not a": re.compile(
        r"(?<!there )(?<!There )\b(?:is|are|was|were) no (?!longer\b|more\b|other\b|one\b)[a-z]"
    ),
    "“shall”; write must or should": re.compile(r"\bshall\b"),
    "“ever new”; write new … again and again": re.compile(r"\bever new\b"),
    "“stumble”": re.compile(r"\bstumbl"),
}


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs, items and cells of a page, without code, links and pictures."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"^ *```.*?^ *```$", "\n", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    for block in re.split(r"\n\s*\n|\n(?= *(?:[-*#]+|\d+\.) )", text):
        lines = [line.strip() for line in block.strip().splitlines()]
        cells = [cell for line in lines if line.startswith("|") for cell in line.split("|")]
        yield from filter(None, map(plain, cells))
        rest = " ".join(line for line in lines if not line.startswith("|"))
        # A heading may ask or name a question: "What it does not do".
        if rest and not rest.startswith("#"):
            yield plain(re.sub(r"^(?:[-*]|\d+\.) ", "", rest))


def plain(text: str) -> str:
    """Return text without Markdown; code in it counts as one word."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\*+", "", re.sub(r"`[^`]*`", "CODE", text)).strip()


def sentences(paragraph: str) -> list[str]:
    """Split where a sentence, or a part of it that a colon or semicolon ends, is over."""
    return [part for part in re.split(r"(?<=[.!?])\)?\"?\s+|[:;]\s+", paragraph) if part]


def findings(paragraph: str) -> Iterator[str]:
    """Yield what is wrong with a paragraph of plain text, each with the place."""
    for sentence in sentences(paragraph):
        count = len(re.findall(r"[A-Za-z0-9][\w.,'’%/-]*", sentence))
        if count > MOST_WORDS:
            yield f"{count} words: {sentence}"
        for rule, pattern in FORBIDDEN.items():
            if pattern.search(sentence) and not sentence.endswith("?"):
                yield f"{rule}: {sentence}"
