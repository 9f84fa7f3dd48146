"""The zone file: what it may say, and what is wrong with one, in words."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from devices import DEMO_ZONE
from hub.errors import ZoneError
from hub.event.zone import Zone, load
from hub.event.zone_korean import in_korean
from hub.topics import Address


def read(tmp_path: Path, text: str) -> Zone:
    path = tmp_path / "zone.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_an_empty_file_is_a_zone_without_booths(tmp_path: Path):
    zone = read(tmp_path, "")
    assert (zone.booth, zone.zone, zone.expected()) == ((), (), [])


def test_booths_say_what_they_should_bring(tmp_path: Path):
    zone = read(
        tmp_path,
        '[[booth]]\nid = "b1"\nname = "One"\n'
        'devices = [{kind = "thermostat", id = "t1"}, {kind = "drone", id = "d1"}]\n',
    )
    assert zone.expected() == [Address("b1", "thermostat", "t1"), Address("b1", "drone", "d1")]


def test_the_english_name_stands_in_for_a_missing_korean_one(tmp_path: Path):
    zone = read(tmp_path, '[[booth]]\nid = "b1"\nname = "One"\n')
    assert zone.booth[0].label() == ("One", "One")


def test_the_demo_zone_is_one(kinds):
    zone = load(DEMO_ZONE)
    assert {address.kind for address in zone.expected()} == set(kinds)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * 10**9


def test_an_event_is_open_in_its_hours_on_its_days(tmp_path: Path):
    event = read(
        tmp_path,
        '[event]\nname = "E"\nstarts = 2026-10-07\nends = 2026-10-09\n'
        'opens = 10:00:00\ncloses = 18:00:00\ntimezone = "Asia/Seoul"\n',
    ).event
    times = ("06T12:00", "07T09:59", "07T10:00", "09T17:59", "09T18:00", "10T12:00")
    opened = [event.open_at(at(f"2026-10-{time}:00+09:00")) for time in times]
    assert opened == [False, False, True, True, False, False]
    assert event.open_at(at("2026-10-07T01:00:00+00:00")), "by the clock on the wall there"


def test_an_event_without_hours_is_open(tmp_path: Path):
    assert read(tmp_path, "").event.open_at(0)


def test_visitors_phones_are_a_device_of_the_booth_that_is_named_for_them(tmp_path: Path):
    booth = '[[booth]]\nid = "b1"\nname = "One"\nplace = {x = 0, y = 0, width = 1, depth = 1}\n'
    assert read(tmp_path, booth).phone() is None
    named = read(tmp_path, HOURS + 'phones = "b1"\n' + booth)
    assert named.phone() == Address("b1", "presence_sensor", "visitors")


def test_the_plan_may_lie_somewhere_on_earth(tmp_path: Path):
    assert read(tmp_path, "").origin is None
    origin = read(tmp_path, "[origin]\nlatitude = 37.5\nlongitude = 127.1\n").origin
    assert origin is not None
    assert (origin.latitude, origin.longitude, origin.bearing) == (37.5, 127.1, 0)


def test_a_device_may_have_a_pace_of_its_own(tmp_path: Path):
    zone = read(
        tmp_path,
        '[[booth]]\nid = "b1"\nname = "One"\ndevices = [\n'
        '{kind = "thermostat", id = "t1", interval = "10m"},\n'
        '{kind = "door_lock", id = "d1", silence = 7200}]\n',
    )
    paces = [(item.interval, item.silence) for item in zone.planned().values()]
    assert paces == [(600.0, None), (None, 7200.0)]


DEVICES = '[[booth]]\nid = "b1"\nname = "One"\ndevices = '
HOURS = '[event]\nname = "E"\n'
WRONG = {
    "no such zone of time": (HOURS + 'timezone = "Seoul"\n', "no time zone 'Seoul'; write it like"),
    "phones at no booth": (
        HOURS + 'phones = "b9"\n[[booth]]\nid = "b1"\nname = "One"\n',
        "event.phones: booth 'b9' is not listed; name one of the file",
    ),
    "phones at a booth without a place": (
        HOURS + 'phones = "b1"\n[[booth]]\nid = "b1"\nname = "One"\n',
        "event.phones: booth b1 has no place on the plan",
    ),
    "an origin without a longitude": ("[origin]\nlatitude = 37.5\n", "origin.longitude"),
    "an origin at a pole": ("[origin]\nlatitude = 90\nlongitude = 0\n", "origin.latitude"),
    "no hour to close": (HOURS + "opens = 10:00:00\n", "give opens and closes, or neither"),
    "closes before it opens": (
        HOURS + "opens = 18:00:00\ncloses = 10:00:00\n",
        "opens 18:00:00 is not before closes 10:00:00",
    ),
    "hours with an offset": (
        HOURS + 'opens = "10:00+09:00"\ncloses = "18:00+09:00"\n',
        "event.opens: 10:00:00+09:00 has an offset",
    ),
    "one hour with an offset": (
        HOURS + 'opens = "10:00+09:00"\ncloses = 18:00:00\n',
        "event.opens: 10:00:00+09:00 has an offset",
    ),
    "hours that are numbers": (
        HOURS + "opens = 36000\ncloses = 72000\n",
        "event.opens: 36000 is no time of day; write it like 10:00:00",
    ),
    "hours with a day": (
        HOURS + "opens = 2026-10-07T10:00:00\ncloses = 18:00:00\n",
        "event.opens: 2026-10-07 10:00:00 is no time of day; write it like 10:00:00",
    ),
    "a number of 5,000 digits": (f"x = {'9' * 5_000}\n", "Exceeds the limit"),
    "ends before it starts": (
        HOURS + "starts = 2026-10-09\nends = 2026-10-07\n",
        "event: ends 2026-10-07 is before starts 2026-10-09",
    ),
    "an interval that is none": (
        DEVICES + '[{kind = "light", id = "l1", interval = "x"}]',
        "'x' is no duration",
    ),
    "no TOML": ("[[booth", "Expected"),
    "an unknown table": ("[hall]\n", "hall: Extra inputs are not permitted"),
    "an unknown key": ('[[booth]]\nid = "b1"\nname = "One"\ncolour = "red"\n', "booth.0.colour"),
    "a booth without a name": ('[[booth]]\nid = "b1"\n', "booth.0.name: Field required"),
    "a booth with a bad id": ('[[booth]]\nid = "B 1"\nname = "One"\n', ", not 'B 1'"),
    "a line break in an id": ('[[booth]]\nid = "b1\\n"\nname = "One"\n', "booth.0.id"),
    "a booth twice": (
        '[[booth]]\nid = "b1"\nname = "One"\n[[booth]]\nid = "b1"\nname = "Two"\n',
        "booth b1 stands twice",
    ),
    "a zone that is not listed": (
        '[[booth]]\nid = "b1"\nname = "One"\nzone = "x"\n',
        "booth b1 is in zone 'x', which is not listed",
    ),
    "a place without a width": (
        '[[booth]]\nid = "b1"\nname = "One"\nplace = {x = 0, y = 0, width = 0, depth = 1}\n',
        "booth.0.place.width",
    ),
    "an infinite place": (
        '[[booth]]\nid = "b1"\nname = "One"\nplace = {x = inf, y = 0, width = 1, depth = 1}\n',
        "booth.0.place.x",
    ),
    "a device with a bad id": (
        '[[booth]]\nid = "b1"\nname = "One"\ndevices = [{kind = "thermostat", id = "a/b"}]\n',
        "booth.0.devices.0.id",
    ),
}


@pytest.mark.parametrize(("text", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_told_with_the_place(tmp_path: Path, text: str, reason: str):
    with pytest.raises(ZoneError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"HUB_ZONE: {tmp_path / 'zone.toml'}: ")
    assert reason in str(caught.value)
    assert "값이 올바르지 않습니다" not in caught.value.ko, "there is no Korean for it"


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        ("booth b1 stands twice in the file", "부스 b1이 두 번 적혀 있습니다"),
        ("booth b12 is in zone 'x', which is not listed", "부스 b12의 존 'x'가 목록에 없습니다"),
        (
            "Invalid value (at line 3, column 8)",
            "3행 8열이 TOML 문법에 맞지 않습니다(Invalid value)",
        ),
        ("something new", "값이 올바르지 않습니다(something new)"),
    ],
)
def test_a_mistake_is_said_in_korean_with_its_particles(said: str, korean: str):
    assert in_korean(said) == korean


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ZoneError, match="No such file") as caught:
        load(tmp_path / "nowhere.toml")
    assert caught.value.ko.endswith("nowhere.toml: 파일이 없습니다. 경로를 확인하세요")


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path):
    path = tmp_path / "zone.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ZoneError, match="utf-8"):
        load(path)


def test_a_file_that_is_nested_too_deeply_is_refused_in_one_line(tmp_path: Path):
    path = tmp_path / "zone.toml"
    path.write_text("zone = " + "[" * 5_000 + "]" * 5_000, encoding="utf-8")
    with pytest.raises(ZoneError) as refused:
        load(path)
    assert str(refused.value).startswith(f"HUB_ZONE: {path}: is nested too deeply; ")
    assert "\n" not in str(refused.value)


def test_without_a_file_nothing_is_planned():
    assert load(None) == Zone()


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        ('["#"]', "would take other booths' topics"),
        ('["+/v2"]', "would take other booths' topics"),
        ('["a/#/b"]', "has a # that is not its last level"),
        ('["a//b"]', "has an empty level"),
        ('["//a"]', "has an empty level"),
        ('["/"]', "has an empty level"),
        ('["/#"]', "would take other booths' topics"),
        ('["/+/v2"]', "would take other booths' topics"),
        ('["a/b+/c"]', "is no whole level"),
        ("[]", "at least 1 item"),
    ],
)
def test_native_topics_that_cannot_be_one_booths(tmp_path: Path, topics: str, said: str):
    text = (
        '[[booth]]\nid = "b1"\nname = "One"\n'
        f'native = [{{dialect = "tasmota", topics = {topics}}}]\n'
    )
    with pytest.raises(ZoneError, match=re.escape(said)) as caught:
        read(tmp_path, text)
    assert "값이 올바르지 않습니다" not in caught.value.ko


def test_native_topics_of_two_booths_do_not_overlap(tmp_path: Path):
    booth = (
        '[[booth]]\nid = "{}"\nname = "B"\nnative = [{{dialect = "tasmota", topics = ["{}"]}}]\n'
    )
    with pytest.raises(ZoneError, match="give each booth its own"):
        read(tmp_path, booth.format("b1", "plugs/#") + booth.format("b2", "plugs/+/x"))
    zone = read(tmp_path, booth.format("b1", "plugs/1/#") + booth.format("b2", "plugs/2/#"))
    assert zone.natives() == [("b1", "plugs/1/#", "tasmota"), ("b2", "plugs/2/#", "tasmota")]


def test_the_booths_of_a_zone_are_those_that_stand_in_it(tmp_path: Path):
    booth = '[[booth]]\nid = "{0}"\nname = "{0}"\nzone = "hall-a"\n'
    area = '[[zone]]\nid = "hall-a"\nname = "A"\n'
    zone = read(tmp_path, area + booth.format("b1") + booth.format("b2"))
    assert zone.booths_of(["hall-a", "b9", "b1"]) == ("b1", "b2", "b9")
    assert zone.booths_of([]) == ()


def test_native_topics_of_a_dialect_that_there_is_not(tmp_path: Path):
    text = (
        '[[booth]]\nid = "b1"\nname = "One"\nnative = [{dialect = "klingon", topics = ["a/#"]}]\n'
    )
    with pytest.raises(ZoneError, match="no dialect 'klingon'"):
        read(tmp_path, text)


DEVICE = '[[booth]]\nid = "b1"\nname = "One"\ndevices = [{{kind = "light", {}}}]\n'


def test_an_expected_device_may_have_a_dialect_and_a_name_of_its_own_there(tmp_path: Path):
    text = DEVICE.format('id = "device-e86eb563", dialect = "zigbee2mqtt", name = "거실 전구"')
    device = read(tmp_path, text).booth[0].devices[0]
    assert (device.dialect, device.name) == ("zigbee2mqtt", "거실 전구")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "a", dialect = "klingon"', "devices.0.dialect: there is no dialect"),
        ('id = "a", dialect = "tasmota", name = "거실 전구"', "is device-e86eb563; write that"),
        ('id = "a", name = "a"', "a name is that of a dialect; say which, or leave it out"),
    ],
)
def test_a_device_of_a_dialect_that_cannot_be(tmp_path: Path, text: str, said: str):
    with pytest.raises(ZoneError, match=re.escape(said)) as caught:
        read(tmp_path, DEVICE.format(text))
    assert "값이 올바르지 않습니다" not in caught.value.ko
