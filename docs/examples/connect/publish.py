"""Thermostat with paho-mqtt 2: birth message, Last Will, and a reading every 5 s."""

import json
import time

import paho.mqtt.client as mqtt  # pip install "paho-mqtt>=2"

HOST, PORT = "192.168.0.10", 1883
TOPIC = "smartlife/v1/b12/thermostat/t1"
CLIENT_ID = "b12-thermostat-t1"  # each client needs an id of its own


def measure():
    return {  # here: read your sensors
        "temperature": 21.5,
        "target": 22.0,
        "humidity": 41.0,
        "mode": "heat",
        "demand": 35.0,
        "window_open": False,
        "battery": 87.0,
        "ts": int(time.time() * 1000),
    }


def on_connect(client, userdata, flags, reason_code, properties):
    if reason_code.is_failure:
        print("not connected:", reason_code, flush=True)
        return
    # After every connection, because the broker may have published the Last Will in between.
    client.publish(f"{TOPIC}/status", "online", qos=1, retain=True)
    client.subscribe(f"{TOPIC}/errors")


def on_message(client, userdata, message):
    print("rejected:", json.loads(message.payload)["message"], flush=True)


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=CLIENT_ID)
client.will_set(f"{TOPIC}/status", "offline", qos=1, retain=True)
client.on_connect = on_connect
client.on_message = on_message
client.max_queued_messages_set(1000)  # what waits while there is no connection
client.connect_async(HOST, PORT, keepalive=15)
client.loop_start()  # connects, and connects again, in a thread of its own

while True:
    sent = client.publish(TOPIC, json.dumps(measure()), qos=1)
    if sent.rc:  # kept, and sent after the next connection
        print("not sent yet:", mqtt.error_string(sent.rc), flush=True)
    time.sleep(5)
