// Flags beside the stands that need attention: where there is room for each. Pure.

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{width: number, height: number}} Size
 * @typedef {Point & Size} Box
 */

const AWAY = [0.6, 1.4, 2.6, 4.2, 6.5, 9.5]; // distances from the stand, in heights of the flag
const SIDES = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
];

/**
 * @param {Box} a
 * @param {Box} b
 */
const overlap = (a, b) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/**
 * @param {Box} box
 * @param {Size} area
 */
const within = (box, area) =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= area.width && box.y + box.height <= area.height;

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Where a flag of this size may stand about `box`, nearest first.
 * @param {Box} box
 * @param {Size} size
 * @param {Size} area
 */
function* places(box, { width, height }, area) {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  for (const away of AWAY) {
    for (const [right, down] of SIDES) {
      const x = middle.x - width / 2 + right * (box.width / 2 + width / 2 + away * height * Math.abs(right));
      const y = middle.y - height / 2 + down * (box.height / 2 + height / 2 + away * height * Math.abs(down));
      // A flag that would leave the plan is moved along its edge.
      const place = {
        x: clamp(x, 0, area.width - width),
        y: clamp(y, 0, area.height - height),
        width,
        height,
      };
      if (within(place, area) && !overlap(place, box)) yield { place, away };
    }
  }
}

/**
 * Whether the line from `a` to `b` runs through `box`.
 * @param {Point} a
 * @param {Point} b
 * @param {Box} box
 */
function crosses(a, b, box) {
  for (let step = 1; step < 16; step += 1) {
    const x = a.x + ((b.x - a.x) * step) / 16;
    const y = a.y + ((b.y - a.y) * step) / 16;
    if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) return true;
  }
  return false;
}

/**
 * The end of a leader line: the point of `box` nearest to the middle of `other`.
 * @param {Box} box
 * @param {Box} other
 */
const nearest = (box, other) => ({
  x: clamp(other.x + other.width / 2, box.x, box.x + box.width),
  y: clamp(other.y + other.height / 2, box.y, box.y + box.height),
});

/**
 * The best place of a flag of this size, and what it costs: what it hides of the stands, how far away it
 * is, what its leader line crosses.
 * @param {Box} box
 * @param {Size} size
 * @param {{taken: Box[], boxes: Box[], area: Size}} plan
 * @returns {{cost: number, place: Box, from: Point, to: Point} | null}
 */
function bestPlace(box, size, { taken, boxes, area }) {
  let best = null;
  for (const { place, away } of places(box, size, area)) {
    if (taken.some((other) => overlap(other, place))) continue;
    const hidden = boxes.reduce((sum, other) => sum + overlap(other, place), 0);
    const [from, to] = [nearest(box, place), nearest(place, box)];
    const crossed = taken.filter((other) => other !== box && crosses(from, to, other)).length;
    const cost = hidden / (size.width * size.height) + away * 0.12 + crossed;
    if (!best || cost < best.cost) best = { cost, place, from, to };
  }
  return best;
}

const FULLER = 0.15; // cost that the fullest flag is worth: the list says the name beside the same number
const NONE = 3; // cost of a flag that has no room

/**
 * Place a flag for each of `stands`: [{box, sizes}], worst first, `sizes` from the fullest flag to the
 * least. Each gets {size: its index, place, from, to}, or null where none has room; no two flags
 * overlap, none hides a flagged stand, and as little as can be of the other `boxes`. Where full flags
 * are in each other's way, all are shorter.
 * @param {{box: Box, sizes: Size[]}[]} stands
 * @param {Box[]} boxes
 * @param {Size} area
 * @returns {Placed[]}
 */
export function placed(stands, boxes, area) {
  const full = attempt(stands, boxes, area, 0);
  const cost = costOf(full);
  if (cost <= FULLER * stands.length) return full;
  const short = attempt(stands, boxes, area, 1);
  return costOf(short) + FULLER * stands.length < cost ? short : full;
}

/** @typedef {{size: number, cost: number, place: Box, from: Point, to: Point} | null} Placed */

/** @param {Placed[]} flags */
const costOf = (flags) => flags.reduce((sum, flag) => sum + (flag?.cost ?? NONE), 0);

/**
 * Place the flags one after the other, each in the first of its sizes, from `first` on, that has room.
 * @param {{box: Box, sizes: Size[]}[]} stands
 * @param {Box[]} boxes
 * @param {Size} area
 * @param {number} first
 * @returns {Placed[]}
 */
function attempt(stands, boxes, area, first) {
  const taken = stands.map(({ box }) => box);
  return stands.map(({ box, sizes }) => {
    for (let size = first; size < sizes.length; size += 1) {
      const best = bestPlace(box, sizes[size], { taken, boxes, area });
      if (!best) continue;
      taken.push(best.place);
      return { size, ...best };
    }
    return null;
  });
}
