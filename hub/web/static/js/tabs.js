// The row of boards; in a kiosk it only tells which one is on show.

import { troubles } from "./causes.js";
import { el, place, setData, setText, show } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { sign } from "./signs.js";

/**
 * @typedef {{id: string, label: Label | string}} NamedBoard
 * @typedef {{node: HTMLElement, badge: HTMLElement, count: HTMLElement}} Tab
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 */

export class Tabs {
  /** @param {(id: string) => void} open */
  constructor(open) {
    this.open = open;
    /** @type {Map<string, Tab>} */
    this.tabs = new Map();
    this.node = el("nav", { class: "tabs", "aria-label": t("boards") });
  }

  /**
   * @param {NamedBoard[]} boards
   * @param {string} current
   */
  set(boards, current) {
    this.tabs = new Map(boards.map((board) => [board.id, this.tabs.get(board.id) ?? this.#tab(board)]));
    place(
      this.node,
      [...this.tabs.values()].map((tab) => tab.node),
    );
    for (const [id, { node }] of this.tabs) {
      if (id === current) node.setAttribute("aria-current", "page");
      else node.removeAttribute("aria-current");
    }
    this.tabs.get(current)?.node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * @param {NamedBoard} board
   * @returns {Tab}
   */
  #tab(board) {
    const count = el("span", { class: "tab-count" });
    const badge = el("span", { class: "tab-badge", role: "img", hidden: true }, sign("warning"), count);
    const node = el(
      "button",
      {
        class: "tab",
        type: "button",
        "data-key": `tab ${board.id}`,
        onclick: () => this.open(board.id),
      },
      el("span", {}, said(board.label, board.id)),
      badge,
    );
    return { node, badge, count };
  }

  /**
   * Say on each domain's tab how many troubles there are in it.
   * @param {TroubleRow[]} rows
   */
  mark(rows) {
    /** @type {Map<string, TroubleRow[]>} */
    const domains = new Map();
    for (const row of troubles(rows)) {
      const found = new Set(row.items.flatMap(({ device }) => device?.domain ?? []));
      for (const id of found) domains.set(id, [...(domains.get(id) ?? []), row]);
    }
    for (const [id, tab] of this.tabs) {
      const found = domains.get(id) ?? [];
      show(tab.badge, found.length > 0);
      setText(tab.count, number(found.length));
      const key = found.length === 1 ? "attention_one" : "attention_count";
      tab.badge.setAttribute("aria-label", t(key, { n: number(found.length) }));
      const level = found.some((row) => row.level === "bad") ? "bad" : "warn";
      if (tab.badge.dataset.level !== level)
        tab.badge.firstChild?.replaceWith(sign(level === "bad" ? "alarm" : "warning"));
      setData(tab.badge, "level", level);
    }
  }
}
