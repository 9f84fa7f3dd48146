"""What the demo devices say in makers' dialects comes back as what they meant."""

import pytest

from devices import DEMO_ZONE, load_zone, thing
from devices.dialects import Sign
from devices.speech import Manner, Packet
from devices.wire import ROOT, Address
from hub.event import zone
from hub.messages import Translated
from hub.pipeline.decode import Decoder
from hub.pipeline.dialect_routes import Dialects
from hub.timestamps import parse
from schemas import kinds
from tests.devices.spoken import spoken

NOW = parse("2026-10-07T10:00:00+09:00")
SAYS = {
    "contact_sensor": {"is_open", "tamper", "battery", "battery_low"},
    "light": {"switched_on", "brightness", "color_temperature", "hue", "saturation"},
    "mobile_robot": set(kinds()["mobile_robot"].example),
    "power_meter": {"power", "voltage", "current", "frequency", "energy"},
    "smart_plug": {
        *("power", "switched_on", "voltage", "current", "frequency", "power_factor", "energy"),
    },
}
#: Steps of 254 levels, of a mired, and of 0.0001 radians.
COARSE = {"brightness": 0.4, "color_temperature": 40, "heading": 0.01}
SPEAKING = [
    (address, manner) for address, manner in load_zone(DEMO_ZONE).manners(ROOT) if manner.dialect
]
every_speaker = pytest.mark.parametrize(
    ("address", "manner"), SPEAKING, ids=[manner.dialect for _, manner in SPEAKING]
)


@pytest.fixture
def decoder() -> Decoder:
    planned = zone.load(DEMO_ZONE).kinds_planned()
    return Decoder(ROOT, kinds(), dialects=Dialects(planned=planned))


def heard(decoder: Decoder, packet: Packet, at: int = NOW) -> Translated:
    verdict = decoder.decode(packet.topic, packet.payload, at, packet.retain)
    assert isinstance(verdict, Translated), verdict
    return verdict


def test_there_is_a_booth_each_for_four_dialects() -> None:
    booths = {(address.booth, manner.dialect) for address, manner in SPEAKING}
    assert booths == {
        ("b01", "zigbee2mqtt"),
        ("b02", "tasmota"),
        ("b04", "vda5050"),
        ("b05", "homeassistant"),
    }
    assert all(manner.speaks(address.kind) for address, manner in SPEAKING)


@every_speaker
def test_a_hundred_readings_come_back_as_the_device_meant_them(
    decoder: Decoder, address: Address, manner: Manner
) -> None:
    device, model = spoken(address, manner), thing(address.kind, 5)
    for packet in device.births():
        heard(decoder, packet)
    for number in range(100):
        meant, at = model.step(60), NOW + number * 60 * 10**9
        readings = [
            reading
            for packet in device.reading(meant, at)
            for reading in heard(decoder, packet, at).readings
        ]
        assert {reading.address for reading in readings} == {
            (address.booth, address.kind, address.device)
        }
        assert all(abs(reading.ts - at) < 10**9 for reading in readings)
        assert {reading.skew for reading in readings} == {None}
        assert not [reading.remarks.notes for reading in readings if reading.remarks.notes]
        fields = {name: value for reading in readings for name, value in reading.fields.items()}
        assert fields.keys() == SAYS[address.kind]
        assert not {
            name: (value, meant[name])
            for name, value in fields.items()
            if value != pytest.approx(meant[name], abs=COARSE.get(name, 1e-9))
        }


@every_speaker
def test_whether_it_is_there_is_said_in_its_own_way(
    decoder: Decoder, address: Address, manner: Manner
) -> None:
    device = spoken(address, manner)
    said = [device.presence(sign, NOW) for sign in Sign]
    assert all(packet.retain for packet in said)
    for packet in device.births():
        heard(decoder, packet)
    found = [heard(decoder, packet._replace(retain=False)).statuses for packet in said]
    assert [[(*status.address, status.online) for status in statuses] for statuses in found] == [
        [(address.booth, address.kind, address.device, online)] for online in (True, False, False)
    ]
