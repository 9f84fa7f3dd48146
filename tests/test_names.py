"""A name leads to one place: no public class of the hub is called like another."""

import ast
from collections import defaultdict
from pathlib import Path

HUB = Path(__file__).parent.parent / "hub"


def test_a_class_name_exists_once():
    places = defaultdict(list)
    for path in sorted(HUB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(f"{path.relative_to(HUB)}:{node.lineno}")
    assert len(places) > 100
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
