// The booths on the ops page: which have accounts at the broker, and what can be done with them.

import { el, place, show } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { orderDialog } from "./booth_order.js";

const MANY = 12; // booths from which on they can be searched

const accountWords = ({ accounts, disabled }) => {
  if (!accounts.length) return t("no_accounts");
  const count = t("accounts_n", { n: number(accounts.length) });
  return disabled ? `${count} · ${t("shut_off")}` : count;
};

/** What can be done with a booth; with one that has no accounts only to make some. */
const actionsOf = ({ accounts, disabled }) =>
  accounts.length ? ["add", "passwords", disabled ? "enable" : "disable", "remove"] : ["add"];

function actions(booth) {
  const buttons = actionsOf(booth).map((action) => {
    const words = t(action === "add" && booth.accounts.length ? "order_more" : `order_${action}`);
    const open = () => orderDialog(action, booth);
    return el("button", { type: "button", "data-action": action, onclick: open }, words);
  });
  const sheet = `/api/booths/${booth.id}/sheet`;
  const blank = el("a", { class: "button", href: sheet, target: "_blank" }, t("sheet_blank"));
  return [...buttons, booth.accounts.length ? blank : null];
}

function row(booth) {
  const page = el("a", { href: `/booths/${booth.id}` }, said(booth.name, booth.id));
  return el(
    "tr",
    { "data-booth": booth.id },
    el("th", { scope: "row" }, el("code", {}, booth.id)),
    el("td", {}, page, booth.planned ? null : el("small", {}, t("not_in_file"))),
    el("td", {}, accountWords(booth)),
    el("td", {}, el("div", { class: "booth-actions" }, actions(booth))),
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
    const add = el(
      "button",
      { type: "button", class: "primary", onclick: () => orderDialog("add", null) },
      t("booth_add"),
    );
    this.node = el(
      "div",
      {},
      el("p", { class: "booth-tools" }, add, this.find),
      this.none,
      el("div", { class: "scroll" }, el("table", { class: "booth-table" }, this.rows)),
    );
  }

  set(booths) {
    const key = JSON.stringify(booths);
    if (key === this.shown) return; // the focus stays where it is
    this.shown = key;
    place(this.rows, booths.map(row));
    show(this.none, !booths.length);
    show(this.find, booths.length >= MANY);
    this.#filter();
  }

  #filter() {
    const wanted = this.find.value.trim().toLowerCase();
    for (const node of this.rows.children) show(node, node.textContent.toLowerCase().includes(wanted));
  }
}
