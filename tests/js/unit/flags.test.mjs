import assert from "node:assert/strict";
import { test } from "node:test";

import { placed } from "../../../hub/web/static/js/flags.js";

const AREA = { width: 1000, height: 600 };
const flagged = (x, y) => ({ box: { x, y, width: 40, height: 40 }, sizes: [{ width: 120, height: 40 }] });

test("a line ends at no corner, where it could mean the stand beside it", () => {
  const beside = { x: 0, y: 240, width: 1000, height: 160 };
  const [{ from, to }] = placed([flagged(500, 300)], [beside], AREA);
  assert.ok(from.x > 500 && from.x < 540);
  assert.ok(to.y < 260 || to.y > 380);
});

test("no flag stands on the line of another, and no two lines cross", () => {
  const stands = [flagged(60, 60), flagged(140, 60), flagged(180, 60), flagged(220, 60)];
  const flags = placed(
    stands,
    stands.map(({ box }) => box),
    AREA,
  );
  for (const { from, to } of flags) {
    for (const other of flags) {
      if (other.from === from) continue;
      const { x, y, width, height } = other.place;
      for (let step = 0; step <= 50; step += 1) {
        const [atX, atY] = [from.x + ((to.x - from.x) * step) / 50, from.y + ((to.y - from.y) * step) / 50];
        assert.ok(!(atX > x && atX < x + width && atY > y && atY < y + height));
      }
    }
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
