// The day in half a minute: stands glow by how much came from there, a clock runs, rejections flash.

import { DayPlay } from "./day.js";
import { el, setBox, setData, setText } from "./dom.js";
import { FloorPlan } from "./floor.js";
import { clock, day, number } from "./format.js";
import { t } from "./labels.js";
import { State } from "./state.js";

const STAYS = 4000; // ms for which the end of the day is shown
const WALL_FLAG = 2; // rem of the type of a plan that is read from five metres

/** @param {string} label */
function total(label) {
  const figure = el("span", { class: "total-figure" });
  return { figure, node: el("div", { class: "total" }, figure, el("span", { class: "total-label" }, label)) };
}

export class DayView {
  /**
   * @param {DayTold} told
   * @param {State} live
   * @param {string} view
   */
  constructor(told, live, view) {
    this.play = new DayPlay(told);
    if (this.play.empty) throw new Error(t("day_none"));
    this.length = this.play.length;
    this.stays = STAYS;
    this.title = t("day_title", { n: number(Math.round(this.length / 1000)) });
    const state = new State({ now: () => this.play.now });
    const zone = /** @type {Zone} */ (live.zone);
    state.load({ zone, kinds: live.kinds, devices: [], rejections: [] });
    this.floor = new FloorPlan(state, view === "wall" ? WALL_FLAG : undefined);
    this.glows = el("div", { class: "glows", "aria-hidden": "true" });
    this.floor.host.prepend(this.glows); // below the names
    /** @type {Map<string, HTMLElement>} */
    this.glow = new Map();
    this.clock = el("time", { class: "day-clock" });
    this.readings = total(t("day_readings"));
    this.rejections = total(t("day_rejections"));
    const totals = el("div", { class: "totals" }, this.readings.node, this.rejections.node);
    const date = el("span", { class: "day-date" }, day(this.play.begin));
    this.node = el(
      "section",
      { class: "day" },
      el("header", { class: "summary" }, el("div", { class: "day-when" }, this.clock, date), totals),
      this.floor.node,
    );
  }

  /** @param {number} ms */
  draw(ms) {
    const { now, heat, rejected, readings, rejections } = this.play.to(ms);
    this.floor.draw([], now, new Set());
    for (const [id, box] of this.floor.rings.boxes) {
      const glow = this.glow.get(id) ?? this.#glow(id);
      setBox(glow, box);
      glow.style.opacity = (heat.get(id) ?? 0).toFixed(2);
      setData(glow, "rejected", rejected.has(id) ? "" : null);
    }
    setText(this.clock, clock(now, false));
    setText(this.readings.figure, number(readings));
    setText(this.rejections.figure, number(rejections));
    setData(this.rejections.node, "tone", rejections ? "warn" : null);
    return clock(now, false);
  }

  /** @param {string} id */
  #glow(id) {
    const glow = el("div", { class: "glow", "data-booth": id });
    this.glow.set(id, glow);
    this.glows.append(glow);
    return glow;
  }

  close() {
    this.floor.close();
  }
}
