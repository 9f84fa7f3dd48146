import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Past } from "../../../hub/web/static/js/past.js";
import { State } from "../../../hub/web/static/js/state.js";

const BEGIN = Date.UTC(2026, 9, 7, 3);
const robot = {
  name: "mobile_robot",
  domain: "robotics",
  interval: 1,
  fields: ["x", "y"].map((name) => ({ name, type: "float", unit: "m" })),
};
const address = { booth: "b1", kind: robot.name, device: "r1" };
const device = {
  ...address,
  domain: "robotics",
  state: "offline",
  last_seen: new Date(BEGIN + 30000).toISOString(),
  last: { x: 9, y: 9 },
  warnings: ["clock"],
  readings: 7,
  rejections: 0,
};
const told = () => ({
  from: new Date(BEGIN).toISOString(),
  to: new Date(BEGIN + 60000).toISOString(),
  step_ms: 250,
  booths: ["b1", "b2"],
  devices: [["b1", robot.name, "r1", "live"]],
  messages: [
    [0, 1],
    [4, 2],
    [40, 5],
  ],
  heard: [
    [0, 0],
    [4, 0, 1],
    [40, 0],
  ],
  moves: [
    [4, 0, 1, 2],
    [40, 0, 3, 4],
  ],
  states: [[120, 0, "offline"]],
  rejections: [[8, 1, 2]],
});
let live;
let past;
const shown = () => past.state.devices.get("b1/mobile_robot/r1");

beforeEach(() => {
  live = new State({ now: () => BEGIN + 60000 });
  const zone = { event: {}, zones: [], booths: [], mqtt: {} };
  live.load({ zone, kinds: new Map([[robot.name, robot]]), devices: [device], rejections: [] });
  live.rejected({ total: 5, causes: [] });
  past = new Past(told(), live);
});

test("a device has its state of the beginning, then those that came, and the live one stays as it is", () => {
  assert.equal(shown().state, "live");
  past.to(29000);
  assert.equal(shown().state, "live");
  past.to(31000);
  assert.equal(shown().state, "offline");
  assert.deepEqual(live.devices.get("b1/mobile_robot/r1").last, { x: 9, y: 9 });
});

test("what is not known of then is left out: values and warnings", () => {
  assert.deepEqual(shown().warnings, []);
  assert.deepEqual(Object.keys(shown().last), ["x", "y"]);
});

test("what drives is where it was, and at first where it moves from", () => {
  assert.deepEqual(shown().last, { x: 1, y: 2 });
  past.to(10000);
  assert.deepEqual(shown().last, { x: 3, y: 4 });
});

test("booths that were heard or rejected are told once, when their time comes", () => {
  assert.deepEqual([...past.to(250).heard], ["b1"]);
  assert.deepEqual([...past.to(1000).heard], ["b1", "b2"]);
  assert.deepEqual([...past.to(1100).heard], []);
  assert.deepEqual([...past.to(2000).rejected], ["b2"]);
});

test("a jump tells nothing of what it jumps over", () => {
  assert.deepEqual([...past.to(20000).heard], []);
  assert.deepEqual([...past.to(0).heard], ["b1"]);
});

test("back again everything is as it was", () => {
  past.to(60000);
  past.to(5000);
  assert.equal(shown().state, "live");
  assert.deepEqual(shown().last, { x: 1, y: 2 });
});

test("rejections of ten minutes are those before it, and those until then", () => {
  assert.equal(past.state.causes.total, 3);
  past.to(2000);
  assert.equal(past.state.causes.total, 5);
});

test("its clock is that of then, and it ends", () => {
  past.to(12500);
  assert.equal(past.state.now(), BEGIN + 12500);
  assert.equal(past.over, false);
  past.to(70000);
  assert.equal(past.over, true);
  assert.equal(past.state.now(), BEGIN + 60000);
});

test("readings a second are the messages of the last seconds that were not rejected", () => {
  past.to(12000);
  assert.equal(past.rate, 5 / 5);
});
