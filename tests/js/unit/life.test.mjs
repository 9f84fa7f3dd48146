import assert from "node:assert/strict";
import { test } from "node:test";

import { drives, spotOf } from "../../../hub/web/static/js/movers.js";
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

test("whatever says x and y in metres drives; an arm in millimetres does not", () => {
  const fields = (unit) => ["x", "y"].map((name) => ({ name, unit }));
  assert.ok(drives({ fields: fields("m") }));
  assert.ok(!drives({ fields: fields("mm") }));
});
