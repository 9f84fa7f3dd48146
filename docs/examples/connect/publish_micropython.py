# A device with MicroPython and umqtt.simple (mpremote mip install umqtt.simple):
# birth message, Last Will, and a reading every 5 s.
import json
import random
import time

import network
from umqtt.simple import MQTTClient

WIFI_NAME, WIFI_PASSWORD = "your-wifi", "your-password"
HOST, PORT = "192.168.0.10", 1883
TOPIC = "smartlife/v1/b12/thermostat/t1"
NAME = "b12-thermostat-t1"  # each client needs an id of its own


def received(topic, payload):
    print("rejected:", json.loads(payload)["message"])


def connect():
    # With an account: MQTTClient(NAME, HOST, PORT, "USER", "PASSWORD", keepalive=15)
    client = MQTTClient(NAME, HOST, PORT, keepalive=15)
    client.set_last_will(TOPIC + "/status", "offline", retain=True, qos=1)
    client.set_callback(received)
    client.connect()
    client.publish(TOPIC + "/status", "online", retain=True, qos=1)
    client.subscribe(TOPIC + "/errors")
    return client


wifi = network.WLAN(network.STA_IF)
wifi.active(True)
wifi.connect(WIFI_NAME, WIFI_PASSWORD)
while not wifi.isconnected():
    time.sleep(1)

client = None
while True:
    try:
        client = client or connect()
        reading = {"temperature": round(random.uniform(20, 23), 1)}  # here: read your sensor
        client.publish(TOPIC, json.dumps(reading), qos=1)
        client.check_msg()
    except OSError as error:
        print("no connection:", error)
        client = None
    time.sleep(5)
