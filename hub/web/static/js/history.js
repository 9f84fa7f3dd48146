// The last minutes of one device's numbers: columns for uPlot, bounded in time and in rows.

import { time } from "./api.js";

/** @typedef {(number | null | undefined)[]} Column */

export const WINDOW = 300; // seconds on show
const ROWS = 1500; // for each device; the oldest go first

/**
 * Fields that are drawn over time: numbers, positions among them.
 * @param {Kind} kind
 */
export const drawn = (kind) => kind.fields.filter((field) => field.type === "float" || field.type === "integer");

export class History {
  /** @param {Kind} kind */
  constructor(kind, interval = kind.interval) {
    this.names = drawn(kind).map((field) => field.name);
    this.gap = Math.max(interval * 10, 10); // seconds without a reading that break the line: offline
    /** @type {number[]} */
    this.times = []; // epoch seconds, as uPlot wants them
    /** @type {Record<string, Column>} */
    this.columns = {};
    this.clear();
  }

  clear() {
    this.times = [];
    this.columns = Object.fromEntries(this.names.map((name) => [name, []]));
  }

  /**
   * Add one reading at `seconds`; an older one than the last is left out.
   * @param {number} seconds
   * @param {Record<string, Raw | undefined>} fields
   */
  add(seconds, fields) {
    const last = this.times.at(-1);
    if (last !== undefined) {
      if (seconds <= last) return;
      if (seconds - last > this.gap) this.#row(last + 0.001, null);
    }
    this.#row(seconds, fields);
    if (this.times.length > ROWS || this.times[0] < seconds - WINDOW * 1.2) this.#trim(seconds);
  }

  /**
   * uPlot breaks a line at null (silence) and joins it over undefined (a field not sent this time).
   * @param {number} seconds
   * @param {Record<string, Raw | undefined> | null} fields
   */
  #row(seconds, fields) {
    this.times.push(seconds);
    for (const name of this.names) {
      const value = fields?.[name];
      this.columns[name].push(fields ? (typeof value === "number" ? value : undefined) : null);
    }
  }

  /** @param {number} now */
  #trim(now) {
    const young = this.times.findIndex((at) => at >= now - WINDOW);
    const from = Math.max(young, this.times.length - Math.floor(ROWS * 0.9));
    if (from <= 0) return;
    this.times.splice(0, from);
    for (const name of this.names) this.columns[name].splice(0, from);
  }

  /**
   * Put stored readings (oldest first) before what has been heard live meanwhile.
   * @param {Row[]} readings
   */
  load(readings) {
    const heard = this.times.map((at, row) => [at, row]);
    const columns = this.columns;
    this.clear();
    for (const reading of readings) this.add((time(reading.ts) ?? 0) / 1000, reading.fields);
    for (const [at, row] of heard) {
      this.add(at, Object.fromEntries(this.names.map((name) => [name, columns[name][row]])));
    }
  }

  /**
   * Put a trend ({field, points: [[epoch ms, value], …]}) where nothing is known yet.
   * @param {Trend | null} [trend]
   */
  seed(trend) {
    if (!trend || this.times.length || !(trend.field in this.columns)) return;
    for (const [at, value] of trend.points) this.add(at / 1000, { [trend.field]: value });
  }
}
