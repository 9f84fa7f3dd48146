// What needs attention, worst first. Pure: devices, kinds and rejections in, items out.

import { time } from "./api.js";

const RECENT = 600000; // ms; a rejection older than this is history

/** Whether `raw` is outside `normal` ("warn"), in `alarm` ("bad"), or neither (null). */
export function fieldLevel(field, raw) {
  if (raw === null || raw === undefined) return null;
  if (field.alarm?.includes(raw)) return "bad";
  const [low, high] = field.normal ?? [null, null];
  if (typeof raw !== "number") return null;
  return (low !== null && raw < low) || (high !== null && raw > high) ? "warn" : null;
}

/** The fields of `device` that need attention, as [{field, raw, level}]. */
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

/** Whether `device` is expected but was never heard. */
export const absent = (device) => device.state === "offline" && device.seen === null;

/** Whether `device` is nobody's: not planned, and never accepted. */
export const stray = (device) => device.stray === true && !device.readings;

/** "bad", "warn" or "ok": the worst that is to be said of `device`. */
export function deviceLevel(device, kind) {
  if (stray(device)) return "warn";
  if (device.state === "offline") return absent(device) ? "warn" : "bad";
  const troubled = device.state === "live" ? troubledFields(device, kind) : [];
  if (troubled.some((item) => item.level === "bad")) return "bad";
  return device.state === "late" || troubled.length || device.warnings.length ? "warn" : "ok";
}

const WEIGHT = {
  offline: 0,
  alarm: 1,
  quota: 2,
  normal: 3,
  late: 4,
  rejection: 5,
  warning: 6,
  absent: 7,
  stray: 8,
};

function deviceItems(device, kind) {
  const base = { device, kind, at: device.seen };
  if (stray(device)) return [{ ...base, what: "stray", level: "warn" }];
  if (absent(device)) return [{ ...base, what: "absent", level: "warn" }];
  if (device.state !== "live")
    return [{ ...base, what: device.state, level: device.state === "offline" ? "bad" : "warn" }];
  const values = troubledFields(device, kind).map(({ field, raw, level }) => ({
    ...base,
    what: level === "bad" ? "alarm" : "normal",
    level,
    field,
    raw,
  }));
  const warnings = device.warnings.map((warning) => ({ ...base, what: "warning", level: "warn", warning }));
  return [...values, ...warnings];
}

/** Rejections of the last minutes; the same complaint about one topic counts up, not down the list. */
export function rejectionItems(rejections, now) {
  const groups = new Map();
  for (const rejection of rejections) {
    const at = time(rejection.at);
    if (at === null || now - at > RECENT) continue;
    const key = [rejection.topic, rejection.code, rejection.errors?.[0]?.field].join(" ");
    const group = groups.get(key) ?? { what: "rejection", level: "warn", rejection, at, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Everything that needs attention: by weight, and the newest first within one weight. */
export function attention(state, now) {
  const items = rejectionItems(state.rejections, now);
  for (const booth of state.health?.over_quota ?? []) {
    items.push({ what: "quota", level: "warn", booth, at: null });
  }
  const closed = state.zone?.event.open === false; // then whoever is silent has gone home
  for (const device of state.devices.values()) {
    if (closed && device.state !== "live") continue;
    items.push(...deviceItems(device, state.kinds.get(device.kind)));
  }
  return items.sort((a, b) => WEIGHT[a.what] - WEIGHT[b.what] || (b.at ?? 0) - (a.at ?? 0));
}

/** Remembers since when each trouble lasts; what was there at the first look has no beginning. */
export class Beginnings {
  #known = null;

  /** Set `at` of the items about values and warnings to when they were first seen, or null. */
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

/** Lists by what `keyOf` says of each item, in order of first mention; Map.groupBy is too young yet. */
export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** How many rejections came in the last minutes, of those that the page holds. */
export const recentRejections = (rejections, now) =>
  rejections.filter((rejection) => now - (time(rejection.at) ?? 0) <= RECENT).length;

/** Counts of a set of devices: {live, late, offline, total, rate}. */
export function tally(devices) {
  const sum = { live: 0, late: 0, offline: 0, total: 0, rate: 0 };
  for (const device of devices) {
    sum[device.state] += 1;
    sum.total += 1;
    sum.rate += device.state === "live" ? (device.rate ?? 0) : 0;
  }
  return sum;
}

/** The state of a booth from its devices and how many are expected: as the hub says it in /api/zone. */
export function boothState({ live, late, total }, expected = 0) {
  if (!total) return "empty";
  if (!live) return late ? "late" : "offline";
  return live >= Math.max(total, expected) ? "live" : "late";
}
