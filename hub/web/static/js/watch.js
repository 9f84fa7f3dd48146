// Keeps what a page knows of the hub up to date: loads it once, lets it grow from the live stream, and
// loads again what that may have left out. A hub that does not answer is asked for ever.

import * as api from "./api.js";
import { HubLink } from "./link.js";
import { Loader } from "./loader.js";
import { State } from "./state.js";

const POLL = 2500; // ms between requests to a hub that does not tell how it is, and until a load is tried again
const RESYNC = 60000; // ms between full reloads, which mend whatever a stream may have missed
const MEND = 15000; // ms, and up to as many more, after which what the stream left out is loaded
const CAUSES = 400; // ms after a rejection until its cause is asked for
const OPENING = 6000; // ms that the first load waits for the stream

/** @param {number} milliseconds */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs `work` once, some time after it was first wanted, however often it is wanted meanwhile. */
class Soon {
  /**
   * @param {() => number} delay
   * @param {() => unknown} work
   */
  constructor(delay, work) {
    this.delay = delay;
    this.work = work;
    this.timer = 0;
  }

  want() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.work();
    }, this.delay());
  }
}

export class HubWatch {
  /**
   * `booth` is the only one that the exhibitor's page knows; `read` is called after each reading.
   * @param {{booth?: string, read?: (event: import("./state.js").ReadingEvent) => void}} [about]
   */
  constructor({ booth, read } = {}) {
    this.read = read;
    this.state = new State({ booth, now: api.hubNow });
    this.link = new HubLink(Date.now());
    this.loader = new Loader(this.state);
    this.again = new Soon(
      () => POLL,
      () => this.#reload(),
    );
    // The stream left something out, for too much happened: each page loads it at its own time.
    this.mend = new Soon(
      () => MEND * (1 + Math.random()),
      () => this.#reload(),
    );
    this.causes = new Soon(
      () => CAUSES,
      () => this.#try(() => this.loader.causes()),
    );
  }

  async start() {
    // The stream first: what happens while the rest is loaded comes by it, and waits.
    await new Promise((/** @type {(value?: unknown) => void} */ opened) => {
      setTimeout(opened, document.hidden ? 0 : OPENING);
      this.#listen(opened);
    });
    while (!(await this.#try(() => this.#load()))) await wait(POLL);
    if (!this.state.only) this.#poll();
    setInterval(() => this.#reload(), RESYNC);
  }

  /** @param {() => void} opened */
  #listen(opened) {
    const { state } = this;
    /**
     * @template T
     * @param {(event: T) => void} take
     * @returns {(event: T) => void}
     */
    const inTurn = (take) => (event) => this.loader.inTurn(() => take(event)) || this.mend.want();
    this.stream = api.live(
      { booth: state.only },
      {
        link: (stream, since) => {
          if (stream !== "connecting") opened();
          this.#linked(stream, since);
        },
        reading: inTurn((event) => {
          state.reading(event);
          this.read?.(event);
        }),
        state: inTurn((event) => state.liveness(event)),
        rejection: inTurn((event) => state.rejection(event) && !state.only && this.causes.want()),
        forgotten: inTurn((event) => state.forgotten(event)),
        booth: (details) => state.told(details),
        hub: ({ health, accounts }) => state.hub(health, accounts),
        missed: () => this.mend.want(),
        zone: () => this.#outdated(),
        mutes: () => state.only || this.#try(() => this.loader.mutes()),
        refused: () => this.#reload(),
        heard: () => this.link.told(api.hubNow(), Date.now()),
      },
    );
  }

  /**
   * @param {import("./link.js").Stream} stream
   * @param {number} since
   */
  #linked(stream, since) {
    this.state.changes.hub = true;
    if (stream !== "open") this.link.cut(stream, since);
    // Whatever else answered meanwhile: what the stream did not tell while it was cut is loaded.
    else if (this.link.opened(api.hubNow(), this.loader.loading > 0, Date.now())) this.#outdated();
  }

  /** There may be other kinds as well. */
  #outdated() {
    this.loader.outdated = true;
    this.#reload();
  }

  async #load() {
    // A stream that opens tells how the hub is.
    if (!this.state.only && this.link.stream !== "open") await this.loader.hub();
    await this.loader.all();
    this.link.loaded = true;
  }

  async #reload() {
    if (!(await this.#try(() => this.#load()))) this.again.want();
  }

  /**
   * Ask the hub for something. Returns whether it answered.
   * @param {() => Promise<void>} ask
   */
  async #try(ask) {
    try {
      await ask();
    } catch (error) {
      this.link.fail(error instanceof api.ApiError ? error.status : 0);
      this.state.changes.hub = true;
      return false;
    }
    if (this.link.answer(api.hubNow())) this.stream?.reopen(); // it may have died with the rest
    return true;
  }

  /** Ask how the hub is while the stream does not tell, one request at a time. */
  async #poll() {
    for (;;) {
      await wait(POLL);
      if (!document.hidden && this.link.asks(Date.now())) await this.#try(() => this.loader.hub());
    }
  }
}
