// What needs attention, worst first. Pure: the state in, items out.

import { time } from "./api.js";

/**
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {import("./state.js").State} State
 * @typedef {"bad" | "warn" | "note" | "ok"} Level
 * @typedef {"deaf" | "offline" | "quota" | "late" | "rejection" | "warning" | "absent" | "stray" | "alarm" | "normal"} What
 * @typedef {{what: What, level: Level | "muted", at?: number | null, booth?: string, device?: PageDevice, kind?: Kind, field?: Field, raw?: Raw, warning?: string, cause?: Cause}} Item
 * @typedef {{live: number, late: number, offline: number, absent: number, total: number, rate: number}} Tally
 */

/**
 * Whether `raw` is outside `normal` ("warn"), in `alarm` ("bad"), or neither (null).
 * @param {Field} field
 * @param {Raw | undefined} raw
 * @returns {"bad" | "warn" | null}
 */
export function fieldLevel(field, raw) {
  if (raw === null || raw === undefined) return null;
  if (field.alarm?.includes(raw)) return "bad";
  const [low, high] = field.normal ?? [null, null];
  if (typeof raw !== "number") return null;
  return (low !== null && raw < low) || (high !== null && raw > high) ? "warn" : null;
}

/**
 * The fields of `device` that need attention, as [{field, raw, level}].
 * @param {PageDevice} device
 * @param {Kind} kind
 */
export function troubledFields(device, kind) {
  return kind.fields
    .filter((field) => !device.ceased?.includes(field.name)) // a value of long ago is no alarm of now
    .map((field) => ({
      field,
      raw: device.last?.[field.name],
      level: fieldLevel(field, device.last?.[field.name]),
    }))
    .filter((item) => item.level);
}

/**
 * The field that stands for all: the first one that is no position, if there is one.
 * @param {Pick<Kind, "fields">} kind
 */
export const headlineOf = ({ fields }) => fields.find(({ draw }) => draw !== "map") ?? fields[0];

/**
 * Whether `device` is expected but was never heard.
 * @param {PageDevice} device
 */
export const absent = (device) => device.state === "offline" && device.seen === null;

/**
 * Whether `device` is nobody's: not planned, and never accepted.
 * @param {PageDevice} device
 */
export const stray = (device) => device.stray === true && !device.readings;

/**
 * Whether `device` is somebody's trial, which is not expected to go on.
 * @param {PageDevice} device
 */
export const trial = (device) => device.device === "try" && !device.expected;

/**
 * The seconds between two readings of `device`: the zone file's or its kind's; null if it says when it likes.
 * @param {{interval?: number}} device
 * @param {Kind} kind
 */
export const usualInterval = (device, kind) => device.interval ?? (kind.event_driven ? null : kind.interval);

/**
 * What is to be said of `device`: "bad", "warn", "note" (of its values, which is no trouble) or "ok".
 * @param {PageDevice} device
 * @param {Kind} kind
 * @returns {Level}
 */
export function deviceLevel(device, kind) {
  if (stray(device)) return "warn";
  if (device.state === "offline") return absent(device) ? "ok" : "bad";
  if (device.state === "late" || device.warnings.length) return "warn";
  return troubledFields(device, kind).length ? "note" : "ok";
}

const WEIGHT = {
  deaf: 0,
  offline: 1,
  quota: 2,
  late: 3,
  rejection: 4,
  warning: 5,
  absent: 6,
  stray: 7,
  alarm: 8,
  normal: 9,
};

/**
 * What is nobody's trouble but worth a look: the values of exhibits.
 * @param {Item} item
 */
export const isValue = ({ what }) => what === "alarm" || what === "normal";

/**
 * @param {PageDevice} device
 * @param {Kind} kind
 * @param {{begun: boolean}} state
 * @returns {Item[]}
 */
function deviceItems(device, kind, { begun }) {
  const base = { device, kind, booth: device.booth, at: device.seen };
  if (stray(device)) return [{ ...base, what: "stray", level: "warn" }];
  if (absent(device)) return begun ? [{ ...base, what: "absent", level: "warn", at: null }] : [];
  if (device.state !== "live")
    return [{ ...base, what: device.state, level: device.state === "offline" ? "bad" : "warn" }];
  /** @type {Item[]} */
  const values = troubledFields(device, kind).map(({ field, raw, level }) => {
    return { ...base, what: level === "bad" ? "alarm" : "normal", level: "note", field, raw };
  });
  /** @type {Item[]} */
  const warnings = device.warnings.map((warning) => ({ ...base, what: "warning", level: "warn", warning }));
  return [...values, ...warnings];
}

/**
 * Rejections of the last minutes, by cause as the hub counted them.
 * @param {Cause[]} causes
 * @returns {Item[]}
 */
const rejectionItems = (causes) =>
  causes.map((cause) => ({ what: "rejection", level: "warn", cause, at: time(cause.at) }));

/**
 * Everything that is to be said: by weight, and the newest first within one weight.
 * @param {State} state
 * @returns {Item[]}
 */
export function attention(state) {
  if (state.deaf) return [{ what: "deaf", level: "bad", at: state.deaf }]; // one cause, one alarm
  const items = rejectionItems(state.causes.causes);
  for (const booth of state.health?.over_quota ?? []) {
    items.push({ what: "quota", level: "warn", booth, at: null });
  }
  for (const device of state.devices.values()) {
    if (state.closed && device.state !== "live") continue; // whoever is silent has gone home
    items.push(...deviceItems(device, state.kindOf(device), state));
  }
  return items.sort((a, b) => WEIGHT[a.what] - WEIGHT[b.what] || (b.at ?? 0) - (a.at ?? 0));
}

/** Remembers since when each trouble lasts; what was there at the first look has no beginning. */
export class Beginnings {
  /** @type {Map<string, number | null> | null} */
  #known = null;

  /**
   * Set `at` of the items about values and warnings to when they were first seen, or null.
   * @param {Item[]} items
   * @param {number} now
   */
  mark(items, now) {
    const known = new Map();
    for (const item of items) {
      if (!item.device || item.device.state !== "live") continue;
      const key = [item.device.key, item.what, item.field?.name ?? item.warning].join(" ");
      item.at = this.#known ? (this.#known.has(key) ? this.#known.get(key) : now) : null;
      known.set(key, item.at);
    }
    this.#known = known;
    return items;
  }
}

/**
 * Lists by what `keyOf` says of each item, in order of first mention; Map.groupBy is too young yet.
 * @template T
 * @template K
 * @param {Iterable<T>} items
 * @param {(item: T) => K} keyOf
 * @returns {Map<K, T[]>}
 */
export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * Counts of devices that are somebody's: {live, late, offline, absent, total, rate}; absent was never heard.
 * @param {Iterable<PageDevice>} devices
 * @returns {Tally}
 */
export function tally(devices) {
  const sum = { live: 0, late: 0, offline: 0, absent: 0, total: 0, rate: 0 };
  for (const device of devices) {
    if (stray(device)) continue;
    sum[absent(device) ? "absent" : device.state] += 1;
    sum.total += 1;
    sum.rate += device.state === "live" ? (device.rate ?? 0) : 0;
  }
  return sum;
}

/**
 * The state of a booth from its devices, how many are `expected`, and the state of all: what is
 * silent while the event is closed, or cannot be heard, is nobody's fault.
 * @param {Omit<Tally, "absent" | "rate">} sum
 * @param {number} expected
 * @param {{deaf: number | null, closed: boolean, begun: boolean}} state
 */
export function boothState({ live, late, offline, total }, expected, { deaf, closed, begun }) {
  if (!total) return "empty";
  if (deaf) return "unknown";
  if (closed) return live ? "live" : "closed";
  if (offline) return live || late ? "part" : "offline";
  if (late) return "late";
  if (!live) return "absent";
  return live < Math.max(total, expected) && begun ? "missing" : "live";
}
