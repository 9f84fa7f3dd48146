// The latest seconds as the hub tells them, played again: a state of its own that moves through them.
// Pure: it is told how far it is.

import { time } from "./api.js";
import { keyOf, State } from "./state.js";

/**
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {{heard: Set<string>, rejected: Set<string>}} Passed booths with a reading, and with a rejection
 */

const RATE = 5000; // ms over which messages are counted to say how many a second there are

/** What of a device is not known of then: its values, its warnings, whether it was muted. */
const UNKNOWN = { last: {}, earlier: {}, ceased: [], warnings: [], warnings_ko: [], replayed: false, rate: 0 };

export class Past {
  /**
   * `told` is what /api/past answered; `live` has the zone, the kinds and what the devices are called.
   * @param {PastTold} told
   * @param {State} live
   */
  constructor(told, live) {
    this.told = told;
    this.begin = time(told.from) ?? 0;
    this.length = (time(told.to) ?? 0) - this.begin; // ms
    this.at = 0; // ms after the beginning
    this.next = { heard: 0, moves: 0, states: 0, rejections: 0 };
    this.rejectedBefore = live.causes.total - told.rejections.reduce((sum, [, , count]) => sum + count, 0);
    this.state = new State({ now: () => this.now });
    const known = told.devices.map(([booth, kind, device, state]) => ({
      ...(live.devices.get(keyOf({ booth, kind, device })) ?? { domain: live.kinds.get(kind)?.domain }),
      ...UNKNOWN,
      ...{ booth, kind, device, state, trend: null },
    }));
    this.state.load({
      zone: /** @type {Zone} */ (live.zone),
      kinds: live.kinds,
      devices: /** @type {Device[]} */ (known),
      rejections: [],
    });
    this.state.muted(live.mutes);
    const health = /** @type {Health} */ ({ ...live.health, status: "ok", over_quota: [] });
    this.state.hub(health, /** @type {Accounts} */ (live.accounts));
    /** @type {(PageDevice | undefined)[]} */
    this.devices = told.devices.map(([booth, kind, device]) =>
      this.state.devices.get(keyOf({ booth, kind, device })),
    );
    this.#restart();
  }

  /** The time that is played, epoch ms. */
  get now() {
    return this.begin + this.at;
  }

  get over() {
    return this.at >= this.length;
  }

  #restart() {
    this.at = 0;
    this.next = { heard: 0, moves: 0, states: 0, rejections: 0 };
    const placed = new Set();
    for (const [, index, x, y] of this.told.moves) {
      if (!placed.has(index)) this.#move(index, x, y); // until it moves it is where it moves from
      placed.add(index);
    }
    for (const [index, device] of this.devices.entries())
      if (device) this.#set(device, this.told.devices[index][3]);
    this.#count();
  }

  /**
   * Move to `ms` after the beginning. Returns what happened on the way there; back, only in its last step.
   * @param {number} ms
   * @returns {Passed}
   */
  to(ms) {
    if (ms < this.at) this.#restart();
    this.at = Math.min(Math.max(ms, 0), this.length);
    const step = this.at / this.told.step_ms;
    /** @type {Passed} */
    const passed = { heard: new Set(), rejected: new Set() };
    const recent = step - 2; // what is older was jumped over
    this.#pass("moves", step, ([, index, x, y]) => this.#move(index, x, y));
    this.#pass("states", step, ([, index, state]) => this.devices[index] && this.#set(this.devices[index], state));
    this.#pass("heard", step, ([at, ...booths]) => {
      if (at >= recent) for (const booth of booths) passed.heard.add(this.told.booths[booth]);
    });
    this.#pass("rejections", step, ([at, booth]) => {
      if (at >= recent) passed.rejected.add(this.told.booths[booth]);
    });
    this.#count();
    return passed;
  }

  /** Say how many were rejected in the ten minutes until now: causes of then are not known. */
  #count() {
    const rejected = this.told.rejections.slice(0, this.next.rejections);
    const total = rejected.reduce((sum, [, , count]) => sum + count, Math.max(0, this.rejectedBefore));
    this.state.rejected({ total, causes: [], seconds: 0 });
  }

  /** Readings a second just now. */
  get rate() {
    const until = this.at / this.told.step_ms;
    const from = until - RATE / this.told.step_ms;
    const within = (/** @type {[number, ...any[]]} */ [step]) => step > from && step <= until;
    const messages = this.told.messages.filter(within).reduce((sum, [, count]) => sum + count, 0);
    const rejected = this.told.rejections.filter(within).reduce((sum, [, , count]) => sum + count, 0);
    const seconds = Math.min(RATE, Math.max(this.at, this.told.step_ms)) / 1000;
    return Math.max(0, messages - rejected) / seconds;
  }

  /**
   * @template {"heard" | "moves" | "states" | "rejections"} Name
   * @param {Name} name
   * @param {number} step
   * @param {(entry: PastTold[Name][number]) => unknown} take
   */
  #pass(name, step, take) {
    const entries = this.told[name];
    while (this.next[name] < entries.length && entries[this.next[name]][0] <= step) {
      take(entries[this.next[name]]);
      this.next[name] += 1;
    }
  }

  /**
   * @param {number} index
   * @param {number} x
   * @param {number} y
   */
  #move(index, x, y) {
    const device = this.devices[index];
    if (device) device.last = { x, y };
  }

  /**
   * @param {PageDevice} device
   * @param {Device["state"]} state
   */
  #set(device, state) {
    if (this.at > 0 || state === "live") device.seen = this.now;
    device.state = state;
    this.state.changes.devices.add(device.key);
  }
}
