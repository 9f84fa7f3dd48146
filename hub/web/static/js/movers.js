// What moves through the hall, on the plan: whatever says where it is, in metres on the venue's map or in
// degrees on earth.

import { el, setData } from "./dom.js";
import { onPlan } from "./earth.js";

/**
 * @typedef {import("./flags.js").Point} Point
 * @typedef {import("./state.js").PageDevice} PageDevice
 */

const MOST = 40; // on one plan

/**
 * Whether `kind` has all these fields, in this unit.
 * @param {Pick<Kind, "fields">} kind
 * @param {string[]} names
 * @param {string} unit
 */
const has = ({ fields }, names, unit) =>
  names.every((name) => fields.some((field) => field.name === name && field.unit === unit));

/**
 * Whether devices of `kind` say where they are.
 * @param {Pick<Kind, "fields">} kind
 */
export const moves = (kind) => has(kind, ["x", "y"], "m") || has(kind, ["latitude", "longitude"], "°");

/**
 * Where `device` is, in metres on the plan, whose origin may be known; null when that is not known now.
 * @param {Pick<Device, "state" | "replayed" | "last">} device
 * @param {Origin | null | undefined} origin
 * @returns {Point | null}
 */
export function spotOf({ state, replayed, last: { x, y, latitude, longitude } }, origin) {
  if (state !== "live" && !replayed) return null;
  if (typeof x === "number" && typeof y === "number") return { x, y };
  const known = origin && typeof latitude === "number" && typeof longitude === "number";
  return known ? onPlan({ latitude, longitude }, origin) : null;
}

export class Movers {
  /** @param {import("./state.js").State} state */
  constructor(state) {
    this.state = state;
    /** @type {Map<string, HTMLElement>} by device */
    this.dots = new Map();
    this.node = el("div", { class: "movers", "aria-hidden": "true" });
    this.devices = [...state.devices.values()].filter((device) => moves(state.kindOf(device)));
  }

  /**
   * Put each where it is; `at` makes px of metres on the plan, and null of what is not on it.
   * @param {(metres: Point) => Point | null} at
   */
  draw(at) {
    const origin = this.state.zone?.origin;
    for (const { key } of this.devices) {
      const device = this.state.devices.get(key);
      const spot = device && spotOf(device, origin);
      const place = spot && at(spot);
      const dot = this.dots.get(key);
      if (device && place && (dot || this.dots.size < MOST)) this.#move(dot ?? this.#made(key), place, device);
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
