"""Tests of one's own against a hub and a recording; nothing but pytest and the hub is needed."""

import json

import pytest

BAND = "b08/wearable/band-1"


def test_a_good_reading_is_stored(hub):
    hub.publish(BAND, {"heart_rate": 78, "worn": True})
    (row,) = hub.readings("wearable", booth="b08")
    assert row.fields == {"heart_rate": 78, "worn": True}


def test_a_text_in_place_of_a_number_is_rejected(hub):
    hub.publish(BAND, {"heart_rate": "78"})
    (rejection,) = hub.rejections("b08")
    assert rejection["errors"][0]["field"] == "heart_rate"
    assert hub.accounts.accepted == 0


def test_a_silent_device_becomes_late_and_then_offline(hub):
    hub.publish(BAND, {"heart_rate": 78})
    hub.advance(60)
    assert hub.states(BAND) == ["live", "late", "offline"]


@pytest.mark.hub(quota_readings=2)
def test_more_than_its_quota_is_late_and_not_lost(hub):
    for number in range(100):
        hub.publish(BAND, {"heart_rate": 78, "steps": number})
    assert hub.accounts.stored == 100


def test_the_incident_gives_what_it_gave(replay):
    hub = replay("incident.mcap")
    assert (hub.accounts.accepted, hub.accounts.rejected) == (47, 16)
    assert {item["code"] for item in hub.rejections()} == {"schema", "json", "size"}


def test_the_incident_gives_the_same_to_the_byte_each_time(replay):
    assert replay("incident.mcap").stored() == replay("incident.mcap").stored()


def test_a_client_of_ones_own_reaches_a_real_broker(broker):
    import paho.mqtt.client as mqtt

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect(broker.host, broker.port)
    client.loop_start()
    payload = json.dumps({"heart_rate": 78})
    client.publish(f"smartlife/v1/{BAND}", payload, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()
