// Flags beside the stands that need attention: where there is room for each. Pure.

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{width: number, height: number}} Size
 * @typedef {Point & Size} Box
 * @typedef {{from: Point, to: Point}} Line
 */

const FLAGS = [8, 24]; // least and most on a plan
const ROOM = 20; // of its own size that a flag needs
const RIM = 2; // px of the plan's edge, where a flag's own edge would be cut

/**
 * How many flags a plan has room for, so that each can be followed to its stand. Of more troubles those
 * that the list says first have one; the others are the colour of their stands.
 * @param {Size} area
 * @param {number} disc px that the least flag is wide and high
 */
export function roomFor({ width, height }, disc) {
  const [least, most] = FLAGS;
  return Math.min(Math.max(Math.floor((width * height) / disc ** 2 / ROOM), least), most);
}

const AWAY = [0.25, 0.7, 1.4, 2.1, 2.8, 4.2, 6.5, 9.5]; // distances from the stand, in heights of the flag
const SIDES = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [0.5, -1],
  [0.5, 1],
  [-0.5, -1],
  [-0.5, 1],
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
        x: clamp(x, RIM, area.width - width - RIM),
        y: clamp(y, RIM, area.height - height - RIM),
        width,
        height,
      };
      if (within(place, area) && !overlap(place, box)) yield place;
    }
  }
}

/**
 * Twice the area of the triangle, negative where it turns the other way.
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 */
const turn = (a, b, c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/**
 * Whether the line from `a` to `b` runs through `box`.
 * @param {Point} a
 * @param {Point} b
 * @param {Box} box
 */
function crosses(a, b, box) {
  const [right, foot] = [box.x + box.width, box.y + box.height];
  if (Math.max(a.x, b.x) <= box.x || Math.min(a.x, b.x) >= right) return false;
  if (Math.max(a.y, b.y) <= box.y || Math.min(a.y, b.y) >= foot) return false;
  const sides = [box.x, right].flatMap((x) => [box.y, foot].map((y) => turn(a, b, { x, y })));
  return Math.min(...sides) < 0 && Math.max(...sides) > 0; // corners to both sides of the line
}

/**
 * Whether two lines meet between their ends.
 * @param {Line} a
 * @param {Line} b
 */
const meet = (a, b) =>
  turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) < 0 &&
  turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) < 0;

/**
 * The end of a leader line: the point of `box` nearest to the middle of `other`, but at no corner, where
 * it could mean the stand beside it.
 * @param {Box} box
 * @param {Box} other
 */
function nearest(box, other) {
  const [x, y] = [other.x + other.width / 2, other.y + other.height / 2];
  const corner = y > box.y && y < box.y + box.height ? 0 : box.width * 0.2;
  return {
    x: clamp(x, box.x + corner, box.x + box.width - corner),
    y: clamp(y, box.y, box.y + box.height),
  };
}

const HIDES = 6; // cost of a flag all of which hides stands
const TANGLED = 3; // cost of a leader line that meets another, or a flag
const STRUCK = 0.15; // cost of a leader line through a stand
const FAR = 0.15; // and of as much of the line as a flag is high

/**
 * The best place of a flag of this size, and what it costs: what it hides of the stands, how far away it
 * is, what its leader line crosses, and whether it stands on the line of another.
 * @param {Box} box
 * @param {Size} size
 * @param {{taken: Box[], lines: Line[], boxes: Box[], area: Size}} plan
 * @returns {{cost: number, place: Box, from: Point, to: Point} | null}
 */
function bestPlace(box, size, { taken, lines, boxes, area }) {
  let best = null;
  for (const place of places(box, size, area)) {
    if (taken.some((other) => overlap(other, place))) continue;
    const hidden = boxes.reduce((sum, other) => sum + overlap(other, place), 0);
    const [from, to] = [nearest(box, place), nearest(place, box)];
    const far = Math.hypot(to.x - from.x, to.y - from.y) / size.height;
    const near = (hidden / (size.width * size.height)) * HIDES + far * FAR;
    if (best && near >= best.cost) continue;
    const crossed = taken.filter((other) => other !== box && crosses(from, to, other)).length;
    const tangled = lines.filter((line) => meet(line, { from, to }) || crosses(line.from, line.to, place)).length;
    const struck = boxes.filter((other) => other !== box && crosses(from, to, other)).length;
    const cost = near + (crossed + tangled) * TANGLED + struck * STRUCK;
    if (!best || cost < best.cost) best = { cost, place, from, to };
  }
  return best;
}

const FULLER = 0.15; // cost that the fullest flag is worth: the list says the name beside the same number
const SHORTER = 0.3; // cost that a flag fuller than its neighbours' is worth
const NONE = 12; // cost of a flag that has no room
const ROUNDS = 3; // of looks

/**
 * Place a flag for each of `stands`: [{box, sizes}], worst first, `sizes` from the fullest flag to the
 * least. Each gets {size: its index, place, from, to}, or null where none has room; no two flags
 * overlap, none hides a flagged stand, and as little as can be of the other `boxes`. Where full flags
 * are in each other's way, all are shorter, as far as that helps.
 * @param {Flagged[]} stands
 * @param {Box[]} boxes
 * @param {Size} area
 * @returns {Placed[]}
 */
export function placed(stands, boxes, area) {
  let best = bestOrder(stands, boxes, area, 0);
  const most = Math.max(0, ...stands.map(({ sizes }) => sizes.length));
  for (let first = 1; first < most && costOf(best) > FULLER * stands.length; first += 1) {
    const shorter = bestOrder(stands, boxes, area, first);
    if (costOf(shorter) + FULLER * stands.length < costOf(best)) best = shorter;
  }
  return best;
}

/** @typedef {{box: Box, sizes: Size[]}} Flagged */
/** @typedef {{size: number, cost: number, place: Box, from: Point, to: Point} | null} Placed */

/** @param {Placed[]} flags */
const costOf = (flags) => flags.reduce((sum, flag) => sum + (flag?.cost ?? NONE), 0);

/**
 * The best of two attempts: worst first, and from left to right, which tangles neighbours less.
 * @param {Flagged[]} stands
 * @param {Box[]} boxes
 * @param {Size} area
 * @param {number} first
 */
function bestOrder(stands, boxes, area, first) {
  const ranked = attempt(stands, boxes, area, first);
  const across = [...stands].sort((a, b) => a.box.x - b.box.x);
  const found = attempt(across, boxes, area, first);
  if (costOf(found) >= costOf(ranked)) return ranked;
  return stands.map((stand) => found[across.indexOf(stand)]);
}

/**
 * Place the flags one after the other, each in the first of its sizes, from `first` on, that has room;
 * then each again, now that all the others are known.
 * @param {Flagged[]} stands
 * @param {Box[]} boxes
 * @param {Size} area
 * @param {number} first
 * @returns {Placed[]}
 */
function attempt(stands, boxes, area, first) {
  /** @type {Placed[]} */
  const found = stands.map(() => null);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { box, sizes }] of stands.entries()) {
      const others = found.filter((flag, at) => flag && at !== index);
      const lines = /** @type {NonNullable<Placed>[]} */ (others);
      const taken = [...stands.map((stand) => stand.box), ...lines.map(({ place }) => place)];
      found[index] = null;
      for (let size = first; size < sizes.length; size += 1) {
        const best = bestPlace(box, sizes[size], { taken, lines, boxes, area });
        if (best && best.cost + SHORTER < (found[index]?.cost ?? Infinity)) found[index] = { size, ...best };
      }
    }
  }
  return found;
}
