// The booths on the ops page: which have accounts at the broker, and what can be done with them.

import { el, place, setText, show } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { orderDialog } from "./booth_order.js";

const MANY = 12; // booths from which on they can be searched

/** @param {ListedBooth} booth */
const accountWords = ({ accounts, disabled }) => {
  if (!accounts.length) return t("no_accounts");
  const count = t("accounts_n", { n: number(accounts.length) });
  return disabled ? `${count} · ${t("shut_off")}` : count;
};

/**
 * What can be done with a booth; with one that has no accounts only to make some.
 * @param {ListedBooth} booth
 */
const actionsOf = ({ accounts, disabled }) =>
  accounts.length ? ["add", "passwords", disabled ? "enable" : "disable", "remove"] : ["add"];

/**
 * @param {ListedBooth} booth
 * @param {boolean} open whether accounts can be made
 */
function actions(booth, open) {
  const possible = open ? actionsOf(booth) : [];
  const buttons = possible.map((action) => {
    const words = t(action === "add" && booth.accounts.length ? "order_more" : `order_${action}`);
    const ask = () => orderDialog(action, booth);
    return el("button", { type: "button", "data-action": action, onclick: ask }, words);
  });
  const sheet = `/api/booths/${booth.id}/sheet`;
  const blank = el("a", { class: "button", href: sheet, target: "_blank" }, t("sheet_blank"));
  return [...buttons, booth.accounts.length ? blank : null];
}

/**
 * @param {ListedBooth} booth
 * @param {boolean} open
 */
function row(booth, open) {
  const page = el("a", { href: `/booths/${booth.id}` }, said(booth.name, booth.id));
  return el(
    "tr",
    { "data-booth": booth.id },
    el("th", { scope: "row" }, el("code", {}, booth.id)),
    el("td", {}, page, booth.planned ? null : el("small", {}, t("not_in_file"))),
    el("td", {}, accountWords(booth)),
    el("td", {}, el("div", { class: "booth-actions" }, actions(booth, open))),
  );
}

export class BoothAdmin {
  constructor() {
    this.shown = "";
    this.rows = el("tbody");
    this.none = el("p", { class: "hint" }, t("booths_none"));
    this.find = el("input", {
      type: "search",
      placeholder: t("booth_find"),
      "aria-label": t("booth_find"),
      oninput: () => this.#filter(),
    });
    this.closed = el("p", { class: "hint" });
    this.add = el(
      "button",
      { type: "button", class: "primary", onclick: () => orderDialog("add", null) },
      t("booth_add"),
    );
    this.node = el(
      "div",
      {},
      this.closed,
      el("p", { class: "booth-tools" }, this.add, this.find),
      this.none,
      el("div", { class: "scroll" }, el("table", { class: "booth-table" }, this.rows)),
    );
  }

  /**
   * Show the booths; `why` is there where no accounts can be made, and says why.
   * @param {ListedBooth[]} booths
   * @param {Label | null} [why]
   */
  set(booths, why) {
    const key = JSON.stringify([booths, why]);
    if (key === this.shown) return; // the focus stays where it is
    this.shown = key;
    setText(this.closed, why ? t("accounts_closed", { reason: said(why) }) : "");
    show(this.closed, Boolean(why));
    show(this.add, !why);
    place(
      this.rows,
      booths.map((booth) => row(booth, !why)),
    );
    show(this.none, !booths.length);
    show(this.find, booths.length >= MANY);
    this.#filter();
  }

  #filter() {
    const wanted = this.find.value.trim().toLowerCase();
    for (const node of this.rows.rows) show(node, node.textContent.toLowerCase().includes(wanted));
  }
}
