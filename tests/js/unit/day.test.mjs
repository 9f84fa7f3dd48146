import assert from "node:assert/strict";
import { test } from "node:test";

import { DayPlay } from "../../../hub/web/static/js/day.js";

const told = (given = {}) => ({
  day: "2026-10-07",
  from: "2026-10-07T01:00:00.000Z",
  to: "2026-10-07T11:00:00.000Z",
  every_s: 300,
  booths: ["b1", "b2"],
  readings: [
    [0, 0, 100],
    [0, 1, 25],
    [60, 0, 50],
  ],
  rejections: [[60, 1, 3]],
  ...given,
});

test("a day takes half a minute, and its clock runs", () => {
  const play = new DayPlay(told());
  assert.equal(play.length, 30000);
  assert.equal(new Date(play.to(15000).now).toISOString(), "2026-10-07T06:00:00.000Z");
});

test("stands glow by how much came from them in a part of the day", () => {
  const play = new DayPlay(told());
  assert.deepEqual(
    [...play.to(0).heat],
    [
      ["b1", 1],
      ["b2", 0.5],
    ],
  );
  assert.deepEqual([...play.to(5000).heat], []);
});

test("what was rejected is told in its part, and counts go on", () => {
  const play = new DayPlay(told());
  assert.deepEqual(play.to(14900), { ...play.to(14900), readings: 125, rejections: 0 });
  const half = play.to(15000);
  assert.deepEqual([...half.rejected], ["b2"]);
  assert.equal(half.readings, 175);
  assert.equal(half.rejections, 3);
});

test("a few minutes take a second each, and the last part is not left", () => {
  const play = new DayPlay(told({ to: "2026-10-07T01:15:00.000Z" }));
  assert.equal(play.length, 3000);
  assert.deepEqual([...play.to(9000).heat], []);
  assert.equal(play.over, true);
  assert.equal(play.now, Date.UTC(2026, 9, 7, 1, 15));
});

test("a day without anything is empty", () => {
  const play = new DayPlay(told({ readings: [], rejections: [] }));
  assert.equal(play.empty, true);
  assert.equal(play.most, 1);
});
