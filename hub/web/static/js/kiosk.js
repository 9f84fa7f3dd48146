// Boards in turn on a screen that nobody touches: the overview every second turn, the others page by
// page between; what is newly wrong takes the screen at once.

/**
 * @typedef {object} Turns
 * @property {() => string[]} boards
 * @property {() => string} current
 * @property {(id: string) => void} open
 * @property {() => boolean} page
 * @property {(id: string) => void} prepare
 */

const PAGES = 4; // of one long board, before the next board's turn
const LEAST = 3; // seconds
const ALERT = 20; // seconds for which something newly wrong stays on the screen
const AHEAD = 2; // seconds before a turn at which what it will show is loaded

/**
 * Seconds from `?kiosk=`; 0 when boards do not cycle.
 * @param {URLSearchParams} query
 */
export function kioskSeconds(query) {
  if (!query.has("kiosk")) return 0;
  const seconds = Number(query.get("kiosk") || 15);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(LEAST, seconds) : 0;
}

/**
 * Which face the wall has: "wall" is read from five metres, "ops" from a desk.
 * @param {URLSearchParams} query
 * @returns {"wall" | "ops"}
 */
export function viewOf(query) {
  const wanted = query.get("view");
  if (wanted === "wall" || wanted === "ops") return wanted;
  return kioskSeconds(query) ? "wall" : "ops";
}

/**
 * Scroll to the next page of `host` by whole cards; false when there is none.
 * @param {Element} host
 */
export function nextPage(host) {
  const bottom = host.getBoundingClientRect().bottom;
  const cards = [...host.querySelectorAll(".card")];
  const first = cards.find((card) => card.getBoundingClientRect().bottom > bottom + 2);
  if (!first) return false;
  host.scrollTop += first.getBoundingClientRect().top - host.getBoundingClientRect().top;
  return true;
}

export class Kiosk {
  /**
   * `bar` shows the progress. `turns` has `boards()`, the ids in their order; `current()`
   * and `open(id)`; `page()`, which shows the next page of the board on show, or returns false; `prepare(id)`.
   * @param {number} seconds
   * @param {HTMLElement} bar
   * @param {Turns} turns
   */
  constructor(seconds, bar, turns) {
    this.seconds = seconds;
    this.bar = bar;
    this.turns = turns;
    this.page = 1;
    this.last = "overview";
    this.ahead = 0;
    document.documentElement.classList.add("kiosk");
    this.#keepAwake();
    this.#turn(this.seconds);
  }

  /** Something is newly wrong: the overview shows where, for a while. */
  alert() {
    this.#open("overview");
    this.#turn(Math.max(this.seconds, ALERT));
  }

  /** @param {number} seconds */
  #turn(seconds) {
    clearTimeout(this.ahead);
    for (const animation of this.bar.getAnimations()) animation.cancel();
    const frames = [{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }];
    const turn = this.bar.animate(frames, { duration: seconds * 1000, fill: "forwards" });
    turn.onfinish = () => {
      this.#next();
      this.#turn(this.seconds);
    };
    const wait = Math.max(0, seconds - AHEAD) * 1000;
    this.ahead = setTimeout(() => this.turns.prepare(this.#following()), wait);
  }

  #next() {
    if (this.page < PAGES && this.turns.page()) this.page += 1;
    else this.#open(this.#following());
  }

  /** @param {string} id */
  #open(id) {
    this.page = 1;
    if (id !== "overview") this.last = id;
    this.turns.open(id);
  }

  /** The board of the next turn: the overview, or the one that follows the last one shown. */
  #following() {
    const [, ...others] = this.turns.boards();
    if (this.turns.current() !== "overview" || !others.length) return "overview";
    return others[(others.indexOf(this.last) + 1) % others.length];
  }

  /** Where the browser lets a page keep the screen on, do so; a refusal costs nothing. */
  #keepAwake() {
    const ask = () =>
      document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});
    document.addEventListener("visibilitychange", ask);
    ask();
  }
}
