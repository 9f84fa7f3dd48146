"""The reference is complete and fresh: what exists is documented, and what is written is so."""

import re
from types import SimpleNamespace
from typing import cast

import pytest
import typer

from harness import ROOT
from hub import topics
from hub.cli import app
from hub.dialects import DIALECTS
from hub.messages import Code
from hub.settings import given
from hub.settings.table import SETTINGS
from hub.timestamps import rfc3339
from hub.web.guard import Guard
from hub.web.metrics import ALL
from hub.web.parts import Parts
from hub.web.server import create_app
from schemas import kinds
from tools import commands, gen, http_api, rejections
from tools import kinds as kinds_page
from tools import topics as topics_page
from tools.text import MOMENT

REFERENCE = ROOT / "docs" / "reference"


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages():
    return gen.pages()


def test_generated_pages_are_as_the_code_says(pages):
    written = {path: (ROOT / path).read_text(encoding="utf-8") for path in pages}
    assert [path for path in pages if written[path] != pages[path]] == [], "stale; run make gen"


def test_the_pages_are_the_same_each_time_they_are_made(pages):
    assert gen.pages() == pages


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_documented(name):
    text = page("settings.md")
    assert f"## `HUB_{name.upper()}`" in text
    assert SETTINGS[name].help in text


@pytest.mark.parametrize(
    "path", list(commands.command_paths(typer.main.get_command(app), ("hub",)))
)
def test_a_command_is_documented_with_its_options(path):
    text = page("commands.md")
    assert f"## `{' '.join(path)}`\n" in text
    assert commands.usage(path).startswith("Usage: " + " ".join(path))


def test_the_commands_fit_eighty_columns():
    blocks = re.findall(r"```text\n(.*?)```", page("commands.md"), re.DOTALL)
    assert max(len(line) for block in blocks for line in block.splitlines()) <= commands.WIDTH


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_a_metric_is_documented(metric):
    assert f"| `{metric.name}` |" in page("metrics.md")
    assert metric.help in page("metrics.md")


@pytest.mark.parametrize("code", Code)
def test_a_rejection_code_is_documented_with_an_example_that_is_rejected_so(code):
    case = rejections.CASES[code]
    assert rejections.answer(case.topic, case.payload)["code"] == code.value
    assert f"## `{code.value}`" in page("rejections.md")


def test_an_example_that_would_be_accepted_is_no_rejection():
    with pytest.raises(TypeError, match="is not rejected"):
        rejections.answer("smartlife/v1/b12/thermostat/t1", b'{"temperature": 21.5}')


@pytest.mark.parametrize("name", kinds())
def test_a_kind_is_documented_with_each_field(name):
    spec = kinds()[name]
    section = kinds_page.section(spec)
    assert section in page("kinds.md")
    for field in spec.fields:
        assert f"| `{field.name}` | {field.label.en} | {field.label.ko} |" in section
    assert spec.source in section


@pytest.mark.parametrize("leaf", [topics.STATUS, topics.ERRORS, topics.RECEIPTS])
def test_a_topic_is_documented(leaf):
    assert any(row[0].endswith(f"/{leaf}") for row in topics_page.ROWS)
    assert all(row[0] in page("topics.md") for row in topics_page.ROWS)


def application():
    """The hub's own web application, as it is before the first request."""
    parts = {"kinds": kinds(), "settings": given({}), "status": None, "registry": None}
    parts["store"] = None
    guard = create_app(cast("Parts", SimpleNamespace(**parts)))
    assert isinstance(guard, Guard)
    return guard._app


def test_each_path_of_the_interface_is_documented():
    for path, methods in application().openapi()["paths"].items():
        for method in methods:
            assert f"## {method.upper()} {path}\n" in page("http.md")


def test_each_parameter_of_the_interface_is_documented():
    for path, methods in application().openapi()["paths"].items():
        for method, what in methods.items():
            section = page("http.md").split(f"## {method.upper()} {path}\n")[1].split("\n## ")[0]
            for parameter in what.get("parameters", ()):
                assert f"| `{parameter['name']}` |" in section


@pytest.mark.parametrize("page_path", http_api.PAGES)
def test_a_page_that_is_documented_exists(page_path):
    def paths(routes):
        for route in routes:
            path = getattr(route, "path", "").removesuffix("{path:path}")
            yield path.rstrip("/") or "/"

    assert (page_path.rstrip("/") or "/") in set(paths(application().routes))


def test_the_examples_happen_at_one_moment():
    assert rfc3339(MOMENT) == "2026-10-07T01:00:00.123456789Z"


@pytest.mark.parametrize("name", ["connect-a-device.md", "connect-a-device.ko.md"])
def test_every_dialect_stands_where_exhibitors_look(name: str):
    text = (ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8")
    for item in DIALECTS.values():
        value = item.setup[0].value
        for place, filled in (("{root}", "smartlife/v1"), ("{booth}", "BOOTH")):
            value = value.replace(place, filled)
        assert f"`{value.replace('{account}', 'ACCOUNT')}` |" in text
