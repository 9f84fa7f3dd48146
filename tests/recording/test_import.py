"""What other tools recorded becomes a recording; what cannot be read is named."""

import contextlib
import csv
import io
import json
import re
import sqlite3
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.writer import Writer as McapWriter
from typer.testing import CliRunner

from harness.wait import DEADLINE
from hub.cli import app
from hub.errors import RecordingError
from hub.recording.export import export_lines
from hub.recording.foreign.importing import Imported, ImportTerms, form_of, import_file
from hub.recording.format import Recorded, info, read
from hub.recording.topic_map import TopicMap
from schemas import kinds
from tests.recording.made import FIRST, ROOT, reading, written

T1 = f"{ROOT}/b1/thermostat/t1"
AT = 1_795_704_812_805_025_000
S = 10**9


def imported(path: Path, *maps: str, form: str | None = None) -> tuple[list[Recorded], Imported]:
    out = path.with_suffix(".out.mcap")
    terms = ImportTerms(ROOT, TopicMap(maps), FIRST, S)
    result = import_file(path, out, form, terms, kinds())
    assert info(out).messages == result.verdicts.total()
    return list(read(out)), result


class Case(NamedTuple):
    """A log of another tool, and the first message that it holds."""

    text: bytes
    form: str
    first: Recorded


GOOD = b'{"temperature": 21.5}'
CASES = {
    "mosquitto_sub -F %j, 2.0": Case(
        b'{"tst":"2026-11-26T14:53:32.805025Z+0000","topic":"%b","qos":1,"retain":0,"payloadlen":'
        b'21,"properties":{"content-type":"application/json","user-properties":{"a":"1"},'
        b'"response-topic":"r/1","correlation-data":"xy"},"payload":"{\\"temperature\\": 21.5}"}\n'
        % T1.encode(),
        "jsonl",
        Recorded(
            T1,
            GOOD,
            AT,
            1,
            properties={
                "content_type": "application/json",
                "response_topic": "r/1",
                "user_properties": [["a", "1"]],
                "correlation_data": "eHk=",
            },
        ),
    ),
    "mosquitto_sub -F %J": Case(
        b'{"tst":"2026-11-26T23:53:32.805025+0900","topic":"%b","payload":{"temperature":21.5}}\n'
        % T1.encode(),
        "jsonl",
        Recorded(T1, b'{"temperature":21.5}', AT),
    ),
    "JSON lines of one's own": Case(
        b'\n{"topic": "%b", "message": "{\\"temperature\\": 21.5}", "timestamp": 1795704812.805025}'
        % T1.encode(),
        "jsonl",
        Recorded(T1, GOOD, AT),
    ),
    "mosquitto_sub -v": Case(
        b"%b %b\n" % (T1.encode(), GOOD), "mosquitto", Recorded(T1, GOOD, FIRST)
    ),
    "mosquitto_sub -F '%U %t %p'": Case(
        b"1795704812.805025000 %b %b\n" % (T1.encode(), GOOD), "mosquitto", Recorded(T1, GOOD, AT)
    ),
    "mosquitto_sub -F '%I %t %p'": Case(
        b"2026-11-26T14:53:32+0000 %b %b\n" % (T1.encode(), GOOD),
        "mosquitto",
        Recorded(T1, GOOD, AT // S * S),
    ),
    "a payload of several lines": Case(
        b'%b {\n  "temperature": 21.5\n}\n%b online\n' % (T1.encode(), T1.encode()),
        "mosquitto",
        Recorded(T1, b'{\n  "temperature": 21.5\n}', FIRST),
    ),
    "mqtt-recorder": Case(
        b'%b,"{""temperature"": 21.5}",1,False,1795704812.805025,0.1\r\n' % T1.encode(),
        "mqtt-recorder",
        Recorded(T1, GOOD, AT, 1),
    ),
    "mqtt-recorder with base64": Case(
        b"%b,%b,0,True,1795704812.805025,0.1\r\n" % (T1.encode(), b64encode(GOOD)),
        "mqtt-recorder",
        Recorded(T1, GOOD, AT, 0, retain=True, verdict="ignored"),
    ),
    "line protocol": Case(
        b'# DML\nthermostat,booth=b1,device=t1,domain=smart_home temperature=21.5,mode="heat" %d\n'
        % AT,
        "influx-lines",
        Recorded(T1, b'{"temperature": 21.5, "mode": "heat", "ts": %d}' % AT, AT),
    ),
    "line protocol, a field a line": Case(
        b'device_state,booth=b1,device=t1,kind=thermostat state="live" 1795704812805025000\n'
        b"thermostat,booth=b1,device=t1 temperature=21.5 %d\n"
        b"thermostat,booth=b1,device=t1 window_open=true %d\n" % (AT, AT),
        "influx-lines",
        Recorded(T1, b'{"temperature": 21.5, "window_open": true, "ts": %d}' % AT, AT),
    ),
    "annotated CSV": Case(
        b"#datatype,string,long,dateTime:RFC3339,double,string,string,string,string\r\n"
        b"#group,false,false,false,false,true,true,true,true\r\n"
        b"#default,_result,,,,,,,\r\n"
        b",result,table,_time,_value,_field,_measurement,booth,device\r\n"
        b",,0,2026-11-26T14:53:32.805025Z,21.5,temperature,thermostat,b1,t1\r\n\r\n"
        b"#datatype,string,long,dateTime:RFC3339,boolean,string,string,string,string\r\n"
        b"#group,false,false,false,false,true,true,true,true\r\n"
        b"#default,_result,,,,,,,\r\n"
        b",result,table,_time,_value,_field,_measurement,booth,device\r\n"
        b",,1,2026-11-26T14:53:32.805025Z,true,window_open,thermostat,b1,t1\r\n",
        "influx-csv",
        Recorded(T1, b'{"temperature": 21.5, "window_open": true, "ts": %d}' % AT, AT),
    ),
    "annotated CSV, pivoted": Case(
        b",result,table,_time,_measurement,booth,device,domain,humidity,temperature\r\n"
        b",,0,2026-11-26T14:53:32.805025Z,thermostat,b1,t1,smart_home,,21.5\r\n",
        "influx-csv",
        Recorded(T1, b'{"temperature": 21.5, "ts": %d}' % AT, AT),
    ),
    "annotated CSV, pivoted, with what the kind does not declare": Case(
        b"#datatype,string,long,dateTime:RFC3339,string,string,string,string,double,string\r\n"
        b"#group,false,false,false,true,true,true,true,false,false\r\n"
        b"#default,_result,,,,,,,,\r\n"
        b",result,table,_time,_measurement,booth,device,room,rssi,note\r\n"
        b",,0,2026-11-26T14:53:32.805025Z,thermostat,b1,t1,hall,-71.5,warm\r\n",
        "influx-csv",
        Recorded(
            T1,
            b'{"rssi": -71.5, "note": "warm", "ts": %d}' % AT,
            AT,
            verdict="rejected:schema",
        ),
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_a_log_is_read_without_saying_what_it_is(tmp_path: Path, what: str):
    case, path = CASES[what], tmp_path / "a.log"
    path.write_bytes(case.text)
    assert form_of(path) == case.form
    messages, result = imported(path)
    assert messages[0] == case.first
    assert result.remarks() == []


def test_what_mosquitto_sub_prints_is_read(tmp_path: Path, broker):
    """The real program's output, in its three forms, gives the messages that were sent."""
    sent = {T1: GOOD, f"{T1}/status": b"online", f"{T1}b": b'{"temperature":1}'}
    address = ["-h", broker.host, "-p", str(broker.port)]
    for topic, payload in sent.items():
        command = ["mosquitto_pub", *address, "-t", topic, "-s", "-q", "1", "-r"]
        subprocess.run(command, input=payload, check=True, timeout=DEADLINE)
    for number, form in enumerate((["-F", "%j"], ["-v"], ["-F", "%U %t %p"])):
        log = tmp_path / f"{number}.log"
        command = ["mosquitto_sub", *address, "-t", f"{ROOT}/#", "-C", "3", *form]
        log.write_bytes(
            subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=DEADLINE).stdout
        )
        messages, result = imported(log)
        assert {message.topic: message.payload for message in messages} == sent
        assert result.remarks() == []


def test_an_export_of_ones_own_comes_back(tmp_path: Path):
    messages = [
        reading(1, properties={"content_type": "application/json"}),
        Recorded(f"{ROOT}/b1/wearable/w", b"\xff\x00", FIRST + 5, 1, verdict="rejected:json"),
    ]
    export_lines(read(written(tmp_path / "a.mcap", messages)), tmp_path / "a.jsonl", ROOT)
    assert imported(tmp_path / "a.jsonl")[0] == messages


def test_a_store_that_was_dumped_comes_back(tmp_path: Path):
    rows = [("_time", "_field", "_value", "_measurement", "booth", "device")]
    rows += [
        (f"2026-11-26T00:00:0{n}Z", "heart_rate", str(60 + n), "wearable", "b1", "w")
        for n in range(3)
    ]
    text = io.StringIO()
    csv.writer(text).writerows([("", "result", "table", *rows[0])])
    csv.writer(text).writerows([("", "", "0", *row) for row in rows[1:]])
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue())
    messages, result = imported(path)
    assert [json.loads(message.payload)["heart_rate"] for message in messages] == [60, 61, 62]
    assert result.verdicts == {"accepted": 3}


@pytest.mark.parametrize(
    "annotations",
    [
        b"",
        (
            b"#datatype,string,long,dateTime:RFC3339,string,string,double,boolean\r\n"
            b"#group,false,false,false,true,true,false,false\r\n#default,_result,,,,,,\r\n"
        ),
        (
            b"#datatype,string,long,dateTime:RFC3339,string,string,double,boolean\r\n"
            b"#group,false,false,false,false,false,false,false\r\n#default,_result,,,,,,\r\n"
        ),
    ],
    ids=["bare", "annotated", "ungrouped"],
)
def test_a_pivoted_measurement_that_is_no_kind_keeps_its_values(tmp_path: Path, annotations):
    path = tmp_path / "a.csv"
    path.write_bytes(
        annotations + b",result,table,_time,_measurement,room,temperature,window_open\r\n"
        b",,0,2026-11-26T14:53:32.805025Z,climate,hall,21.5,true\r\n"
    )
    messages, _ = imported(path, f"climate/+={ROOT}/b1/thermostat/+")
    said = b'{"temperature": 21.5, "window_open": true, "ts": %d}' % AT
    assert messages == [Recorded(f"{ROOT}/b1/thermostat/hall", said, AT)]


def test_a_payload_of_many_lines_costs_its_length_and_no_more(tmp_path: Path):
    path = tmp_path / "a.log"
    path.write_bytes(T1.encode() + b" {\n" + b' "x": 1,\n' * 400_000 + b"}\n")
    assert len(imported(path)[0][0].payload) > 3_000_000


def test_a_payload_that_no_message_has_is_named_and_the_next_one_is_read(tmp_path: Path):
    path = tmp_path / "a.log"
    path.write_bytes(T1.encode() + b" {\n" + b"x" * 5_000_000 + b"\n%b %b\n" % (T1.encode(), GOOD))
    messages, result = imported(path)
    assert [message.payload for message in messages] == [GOOD]
    (remark,) = result.remarks()
    assert remark == "1 not read, the first at line 1: its payload is larger than 4,194,304 bytes"


def test_a_line_of_slashes_is_looked_at_once(tmp_path: Path):
    path = tmp_path / "a.log"
    path.write_bytes(b"%b %b\n" % (T1.encode(), GOOD) + b"a/" * 1_000_000 + b"\t\n")
    assert len(imported(path)[0]) == 1


def test_topics_of_another_system_are_mapped_and_the_rest_is_told(tmp_path: Path):
    path = tmp_path / "a.log"
    path.write_bytes(b"lab/t1/temp %b\nlab/t2/temp %b\nlab/t2/hum 40\n" % (GOOD, GOOD))
    messages, result = imported(path, f"lab/+/temp={ROOT}/b1/thermostat/+")
    assert [message.topic for message in messages] == [
        f"{ROOT}/b1/thermostat/t1",
        f"{ROOT}/b1/thermostat/t2",
    ]
    (remark,) = result.remarks()
    assert remark.startswith("1 messages left out of topics that are not below the root, like 'lab")


@pytest.mark.parametrize(
    ("pair", "topic", "becomes"),
    [
        ("lab/#=new/v1/#", "lab/b1/x/y", "new/v1/b1/x/y"),
        ("+/a/+=r/+/b/+", "1/a/2", "r/1/b/2"),
        ("a=b", "a", "b"),
        ("a=b", "a/b", "a/b"),
        ("#=r/#", "a/b", "r/a/b"),
        ("a.c=b", "abc", "abc"),
    ],
)
def test_a_topic_is_mapped(pair: str, topic: str, becomes: str):
    assert TopicMap([pair]).mapped(topic) == becomes


@pytest.mark.parametrize("pair", ["a", "=b", "a=", "a/+=b", "a=b/#", "a/#/b=c/#/d", "+/#=#/+"])
def test_what_maps_no_topic_is_refused(pair: str):
    with pytest.raises(ValueError, match="maps no topic; write it like"):
        TopicMap([pair])


def test_json_of_any_mcap_is_read_and_other_encodings_are_named(tmp_path: Path):
    path = tmp_path / "robot.mcap"
    with path.open("wb") as file:
        writer = McapWriter(file)
        writer.start()
        odometry = writer.register_schema("nav_msgs/Odometry", "ros1msg", b"")
        climate = writer.register_channel("/climate", "json", 0)
        binary = writer.register_channel("/odom", "ros1", odometry)
        writer.add_message(climate, AT, GOOD, AT)
        writer.add_message(binary, AT, b"\x00\x01", AT)
        writer.finish()
    messages, result = imported(path, f"/climate={T1}")
    assert messages == [Recorded(T1, GOOD, AT)]
    (remark,) = result.remarks()
    assert remark.startswith("1 not read, the first at channel /odom: it is ros1, nav_msgs/Odo")
    assert remark.endswith("as ros1msg, which is not read: send JSON")


def test_lines_that_are_no_message_are_counted_and_the_first_is_named(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    good = {"topic": T1, "payload": "{}", "time": AT}
    lines = [good, {"topic": T1}, {"topic": T1, "payload": "x"}, {**good, "time": "noon"}, [1]]
    path.write_text("\n".join([*map(json.dumps, lines), "{nonsense", json.dumps(good)]))
    messages, result = imported(path)
    assert len(messages) == 2
    assert [re.sub(": .*", "", it) for it in result.remarks()] == [
        f"1 not read, the first at line {number}" for number in (2, 3, 4, 5, 6)
    ]


def test_a_payload_that_a_nul_cut_is_no_message(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    cut = {"topic": T1, "payload": "a", "payloadlen": 6, "tst": "2026-11-26T14:53:32Z"}
    whole = {**cut, "payloadlen": 1}
    path.write_text(f"{json.dumps(cut)}\n{json.dumps(whole)}\n")
    messages, result = imported(path)
    assert len(messages) == 1
    assert "the payload is cut: %j ends it at a NUL" in result.remarks()[0]


def sqlite(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE messages (id INTEGER)")
    database.close()


REFUSED = {
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "blank lines": (lambda path: path.write_bytes(b"\n\n"), "is nothing that is read; give --from"),
    "prose": (lambda path: path.write_bytes(b"hello world\n"), "is nothing that is read"),
    "packed": (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(50)), "unpack it first: gunzip"),
    "other SQLite": (sqlite, "cannot be read as a rosbag2: "),
    "other topics only": (
        lambda path: path.write_bytes(b"lab/t1/temp 21\n"),
        "there is no message in it, read as mosquitto: 1 messages left out of topics that are not",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_gives_no_recording_is_named_and_nothing_is_written(tmp_path: Path, what: str):
    make, says = REFUSED[what]
    path = tmp_path / "a.log"
    make(path)
    with pytest.raises(RecordingError) as refused:
        imported(path)
    assert says in str(refused.value)
    assert "damaged" not in str(refused.value)
    assert sorted(tmp_path.iterdir()) == [path]


def test_more_readings_than_fit_in_memory_are_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("hub.recording.foreign.influx.MAX_READINGS", 2)
    path = tmp_path / "a.lp"
    lines = [f"thermostat,booth=b1,device=t1 temperature=21.5 {AT + n}\n" for n in range(3)]
    path.write_text("".join(lines))
    with pytest.raises(RecordingError, match="more than 2 readings; export a shorter time"):
        imported(path)


def test_the_command_imports_and_tells_what_it_left_out(tmp_path: Path):
    path, out = tmp_path / "a.log", tmp_path / "a.mcap"
    path.write_bytes(b"lab/t1/temp %b\nlab/t1/temp 412\nlab/x 1\n" % GOOD)
    arguments = ["recording", "import", str(path), "--out", str(out), "--every", "10s"]
    arguments += [
        "--start",
        "2026-11-26T00:00:00Z",
        "--map-topic",
        f"lab/+/temp={ROOT}/b1/thermostat/+",
    ]
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 0, ended.output
    assert "2 messages (1 accepted, 1 rejected:schema): " in ended.output
    assert "1 messages left out" in ended.output
    assert [message.at for message in read(out)] == [1_795_651_200 * S, 1_795_651_210 * S]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"qos": 7}, "its QoS 7 is none of 0, 1 and 2"),
        ({"topic": 5}, "its topic is no text"),
        ({"topic": f"{ROOT}/\ud800"}, "are none that a message can have"),
        ({"time": -5}, "its time is none that a message can have"),
        ({"properties": {"content_type": "\ud800"}}, "are none that a message can have"),
        ({"properties": {"correlation_data": "a"}}, "are none that a message can have"),
        ({"properties": [1]}, "has no attribute"),
        ({"payload": "\ud800"}, "surrogates not allowed"),
    ],
)
def test_what_no_message_can_be_is_named(tmp_path: Path, said: dict[str, object], why: str):
    path = tmp_path / "a.jsonl"
    good: dict[str, object] = {"topic": T1, "payload": "{}", "time": AT}
    path.write_text("\n".join(map(json.dumps, ({**good, **said}, good))))
    messages, result = imported(path)
    assert len(messages) == 1
    assert why in result.remarks()[0]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_happened_to_a_log_it_is_read_or_refused(tmp_path_factory, data):
    whole = data.draw(st.sampled_from([case.text for case in CASES.values()]))
    place = data.draw(st.integers(0, len(whole)))
    junk, gone = data.draw(st.binary(max_size=20)), data.draw(st.integers(0, 10))
    path = tmp_path_factory.mktemp("any") / "a.log"
    path.write_bytes(whole[:place] + junk + whole[place + gone :])
    with contextlib.suppress(RecordingError):
        imported(path)
