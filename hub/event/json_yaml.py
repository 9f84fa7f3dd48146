"""Parses JSON in which no key stands twice, and YAML that means what JSON can say.

YAML has no aliases, no tags and no dates here, and `on` and `no` are words. Scalars are those of
the JSON schema of YAML 1.2 (10.2), others are text. What is hostile costs no more than its reading:
a document is bounded in depth, and what stands once is built once.
"""

import json
import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

DEEPEST = 32
"""Levels of lists and mappings, one in the other."""
_TOO_DEEP = f"is nested more than {DEEPEST} levels deep"
_MAP, _SEQ, _TEXT = (f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str"))
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_WORDS = {"": None, "null": None, "~": None, "true": True, "false": False}


class _Loader(yaml.SafeLoader):
    """Composes nodes alone; which are values is said here."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way to say it
    _depth = 0

    def fetch_flow_collection_start(self, token_class: Any) -> None:
        """Refuse brackets that are too deep: the scanner looks ahead, and its cost is quadratic."""
        if self.flow_level >= DEEPEST:
            raise ValueError(_TOO_DEEP)
        super().fetch_flow_collection_start(token_class)

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Refuse aliases and what is too deep, before anything is built of it."""
        if self.check_event(yaml.AliasEvent):
            raise ValueError("has an alias (*name); write out what it stands for")
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(_TOO_DEEP)
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def parse(text: bytes | str) -> Any:
    """Return what a document holds, as `json.loads` would.

    Raises:
        ValueError: it is not YAML, or says what JSON cannot; the message says where.
    """
    try:
        node = yaml.compose(text, _Loader)
    except yaml.YAMLError as exc:
        raise ValueError(" ".join(str(exc).split())) from exc
    return None if node is None else _value(node)


def parse_json(text: bytes | str) -> Any:
    """Return what JSON holds.

    Raises:
        ValueError: it is no JSON, or a key stands twice in an object.
    """
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice}: stands twice in an object; write it once")
    return found


def _value(node: Node) -> Any:
    at = f"line {node.start_mark.line + 1}"
    if isinstance(node, SequenceNode) and node.tag == _SEQ:
        return [_value(item) for item in node.value]
    if isinstance(node, MappingNode) and node.tag == _MAP:
        return _mapping(node, at)
    if not isinstance(node, ScalarNode) or node.tag != _TEXT:
        raise ValueError(f"{at}: {node.tag}: write it without a tag")
    return node.value if node.style else _scalar(node.value)


def _mapping(node: MappingNode, at: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode) or key.value in found:
            raise ValueError(f"{at}: each key is a word, and stands once in a mapping")
        found[key.value] = _value(value)
    return found


def _scalar(text: str) -> Any:
    """A plain scalar: null, true, false, a number, else text."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    return float(text) if number[1] or number[2] else int(text)
