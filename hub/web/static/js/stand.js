// One stand on the plan: as much of its name, id and state as its size has room for.

import { svg } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { mutedUntil } from "./mutes.js";
import { shapeOf, toneOf } from "./signs.js";
import { fitting, shortName, widthOf, wrapped } from "./type.js";

/**
 * @typedef {import("./attention.js").Tally} Tally
 * @typedef {import("./flags.js").Box} Box
 * @typedef {import("./state.js").PlannedBooth} PlannedBooth
 * @typedef {{level: string, number: number}} RowFlag the row of the list that a booth is flagged for
 */
/**
 * A booth of the plan, judged: its state, its devices, its flag, and whether it is new or replayed.
 * @typedef {Omit<PlannedBooth, "state"> & {state: string, sum: Tally, mute: Mute | null, flag?: RowFlag, fresh: boolean, replayed: boolean, gone: boolean}} Stand
 */

const SIZES = [1.7, 1.4, 1.15, 0.95, 0.82, 0.72]; // rem; few, so that neighbours look alike
const LEAST_FULL = 0.95; // rem from which state and id are said beside the name
const EDGE = 0.1; // of an id to both sides together, in heights of the type
const LINE = 1.1; // height of an id with what is above and below it, in heights of the type
const LARGE = SIZES.filter((size) => size >= LEAST_FULL);
const FAR = [2]; // rem of what is read from five metres: a stand too small for that says nothing
const CAPTIONS = [1.4, 1.15, 0]; // of the name below such an id, for who stands near; 0 is none

/**
 * The exhibitor's page of a booth.
 * @param {string} id
 */
export const pageOf = (id) => `/booths/${encodeURIComponent(id)}`;

/**
 * "Live 3/3", or how many of its devices are not: "1 offline".
 * @param {Pick<Stand, "state" | "sum" | "devices" | "mute">} booth
 */
export function stateWords({ state, sum, devices, mute }) {
  if (mute) return mutedUntil(mute);
  if (["unknown", "absent", "closed"].includes(state)) return t(state);
  if (!sum.total) return t("empty");
  for (const worse of /** @type {const} */ (["offline", "late"])) {
    if (sum[worse]) return t(`${worse}_n`, { n: number(sum[worse]) });
  }
  return `${t("live")} ${sum.live}/${Math.max(sum.total, devices?.expected ?? 0)}`;
}

/**
 * @param {string} state
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export const placedSign = (state, x, y, size) =>
  svg("g", { class: "stand-sign", transform: `translate(${x} ${y}) scale(${size / 16})` }, shapeOf(state));

/**
 * A booth of the plan in `box` (px); `unit` is the px of 1 rem, `far` whether it is read from afar.
 * @param {Stand} booth
 * @param {Box} box
 * @param {number} unit
 * @param {boolean} far
 */
export function stand(booth, box, unit, far) {
  const name = said(booth.name, booth.id);
  const replay = booth.replayed ? t("replay") : "";
  const about = [booth.id, name, replay, stateWords(booth)].filter(Boolean).join(" · ");
  const short = shortName(name);
  const words =
    full(booth, short, box, unit, far ? FAR : LARGE) ??
    named(booth, short, box, unit, far) ??
    (far
      ? called(booth, short, box, unit, FAR, CAPTIONS)
      : called(booth, short, box, unit, SIZES.slice(2), [0])) ??
    signed(booth, box, unit);
  return svg(
    "a",
    {
      class: "stand",
      "data-key": `stand ${booth.id}`,
      href: pageOf(booth.id),
      "data-booth": booth.id,
      "data-tone": toneOf(booth.state),
      "data-flagged": booth.flag?.level,
      "data-replayed": booth.replayed ? "" : null,
    },
    svg("title", {}, about),
    svg("rect", { class: "stand-box", ...box, rx: Math.min(8, box.height * 0.12) }),
    words,
  );
}

/**
 * @param {string} className
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} content
 */
function text(className, x, y, size, content, extra = {}) {
  return svg("text", { class: className, x, y, "font-size": size, ...extra }, content);
}

/**
 * State in words, name and id, where there is room for all.
 * @param {Stand} booth
 * @param {string} name
 * @param {Box} box
 * @param {number} unit
 * @param {number[]} sizes
 */
function full(booth, name, box, unit, sizes) {
  for (const size of sizes.map((item) => item * unit)) {
    const pad = size * 0.5;
    const inner = box.width - pad * 2;
    const room = Math.min(3, Math.floor((box.height - pad * 2 - size * 2.4) / (size * 1.2)));
    const rows = room > 0 ? wrapped(name, inner, size, room) : null;
    const words = stateWords(booth);
    // "3/3" may do for "Live 3/3", for the sign says that it is live; no other words may be cut.
    const shorter = booth.state === "live" && booth.sum.live ? words.split(" ").slice(-1) : [];
    if (booth.state === "muted") shorter.push(t("muted_lane"));
    const state = fitting([words, ...shorter], inner - size * 1.6, size);
    if (rows && state) return fullWords(booth, { box, size, pad, rows, state });
  }
  return null;
}

/**
 * @param {Stand} booth
 * @param {{box: Box, size: number, pad: number, rows: string[], state: string}} room
 */
function fullWords(booth, { box, size, pad, rows, state }) {
  const [left, top] = [box.x + pad, box.y + pad];
  const foot = box.y + box.height - pad - size * 0.12;
  return [
    placedSign(booth.state, left, top, size * 1.1),
    text("stand-state", left + size * 1.55, top + size * 0.95, size, state),
    rows.map((line, row) => text("stand-name", left, top + size * (2.3 + row * 1.2), size, line)),
    booth.replayed
      ? replayed(box, size)
      : text("stand-id", box.x + box.width - pad, foot, size, booth.id, { "text-anchor": "end" }),
  ];
}

/**
 * The name, with the sign above it; a live stand may go without the sign. From afar it stands in the
 * middle, as the ids of its neighbours do.
 * @param {Stand} booth
 * @param {string} name
 * @param {Box} box
 * @param {number} unit
 * @param {boolean} far
 */
function named(booth, name, box, unit, far) {
  for (const size of (far ? FAR : SIZES).map((item) => item * unit)) {
    const pad = size * 0.35;
    const signless = booth.state === "live" && box.height < size * 3.2;
    const head = signless ? 0 : size * 1.15;
    const room = Math.min(4, Math.floor((box.height - pad * 2 - head) / (size * 1.15)));
    const rows = room > 0 ? wrapped(name, box.width - pad * 2, size, room) : null;
    if (!rows) continue;
    const top = box.y + (box.height - head - rows.length * size * 1.15) / 2;
    const x = far ? box.x + box.width / 2 : box.x + pad;
    const anchor = { "text-anchor": far ? "middle" : "start" };
    return [
      signless ? null : placedSign(booth.state, far ? x - size * 0.45 : x, top, size * 0.95),
      rows.map((line, row) => text("stand-name", x, top + head + size * (0.9 + row * 1.15), size, line, anchor)),
    ];
  }
  return null;
}

/**
 * The id, with the sign above it and the name below where there is room; a live stand may go without
 * the sign. Digits are all as wide as a 0, so that stands of one size say alike much.
 * @param {Stand} booth
 * @param {string} name
 * @param {Box} box
 * @param {number} unit
 * @param {number[]} sizes
 * @param {number[]} captions of the name, largest first; 0 is none
 */
function called(booth, name, box, unit, sizes, captions) {
  for (const size of sizes.map((item) => item * unit)) {
    if (widthOf(booth.id.replace(/\d/g, "0"), size, 400) > box.width - size * EDGE) continue;
    for (const small of captions.map((item) => item * unit)) {
      for (const head of booth.state === "live" ? [size * 1.1, 0] : [size * 1.1]) {
        const room = box.height - head - size * LINE;
        if (room < 0) continue;
        const most = Math.min(3, Math.floor(room / (small * 1.2)));
        const rows = small ? wrapped(name, box.width - small * 0.7, small, most) : [];
        if (rows) return calledWords(booth, { box, size, small, head, rows });
      }
    }
  }
  return null;
}

/**
 * @param {Stand} booth
 * @param {{box: Box, size: number, small: number, head: number, rows: string[]}} room
 */
function calledWords(booth, { box, size, small, head, rows }) {
  const height = head + size * LINE + rows.length * small * 1.2;
  const [x, top] = [box.x + box.width / 2, box.y + (box.height - height) / 2];
  const foot = top + head + size * LINE;
  const middle = { "text-anchor": "middle" };
  return [
    head ? placedSign(booth.state, x - size * 0.45, top + size * 0.15, size * 0.9) : null,
    text("stand-id", x, foot - size * 0.2, size, booth.id, middle),
    rows.map((line, row) => text("stand-caption", x, foot + small * (0.85 + row * 1.2), small, line, middle)),
  ];
}

/**
 * All that the smallest stand has room for; where all is well it need not be large.
 * @param {Stand} booth
 * @param {Box} box
 * @param {number} unit
 */
function signed(booth, box, unit) {
  const size = Math.min(Math.min(box.width, box.height) * 0.5, booth.state === "live" ? unit : Infinity);
  const [x, y] = [box.x + (box.width - size) / 2, box.y + (box.height - size) / 2];
  return placedSign(booth.state, x, y, size);
}

/**
 * A band along the foot of a stand: what it shows was recorded earlier.
 * @param {Box} box
 * @param {number} size
 */
function replayed(box, size) {
  const words = fitting([t("replay"), t("replay_short")], box.width - size, size * 0.95);
  const height = size * 1.5;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height - height * 0.3 };
  return svg(
    "g",
    { class: "stand-replay" },
    svg("rect", { x: box.x, y: box.y + box.height - height, width: box.width, height }),
    svg("text", { ...middle, "text-anchor": "middle", "font-size": size * 0.95 }, words),
  );
}
