// Boards in turn on a screen that nobody touches: page by page, board by board.

const PAGES = 4; // of one long board, before the next board's turn
const LEAST = 3; // seconds

/** Seconds from `?kiosk=`; 0 when boards do not cycle. */
export function kioskSeconds(query) {
  if (!query.has("kiosk")) return 0;
  const seconds = Number(query.get("kiosk") || 15);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(LEAST, seconds) : 0;
}

/** Scroll to the next page of `host` by whole cards; false when there is none. */
export function nextPage(host) {
  const bottom = host.getBoundingClientRect().bottom;
  const cards = [...host.querySelectorAll(".card")];
  const first = cards.find((card) => card.getBoundingClientRect().bottom > bottom + 2);
  if (!first) return false;
  host.scrollTop += first.getBoundingClientRect().top - host.getBoundingClientRect().top;
  return true;
}

export class Kiosk {
  /** `bar` shows the progress; `host` scrolls; `advance` opens the next board. */
  constructor(seconds, { bar, host, advance }) {
    Object.assign(this, { seconds, bar, host, advance, page: 1 });
    document.documentElement.classList.add("kiosk");
    this.#keepAwake();
    this.#turn();
  }

  #turn() {
    for (const animation of this.bar.getAnimations()) animation.cancel();
    const frames = [{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }];
    const turn = this.bar.animate(frames, { duration: this.seconds * 1000, fill: "forwards" });
    turn.onfinish = () => {
      this.#next();
      this.#turn();
    };
  }

  #next() {
    if (this.page < PAGES && nextPage(this.host)) this.page += 1;
    else {
      this.page = 1;
      this.host.scrollTop = 0;
      this.advance();
    }
  }

  /** Where the browser lets a page keep the screen on, do so; a refusal costs nothing. */
  #keepAwake() {
    const ask = () =>
      document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});
    document.addEventListener("visibilitychange", ask);
    ask();
  }
}
