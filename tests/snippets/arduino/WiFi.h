// What the snippets use of Arduino's core for the ESP32, for a compiler on a computer.
#pragma once
#include <cstdint>
#include <cstdio>

typedef bool boolean;
typedef uint8_t byte;
const int WL_CONNECTED = 3;

struct {
  void begin(unsigned long) {}
  void print(const char*) {}
  void println() {}
  void println(const char*) {}
  size_t write(const uint8_t*, size_t size) { return size; }
} Serial;

struct {
  int begin(const char*, const char*) { return WL_CONNECTED; }
  int status() { return WL_CONNECTED; }
} WiFi;

inline void delay(uint32_t) {}
inline unsigned long millis() { return 0; }

struct Client {};
struct WiFiClient : Client {};
