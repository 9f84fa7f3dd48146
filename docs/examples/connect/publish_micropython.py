# Thermostat with MicroPython and umqtt.simple (mpremote mip install umqtt.simple):
# birth message, Last Will, and a reading every 5 s.
import json
import time

import network
from umqtt.simple import MQTTClient

WIFI_NAME, WIFI_PASSWORD = "your-wifi", "your-wifi-password"
HOST, PORT = "192.168.0.10", 1883
USERNAME, PASSWORD = None, None
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
    }


def received(topic, payload):
    print("rejected:", json.loads(payload)["message"])


def connect():
    client = MQTTClient(CLIENT_ID, HOST, PORT, USERNAME, PASSWORD, keepalive=15)
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
        client.publish(TOPIC, json.dumps(measure()).encode(), qos=1)
        client.check_msg()
    except OSError as error:
        print("no connection:", error)
        client = None
    time.sleep(5)
