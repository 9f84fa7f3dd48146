import assert from "node:assert/strict";
import { test } from "node:test";

import { placed, roomFor } from "../../../hub/web/static/js/flags.js";

const AREA = { width: 1000, height: 600 };
const flagged = (x, y) => ({ box: { x, y, width: 40, height: 40 }, sizes: [{ width: 120, height: 40 }] });

test("a line ends at no corner, where it could mean the stand beside it", () => {
  const beside = { x: 0, y: 240, width: 1000, height: 160 };
  const [{ from, to }] = placed([flagged(500, 300)], [beside], AREA);
  assert.ok(from.x > 500 && from.x < 540);
  assert.ok(to.y < 260 || to.y > 380);
});

/** Whether the line of a flag runs through the place of another. */
function tangled(flags) {
  const inside = ({ x, y, width, height }, at) => at.x > x && at.x < x + width && at.y > y && at.y < y + height;
  return flags.some(({ from, to }) =>
    flags.some(({ place, from: other }) => {
      const steps = Array.from({ length: 51 }, (_, step) => step / 50);
      const points = steps.map((share) => ({
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
      }));
      return other !== from && points.some((point) => inside(place, point));
    }),
  );
}

test("no flag stands on the line of another, and no two lines cross", () => {
  const stands = [flagged(60, 60), flagged(140, 60), flagged(180, 60), flagged(220, 60)];
  const boxes = stands.map(({ box }) => box);
  assert.ok(!tangled(placed(stands, boxes, AREA)));
});

/** The stands of a hall of 300 booths, in rows as in harness/hall.py, `scale` px to a metre. */
function hall(scale, left) {
  const shapes = [[3, 3], [6, 3], [3, 3], [9, 6], [6, 6], [3, 3], [12, 9], [6, 3], [3, 6]]; // prettier-ignore
  let [x, y, deepest] = [0, 0, 0];
  return Array.from({ length: 300 }, (_, index) => {
    const [width, depth] = shapes[index % shapes.length];
    if (x + width > 170) [x, y, deepest] = [0, y + deepest + 3, 0];
    const box = { x: left + x * scale, y: 10 + y * scale, width: width * scale, height: depth * scale };
    x += width + (index % 3 === 2 ? 3 : 0);
    deepest = Math.max(deepest, depth);
    return box;
  });
}

for (const [type, scale, left] of [
  [36, 5.5, 80],
  [24, 3.9, 280],
])
  // prettier-ignore
  test(`neighbours among 300 stands do not tangle their flags, at ${type} px`, () => {
    const boxes = hall(scale, left);
    for (const first of [1, 3, 4, 12, 40, 100, 150, 288]) {
      const stands = boxes.slice(first, first + 4).map((box) => ({
        box,
        sizes: [12, 4.9, 1.5].map((width) => ({ width: width * type, height: type * 1.5 })),
      }));
      assert.ok(!tangled(placed(stands, boxes, { width: 1120, height: 800 })), String(first));
    }
  });

test("a line goes round a stand rather than through it", () => {
  const [wide, booth] = [{ x: 0, y: 100, width: 1000, height: 60 }, flagged(500, 50)];
  const [{ to }] = placed([booth], [booth.box, wide], AREA);
  assert.ok(to.y < 100);
});

test("a flag leaves its neighbour the place at its own stand", () => {
  const stands = [flagged(540, 200), flagged(480, 200)];
  const walls = [
    { x: 0, y: 0, width: 1000, height: 190 },
    { x: 0, y: 310, width: 1000, height: 290 },
  ];
  for (const { from, to } of placed(stands, [...stands.map(({ box }) => box), ...walls], AREA))
    assert.ok(Math.hypot(to.x - from.x, to.y - from.y) < 60);
});

test("of many troubles as many have flags as can be followed to their stands", () => {
  const area = { width: 1120, height: 800 };
  const boxes = hall(5.5, 80);
  const stands = boxes.filter((_, at) => at % 8 === 2).slice(0, roomFor(area, 54));
  assert.ok(stands.length >= 8 && stands.length < 20);
  const flags = placed(
    stands.map((box) => ({ box, sizes: [{ width: 54, height: 54 }] })),
    boxes,
    area,
  );
  assert.ok(flags.every(Boolean));
  assert.ok(!tangled(flags));
  assert.equal(roomFor({ width: 360, height: 226 }, 36), 8);
  assert.equal(roomFor({ width: 3000, height: 2000 }, 36), 24);
});

test("a flag stands in the aisles rather than on stands, with its number alone where there is no more room", () => {
  const hidden = (/** @type {{x: number, y: number, width: number, height: number}} */ place) => (other) =>
    Math.min(place.x + place.width, other.x + other.width) - Math.max(place.x, other.x) > 4 &&
    Math.min(place.y + place.height, other.y + other.height) - Math.max(place.y, other.y) > 4;
  const boxes = hall(11, 40).slice(0, 50);
  for (const first of [1, 6, 8, 20, 40]) {
    const stands = boxes.slice(first, first + 3).map((box) => ({
      box,
      sizes: [216, 103, 36].map((width) => ({ width, height: 36 })),
    }));
    for (const { place } of placed(stands, boxes, { width: 2000, height: 600 }))
      assert.ok(!boxes.some(hidden(place)), String(first));
  }
});
