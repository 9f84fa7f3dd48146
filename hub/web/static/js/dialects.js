// Devices as they are: what to set in a Tasmota plug or a zigbee2mqtt stick, what the hub heard of
// them, and what became of each part.

import * as api from "./api.js";
import { codeBlock, copyButton } from "./copy.js";
import { el, show } from "./dom.js";
import { clock } from "./format.js";
import { language, said, t } from "./labels.js";

const written = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function useRow(use, kinds) {
  const field = kinds.get(use.kind)?.fields.find(({ name }) => name === use.field);
  const why = (language() === "ko" && use.why_ko) || use.why;
  const became = field
    ? [el("code", {}, field.name), ` ${said(field.label)}`]
    : [why ? `${t("dialect_unused")}: ${why}` : t("dialect_unused")];
  return el(
    "tr",
    { "data-used": field ? "" : null, "data-wrong": why ? "" : null },
    el("td", {}, el("code", {}, use.place)),
    el("td", {}, written(use.value)),
    el("td", {}, became),
  );
}

function heardDevices(item) {
  return item.devices.map(({ kind, device, name }) => {
    const called = name && name !== device ? ` (${name})` : "";
    const state = item.uses.length ? "" : ` ${t(item.online ? "dialect_online" : "dialect_offline")}`;
    return el("span", { class: "heard-device" }, `${kind}/${device}${called}${state}`);
  });
}

function heardItem(item, kinds, open) {
  const rows = item.uses.map((use) => useRow(use, kinds));
  const head = [t("dialect_place"), t("dialect_value"), t("dialect_became")];
  return el(
    "details",
    { class: "heard", "data-topic": item.topic, open },
    el(
      "summary",
      {},
      el("code", { class: "heard-topic" }, `${item.dialect}/${item.topic}`),
      el("span", { class: "heard-became" }, item.devices.length ? heardDevices(item) : t("dialect_nothing")),
      el("time", {}, clock(api.time(item.at))),
    ),
    rows.length
      ? el(
          "div",
          { class: "scroll" },
          el(
            "table",
            {},
            el("thead", {}, el("tr", {}, head.map((words) => el("th", { scope: "col" }, words)))),
            el("tbody", {}, rows),
          ),
        )
      : null,
  );
}

function setupItem(dialect, booth) {
  const filled = (text) => text.replaceAll("{booth}", booth).replaceAll("{account}", t("dialect_account"));
  const steps = dialect.setup.map(({ setting, value }) =>
    el(
      "div",
      { class: "fact" },
      el("dt", {}, said(setting)),
      el("dd", {}, el("code", {}, filled(value)), copyButton(() => filled(value))),
    ),
  );
  const sample = codeBlock(`${filled(dialect.prefix)}${dialect.sample.topic}\n${dialect.sample.payload}`);
  return el(
    "div",
    { class: "dialect" },
    el("dl", { class: "broker" }, steps),
    el("h3", {}, t("dialect_sample")),
    sample.node,
  );
}

/** The section of the booth's page; the hub is asked for the dialects once. */
export class Dialects {
  constructor(state, booth) {
    Object.assign(this, { state, booth, dialects: [], shown: "" });
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

  /** Show what was heard; what is open stays open. */
  set(heard = []) {
    if (!this.dialects.length) this.#load();
    const shown = JSON.stringify(heard);
    if (shown === this.shown) return;
    this.shown = shown;
    const open = new Set([...this.list.querySelectorAll("details[open]")].map(({ dataset }) => dataset.topic));
    if (!this.list.children.length && heard.length) {
      open.add(heard[0].topic);
      this.spoken = heard[0].dialect;
      this.#choose();
    }
    this.list.replaceChildren(
      ...heard.map((item) => heardItem(item, this.state.kinds, open.has(item.topic))),
    );
    show(this.heard, heard.length > 0);
  }
}
