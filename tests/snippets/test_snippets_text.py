"""What a snippet says: nothing but what it was given, whatever that is, and never a password."""

import ast
import json
import re
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.wait import DEADLINE
from hub.booths import snippet_programs
from hub.booths.snippet_comments import KOREAN
from hub.booths.snippets import FORMS, DeviceConnection, SnippetLanguage, _format, snippet
from hub.messages import Reading
from hub.pipeline.decode import Decoder
from schemas import kinds

OPEN = DeviceConnection("10.0.0.5", 1883, False, None, None, "smartlife/v1", "b12", "t1")
SECURED = DeviceConnection("10.0.0.5", 8883, True, "ca.crt", "b12-t1", "smartlife/v1", "b12", "t1")
PUBLIC = DeviceConnection(
    "mqtt.example.org", 8883, True, None, "b12-t1", "smartlife/v1", "b12", "t1"
)
CONNECTIONS = {"open": OPEN, "secured": SECURED, "public authority": PUBLIC}
EVERY = pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)

connections = pytest.mark.parametrize("connection", CONNECTIONS.values(), ids=list(CONNECTIONS))
languages = pytest.mark.parametrize("language", SnippetLanguage, ids=str)
one_line = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40
)


def constants(program):
    """The texts that a Python program is made of."""
    return {node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant)}


@EVERY
def test_the_format_of_a_sketch_makes_the_example(kind):
    example = dict(kind.example)
    text = "".join(json.loads(line) for line in _format(example).splitlines())
    values = [json.dumps(value) if isinstance(value, bool) else value for value in example.values()]
    assert json.loads(text.replace("%lld", "%d") % tuple(values)) == example


@languages
@connections
def test_comments_are_korean_for_who_reads_korean(language, connection):
    kind = kinds()["thermostat"]
    text = snippet(language, kind, connection, korean=True)
    assert kind.label.ko in text
    comments = re.findall(r"(?:^|\s)(?:#|//) (.*)", text)
    english = {comment for comment in comments if not re.search("[가-힣]", comment)}
    assert english <= {"npm install mqtt", 'pip install "paho-mqtt>=2"'}


def test_every_korean_comment_is_one_of_a_program():
    programs = {text for text in vars(snippet_programs).values() if isinstance(text, str)}
    assert not [said for said in KOREAN if not any(said in program for program in programs)]


def test_every_language_has_a_name_and_a_file(kinds):
    assert set(FORMS) == set(SnippetLanguage)


@languages
@connections
@EVERY
def test_nothing_is_left_to_fill_in_but_what_only_the_exhibitor_has(language, connection, kind):
    text = snippet(language, kind, connection)
    assert not re.search(r"^\[\w+\]", text, re.MULTILINE)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert connection.host in text
    assert connection.topic(kind.name) in text
    assert connection.client_id(kind.name) in text


@languages
def test_a_snippet_is_the_same_each_time(language):
    kind = kinds()["drone"]
    assert snippet(language, kind, SECURED) == snippet(language, kind, SECURED)


@pytest.mark.parametrize("language", [SnippetLanguage.PYTHON, SnippetLanguage.MICROPYTHON], ids=str)
@connections
@EVERY
def test_python_is_python(language, connection, kind):
    compile(snippet(language, kind, connection), "snippet", "exec")


@EVERY
def test_micropython_measures_the_example(kind):
    """The function alone: the rest of the program needs a board."""
    tree = ast.parse(snippet(SnippetLanguage.MICROPYTHON, kind, SECURED))
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "measure")
    names: dict[str, Any] = {}
    exec(compile(ast.Module([function], []), "snippet", "exec"), names)
    payload = json.dumps(names["measure"](), ensure_ascii=False).encode()
    verdict = Decoder("smartlife/v1", kinds()).decode(OPEN.topic(kind.name), payload, 0)
    assert isinstance(verdict, Reading)
    assert verdict.fields == dict(kind.example)


@languages
def test_an_account_is_the_client_id(language):
    text = snippet(language, kinds()["drone"], SECURED)
    assert "b12-drone-t1" not in text
    assert text.count("b12-t1") >= 2


@languages
def test_without_an_account_nothing_asks_for_a_password(language):
    text = snippet(language, kinds()["drone"], OPEN).replace("WIFI_PASSWORD", "")
    assert "MQTT_PASSWORD" not in text
    assert "your-password" not in text


@given(host=one_line, user=one_line, ca=one_line)
def test_a_shell_reads_each_word_as_it_was_given(host, user, ca):
    connection = DeviceConnection(host, 8883, True, ca, user, "smartlife/v1", "b12", "t1")
    command = snippet(SnippetLanguage.MOSQUITTO_PUB, kinds()["drone"], connection)
    script = "mosquitto_pub() { printf '%s\\0' \"$@\"; }\n" + command
    done = subprocess.run(
        ["sh"],
        input=script.encode(),
        env={"MQTT_PASSWORD": "s3cret word"},
        capture_output=True,
        check=True,
        timeout=DEADLINE,
    )
    words = done.stdout.decode().split("\0")[:-1]
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert (options["-h"], options["--cafile"]) == (host, ca)
    assert (options["-u"], options["-i"], options["-P"]) == (user, user, "s3cret word")
    assert json.loads(options["-m"]) == dict(kinds()["drone"].example)
    assert done.stderr == b""


@pytest.mark.parametrize("language", [SnippetLanguage.PYTHON, SnippetLanguage.MICROPYTHON], ids=str)
@given(host=one_line, user=one_line)
def test_python_reads_each_text_as_it_was_given(language, host, user):
    connection = DeviceConnection(host, 8883, True, "ca.crt", user, "smartlife/v1", "b12", "t1")
    assert {host, user} <= constants(snippet(language, kinds()["drone"], connection))


@pytest.mark.parametrize("character", ["\n", "\r", "\0", "\x1b", "\x85", "\u2028", "\ud800"])
def test_a_control_character_is_refused(character):
    with pytest.raises(ValueError, match=r"host: .* holds a control character"):
        DeviceConnection(f"a{character}b", 1883, False, None, None, "smartlife/v1", "b12", "t1")
