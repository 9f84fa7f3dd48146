// The last minutes of one device's numbers: columns for uPlot, bounded in time and in rows.

import { time } from "./api.js";

/** @typedef {(number | null | undefined)[]} Column */

export const WINDOW = 300; // seconds on show
const ROWS = 1500; // for each device; the oldest go first
const UNSENT = Number.NaN; // in the table: a field that a reading did not have
const SILENT = Number.POSITIVE_INFINITY; // and all of them in a row that stands for a silence

/**
 * Fields that are drawn over time: numbers, positions among them.
 * @param {Kind} kind
 */
export const drawn = (kind) => kind.fields.filter((field) => field.type === "float" || field.type === "integer");

/** @param {number} value of the table */
const shown = (value) => (value === SILENT ? null : Number.isNaN(value) ? undefined : value);

export class History {
  #count = 0;
  /** One after the other the rows: seconds, then the fields. A list for each would be memory all over. */
  #table = new Float64Array(0);

  /** @param {Kind} kind */
  constructor(kind, interval = kind.interval) {
    this.names = drawn(kind).map((field) => field.name);
    this.gap = Math.max(interval * 10, 10); // seconds without a reading that break the line: offline
    this.width = this.names.length + 1;
  }

  /** Epoch seconds, as uPlot wants them. */
  get times() {
    return /** @type {number[]} */ (this.#column(0));
  }

  /**
   * The values of a field, as uPlot wants them: it breaks a line at null (silence) and joins it over
   * undefined (a field not sent this time).
   * @param {string} name
   */
  column(name) {
    const at = this.names.indexOf(name);
    return at < 0 ? [] : this.#column(at + 1);
  }

  /**
   * @param {number} at
   * @returns {Column}
   */
  #column(at) {
    const values = [];
    const end = this.#count * this.width;
    for (let place = at; place < end; place += this.width) values.push(shown(this.#table[place]));
    return values;
  }

  /**
   * Add one reading at `seconds`; an older one than the last is left out.
   * @param {number} seconds
   * @param {Record<string, Raw | undefined>} fields
   */
  add(seconds, fields) {
    if (this.#count) {
      const last = this.#table[(this.#count - 1) * this.width];
      if (seconds <= last) return;
      if (seconds - last > this.gap) this.#row(last + 0.001, null);
    }
    this.#row(seconds, fields);
    if (this.#count > ROWS || this.#table[0] < seconds - WINDOW * 1.2) this.#trim(seconds);
  }

  /**
   * @param {number} seconds
   * @param {Record<string, Raw | undefined> | null} fields
   */
  #row(seconds, fields) {
    let at = this.#count * this.width;
    if (at + this.width > this.#table.length) this.#grow();
    this.#table[at] = seconds;
    for (const name of this.names) {
      const value = fields ? fields[name] : SILENT;
      this.#table[(at += 1)] = typeof value === "number" ? value : UNSENT;
    }
    this.#count += 1;
  }

  #grow() {
    const table = new Float64Array(Math.ceil(this.#count * 1.5 + 8) * this.width);
    table.set(this.#table);
    this.#table = table;
  }

  /** @param {number} now */
  #trim(now) {
    let first = Math.max(0, this.#count - Math.floor(ROWS * 0.9));
    while (first < this.#count && this.#table[first * this.width] < now - WINDOW) first += 1;
    this.#table.copyWithin(0, first * this.width, this.#count * this.width);
    this.#count -= first;
  }

  /**
   * Put stored readings (oldest first) before what has been heard live meanwhile.
   * @param {Row[]} readings
   */
  load(readings) {
    const heard = this.#table.slice(0, this.#count * this.width);
    this.#count = 0;
    for (const reading of readings) this.add((time(reading.ts) ?? 0) / 1000, reading.fields);
    for (let at = 0; at < heard.length; at += this.width) {
      const values = this.names.map((name, field) => [name, shown(heard[at + 1 + field]) ?? undefined]);
      this.add(heard[at], Object.fromEntries(values));
    }
  }

  /**
   * Put a trend ({field, points: [[epoch ms, value], …]}) where nothing is known yet.
   * @param {Trend | null} [trend]
   */
  seed(trend) {
    if (!trend || this.#count || !this.names.includes(trend.field)) return;
    for (const [at, value] of trend.points) this.add(at / 1000, { [trend.field]: value });
  }
}
