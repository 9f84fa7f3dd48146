// What drives through the hall, on the plan: whatever says where it is on the venue's map, in metres.

import { el, setData } from "./dom.js";

/**
 * @typedef {import("./flags.js").Point} Point
 * @typedef {import("./state.js").PageDevice} PageDevice
 */

const MOST = 40; // on one plan

/** @param {Pick<Field, "unit">} field */
const metres = ({ unit }) => unit === "m";

/**
 * Whether devices of `kind` say where they are on the venue's map.
 * @param {Pick<Kind, "fields">} kind
 */
export const drives = ({ fields }) =>
  ["x", "y"].every((name) => fields.some((field) => field.name === name && metres(field)));

/**
 * Where `device` is, in metres on the plan; null when that is not known now.
 * @param {Pick<Device, "state" | "replayed" | "last">} device
 * @returns {Point | null}
 */
export function spotOf({ state, replayed, last: { x, y } }) {
  const known = typeof x === "number" && typeof y === "number";
  return known && (state === "live" || replayed) ? { x, y } : null;
}

export class Movers {
  /** @param {import("./state.js").State} state */
  constructor(state) {
    this.state = state;
    /** @type {Map<string, HTMLElement>} by device */
    this.dots = new Map();
    this.node = el("div", { class: "movers", "aria-hidden": "true" });
    this.devices = [...state.devices.values()].filter((device) => drives(state.kindOf(device)));
  }

  /**
   * Put each where it is; `at` makes px of metres on the plan, and null of what is not on it.
   * @param {(metres: Point) => Point | null} at
   */
  draw(at) {
    for (const { key } of this.devices.slice(0, MOST)) {
      const device = this.state.devices.get(key);
      const spot = device && spotOf(device);
      const place = spot && at(spot);
      const dot = this.dots.get(key);
      if (device && place) this.#move(dot ?? this.#made(key), place, device);
      else {
        dot?.remove();
        this.dots.delete(key);
      }
    }
  }

  /** @param {string} key */
  #made(key) {
    const dot = el("div", { class: "mover", "data-device": key });
    this.dots.set(key, dot);
    this.node.append(dot);
    return dot;
  }

  /**
   * @param {HTMLElement} dot
   * @param {Point} place
   * @param {PageDevice} device
   */
  #move(dot, { x, y }, { replayed }) {
    const there = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    if (dot.style.transform !== there) dot.style.transform = there;
    setData(dot, "replayed", replayed ? "" : null);
  }
}
