// A day in half a minute: what came of each booth in each part of it. Pure: it is told how far it is.

import { time } from "./api.js";

const LASTS = 30000; // ms
const PART = 1000; // ms that a part may take when there are few

/** @typedef {{now: number, heat: Map<string, number>, rejected: Set<string>, readings: number, rejections: number}} Moment */

export class DayPlay {
  /** @param {DayTold} told what /api/day answered */
  constructor(told) {
    this.told = told;
    this.begin = time(told.from) ?? 0;
    this.end = time(told.to) ?? 0;
    this.parts = Math.max(1, Math.ceil((this.end - this.begin) / (told.every_s * 1000)));
    this.length = Math.min(LASTS, this.parts * PART); // ms
    this.at = 0;
    /** @type {Map<number, [number, number][]>} by part: booth and count */
    this.readings = byPart(told.readings);
    this.rejections = byPart(told.rejections);
    this.most = Math.max(1, ...told.readings.map(([, , count]) => count));
  }

  get empty() {
    return !this.told.readings.length && !this.told.rejections.length;
  }

  get over() {
    return this.at >= this.length;
  }

  /** The time of day that is played, epoch ms. */
  get now() {
    return this.begin + (this.at / this.length) * (this.end - this.begin);
  }

  /**
   * Move to `ms` after the beginning. `heat` is from 0 to 1, by the root: half as many readings as the
   * busiest booth's are not half as bright to the eye. The counts are those until then.
   * @param {number} ms
   * @returns {Moment}
   */
  to(ms) {
    this.at = Math.min(Math.max(ms, 0), this.length);
    const part = Math.min(this.parts - 1, Math.floor((this.at / this.length) * this.parts));
    const name = (/** @type {number} */ booth) => this.told.booths[booth];
    const sent = this.readings.get(part) ?? [];
    return {
      now: this.now,
      heat: new Map(sent.map(([booth, count]) => [name(booth), Math.sqrt(count / this.most)])),
      rejected: new Set((this.rejections.get(part) ?? []).map(([booth]) => name(booth))),
      readings: until(this.told.readings, part),
      rejections: until(this.told.rejections, part),
    };
  }
}

/**
 * @param {[number, number, number][]} entries
 * @returns {Map<number, [number, number][]>}
 */
function byPart(entries) {
  const parts = new Map();
  for (const [part, ...entry] of entries) parts.set(part, [...(parts.get(part) ?? []), entry]);
  return parts;
}

/**
 * @param {[number, number, number][]} entries
 * @param {number} part
 */
const until = (entries, part) => entries.reduce((sum, [at, , count]) => sum + (at <= part ? count : 0), 0);
