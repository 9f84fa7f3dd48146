// Troubles as rows of a list: one cause is one row, whatever it costs how many booths. Pure.

import { isValue } from "./attention.js";

/**
 * @typedef {import("./attention.js").Item} Item
 * @typedef {Item & {key: string, causeKey: string, mute: Mute | null, items: Item[], booths: string[], value: boolean, number?: number, parts?: TroubleRow[]}} TroubleRow
 */

const TOGETHER = 5000; // ms between booths that fall silent one after the other, for one cause
const SEVERAL = 4; // booths of which that is no chance: a switch, or the power of an aisle

/** @param {string} text */
const numbersOut = (text) => text.replace(/[-−]?\d[\d.,:]*/g, "#");

/**
 * What two items have in common when they have one cause.
 * @param {Item} item
 */
function causeOf(item) {
  const kind = item.kind?.name;
  switch (item.what) {
    case "offline":
    case "late":
    case "stray":
      return `${item.what} ${item.booth}`;
    case "alarm":
    case "normal":
      return `value ${kind} ${item.field?.name}`;
    case "warning":
      return `warning ${kind} ${numbersOut(item.warning ?? "")}`;
    case "rejection": {
      const { code, kind: sent, field, rule } = item.cause ?? {};
      return `rejection ${code} ${sent} ${field} ${rule}`;
    }
    default:
      return item.what;
  }
}

/** @param {Item} item */
const boothsOf = ({ cause, booth }) => (cause ? Object.keys(cause.booths) : booth ? [booth] : []);

/**
 * The causes of `items`, which are sorted, worst first: [{key, what, level, items, booths, at, number}].
 * Those that are trouble are numbered from 1; what is only worth a look, or muted, has no number.
 * `muteOf(item, cause)` returns the mute of an item, or null; what is muted comes last.
 * @param {Item[]} items
 * @param {(item: Item, cause: string) => Mute | null} [muteOf]
 * @returns {TroubleRow[]}
 */
export function rowsOf(items, muteOf = () => null) {
  const rows = new Map();
  for (const item of items) {
    const causeKey = causeOf(item);
    const mute = muteOf(item, causeKey);
    const key = mute ? `muted ${mute.id} ${causeKey}` : causeKey;
    const row = rows.get(key) ?? { ...item, key, causeKey, mute, items: [], booths: [], value: isValue(item) };
    if (mute) row.level = "muted";
    row.items.push(item);
    for (const id of boothsOf(item)) if (id && !row.booths.includes(id)) row.booths.push(id);
    rows.set(key, row);
  }
  const all = joined([...rows.values()]);
  for (const [index, row] of troubles(all).entries()) row.number = index + 1;
  return [...all.filter((row) => !row.mute), ...all.filter((row) => row.mute)];
}

/** @param {TroubleRow} row */
const began = ({ items }) => Math.min(...items.map(({ at }) => at ?? -Infinity));

/**
 * Join the rows of booths that fell silent together.
 * @param {TroubleRow[]} rows
 */
function joined(rows) {
  const wholes = new Map();
  for (const what of ["offline", "late"]) {
    const silent = rows.filter((row) => row.what === what && !row.mute && began(row) > 0);
    silent.sort((a, b) => began(a) - began(b));
    while (silent.length) {
      const next = silent.findIndex((row, at) => at && began(row) - began(silent[at - 1]) > TOGETHER);
      const parts = silent.splice(0, next < 0 ? silent.length : next);
      if (parts.length < SEVERAL) continue;
      const [items, booths] = [parts.flatMap((row) => row.items), parts.flatMap((row) => row.booths)];
      const whole = { ...parts[0], key: `together ${parts[0].key}`, parts, items, booths };
      for (const row of parts) wholes.set(row, whole);
    }
  }
  return [...new Set(rows.map((row) => wholes.get(row) ?? row))];
}

/**
 * The causes of a row: its own, or those of the booths that fell silent together.
 * @param {TroubleRow} row
 */
export const partsOf = (row) => row.parts ?? [row];

/**
 * How many troubles there are: causes, not what each of them costs.
 * @param {TroubleRow[]} rows
 */
export const troubles = (rows) => rows.filter((row) => !row.value && !row.mute);

const NEWS = 20000; // ms for which a new alarm's stands are framed

/** Remembers which causes are known, and which are new: those of the first look are none. */
export class Alarms {
  /** @type {Set<string> | null} */
  #known = null;
  /** @type {{until: number, booths: string[]}[]} */
  #news = [];

  /**
   * Take in the causes of now; whether one of them is bad and new. None is gone while nothing is heard.
   * @param {TroubleRow[]} rows
   */
  take(rows) {
    const bad = rows.filter((row) => row.level === "bad").flatMap(partsOf);
    const deaf = rows.some(({ what }) => what === "deaf");
    const known = this.#known;
    if (deaf && !known) return false;
    const fresh = known ? bad.filter((row) => !known.has(row.key)) : [];
    this.#known = new Set([...bad.map((row) => row.key), ...((deaf && known) || [])]);
    const until = performance.now() + NEWS;
    for (const row of fresh) this.#news.push({ until, booths: row.booths });
    return fresh.length > 0;
  }

  /** The booths of new alarms. */
  booths() {
    this.#news = this.#news.filter(({ until }) => until > performance.now());
    return new Set(this.#news.flatMap(({ booths }) => booths));
  }
}
