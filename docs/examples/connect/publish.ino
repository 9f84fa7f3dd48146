// Thermostat with an ESP32 and PubSubClient 2.8 (in the Arduino library manager: PubSubClient by
// Nick O'Leary): birth message, Last Will, and a reading every 5 s.
#include <PubSubClient.h>
#include <WiFi.h>

const char* WIFI_NAME = "your-wifi";
const char* WIFI_PASSWORD = "your-wifi-password";
const char* HOST = "192.168.0.10";
const int PORT = 1883;
const char* CLIENT_ID = "b12-thermostat-t1";  // each client needs an id of its own

const char* TOPIC = "smartlife/v1/b12/thermostat/t1";
const char* STATUS_TOPIC = "smartlife/v1/b12/thermostat/t1/status";
const char* ERRORS_TOPIC = "smartlife/v1/b12/thermostat/t1/errors/short";

WiFiClient network;
PubSubClient client(network);
unsigned long last = 0;
char READING[316];

void measure() {  // here: read your sensors
  double temperature = 21.5;
  double target = 22.0;
  double humidity = 41.0;
  const char* mode = "heat";
  double demand = 35.0;
  bool window_open = false;
  double battery = 87.0;

  snprintf(READING, sizeof READING,
           "{\"temperature\": %.1f,"
           " \"target\": %.1f,"
           " \"humidity\": %.1f,"
           " \"mode\": \"%s\","
           " \"demand\": %.1f,"
           " \"window_open\": %s,"
           " \"battery\": %.1f}",
           temperature,
           target,
           humidity,
           mode,
           demand,
           window_open ? "true" : "false",
           battery);
}

void received(char* topic, uint8_t* payload, unsigned int length) {
  Serial.print("rejected: ");  // like {"code":"schema","field":"temperature","got":412}
  Serial.write(payload, length);
  Serial.println();
}

bool reconnect() {
  if (!client.connect(CLIENT_ID, STATUS_TOPIC, 1, true, "offline")) {
    return false;
  }
  client.publish(STATUS_TOPIC, "online", true);
  return client.subscribe(ERRORS_TOPIC);
}

void setup() {
  Serial.begin(115200);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
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
  if (millis() - last < 5000) return;
  last = millis();
  measure();
  if (!client.publish(TOPIC, READING)) {  // with QoS 0, as this library does
    Serial.println("not sent: no connection, or larger than the buffer");
  }
}
