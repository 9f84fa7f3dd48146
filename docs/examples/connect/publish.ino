// A device with an ESP32 and PubSubClient 2.8 (Arduino library manager: "PubSubClient" by
// Nick O'Leary): birth message, Last Will, and a reading every 5 s.
#include <PubSubClient.h>
#include <WiFi.h>

const char* WIFI_NAME = "your-wifi";
const char* WIFI_PASSWORD = "your-password";
const char* HOST = "192.168.0.10";
const int PORT = 1883;
const char* NAME = "b12-thermostat-t1";  // each client needs an id of its own

const char* TOPIC = "smartlife/v1/b12/thermostat/t1";
const char* STATUS = "smartlife/v1/b12/thermostat/t1/status";
const char* ERRORS = "smartlife/v1/b12/thermostat/t1/errors";

WiFiClient network;
PubSubClient client(network);
unsigned long last = 0;

void received(char* topic, byte* payload, unsigned int length) {
  Serial.print("rejected: ");
  Serial.write(payload, length);
  Serial.println();
}

void setup() {
  Serial.begin(115200);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
  client.setServer(HOST, PORT);
  client.setBufferSize(2048);  // 256 bytes, the default, are too few for a rejection
  client.setKeepAlive(15);
  client.setCallback(received);
}

void loop() {
  if (!client.connected()) {
    // With an account: client.connect(NAME, "USER", "PASSWORD", STATUS, 1, true, "offline")
    if (WiFi.status() != WL_CONNECTED || !client.connect(NAME, STATUS, 1, true, "offline")) {
      delay(2000);
      return;
    }
    client.publish(STATUS, "online", true);
    client.subscribe(ERRORS);
  }
  client.loop();
  if (millis() - last < 5000) return;
  last = millis();

  char reading[64];
  float temperature = 20.0 + random(0, 30) / 10.0;  // here: read your sensor
  snprintf(reading, sizeof reading, "{\"temperature\": %.1f}", temperature);
  client.publish(TOPIC, reading);  // this library publishes with QoS 0
}
