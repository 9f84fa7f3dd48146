// Devices as they are: what to set in a Tasmota plug or a zigbee2mqtt stick, what the hub heard of
// them, and what became of each part.

import * as api from "./api.js";
import { codeBlock, copyButton } from "./copy.js";
import { el, place, setData, setText, show } from "./dom.js";
import { clock } from "./format.js";
import { language, said, t } from "./labels.js";

/** @typedef {import("./state.js").State} State */

/** @param {unknown} value */
const written = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** A part of a message, and what became of it; it stays while the device says the same part. */
class UseRow {
  /** @param {string} where */
  constructor(where) {
    this.value = el("td");
    this.became = el("td");
    this.node = el("tr", {}, el("td", {}, el("code", {}, where)), this.value, this.became);
  }

  /**
   * @param {Use} use
   * @param {Map<string, Kind>} kinds
   */
  set(use, kinds) {
    const field = kinds.get(use.kind ?? "")?.fields.find(({ name }) => name === use.field);
    const why = (language() === "ko" && use.why_ko) || use.why;
    setText(this.value, written(use.value));
    setData(this.node, "used", field ? "" : null);
    setData(this.node, "wrong", why ? "" : null);
    const became = field
      ? `${field.name} ${said(field.label)}`
      : [t("dialect_unused"), ...(why ? [why] : [])].join(": ");
    if (this.became.textContent === became) return;
    this.became.replaceChildren(...(field ? [el("code", {}, field.name), ` ${said(field.label)}`] : [became]));
  }
}

/** @param {HeardMessage} item */
function heardDevices(item) {
  return item.devices.map(({ kind, device, name }) => {
    const called = name && name !== device ? ` (${name})` : "";
    const state = item.uses.length ? "" : ` ${t(item.online ? "dialect_online" : "dialect_offline")}`;
    return el("span", { class: "heard-device" }, `${kind}/${device}${called}${state}`);
  });
}

/** @param {HeardMessage} item */
const keyOf = ({ dialect, topic }) => `${dialect}/${topic}`;

/** The latest message on a topic; what is open, focused or selected in it stays. */
class HeardItem {
  /**
   * @param {HeardMessage} item
   * @param {boolean} open
   */
  constructor(item, open) {
    /** @type {Map<string, UseRow>} */
    this.rows = new Map();
    this.became = el("span", { class: "heard-became" });
    this.at = el("time");
    this.body = el("tbody");
    const head = [t("dialect_place"), t("dialect_value"), t("dialect_became")];
    this.table = el(
      "div",
      { class: "scroll" },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            head.map((words) => el("th", { scope: "col" }, words)),
          ),
        ),
        this.body,
      ),
    );
    this.node = el(
      "details",
      { class: "heard", "data-topic": item.topic, open },
      el("summary", {}, el("code", { class: "heard-topic" }, keyOf(item)), this.became, this.at),
      this.table,
    );
  }

  /**
   * @param {HeardMessage} item
   * @param {Map<string, Kind>} kinds
   */
  set(item, kinds) {
    const devices = item.devices.length ? heardDevices(item) : [new Text(t("dialect_nothing"))];
    const words = devices.map((part) => part.textContent).join("");
    if (this.became.textContent !== words) this.became.replaceChildren(...devices);
    setText(this.at, clock(api.time(item.at)));
    const before = this.rows;
    this.rows = new Map(
      item.uses.map((use, number) => {
        const key = `${number} ${use.place}`;
        const row = before.get(key) ?? new UseRow(use.place);
        row.set(use, kinds);
        return [key, row];
      }),
    );
    place(
      this.body,
      [...this.rows.values()].map(({ node }) => node),
    );
    show(this.table, item.uses.length > 0);
  }
}

/**
 * @param {Dialect} dialect
 * @param {string} booth
 */
function setupItem(dialect, booth) {
  const filled = (/** @type {string} */ text) =>
    text.replaceAll("{booth}", booth).replaceAll("{account}", t("dialect_account"));
  const steps = dialect.setup.map(({ setting, value }) =>
    el(
      "div",
      { class: "fact" },
      el("dt", {}, said(setting)),
      el(
        "dd",
        {},
        el("code", {}, filled(value)),
        copyButton(() => filled(value)),
      ),
    ),
  );
  const sample = codeBlock(`${filled(dialect.prefix)}${dialect.sample.topic}\n${dialect.sample.payload}`);
  return el(
    "div",
    { class: "dialect" },
    el(
      "dl",
      { class: "broker" },
      el(
        "div",
        { class: "fact" },
        el("dt", {}, t("dialects_broker")),
        el("dd", {}, el("a", { href: "#connect" }, t("dialects_where"))),
      ),
      steps,
    ),
    el("h3", {}, t("dialect_sample")),
    sample.node,
  );
}

/** The section of the booth's page; the hub is asked for the dialects once. */
export class Dialects {
  /**
   * @param {State} state
   * @param {string} booth
   */
  constructor(state, booth) {
    this.state = state;
    this.booth = booth;
    /** @type {Dialect[]} */
    this.dialects = [];
    this.loading = false;
    this.spoken = ""; // by the booth's devices, as far as was heard
    this.shown = "";
    /** @type {Map<string, HeardItem>} */
    this.items = new Map();
    this.list = el("div", { class: "heard-list" });
    this.heard = el("div", { hidden: true }, el("h3", {}, t("dialect_heard")), this.list);
    this.select = el("select", { id: "dialect" });
    this.select.addEventListener("input", () => this.#drawSetup());
    this.setup = el("div");
    this.node = el(
      "section",
      { class: "section dialects", id: "dialects", hidden: true },
      el("h2", {}, t("dialects")),
      this.heard,
      el(
        "div",
        { class: "card" },
        el("p", { class: "dialect-about" }, t("dialects_about")),
        el("p", { class: "form" }, el("label", { for: "dialect" }, t("dialect_choose")), this.select),
        this.setup,
      ),
    );
    this.#load();
  }

  async #load() {
    if (this.loading) return;
    this.loading = true;
    this.dialects = await api.dialects().catch(() => []); // `set` asks again
    this.loading = false;
    this.select.replaceChildren(
      ...this.dialects.map(({ name, label }) => el("option", { value: name }, said(label, name))),
    );
    show(this.node, this.dialects.length > 0);
    this.#choose();
  }

  /** Choose what the booth's devices speak, if any was heard. */
  #choose() {
    if (this.spoken) this.select.value = this.spoken;
    this.#drawSetup();
  }

  #drawSetup() {
    const chosen = this.dialects.find(({ name }) => name === this.select.value);
    if (chosen) this.setup.replaceChildren(setupItem(chosen, this.booth));
  }

  /**
   * Show what was heard; what is open or focused stays so.
   * @param {HeardMessage[]} [heard]
   */
  set(heard = []) {
    if (!this.dialects.length) this.#load();
    const shown = JSON.stringify(heard);
    if (shown === this.shown) return;
    this.shown = shown;
    const first = !this.items.size;
    if (first && heard.length) {
      this.spoken = heard[0].dialect;
      this.#choose();
    }
    const latest = new Map(heard.map((item) => [keyOf(item), item]));
    // In the order in which they came first: a line must not jump away while it is read.
    const kept = [...this.items].filter(([key]) => latest.has(key));
    const added = [...latest].filter(([key]) => !this.items.has(key));
    /** @type {[string, HeardItem][]} */
    const made = added.map(([key, item], number) => [key, new HeardItem(item, first && !number)]);
    this.items = new Map([...made, ...kept]);
    for (const [key, item] of latest) this.items.get(key)?.set(item, this.state.kinds);
    place(
      this.list,
      [...this.items.values()].map(({ node }) => node),
    );
    show(this.heard, heard.length > 0);
  }
}
