import assert from "node:assert/strict";
import { test } from "node:test";

import { onPlan } from "../../../hub/web/static/js/earth.js";
import { moves, spotOf } from "../../../hub/web/static/js/movers.js";
import { due } from "../../../hub/web/static/js/rings.js";

test("a stand that sends without end has a ring now and then", () => {
  const last = new Map([["b1", 1000]]);
  assert.deepEqual(due(["b1"], last, 2400), []);
  assert.deepEqual(due(["b1"], last, 2500), ["b1"]);
});

test("of many stands a few have a ring at once, first those that had none for longest", () => {
  const last = new Map([
    ["b1", 3000],
    ["b2", 1000],
    ["b3", 2000],
  ]);
  assert.deepEqual(due(["b1", "b2", "b3", "b4", "b5"], last, 9000), ["b4", "b5"]);
});

test("a robot is on the plan where its metres say, while they are of now", () => {
  const last = { x: 4, y: 2 };
  assert.deepEqual(spotOf({ state: "live", last }), last);
  assert.deepEqual(spotOf({ state: "offline", replayed: true, last }), last);
  assert.equal(spotOf({ state: "offline", last }), null);
  assert.equal(spotOf({ state: "live", last: { x: 4 } }), null);
});

test("whatever says x and y in metres or its degrees moves; an arm in millimetres does not", () => {
  const fields = (unit, ...names) => names.map((name) => ({ name, unit }));
  assert.ok(moves({ fields: fields("m", "x", "y") }));
  assert.ok(!moves({ fields: fields("mm", "x", "y") }));
  assert.ok(moves({ fields: fields("°", "latitude", "longitude") }));
  assert.ok(!moves({ fields: fields("°", "latitude") }));
});

test("a drone is on the plan where its degrees say, if the plan's place on earth is known", () => {
  const drone = { state: "live", last: { latitude: 37.5, longitude: 127.001 } };
  assert.equal(spotOf(drone), null);
  const { x, y } = spotOf(drone, { latitude: 37.5, longitude: 127, bearing: 0 });
  assert.deepEqual([x.toFixed(1), Math.abs(y).toFixed(1)], ["88.2", "0.0"]);
  assert.equal(
    spotOf({ ...drone, last: { latitude: 37.5 } }, { latitude: 37.5, longitude: 127, bearing: 0 }),
    null,
  );
});

const AT = { latitude: 37.5, longitude: 127 };
const NORTH = { latitude: 37.5009, longitude: 127 }; // 100 m
const EAST = { latitude: 37.5, longitude: 127.001134 }; // 100 m
for (const [bearing, place, x, y] of [
  [0, NORTH, 0, -100],
  [0, EAST, 100, 0],
  [90, EAST, 0, -100],
  [90, NORTH, -100, 0],
  [180, NORTH, 0, 100],
  [45, NORTH, -71, -71],
  [-45, NORTH, 71, -71],
])
  test(`with the plan's upper side at ${bearing}°, ${JSON.stringify(place)} is at ${x}, ${y}`, () => {
    const spot = onPlan(place, { ...AT, bearing });
    assert.deepEqual([Math.round(spot.x) + 0, Math.round(spot.y) + 0], [x, y]);
  });

test("the origin is at 0, 0, and degrees of longitude are shorter to the north", () => {
  const spot = onPlan(AT, { ...AT, bearing: 30 });
  assert.deepEqual([spot.x + 0, spot.y + 0], [0, 0]);
  const at = (latitude) => onPlan({ latitude, longitude: 1 }, { latitude, longitude: 0, bearing: 0 }).x;
  assert.equal(at(0), 111195);
  assert.equal(Math.round(at(60)), 55598);
});

test("a plan at the date line goes the shorter way about the earth", () => {
  const spot = onPlan({ latitude: 0, longitude: -179.999 }, { latitude: 0, longitude: 179.999, bearing: 0 });
  assert.equal(Math.round(spot.x), 222);
});
