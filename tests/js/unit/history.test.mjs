import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../hub/web/static/js/history.js";

const kind = {
  interval: 1,
  fields: [
    { name: "t", type: "float" },
    { name: "mode", type: "string" },
  ],
};

test("numbers are kept by time, words are not", () => {
  const history = new History(kind);
  history.add(1, { t: 20, mode: "heat" });
  history.add(2, { mode: "off" });
  assert.deepEqual(history.times, [1, 2]);
  assert.deepEqual(history.column("t"), [20, undefined]);
  assert.deepEqual(history.column("mode"), []);
});

test("an older reading than the last is left out", () => {
  const history = new History(kind);
  history.add(5, { t: 1 });
  history.add(5, { t: 2 });
  history.add(4, { t: 3 });
  assert.deepEqual(history.column("t"), [1]);
});

test("a silence breaks the line", () => {
  const history = new History(kind);
  history.add(1, { t: 1 });
  history.add(60, { t: 2 });
  assert.deepEqual(history.column("t"), [1, null, 2]);
});

test("it is bounded, in rows and in time", () => {
  const history = new History(kind);
  for (let at = 0; at < 4000; at += 0.1) history.add(at, { t: at });
  assert.ok(history.times.length <= 1500);
  assert.equal(history.times.length, history.column("t").length);
  assert.ok(history.times[0] > 3600);
});

test("stored readings come before those that were heard meanwhile", () => {
  const history = new History(kind);
  history.add(10, { t: 3 });
  history.load([{ ts: "1970-01-01T00:00:05.123456789Z", fields: { t: 1 } }]);
  assert.deepEqual(history.times, [5.123, 10]);
  assert.deepEqual(history.column("t"), [1, 3]);
});
