// What drives through the hall, on the plan: whatever says where it is on the venue's map, in metres.

import { el, setData } from "./dom.js";

const MOST = 40; // on one plan

const metres = ({ unit }) => unit === "m";

/** Whether devices of `kind` say where they are on the venue's map. */
export const drives = ({ fields }) =>
  ["x", "y"].every((name) => fields.some((field) => field.name === name && metres(field)));

/** Where `device` is, in metres on the plan; null when that is not known now. */
export function spotOf({ state, replayed, last }) {
  const known = Number.isFinite(last?.x) && Number.isFinite(last?.y);
  return known && (state === "live" || replayed) ? { x: last.x, y: last.y } : null;
}

export class Movers {
  constructor(state) {
    this.state = state;
    this.dots = new Map();
    this.node = el("div", { class: "movers", "aria-hidden": "true" });
    this.devices = [...state.devices.values()].filter(({ kind }) => drives(state.kinds.get(kind)));
  }

  /** Put each where it is; `at` makes px of metres on the plan, and null of what is not on it. */
  draw(at) {
    for (const { key } of this.devices.slice(0, MOST)) {
      const device = this.state.devices.get(key);
      const spot = device && spotOf(device);
      const place = spot && at(spot);
      const dot = this.dots.get(key);
      if (!place) dot?.remove();
      if (!place) this.dots.delete(key);
      else this.#move(dot ?? this.#made(key), place, device);
    }
  }

  #made(key) {
    const dot = el("div", { class: "mover", "data-device": key });
    this.dots.set(key, dot);
    this.node.append(dot);
    return dot;
  }

  #move(dot, { x, y }, { replayed }) {
    const there = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    if (dot.style.transform !== there) dot.style.transform = there;
    setData(dot, "replayed", replayed ? "" : null);
  }
}
