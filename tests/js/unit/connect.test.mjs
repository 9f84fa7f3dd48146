import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

globalThis.location ??= { hostname: "hall.example" };
const { brokerAddress, publishCommand, publishCommandWindows } =
  await import("../../../hub/web/static/js/connect.js");
const mqtt = { host: "127.0.0.1", port: 1883, tls: false };

test("a hub that means its own machine means the page's host", () => {
  assert.equal(brokerAddress(mqtt), "mqtt://hall.example:1883");
  assert.equal(brokerAddress({ ...mqtt, host: "broker.example", tls: true }), "mqtts://broker.example:1883");
});

test("a POSIX shell reads the payload as it was", () => {
  const example = { name: 'it\'s $HOME `x` \\ "q"' };
  const line = publishCommand(mqtt, "a/b", example).replace(/^mosquitto_pub/, "printf '%s\\n'");
  const words = execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(JSON.parse(words.at(-1)), example);
});

test("Windows doubles the backslashes before a quotation mark, and no others", () => {
  const line = publishCommandWindows(mqtt, "a/b", { p: 'C:\\x "y"' });
  assert.ok(line.endsWith(String.raw`-m "{\"p\":\"C:\\x \\\"y\\\"\"}"`), line);
});

test("an account's password is not in the command", () => {
  assert.match(publishCommandWindows(mqtt, "a/b", {}, "b1-1"), /-u b1-1 -P %MQTT_PASSWORD%/);
});
