// The section of the booth's page that shows what was rejected: the newest first, the same together.

import { el, place, setText, show } from "./dom.js";
import { t } from "./labels.js";
import { canBeKind, Wishes } from "./wish.js";
import { grouped, kindOf, rejectionItem } from "./rejections.js";
import { HELD } from "./state.js";

/** @typedef {import("./rejections.js").Group<Rejection>} Group */
/** @typedef {ReturnType<typeof rejectionItem> & {at: string, count: number}} Shown */

const FEW = 2; // on show at first; the others at the press of a button

export class Rejected {
  /** `opened` says whether all are on show from the start. */
  constructor(opened = false, wishes = new Wishes()) {
    this.opened = opened;
    this.wishes = wishes;
    /** @type {Rejection[]} */
    this.own = [];
    /** @type {Map<string, Kind>} */
    this.kinds = new Map();
    /** @type {Map<string, Shown>} */
    this.items = new Map();
    this.count = el("span", { class: "count" });
    this.list = el("ol", { class: "rejects" });
    this.more = el("button", { class: "more", type: "button", onclick: () => this.#open() });
    const title = el("h2", {}, t("your_rejections"), this.count);
    this.node = el("section", { class: "section", id: "rejections", hidden: true }, title, this.list, this.more);
  }

  #open() {
    this.opened = true;
    this.set(this.own, this.kinds);
  }

  /**
   * @param {Rejection[]} own
   * @param {Map<string, Kind>} kinds
   */
  set(own, kinds) {
    this.own = own;
    this.kinds = kinds;
    const groups = grouped(own);
    const shown = this.opened ? groups : groups.slice(0, FEW);
    this.items = new Map(shown.map((group) => [group.key, this.#item(group)]));
    place(
      this.list,
      [...this.items.values()].map((item) => item.node),
    );
    show(this.node, own.length > 0);
    setText(this.count, own.length >= HELD ? `${HELD}+` : String(own.length));
    const hidden = groups.length - shown.length;
    show(this.more, hidden > 0);
    setText(this.more, t("show_more", { n: hidden }));
  }

  /**
   * The item of a group, which stays as it is until the same is rejected once more.
   * @param {Group} group
   * @returns {Shown}
   */
  #item(group) {
    const { key, rejection, count } = group;
    const known = this.items.get(key);
    if (known?.at === rejection.at && known.count === count) return known;
    const item = rejectionItem(group, kindOf(rejection, this.kinds));
    const { code, booth } = rejection;
    if (code === "kind" && booth && canBeKind(rejection.topic))
      item.node.append(this.wishes.node({ ...rejection, booth }));
    return { ...item, at: rejection.at, count };
  }

  /** @param {number} now */
  tick(now) {
    for (const item of this.items.values()) item.tick(now);
  }
}
