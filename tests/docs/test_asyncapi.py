"""The AsyncAPI document: the official parser takes it, and the hub does what it says."""

import json
import subprocess

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from harness import ROOT
from harness.process import program
from harness.wait import DEADLINE
from hub.messages import Code, Reading, Status
from hub.pipeline.batch import Receipt
from hub.pipeline.decode import Decoder
from hub.pipeline.feedback import Feedback
from hub.topics import Address, topic_of
from schemas import kinds
from tools import rejections, schemas
from tools.text import MOMENT
from tools.topics import ROOT as TOPICS

FILE = ROOT / "docs" / "asyncapi.yaml"
DOCUMENT = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
SCHEMAS = DOCUMENT["components"]["schemas"]
ARRIVAL = MOMENT
ERROR, WARNING = 0, 1


def parse(path):
    """What the official parser says, in JSON."""
    script = ROOT / "tests" / "js" / "asyncapi.mjs"
    done = subprocess.run(
        [program("node"), script, path],
        capture_output=True,
        text=True,
        check=True,
        timeout=DEADLINE,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def parsed():
    return parse(FILE)


def test_the_official_parser_has_nothing_against_it(parsed):
    assert [said for said in parsed["diagnostics"] if said["severity"] <= WARNING] == []


def test_the_official_parser_would_say_what_is_wrong(tmp_path):
    broken = tmp_path / "broken.yaml"
    text = FILE.read_text(encoding="utf-8")
    broken.write_text(text.replace("action: receive", "action: swallow", 1), encoding="utf-8")
    assert ERROR in {said["severity"] for said in parse(broken)["diagnostics"]}


def test_every_kind_has_its_channel_and_its_operation(parsed):
    addresses = {topic_of(TOPICS, Address("{booth}", kind, "{device}")) for kind in kinds()}
    leaves = {f"{TOPICS}/{{booth}}/{{kind}}/{{device}}/{leaf}" for leaf in (
        "status", "errors", "errors/short", "receipts"
    )}  # fmt: skip
    assert set(parsed["channels"]) == addresses | leaves
    assert {f"receive_{kind}" for kind in kinds()} <= {name for _, name in parsed["operations"]}


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_means_the_same_here_and_where_the_hub_serves_it(kind):
    served = kinds()[kind].json_schema()
    assert {"$schema": served["$schema"], "$id": served["$id"], **SCHEMAS[kind]} == served
    Draft202012Validator.check_schema(served)
    Draft7Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize("kind", kinds())
def test_the_hub_takes_each_example_of_a_reading(kind):
    decoder = Decoder(TOPICS, kinds())
    topic = topic_of(TOPICS, Address("b12", kind, "t1"))
    for example in DOCUMENT["components"]["messages"][kind]["examples"]:
        Draft7Validator(SCHEMAS[kind]).validate(example["payload"])
        verdict = decoder.decode(topic, json.dumps(example["payload"]).encode(), ARRIVAL)
        assert isinstance(verdict, Reading)
        assert (verdict.ignored, verdict.skew) == ((), None)
        assert verdict.fields == dict(kinds()[kind].example)


@pytest.mark.parametrize("word", SCHEMAS["status"]["enum"])
def test_the_hub_takes_each_status(word):
    topic = topic_of(TOPICS, Address("b12", "thermostat", "t1"), "status")
    verdict = Decoder(TOPICS, kinds()).decode(topic, word.encode(), ARRIVAL)
    assert isinstance(verdict, Status)


@pytest.mark.parametrize("code", Code)
def test_every_rejection_is_as_the_schema_says(code):
    case = rejections.CASES[code]
    said = rejections.answer(case.topic, case.payload)
    strict = {**SCHEMAS["rejection"], "additionalProperties": False}
    Draft7Validator(strict).validate(said)


def test_a_receipt_is_as_the_schema_says(clock):
    said = []

    def publish(*words):
        said.append(words)
        return True

    answers = Feedback(TOPICS, publish, clock)
    device = Address("b12", "thermostat", "t1")
    asked = Receipt(topic_of(TOPICS, device, "receipts"), b"1", device, ARRIVAL)
    answers.send([], [asked])
    Draft7Validator(SCHEMAS["receipt"]).validate(json.loads(said[0][1]))
    example = DOCUMENT["components"]["messages"]["receipt"]["examples"][0]["payload"]
    assert json.loads(said[0][1]) == example


def test_nothing_is_said_of_a_schema_that_no_message_has():
    assert set(SCHEMAS) == {*kinds(), "status", "receipt", "rejection", "short_rejection"}
    assert schemas.all_of_them() == SCHEMAS
