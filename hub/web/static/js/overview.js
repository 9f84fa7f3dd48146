// The overview: is all well, where on the floor, in which domain, and what needs attention.

import { deviceLevel, groupBy, tally } from "./attention.js";
import { AttentionList } from "./attention_list.js";
import { troubles } from "./causes.js";
import { el, setData, setText, show } from "./dom.js";
import { FloorPlan } from "./floor.js";
import { number } from "./format.js";
import { invitation } from "./invitation.js";
import { hushed } from "./mutes.js";
import { said, t } from "./labels.js";
import { emptyState, STATES, tallyMarks } from "./parts.js";
import { stateMark } from "./signs.js";

/**
 * @typedef {import("./attention.js").Tally} Tally
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {import("./state.js").State} State
 */

const WALL_FLAG = 2; // rem of a flag's type that is read from five metres
const DRAW = 1000; // ms between drawings: a list that changes faster cannot be read

const UNKNOWN = "–";

/**
 * @param {string} label
 * @param {string} unit counter of what the figure says, where the language has one
 */
function total(label, unit) {
  const figure = el("span", { class: "total-figure" });
  const counter = el("span", { class: "total-unit" });
  const count = el("span", {}, figure, counter);
  const node = el("div", { class: "total" }, count, el("span", { class: "total-label" }, label));
  return {
    node,
    /**
     * @param {string} text
     * @param {"warn" | "bad" | null} [tone]
     */
    set(text, tone) {
      setText(figure, text);
      setText(counter, text === UNKNOWN ? "" : unit);
      setData(node, "tone", tone);
    },
  };
}

class Summary {
  constructor() {
    this.mark = stateMark("summary-mark");
    const [devices, messages] = [t("unit_devices"), t("unit_messages")];
    this.devices = total(t("devices_live"), devices);
    this.late = total(t("late"), devices);
    this.offline = total(t("offline"), devices);
    this.rate = total(t("per_second"), messages);
    this.rejected = total(t("rejections_recent"), messages);
    const totals = [this.devices, this.late, this.offline, this.rate, this.rejected].map((item) => item.node);
    this.node = el("section", { class: "summary" }, this.mark.node, el("div", { class: "totals" }, totals));
  }

  /**
   * @param {Tally} sum
   * @param {TroubleRow[]} rows
   * @param {State} state
   */
  set(sum, rows, state) {
    this.#mark(sum, rows, state);
    const rejected = state.causes.total;
    this.devices.set(`${number(sum.live)}/${number(sum.total)}`);
    const muted = (/** @type {"late" | "offline"} */ what) =>
      rows.filter((row) => row.mute && row.what === what).reduce((n, row) => n + row.items.length, 0);
    const calm = nobodysFault(state);
    this.late.set(number(sum.late), !calm && sum.late > muted("late") ? "warn" : null);
    this.offline.set(number(sum.offline), !calm && sum.offline > muted("offline") ? "bad" : null);
    this.rate.set(state.deaf ? UNKNOWN : number(sum.rate, sum.rate < 10 ? 1 : 0));
    this.rejected.set(number(rejected), rejected ? "warn" : null);
  }

  /**
   * @param {Tally} sum
   * @param {TroubleRow[]} rows
   * @param {State} state
   */
  #mark(sum, rows, state) {
    const amiss = troubles(rows);
    const muted = rows.filter((row) => row.mute && !row.value).length;
    const worst = amiss.some((row) => row.level === "bad") ? "alarm" : "warning";
    const key = amiss.length === 1 ? "attention_one" : "attention_count";
    if (amiss.length) this.mark.set(worst, t(key, { n: number(amiss.length) }));
    else if (!sum.total) this.mark.set("empty", t("start_title"));
    else if (!state.begun && (state.closed || sum.absent)) this.mark.set("absent", t("not_begun"));
    else if (state.closed) this.mark.set("closed", t(state.ended ? "ended" : "closed"));
    else if (muted) this.mark.set("live", t("all_well_muted", { n: number(muted) }));
    else this.mark.set("live", t("all_well"));
  }
}

/**
 * Whether a device's silence says nothing of it: the hub hears nothing, or the event is closed.
 * @param {State} state
 */
const nobodysFault = (state) => Boolean(state.deaf) || state.closed;

const WORST = /** @type {const} */ (["bad", "warn", "ok"]);

/** A domain's tile: its name, its devices by state, and a bar of the shares. */
class Tile {
  /**
   * @param {import("./boards.js").NamedDomain} domain
   * @param {(id: string) => void} open
   */
  constructor(domain, open) {
    this.id = domain.id;
    this.marks = tallyMarks();
    this.none = el("span", { class: "tile-none" }, t("domain_none"));
    this.bar = STATES.map((name) => ({ name, node: el("span", { "data-state": name }) }));
    this.node = el(
      "button",
      { class: "tile", type: "button", "data-key": `tile ${domain.id}`, onclick: () => open(domain.id) },
      el("span", { class: "tile-name" }, said(domain.label, domain.id)),
      this.marks.node,
      this.none,
      el(
        "span",
        { class: "tile-bar" },
        this.bar.map(({ node }) => node),
      ),
    );
  }

  /**
   * @param {PageDevice[]} devices
   * @param {State} state
   * @param {Set<string>} quiet keys of devices of which every trouble is muted
   */
  set(devices, state, quiet) {
    const sum = tally(devices);
    this.marks.set(sum);
    show(this.none, sum.total === 0);
    for (const { name, node } of this.bar) {
      node.style.flexGrow = String(sum[name]);
      show(node, sum[name] > 0);
    }
    const loud = devices.filter(({ key }) => !quiet.has(key));
    const levels = loud.map((device) => deviceLevel(device, state.kindOf(device)));
    const worst = WORST.find((level) => levels.includes(level)) ?? "ok";
    const known = sum.total > sum.absent && !nobodysFault(state);
    setData(this.node, "level", known ? worst : null);
    setData(this.node, "known", known ? "yes" : "no"); // what is not known is grey
  }
}

export class Overview {
  /**
   * `still` is true where nobody can scroll; `taps` tells what visitors send.
   * @param {State} state
   * @param {{open: (id: string) => void, still: boolean, view: string, taps: import("./invitation.js").Taps | null}} page
   */
  constructor(state, { open, still, view, taps }) {
    this.state = state;
    this.id = "overview";
    this.drawnAt = 0;
    this.news = 0;
    this.title = t("overview");
    this.node = el("section", { class: "overview", "aria-label": this.title });
    this.summary = new Summary();
    this.floor = new FloorPlan(state, view === "wall" ? WALL_FLAG : undefined);
    // The wall's tiles would repeat what its turns show.
    this.tiles = view === "wall" ? [] : state.domains().map((domain) => new Tile(domain, open));
    this.list = new AttentionList(state, still);
    const tap = state.plan.show?.tap;
    this.taps = taps;
    const tiles = el(
      "nav",
      { class: "tiles", "aria-label": t("domains") },
      this.tiles.map((tile) => tile.node),
    );
    const planned = state.devices.size > 0 || view === "wall"; // the wall says no addresses
    const body = planned ? this.floor.node : el("section", { class: "panel" }, emptyState(state));
    const parts = [this.summary.node, body, this.tiles.length ? tiles : null];
    this.node.append(
      el("div", { class: "overview-main" }, parts),
      this.list.node,
      tap && view === "wall" ? invitation(tap) : "",
    );
    setData(this.node, "invites", tap && view === "wall" ? "" : null);
  }

  /**
   * @param {Pick<import("./state.js").Changes, "heard">} changes
   * @param {number} now
   * @param {TroubleRow[]} rows
   * @param {Set<string>} [news] booths of new alarms
   */
  draw(changes, now, rows, news = new Set()) {
    this.floor.live(changes.heard);
    const waits = now - this.drawnAt < DRAW && now >= this.drawnAt;
    if (!waits || news.size !== this.news) this.#drawAll(now, rows, news);
    const tapped = this.taps?.take();
    if (tapped) this.floor.rings.dot(tapped);
  }

  /**
   * @param {number} now
   * @param {TroubleRow[]} rows
   * @param {Set<string>} news
   */
  #drawAll(now, rows, news) {
    this.news = news.size;
    this.drawnAt = now;
    const devices = [...this.state.devices.values()];
    this.summary.set(tally(devices), rows, this.state);
    const domains = groupBy(devices, (device) => device.domain);
    const quiet = hushed(rows);
    for (const tile of this.tiles) tile.set(domains.get(tile.id) ?? [], this.state, quiet);
    const last = this.list.set(rows, now); // first: a flag's number leads to a row that can be read
    this.floor.draw(rows, now, news, last);
  }

  open() {}

  drawCharts() {}

  close() {
    this.floor.close();
  }
}
