// A ring about a stand for each reading that comes from there: thin, short, and never many at once.

import { el, setBox, setData } from "./dom.js";

/** @typedef {import("./flags.js").Box} Box */

const STEPS = 3; // looks of a ring, one with each drawing: an animation would cost a browser 60 frames a second
const EACH = 1500; // ms between two rings of one stand
const AT_ONCE = 2; // rings that begin with one drawing, of which there are four a second
const POOL = 8; // elements that are used in turn: each new one would be a layer more to paint
const DOT = 4000; // ms for which the dot of a visitor stays
const GROWS = 14; // px

/**
 * The stands that get a ring: of those `heard`, as many as may begin at once, first those that had
 * none for longest; `last` holds the time (ms) of each one's last ring.
 * @param {string[]} heard
 * @param {Map<string, number>} last
 * @param {number} now
 */
export function due(heard, last, now) {
  const since = (/** @type {string} */ id) => last.get(id) ?? -Infinity;
  return heard
    .filter((id) => now - since(id) >= EACH)
    .sort((a, b) => since(a) - since(b))
    .slice(0, AT_ONCE);
}

const still = () => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Rings {
  constructor() {
    /** @type {Map<string, Box>} */
    this.boxes = new Map();
    /** @type {string[]} */
    this.waiting = []; // dots
    /** @type {Map<string, number>} */
    this.last = new Map();
    /** @type {Map<HTMLElement, {box: Box, step: number}>} */
    this.seen = new Map();
    this.next = 0;
    this.rings = Array.from({ length: POOL }, () => el("div", { class: "ring" }));
    this.node = el("div", { class: "rings", "aria-hidden": "true" }, this.rings);
  }

  /**
   * Take where the stands are: a box (px) by the booth's id.
   * @param {Map<string, Box>} boxes
   */
  set(boxes) {
    this.boxes = boxes;
    const waiting = this.waiting.splice(0);
    for (const id of waiting) this.dot(id);
  }

  /**
   * Readings came from these booths just now; the rings of before grow and go.
   * @param {Set<string>} booths
   */
  heard(booths, now = performance.now()) {
    for (const [ring, { box, step }] of this.seen) this.#look(ring, box, step + 1);
    if (!booths.size || still()) return;
    const shown = [...booths].filter((id) => this.boxes.has(id));
    for (const id of due(shown, this.last, now)) {
      this.last.set(id, now);
      this.#ring(id);
    }
  }

  /**
   * A visitor's reading came from `id`: a dot that nobody overlooks. The first one has the plan built
   * anew: it waits until that is laid out.
   * @param {string} id
   */
  dot(id) {
    if (!this.boxes.size) this.waiting.push(id);
    const box = this.boxes.get(id);
    if (!box || document.hidden) return;
    const dot = el("div", { class: "visitor-dot", "data-booth": id });
    dot.style.left = `${box.x + box.width}px`; // at its corner, where it hides no name
    dot.style.top = `${box.y}px`;
    this.node.append(dot);
    setTimeout(() => dot.remove(), DOT);
  }

  /** @param {string} id of a stand that is on the plan */
  #ring(id) {
    const box = /** @type {Box} */ (this.boxes.get(id));
    const ring = this.rings[this.next];
    this.next = (this.next + 1) % POOL;
    ring.dataset.booth = id;
    setBox(ring, box);
    this.#look(ring, box, 0);
  }

  /**
   * @param {HTMLElement} ring
   * @param {Box} box
   * @param {number} step
   */
  #look(ring, box, step) {
    if (step < STEPS) this.seen.set(ring, { box, step });
    else this.seen.delete(ring);
    setData(ring, "step", step < STEPS ? step : null);
    const grown = (GROWS * step) / STEPS;
    ring.style.transform = `scale(${1 + grown / box.width}, ${1 + grown / box.height})`;
  }
}
