// The calls of PubSubClient 2.8 that the snippets use, with its own signatures.
#pragma once
#include <WiFi.h>

#include <functional>

struct PubSubClient {
  PubSubClient(Client&) {}
  PubSubClient& setServer(const char*, uint16_t) { return *this; }
  PubSubClient& setCallback(std::function<void(char*, uint8_t*, unsigned int)>) { return *this; }
  PubSubClient& setKeepAlive(uint16_t) { return *this; }
  boolean setBufferSize(uint16_t) { return true; }
  boolean connect(const char*, const char*, uint8_t, boolean, const char*) { return true; }
  boolean connect(const char*, const char*, const char*, const char*, uint8_t, boolean,
                  const char*) {
    return true;
  }
  boolean connected() { return true; }
  boolean loop() { return true; }
  boolean publish(const char*, const char*) { return true; }
  boolean publish(const char*, const char*, boolean) { return true; }
  boolean subscribe(const char*) { return true; }
};
