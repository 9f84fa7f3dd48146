// How a page hears the hub, as a state machine. Pure: it is told what happened, and when.

/** @typedef {"connecting" | "open" | "retry"} Stream */

const QUIET = 5000; // ms without an event until the hub is asked whether it is there
const PATIENCE = 8000; // ms without the stream until the values on show are called old

export class HubLink {
  /**
   * `now` is epoch ms by the browser's clock.
   * @param {number} now
   */
  constructor(now) {
    this.stream = /** @type {Stream} */ ("connecting");
    this.cutAt = /** @type {number | null} */ (now); // epoch ms from which on the stream told nothing; null while it is open
    this.heard = now; // epoch ms of the newest event, by the browser's clock
    this.failure = /** @type {"lost" | "denied" | null} */ (null); // of the newest request
    this.answered = /** @type {number | null} */ (null); // epoch ms by the hub's clock of its last answer
    this.loaded = false; // whether all was loaded once
    this.gap = false; // whether the stream may have left something out
  }

  /** connecting, open, retry, lost or denied; never open before all is loaded. */
  get state() {
    return this.failure ?? (this.loaded ? this.stream : "connecting");
  }

  /**
   * Whether what is on show is old at `now`: the hub has stopped answering, or the stream is cut.
   * @param {number} now
   */
  stale(now) {
    return Boolean(this.failure) || (this.cutAt !== null && now - this.cutAt > PATIENCE);
  }

  /**
   * The stream tells nothing since `since`: it is opened ("connecting"), or opened again ("retry").
   * @param {Stream} stream
   * @param {number} since
   */
  cut(stream, since) {
    this.stream = stream;
    this.cutAt = stream === "connecting" ? since : (this.cutAt ?? since);
    this.gap = true;
  }

  /**
   * The stream is open, at `at` by the hub's clock. Returns whether to load what it left out while it
   * was cut: before the first load, and unless that is under way (`loading`), there is nothing.
   * @param {number} at
   * @param {boolean} loading
   * @param {number} now by the browser's clock
   */
  opened(at, loading, now) {
    this.heard = now;
    const missed = this.gap && (this.loaded || loading);
    this.stream = "open";
    this.cutAt = null;
    this.gap = false;
    if (this.loaded) this.answer(at);
    return missed;
  }

  /**
   * The stream told something, at `at` by the hub's clock.
   * @param {number} at
   * @param {number} now by the browser's clock
   */
  told(at, now) {
    this.heard = now;
    if (!this.failure) this.answered = at;
  }

  /**
   * Whether to ask the hub how it is, for the stream does not tell.
   * @param {number} now
   */
  asks(now) {
    return this.state !== "open" || now - this.heard > QUIET;
  }

  /**
   * The hub answered a request. Returns whether the one before had failed: the stream may be dead too.
   * @param {number} at
   */
  answer(at) {
    const failed = this.failure !== null;
    this.answered = at;
    this.failure = null;
    return failed;
  }

  /**
   * A request failed with an HTTP `status`; 0 is no answer at all.
   * @param {number} status
   */
  fail(status) {
    this.failure = status === 401 || status === 403 ? "denied" : "lost";
  }
}
