// A ring about a stand for each reading that comes from there: thin, short, and never many at once.

import { el } from "./dom.js";

const LASTS = 800; // ms
const STEPS = 8; // frames of a ring: a browser that draws without a GPU has few to spare
const EACH = 1500; // ms between two rings of one stand
const AT_ONCE = 4; // rings that begin with one drawing, of which there are four a second
const GROWS = 14; // px

/**
 * The stands that get a ring: of those `heard`, as many as may begin at once, first those that had
 * none for longest; `last` holds the time (ms) of each one's last ring.
 */
export function due(heard, last, now) {
  const since = (id) => last.get(id) ?? -Infinity;
  return [...heard]
    .filter((id) => now - since(id) >= EACH)
    .sort((a, b) => since(a) - since(b))
    .slice(0, AT_ONCE);
}

const still = () => document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Rings {
  constructor() {
    Object.assign(this, { boxes: new Map(), rings: new Map(), last: new Map() });
    this.node = el("div", { class: "rings", "aria-hidden": "true" });
  }

  /** Take where the stands are: a box (px) by the booth's id. */
  set(boxes) {
    this.boxes = boxes;
    this.rings.clear();
    this.node.replaceChildren();
  }

  /** Readings came from these booths just now. */
  heard(booths, now = performance.now()) {
    if (!booths.size || still()) return;
    const shown = [...booths].filter((id) => this.boxes.has(id));
    for (const id of due(shown, this.last, now)) {
      this.last.set(id, now);
      this.#ring(id);
    }
  }

  #ring(id) {
    const { width, height } = this.boxes.get(id);
    const ring = this.rings.get(id) ?? this.#made(id);
    const grown = `scale(${1 + GROWS / width}, ${1 + GROWS / height})`;
    const frames = [{ opacity: 0.75 }, { opacity: 0, transform: grown }];
    ring.animate(frames, { duration: LASTS, easing: `steps(${STEPS})` });
  }

  #made(id) {
    const ring = el("div", { class: "ring", "data-booth": id });
    const { x, y, width, height } = this.boxes.get(id);
    const size = { left: x, top: y, width, height };
    for (const [name, px] of Object.entries(size)) ring.style[name] = `${px}px`;
    this.rings.set(id, ring);
    this.node.append(ring);
    return ring;
  }
}
