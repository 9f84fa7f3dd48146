// The row below the plan: the booths that are not on it.

import { el } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { mutedUntil } from "./mutes.js";
import { sign, toneOf } from "./signs.js";
import { pageOf } from "./stand.js";

/** @typedef {import("./stand.js").Stand} Stand */

const RANK = ["offline", "part", "late", "missing", "unknown", "muted", "live", "closed", "absent", "empty"];

/** Booths without a place, in one row: the worst first, and how many more there are. */
export class Strays {
  constructor() {
    this.node = el("div", { class: "floor-strays", hidden: true });
  }

  /** @param {Stand[]} booths */
  set(booths) {
    const chips = booths
      .sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state))
      .map((booth) => this.#chip(booth));
    const more = el("span", { class: "strays-more" });
    this.node.hidden = !chips.length;
    this.node.replaceChildren(el("span", { class: "strays-title" }, t("not_on_plan")), ...chips, more);
    let shown = chips.length;
    while (shown > 1 && this.node.scrollWidth > this.node.clientWidth) {
      shown = Math.min(shown - 1, 40);
      for (const chip of chips.slice(shown)) chip.remove();
      more.textContent = t("strays_more", { n: number(chips.length - shown) });
    }
  }

  /** @param {Stand} booth */
  #chip(booth) {
    return el(
      "a",
      { class: "stray", href: pageOf(booth.id), "data-booth": booth.id, "data-tone": toneOf(booth.state) },
      sign(booth.state),
      el("span", {}, booth.replayed ? `${t("replay")} ` : "", said(booth.name, booth.id)),
      booth.mute ? el("small", {}, mutedUntil(booth.mute)) : null,
    );
  }
}
