"""What an answer of InfluxDB means, what an address is, and what never shows."""

import errno
import json
import os
import socket
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from hub.errors import SettingError, StoreUnavailable
from hub.stores import open_store, shown
from hub.stores.influx.address import InfluxAddress
from hub.stores.influx.answers import SLOWLY, Answer, Verdict, judge, named, seconds_of, split
from hub.stores.influx.client import _words

NOW = 1_760_000_000
CONFLICT = (
    'field type conflict: input field "a" on measurement "m" is type string, '
    "already exists as type float dropped=1"
)


def said(status: int, **body: object) -> Answer:
    return Answer(status, json.dumps(body))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer(204), Verdict.STORED),
        (said(400, error=f"partial write: {CONFLICT}"), Verdict.SOME_REFUSED),
        (said(422, message=f"failure writing: partial write: {CONFLICT}"), Verdict.SOME_REFUSED),
        (said(500, error="partial write of line protocol occurred"), Verdict.SOME_REFUSED),
        (said(400, error="partial write: points beyond … dropped=9"), Verdict.ALL_REFUSED),
        (said(400, error="partial write: points beyond … dropped=8"), Verdict.SOME_REFUSED),
        (said(400, error=f"partial write: … dropped={'9' * 4_400}"), Verdict.SOME_REFUSED),
        (said(400, message="unable to parse 'm a='"), Verdict.SOME_REFUSED),
        (said(422, message="out of bounds"), Verdict.SOME_REFUSED),
        (Answer(413, "<html>too large</html>"), Verdict.TOO_LARGE),
    ],
)
def test_an_answer_that_is_about_the_lines(answer: Answer, verdict: Verdict):
    assert judge(answer, 9, "influx://db/expo", NOW) is verdict


@pytest.mark.parametrize(
    ("answer", "blocked", "words"),
    [
        (said(401, message="unauthorized"), True, "HUB_INFLUX_TOKEN"),
        (said(403, message="forbidden"), True, "HUB_INFLUX_TOKEN"),
        (said(404, error="database not found"), True, "create it, or correct bucket and org"),
        (Answer(400, "Client sent an HTTP request to an HTTPS server."), True, "influxs://"),
        (Answer(200, "<html>a proxy's page</html>"), True, "does not speak as InfluxDB"),
        (Answer(301), True, "does not speak as InfluxDB"),
        (Answer(400, "[" * 3_000), True, "does not speak as InfluxDB"),
        (Answer(429), False, "asks for time (429)"),
        (Answer(408), False, "asks for time (408)"),
        (said(500, error="engine: cache maximum memory size exceeded"), False, "cache maximum"),
        (said(500, error="partial write"), False, "partial write"),  # of a cluster
        (Answer(502, "<html>Bad Gateway</html>"), False, "asks for time (502)"),
        (Answer(503), False, "asks for time (503)"),
    ],
)
def test_an_answer_that_settles_nothing(answer: Answer, blocked: bool, words: str):
    with pytest.raises(StoreUnavailable) as caught:
        judge(answer, 9, "influx://db/expo", NOW)
    assert words in str(caught.value)
    assert caught.value.blocked is blocked
    assert caught.value.retry_after == (SLOWLY if blocked else None)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        (formatdate(NOW + 30, usegmt=True), 30),
        (formatdate(NOW - 30, usegmt=True), 0),
        ("9" * 400, 3600),
        (formatdate(NOW + 10**8, usegmt=True), 3600),
        ("soon", None),
        (f"Wed, 20 Nov {'9' * 30} 10:00:00 GMT", None),
        ("-5", None),
        ("١٢", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None):
    assert seconds_of(header, NOW) == seconds


def test_the_reason_of_each_version():
    assert said(400, error="of InfluxDB 1").reason == "of InfluxDB 1"
    assert said(422, code="invalid", message="of 2").reason == "of 2"
    lines = [{"error_message": "column a is of another type", "line_number": 1}]
    assert said(500, error="partial write", data=lines).reason == (
        "partial write: column a is of another type"
    )
    assert said(400, error="parsing failed", data=lines[0]).reason == (
        "parsing failed: column a is of another type"
    )
    for text in ("", "<html>", "[]", "{}", '{"error": 5}', '{"error": {}, "data": [7]}'):
        assert Answer(400, text).reason is None


def test_a_reason_can_be_written_down_whatever_it_holds():
    assert said(400, error="half a pair: \ud800").reason == "half a pair: ?"
    data = [{"line_number": 1, "error_message": "\ud800"}]
    assert named(said(400, error="partial write", data=data), [b"m f=1 1"]) == {
        0: "partial write: ?"
    }


def line(ts: int, fields: str = "a=1", measurement: str = "m") -> bytes:
    return f"{measurement},booth=b1 {fields} {ts}".encode()


@pytest.mark.parametrize(
    ("reason", "suspects"),
    [
        (CONFLICT, {1}),
        (CONFLICT.replace("type string", "type integer"), {2}),
        (CONFLICT.replace("type string", "type boolean"), {3}),
        (CONFLICT.replace("type string", "type float"), {0, 5}),
        (CONFLICT.replace("type string", "type unsigned"), {0, 1, 2, 3, 5}),
        (CONFLICT.replace("type string", "type of another day"), {0, 1, 2, 3, 5}),
        ("points beyond retention policy dropped=2", {4, 5}),
        ("dropped 3 points outside retention policy of duration 24h0m0s", {3, 4, 5}),
        ("unable to parse 'm,booth=b1 a=t 6': what is t?\nunable to parse 'x': no", {3}),
        ("a reason of its own", {0, 1, 2}),
    ],
)
def test_the_reason_tells_which_lines_may_be_refused_for_it(reason: str, suspects: set[int]):
    lines = [line(9), line(8, 'b=2,a="1"'), line(7, "a=1i"), line(6, "a=t"), line(1, "a=1", "n")]
    lines.append(line(2, "b=3i,a=-1.5e3"))
    one, other = split(said(422, message=f"partial write: {reason}"), lines)
    assert {lines.index(item) for item in one} == suspects
    assert sorted([*one, *other]) == sorted(lines)


def test_an_address():
    address = InfluxAddress.parse("influx://db.expo:9999/expo_2026-a?org=My%20Org")
    assert (address.url, address.bucket, address.org) == (
        "http://db.expo:9999",
        "expo_2026-a",
        "My Org",
    )
    assert InfluxAddress.parse("influxs://[::1]/expo").url == "https://[::1]:8086"
    assert str(InfluxAddress.parse("influxs://db/expo?org=secret")) == "influxs://db:8086/expo"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("influx://db:8086/", "is no name of a bucket"),
        ("influx://db:8086/a/b", "is no name of a bucket"),
        ("influx://db:8086/-a", "is no name of a bucket"),
        ("influx://db:8086/엑스포", "is no name of a bucket"),
        ("influx://db:8086/a b", "is no name of a bucket"),
        ('influx://db:8086/a";drop', "is no name of a bucket"),
        ("influx://db:port/a", "is no address of InfluxDB"),
        ("influx:///a", "is no address of InfluxDB"),
        ("influx:a", "is no address of InfluxDB"),
        ("influx://db/a?bucket=b", "is no address of InfluxDB"),
        ("influx://db/a?org=b&org=c", "is no address of InfluxDB"),
        ("influx://db/a?org", "is no address of InfluxDB"),
        ("influx://db/a#b", "is no address of InfluxDB"),
        ("influx://hidden@db/a", "set HUB_INFLUX_TOKEN"),
        ("influx://u:hidden@db/a", "set HUB_INFLUX_TOKEN"),
        ("influx://db/a?token=hidden", "set HUB_INFLUX_TOKEN"),
        ("http://u:hidden@db/a?org=hidden", "is no store"),
    ],
)
def test_what_is_no_address_stops_the_start(address: str, words: str, kinds, tmp_path: Path):
    with pytest.raises(SettingError, match=r"^HUB_STORE: ") as caught:
        open_store(address, tmp_path, kinds, SecretStr("hidden"))
    assert words in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_address_as_people_may_see_it():
    assert shown("influx://u:p@db:8086/expo?org=o") == "influx://db:8086/expo"
    assert shown("sqlite:/a/b.db") == "sqlite:/a/b.db"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EPERM, "by a firewall"), os.strerror(errno.EPERM)),
        (ConnectionRefusedError(errno.ECONNREFUSED, "…"), os.strerror(errno.ECONNREFUSED)),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
    ],
)
def test_why_nothing_answers_is_said_in_the_words_of_the_system(error: OSError, words: str):
    key: Any = SimpleNamespace(host="influx.example", port=8086, ssl=True)
    said = _words(aiohttp.ClientConnectorError(key, error))
    assert words in said
    assert ("influx.example" in said) is isinstance(error, socket.gaierror)
