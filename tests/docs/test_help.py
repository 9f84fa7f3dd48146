"""The help by symptom: each symptom is one step away, in both languages, and pages link to it."""

import re

import pytest

from harness import ROOT
from tools.help_pages import SOURCES

STATIC = ROOT / "hub" / "web" / "static"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("js/*.js")}
SYMPTOM = re.compile(r'(?:helpLink\(|symptom: |symptom = |\), )"([a-z]+(?:-[a-z]+)*)"\)?[;,) }]')


def shown(language):
    return (STATIC / f"help.{language}.html").read_text(encoding="utf-8")


def anchors(language):
    return set(re.findall(r'<h2 id="([^"]+)"', shown(language)))


@pytest.mark.parametrize("language", SOURCES)
def test_each_of_ten_symptoms_and_more_is_one_step_away(language):
    table = re.search(r"<table>.*?</table>", shown(language), re.DOTALL)
    assert table is not None
    linked = re.findall(r'<tr>\n<td>[^<]+</td>\n<td><a href="#([^"]+)">', table[0])
    assert len(linked) >= 10
    assert set(linked) == anchors(language)


def test_both_languages_have_the_same_symptoms():
    assert anchors("en") == anchors("ko")


@pytest.mark.parametrize("language", SOURCES)
def test_the_help_links_to_nothing_that_the_hub_does_not_serve(language):
    links = set(re.findall(r'href="([^"#]+)"', shown(language)))
    files = {link.removeprefix("/static/") for link in links}
    assert all((STATIC / name).is_file() for name in files)


def test_banners_and_the_booth_page_link_to_symptoms_that_there_are():
    linked = {
        name: set(SYMPTOM.findall(text)) for name, text in SCRIPTS.items() if "helpLink" in text
    }
    assert linked["health.js"] == {"link", "not-live", "no-readings"}
    assert linked["notices.js"] == {"no-readings", "no-connection", "too-much"}
    assert "helpLink()" in SCRIPTS["booth_frame.js"]
    assert set().union(*linked.values()) <= anchors("ko")


def test_a_page_that_is_refused_links_to_its_symptom():
    source = (ROOT / "hub" / "web" / "refusals.py").read_text(encoding="utf-8")
    for language in SOURCES:
        assert f'"/static/help.{language}.html#link"' in source
