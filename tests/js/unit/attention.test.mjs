import assert from "node:assert/strict";
import { test } from "node:test";

import { boothState, deviceLevel, fieldLevel, headlineOf, tally } from "../../../hub/web/static/js/attention.js";

const field = { name: "temperature", normal: [16, 30] };
const kind = { name: "thermostat", fields: [field], interval: 5 };
const device = (given) => ({ state: "live", seen: 1, warnings: [], last: {}, readings: 1, ...given });
const open = { deaf: null, closed: false, begun: true };

for (const [raw, level] of [
  [15.9, "warn"],
  [16, null],
  [30, null],
  [30.1, "warn"],
  [null, null],
  ["x", null],
])
  test(`a value of ${raw} in the band 16–30 is ${level}`, () => assert.equal(fieldLevel(field, raw), level));

test("a word that is an alarm is bad", () => {
  assert.equal(fieldLevel({ name: "state", alarm: ["missing"] }, "missing"), "bad");
});

test("a device is as bad as its state, then its warnings, then its values", () => {
  assert.equal(deviceLevel(device({ state: "offline" }), kind), "bad");
  assert.equal(deviceLevel(device({ state: "late" }), kind), "warn");
  assert.equal(deviceLevel(device({ warnings: ["clock"] }), kind), "warn");
  assert.equal(deviceLevel(device({ last: { temperature: 40 } }), kind), "note");
  assert.equal(deviceLevel(device({ last: { temperature: 40 }, ceased: ["temperature"] }), kind), "ok");
  assert.equal(deviceLevel(device({ state: "offline", seen: null }), kind), "ok");
});

test("a device that is nobody's is in no sum", () => {
  const sum = tally([device({ rate: 2 }), device({ stray: true, readings: 0 })]);
  assert.deepEqual([sum.live, sum.total, sum.rate], [1, 1, 2]);
});

test("a booth is judged by its devices, and by nobody's fault where nothing can be heard", () => {
  const sum = (given) => ({ live: 0, late: 0, offline: 0, total: 2, ...given });
  assert.equal(boothState(sum({ live: 2 }), 2, open), "live");
  assert.equal(boothState(sum({ live: 2 }), 3, open), "missing");
  assert.equal(boothState(sum({ live: 1, offline: 1 }), 2, open), "part");
  assert.equal(boothState(sum({ offline: 2 }), 2, open), "offline");
  assert.equal(boothState(sum({ offline: 2 }), 2, { ...open, deaf: 1 }), "unknown");
  assert.equal(boothState(sum({ offline: 2 }), 2, { ...open, closed: true }), "closed");
});

test("a kind of positions alone has one of them in its headline", () => {
  const map = { name: "latitude", draw: "map" };
  assert.equal(headlineOf({ fields: [map] }), map);
  assert.equal(headlineOf({ fields: [map, field] }), field);
});
