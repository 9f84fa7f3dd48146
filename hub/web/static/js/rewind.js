// The last minute again: the overview, drawn from what was.

import { attention, Beginnings } from "./attention.js";
import { rowsOf } from "./causes.js";
import { el, setBox } from "./dom.js";
import { clock, number } from "./format.js";
import { t } from "./labels.js";
import { muteAt } from "./mutes.js";
import { Overview } from "./overview.js";
import { Past } from "./past.js";

const ROWS = 1000; // ms between looks for what needed attention
const FLASH = 2000; // ms for which a stand is framed that was rejected

export class Rewind {
  /**
   * @param {PastTold} told
   * @param {import("./state.js").State} live
   * @param {string} view
   */
  constructor(told, live, view) {
    this.past = new Past(told, live);
    this.beginnings = new Beginnings();
    this.length = this.past.length;
    this.stays = 0;
    this.title = t("past_title", { n: number(Math.round(this.length / 1000)) });
    this.overview = new Overview(this.past.state, { open: () => {}, still: true, view, taps: null });
    this.node = this.overview.node;
    this.lookedAt = -Infinity;
    /** @type {import("./causes.js").TroubleRow[]} */
    this.rows = [];
    /** @type {Map<string, number>} booths that were rejected, and until when they are framed */
    this.rejected = new Map();
    this.frames = el("div", { class: "rings", "aria-hidden": "true" });
    this.overview.floor.host.append(this.frames);
  }

  /** @param {number} ms */
  draw(ms) {
    const { past, overview } = this;
    const passed = past.to(ms);
    const changes = past.state.take();
    if (Math.abs(ms - this.lookedAt) >= ROWS || ms === past.length) {
      this.lookedAt = ms;
      const items = this.beginnings.mark(attention(past.state), past.now);
      this.rows = rowsOf(items, muteAt(past.state.mutes, past.now));
    }
    overview.draw({ ...changes, heard: passed.heard }, past.now, this.rows);
    overview.summary.rate.set(number(past.rate, past.rate < 10 ? 1 : 0));
    this.#frame(passed.rejected, ms);
    const left = Math.ceil((this.length - ms) / 1000);
    return `${clock(past.now)} · ${left ? t("past_ago", { n: number(left) }) : t("past_now")}`;
  }

  /**
   * Frame the stands of which something was rejected just then.
   * @param {Set<string>} rejected
   * @param {number} ms
   */
  #frame(rejected, ms) {
    for (const id of rejected) this.rejected.set(id, ms + FLASH);
    const boxes = this.overview.floor.rings.boxes;
    const framed = [...this.rejected].filter(([, until]) => ms < until && ms >= until - FLASH);
    this.frames.replaceChildren(
      ...framed.flatMap(([id]) => {
        const box = boxes.get(id);
        if (!box) return [];
        const node = el("div", { class: "rejected-frame", "data-booth": id });
        setBox(node, box);
        return node;
      }),
    );
  }

  close() {
    this.overview.close();
  }
}
