import assert from "node:assert/strict";
import { test } from "node:test";

import { Outage, roundUp } from "../../../hub/web/static/js/outage.js";

const accounts = (readings, stored, more = {}) => {
  const { merged = 0, refused = 0 } = more;
  return { readings, stored, merged, refused, waiting: readings - stored - merged - refused };
};

test("nothing is told while the store is there", () => {
  assert.equal(new Outage().take(accounts(1000, 990), false, 0), null);
});

test("the tank fills, drains, and the sum closes over what came meanwhile", () => {
  const outage = new Outage();
  assert.equal(outage.take(accounts(100, 95), true, 0).waiting, 5);
  const full = outage.take(accounts(195, 95), true, 1);
  assert.deepEqual([full.phase, full.arrived, full.stored, full.waiting], ["away", 100, 0, 100]);
  const drains = outage.take(accounts(205, 155), false, 2);
  assert.deepEqual([drains.phase, drains.arrived, drains.stored, drains.waiting], ["drains", 110, 60, 50]);
  const done = outage.take(accounts(240, 220), false, 3);
  assert.deepEqual([done.phase, done.arrived, done.stored, done.lost], ["done", 110, 110, 0]);
});

test("what the store refuses is told apart, and merged readings are stored", () => {
  const outage = new Outage();
  outage.take(accounts(100, 100), true, 0);
  const done = outage.take(accounts(110, 107, { merged: 1, refused: 2 }), false, 1);
  assert.deepEqual([done.arrived, done.stored, done.refused, done.lost], [10, 8, 2, 0]);
});

test("it is done for a while, and then there is nothing to tell", () => {
  const outage = new Outage();
  outage.take(accounts(100, 100), true, 0);
  assert.equal(outage.take(accounts(110, 110), false, 1000).phase, "done");
  assert.equal(outage.take(accounts(120, 119), false, 20_000).arrived, 10);
  assert.equal(outage.take(accounts(120, 119), false, 21_000), null);
});

test("a store that leaves again while the tank drains goes on with the same sum", () => {
  const outage = new Outage();
  outage.take(accounts(100, 100), true, 0);
  outage.take(accounts(150, 110), false, 1);
  const again = outage.take(accounts(170, 110), true, 2);
  assert.deepEqual([again.phase, again.arrived, again.stored, again.waiting], ["away", 70, 10, 60]);
});

test("the tank has room for what is expected, and grows by steps", () => {
  const outage = new Outage();
  assert.equal(outage.take(accounts(100, 0), true, 0, 150).level, 0.5);
  assert.equal(outage.take(accounts(300, 0), true, 1, 150).level, 0.6);
  assert.deepEqual([1, 10, 11, 21, 51, 101].map(roundUp), [10, 10, 20, 50, 100, 200]);
});
