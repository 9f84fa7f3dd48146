"""SenML by `kpn-senml`: packs of a real library, in JSON and in CBOR."""

import time

from kpn_senml import SenmlPack, SenmlRecord, SenmlUnits

from hub.dialects import DIALECTS
from hub.messages import Code, Rejection, Translated
from hub.pipeline.decode import Decoder, Verdict
from schemas import kinds

TOPIC = "smartlife/v1/b12/senml/room-1"


def decided(payload: bytes) -> Verdict:
    assert "senml" in DIALECTS
    return Decoder("smartlife/v1", kinds()).decode(TOPIC, payload, time.time_ns())


def pack() -> SenmlPack:
    made = SenmlPack("room-1:")
    made.add(SenmlRecord("temperature", unit=SenmlUnits.SENML_UNIT_DEGREES_CELSIUS, value=21.5))
    made.add(SenmlRecord("humidity", unit=SenmlUnits.SENML_UNIT_RELATIVE_HUMIDITY, value=41))
    return made


def test_a_pack_becomes_a_reading():
    verdict = decided(pack().to_json().encode())
    assert isinstance(verdict, Translated), verdict
    (reading,) = verdict.readings
    assert reading.address.device == "room-1"
    assert reading.fields == {"temperature": 21.5, "humidity": 41.0}


def test_a_pack_in_cbor_is_named():
    verdict = decided(pack().to_cbor())
    assert isinstance(verdict, Rejection), verdict
    assert verdict.code == Code.SCHEMA
    assert "send JSON" in verdict.message.en
