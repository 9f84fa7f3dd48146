"""A device with paho-mqtt 2: birth message, Last Will, and a reading every 5 s."""

import json
import os
import random
import time

import paho.mqtt.client as mqtt  # pip install "paho-mqtt>=2"

HOST = os.environ.get("MQTT_HOST", "127.0.0.1")
PORT = int(os.environ.get("MQTT_PORT", "1883"))
TOPIC = os.environ.get("TOPIC", "smartlife/v1/b12/thermostat/t1")


def on_connect(client, userdata, flags, reason_code, properties):
    # After every connection, for the broker may have published the Last Will in between.
    client.publish(f"{TOPIC}/status", "online", qos=1, retain=True)
    client.subscribe(f"{TOPIC}/errors")


def on_message(client, userdata, message):
    print("rejected:", json.loads(message.payload)["message"], flush=True)


name = "-".join(TOPIC.split("/")[-3:])  # each client needs an id of its own
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name)
# With an account: client.username_pw_set("USER", "PASSWORD")
client.will_set(f"{TOPIC}/status", "offline", qos=1, retain=True)
client.on_connect = on_connect
client.on_message = on_message
client.max_queued_messages_set(1000)  # what waits while there is no connection
client.connect_async(HOST, PORT, keepalive=15)
client.loop_start()  # connects, and connects again, in a thread of its own

while True:
    reading = {"temperature": round(random.uniform(20, 23), 1), "ts": int(time.time() * 1000)}
    client.publish(TOPIC, json.dumps(reading), qos=1)
    time.sleep(5)
