// What becomes of the readings that come while the store is away, from the hub's accounts. Pure.

/** @typedef {"away" | "drains" | "done"} Phase */
/** @typedef {{phase: Phase, arrived: number, stored: number, refused: number, waiting: number, lost: number, level: number}} Told */

const SHOWN = 20000; // ms for which it is told that all is stored

/** @param {Accounts} accounts */
const settled = ({ stored, merged, refused }) => stored + merged + refused;

/**
 * The least of 10, 20, 50, 100, … that is not less than `value`.
 * @param {number} value
 * @returns {number}
 */
export function roundUp(value) {
  for (let ten = 10; ; ten *= 10) {
    for (const step of [1, 2, 5]) if (step * ten >= value) return step * ten;
  }
}

export class Outage {
  /** @type {Accounts | null} */
  #before = null; // the accounts when it began
  /** @type {number | null} */
  #arrived = null; // the readings that there were when the store was back
  /** @type {number | null} */
  #doneAt = null; // epoch ms
  #most = 0; // that waited at once

  /**
   * Take the accounts of now, and whether the store is away. Returns null where there is nothing to
   * tell, else {phase: "away", "drains" or "done", arrived, stored, refused, waiting, lost, level}:
   * `arrived` are the readings since it began, and of those that arrived until the store was back it
   * is done when the store has settled each: it settles them in their order. `level` is how full the
   * tank is, which has room for as many as are `expected` to come.
   * @param {Accounts} accounts
   * @param {boolean} away
   * @param {number} now
   * @returns {Told | null}
   */
  take(accounts, away, now, expected = 0) {
    if (away) this.#begin(accounts);
    if (!this.#before) return null;
    if (away) return this.#told(accounts, this.#before, "away", expected);
    const before = this.#before;
    const arrived = (this.#arrived ??= accounts.readings);
    const phase = settled(accounts) < arrived ? "drains" : "done";
    if (phase === "done" && this.#end(now)) return null;
    return this.#told(accounts, before, phase, expected);
  }

  /** @param {Accounts} accounts */
  #begin(accounts) {
    this.#before ??= accounts;
    this.#arrived = this.#doneAt = null;
  }

  /**
   * Whether it was told for long enough that it is done.
   * @param {number} now
   */
  #end(now) {
    this.#doneAt ??= now;
    if (now - this.#doneAt < SHOWN) return false;
    this.#before = null;
    this.#most = 0;
    return true;
  }

  /**
   * @param {Accounts} accounts of now
   * @param {Accounts} before
   * @param {Phase} phase
   * @param {number} expected
   * @returns {Told}
   */
  #told(accounts, before, phase, expected) {
    const read = phase === "done" ? (this.#arrived ?? 0) : accounts.readings;
    const arrived = read - settled(before);
    const refused = accounts.refused - before.refused;
    const waiting = phase === "done" ? 0 : accounts.waiting;
    const taken = settled(accounts) - settled(before) - refused; // since then also of what came later
    const stored = phase === "done" ? Math.min(taken, arrived - refused) : taken;
    this.#most = Math.max(this.#most, waiting);
    const level = waiting / roundUp(Math.max(this.#most, expected));
    const lost = arrived - stored - refused - waiting;
    return { phase, arrived, stored, refused, waiting, lost, level };
  }
}
