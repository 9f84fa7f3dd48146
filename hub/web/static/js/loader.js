// Loads what a page shows into its state, all at once or in parts. What the stream tells meanwhile
// waits, and is taken in again afterwards: what was loaded may be older.

import * as api from "./api.js";
import { setTimezone } from "./format.js";
import { HELD } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").PageDevice} PageDevice */

const WAITING = 2000; // events that wait for a load; of more the rest is loaded again

export class Loader {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.outdated = true; // whether there may be another kind than those that are known
    this.loading = 0; // loads under way
    /** @type {(() => void)[]} */
    this.waiting = []; // events that came meanwhile
  }

  /**
   * Take in an event. Returns false when so many wait that one of them is lost.
   * @param {() => void} take
   */
  inTurn(take) {
    if (this.state.zone) take();
    if (this.state.zone && !this.loading) return true;
    this.waiting.push(take);
    if (this.waiting.length <= WAITING) return true;
    this.waiting.shift();
    return false;
  }

  /** Load everything; keeps the histories that are known already. */
  async all() {
    this.loading += 1;
    try {
      await this.#all();
    } finally {
      this.loading -= 1;
      if (this.state.zone && !this.loading) for (const take of this.waiting.splice(0)) take();
    }
  }

  async #all() {
    const booth = this.state.only;
    const [zone, kinds, devices, rejections] = await Promise.all([
      api.zone({ booth }),
      this.#kinds(),
      api.devices({ booth, trend: booth ? undefined : true }),
      booth ? api.rejections({ booth, limit: HELD }) : [], // the wall shows their causes
      ...(booth ? [this.#details(booth)] : [this.causes(), this.mutes()]),
    ]);
    setTimezone(zone.event.timezone);
    this.state.load({ zone, kinds, devices, rejections });
  }

  /** The kinds, loaded once: again only when the hub says that there is another, or was away. */
  async #kinds() {
    if (!this.outdated) return this.state.kinds;
    this.outdated = false;
    try {
      return new Map((await api.kinds()).map((kind) => [kind.name, kind]));
    } catch (error) {
      this.outdated = true;
      throw error;
    }
  }

  /** @param {string} booth */
  async #details(booth) {
    this.state.told(await api.booth(booth));
  }

  /** Load health and accounts. */
  async hub() {
    const [health, accounts] = await Promise.all([api.health(), api.accounts()]);
    this.state.hub(health, accounts);
  }

  /** Load the causes of the rejections of the last minutes. */
  async causes() {
    this.state.rejected(await api.causes());
  }

  /** Load the alarms that are muted. */
  async mutes() {
    this.state.muted(await api.mutes());
  }
}

/**
 * Load the stored readings of `device` for its charts, once: all of them, or one field's means.
 * @param {State} state
 * @param {PageDevice} device
 * @param {number} seconds
 * @param {string | null} [field]
 */
export async function loadHistory(state, device, seconds, field = null) {
  if (device.stored === "all" || (field && device.stored)) return;
  const before = device.stored;
  device.stored = field ?? "all";
  try {
    device.history.load(await api.history(device, seconds, field));
    state.changes.devices.add(device.key);
  } catch {
    device.stored = before; // the chart grows from live readings; the next showing asks again
  }
}
