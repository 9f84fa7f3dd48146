"""The programs that `hub.booths.snippets` fills in, one for each language. Data only.

A line that starts with a condition in brackets stands only where that holds; `$$` is a `$`.
"""

SHELL = """\
# $label: one reading with mosquitto_pub (Debian, Ubuntu: apt install mosquitto-clients).
[account] # Before: export MQTT_PASSWORD='the password of $user_name'
[trial] # The device "try" is shown on the booth's page alone; replace it with your device's name.
[plain] mosquitto_pub -h $host -p $port -i $client \\
[ca] mosquitto_pub -h $host -p $port --cafile $ca -i $client \\
[system] mosquitto_pub -h $host -p $port --tls-use-os-certs -i $client \\
[account]     -u $user -P "$$MQTT_PASSWORD" \\
    -q 1 -t $topic \\
    -m $payload
"""

PYTHON = '''\
"""$label with paho-mqtt 2: birth message, Last Will, and a reading every $interval s."""

import json
[account] import os
import time

import paho.mqtt.client as mqtt  # pip install "paho-mqtt>=2"

HOST, PORT = $host, $port
TOPIC = $topic
[account] USERNAME, PASSWORD = $user, os.environ["MQTT_PASSWORD"]
CLIENT_ID = $client  # each client needs an id of its own


def measure():
    return {  # here: read your sensors
$fields
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
[account] client.username_pw_set(USERNAME, PASSWORD)
[ca] client.tls_set(ca_certs=$ca)
[system] client.tls_set()
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
    time.sleep($interval)
'''

NODEJS = """\
// $label with MQTT.js 5: birth message, Last Will, and a reading every $interval s.
[ca] import { readFileSync } from "node:fs";
import mqtt from "mqtt"; // npm install mqtt

const topic = $topic;

const client = mqtt.connect({
[plain]   protocol: "mqtt",
[tls]   protocol: "mqtts",
  host: $host,
  port: $port,
[ca]   ca: readFileSync($ca),
[account]   username: $user,
[account]   password: process.env.MQTT_PASSWORD,
  clientId: $client, // each client needs an id of its own
  keepalive: 15,
  will: { topic: `$${topic}/status`, payload: "offline", qos: 1, retain: true },
});

// After every connection, because the broker may have published the Last Will in between.
client.on("connect", () => {
  client.publish(`$${topic}/status`, "online", { qos: 1, retain: true });
  client.subscribe(`$${topic}/errors`);
});
client.on("message", (_, payload) => console.log("rejected:", JSON.parse(payload).message));
client.on("error", (error) => console.error(error.message));

function measure() {
  return { // here: read your sensors
$fields
    ts: Date.now(),
  };
}

function publish() {
  client.publish(topic, JSON.stringify(measure()), { qos: 1 }, (error) => {
    if (error) console.error("not sent:", error.message);
  });
}
publish();
setInterval(publish, $milliseconds);
"""

ARDUINO = """\
// $label with an ESP32 and PubSubClient 2.8 (in the Arduino library manager: PubSubClient by
// Nick O'Leary): birth message, Last Will, and a reading every $interval s.
#include <PubSubClient.h>
#include <WiFi.h>
[tls] #include <WiFiClientSecure.h>

const char* WIFI_NAME = "your-wifi";
const char* WIFI_PASSWORD = "your-wifi-password";
const char* HOST = $host;
const int PORT = $port;
[account] const char* USERNAME = $user;
[account] const char* PASSWORD = "your-password";
const char* CLIENT_ID = $client;  // each client needs an id of its own
[tls]
[tls] // The certificate of $ca_name, by which the broker is known.
[tls] const char* CA = R"(-----BEGIN CERTIFICATE-----
[tls] paste it here
[tls] -----END CERTIFICATE-----
[tls] )";

const char* TOPIC = $topic;
const char* STATUS_TOPIC = $status;
const char* ERRORS_TOPIC = $errors;

[plain] WiFiClient network;
[tls] WiFiClientSecure network;
PubSubClient client(network);
unsigned long last = 0;
char READING[$size];

void measure() {  // here: read your sensors
$fields

  snprintf(READING, sizeof READING,
$format,
           $arguments);
}

void received(char* topic, uint8_t* payload, unsigned int length) {
  Serial.print("rejected: ");  // like {"code":"schema","field":"temperature","got":412}
  Serial.write(payload, length);
  Serial.println();
}

bool reconnect() {
[account]   if (!client.connect(CLIENT_ID, USERNAME, PASSWORD, STATUS_TOPIC, 1, true, "offline")) {
[open]   if (!client.connect(CLIENT_ID, STATUS_TOPIC, 1, true, "offline")) {
    return false;
  }
  client.publish(STATUS_TOPIC, "online", true);
  return client.subscribe(ERRORS_TOPIC);
}

void setup() {
  Serial.begin(115200);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
[tls]   network.setCACert(CA);
  client.setServer(HOST, PORT);
  client.setBufferSize(sizeof READING + 256);  // with its topic; 256, the default, are too few
  client.setKeepAlive(15);
  client.setCallback(received);
}

void loop() {
  if (!client.connected() && (WiFi.status() != WL_CONNECTED || !reconnect())) {
    Serial.println("not connected");
    delay(2000);
    return;
  }
  client.loop();
  if (millis() - last < $milliseconds) return;
  last = millis();
  measure();
  if (!client.publish(TOPIC, READING)) {  // with QoS 0, as this library does
    Serial.println("not sent: no connection, or larger than the buffer");
  }
}
"""

MICROPYTHON = """\
# $label with MicroPython and umqtt.simple (mpremote mip install umqtt.simple):
# birth message, Last Will, and a reading every $interval s.
import json
import time

import network
[tls] import ntptime
[tls] import ssl
from umqtt.simple import MQTTClient

WIFI_NAME, WIFI_PASSWORD = "your-wifi", "your-wifi-password"
HOST, PORT = $host, $port
[account] USERNAME, PASSWORD = $user, "your-password"
[open] USERNAME, PASSWORD = None, None
TOPIC = $topic
CLIENT_ID = $client  # each client needs an id of its own


def measure():
    return {  # here: read your sensors
$fields
    }


def received(topic, payload):
    print("rejected:", json.loads(payload)["message"])


[tls] def trust():
[tls]     # ca.der on the board: openssl x509 -outform DER -in CERTIFICATE -out ca.der ($ca_name)
[tls]     ntptime.settime()  # whether a certificate is good depends on the time
[tls]     context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
[tls]     context.verify_mode = ssl.CERT_REQUIRED
[tls]     with open("ca.der", "rb") as file:
[tls]         context.load_verify_locations(cadata=file.read())
[tls]     return context
[tls]
[tls]
def connect():
[plain]     client = MQTTClient(CLIENT_ID, HOST, PORT, USERNAME, PASSWORD, keepalive=15)
[tls]     client = MQTTClient(CLIENT_ID, HOST, PORT, USERNAME, PASSWORD, keepalive=15, ssl=trust())
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
    time.sleep($interval)
"""
