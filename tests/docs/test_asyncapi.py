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
from tests.event.test_catalogue import YAML_TANK, changed
from tests.web.conftest import open_site
from tools import rejections
from tools.text import MOMENT
from tools.topics import ROOT as TOPICS

FILE = ROOT / "docs" / "asyncapi.yaml"
DOCUMENT = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
SCHEMAS = DOCUMENT["components"]["schemas"]
ARRIVAL = MOMENT
ERROR, WARNING = 0, 1
STATUS_TOO = {"$id": "urn:smartlife:kind:status"}
"""A kind with the name of a message of the hub's own."""


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


@pytest.mark.parametrize("word", SCHEMAS["Status"]["enum"])
def test_the_hub_takes_each_status(word):
    topic = topic_of(TOPICS, Address("b12", "thermostat", "t1"), "status")
    verdict = Decoder(TOPICS, kinds()).decode(topic, word.encode(), ARRIVAL)
    assert isinstance(verdict, Status)


@pytest.mark.parametrize("code", Code)
def test_every_rejection_is_as_the_schema_says(code):
    case = rejections.CASES[code]
    said = rejections.answer(case.topic, case.payload)
    strict = {**SCHEMAS["Rejection"], "additionalProperties": False}
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
    Draft7Validator(SCHEMAS["Receipt"]).validate(json.loads(said[0][1]))
    example = DOCUMENT["components"]["messages"]["Receipt"]["examples"][0]["payload"]
    assert json.loads(said[0][1]) == example


def test_nothing_is_said_of_a_schema_that_no_message_has():
    assert set(SCHEMAS) == {*kinds(), "Status", "Receipt", "Rejection", "ShortRejection"}
    assert set(DOCUMENT["components"]["messages"]) == set(SCHEMAS)


async def test_that_of_a_running_hub_has_the_kinds_of_the_event(tmp_path, clock):
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "water_tank.yaml").write_text(YAML_TANK, encoding="utf-8")
    given = {"kinds": str(tmp_path / "kinds"), "root": "show/v2"}
    given["public_broker"] = "mqtts://10.0.0.5:8883,wss://10.0.0.5:8084,mqtts://[::1]:8885"
    async with open_site(tmp_path / "data", clock, **given) as site:
        before = (await site.get("/api/asyncapi")).json()
        added = await site.client.post("/api/kinds", content=changed(**STATUS_TOO))
        assert added.status_code == 200, added.text
        answer = await site.get("/api/asyncapi")
    assert answer.headers["content-type"] == "application/vnd.aai.asyncapi+json;version=3.0.0"
    said = answer.json()
    assert set(said["channels"]) - set(before["channels"]) == {"status_readings"}
    assert said["components"]["schemas"]["water_tank"]["properties"]["fill"]["maximum"] == 100
    assert said["components"]["parameters"]["kind"]["enum"] == [*kinds(), "water_tank", "status"]
    (tmp_path / "asyncapi.json").write_bytes(answer.content)
    parsed = parse(tmp_path / "asyncapi.json")
    assert [said for said in parsed["diagnostics"] if said["severity"] <= WARNING] == []
    assert {"show/v2/{booth}/water_tank/{device}", "show/v2/{booth}/status/{device}"} < set(
        parsed["channels"]
    )
    hosts = {name: server["host"] for name, server in said["servers"].items()}
    assert hosts == {"mqtts": "10.0.0.5:8883", "wss": "10.0.0.5:8084", "mqtts_3": "[::1]:8885"}
