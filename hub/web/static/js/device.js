// A device on the exhibitor's page: its state in words, its last values, what its warnings mean.

import { absent, fieldLevel, stray, usualInterval } from "./attention.js";
import { time } from "./api.js";
import { el, setData, setText, show } from "./dom.js";
import { ago, bandText, called, interval, number, rate, valueText } from "./format.js";
import { language, said, t } from "./labels.js";
import { replayBadge, sign, stateMark } from "./signs.js";
import { explanation } from "./words.js";

/** @typedef {import("./state.js").PageDevice} PageDevice */

/**
 * @param {PageDevice} device
 * @param {Kind} kind
 */
function stateExplanation(device, kind) {
  if (stray(device)) return [{ state: "warning", text: t("explain_stray") }];
  if (device.state === "live") return [];
  return [
    {
      state: device.state,
      text: t(absent(device) ? "explain_absent" : `explain_${device.state}`, {
        rate: interval(usualInterval(device, kind) ?? kind.interval),
      }),
    },
  ];
}

/**
 * A row of the table of values: {node, field, set(raw, earlier, ceased, now)}, with the times in epoch ms.
 * @param {Field} field
 */
function valueRow(field) {
  const shown = el("span");
  const flag = el("small", { class: "value-flag" });
  const node = el(
    "tr",
    {},
    el("th", { scope: "row" }, said(field.label, field.name), el("code", {}, field.name)),
    el("td", { class: "value" }, shown, flag),
  );
  return {
    node,
    field,
    /**
     * @param {Raw | undefined} raw
     * @param {number | null} earlier
     * @param {boolean} ceased
     * @param {number} now
     */
    set(raw, earlier, ceased, now) {
      show(node, raw !== undefined && raw !== null);
      if (node.hidden) return;
      const age = earlier === null ? "" : ` (${ago(earlier, now)})`;
      setText(shown, valueText(field, raw) + age);
      const level = ceased ? null : fieldLevel(field, raw);
      if (node.dataset.level === (level ?? undefined)) return;
      setData(node, "level", level);
      const words =
        level === "bad" ? t("alarm") : level === "warn" ? t("normal_band", { band: bandText(field) }) : "";
      flag.replaceChildren(...(level ? [sign(level === "bad" ? "alarm" : "warning"), words] : []));
    },
  };
}

/** @param {string} label */
function fact(label) {
  const words = el("dd", {});
  return {
    node: el("div", {}, el("dt", {}, label), words),
    set: (/** @type {string} */ text) => setText(words, text),
  };
}

/**
 * What a panel is made of, beside the values that it shows.
 * @param {Kind} kind
 */
const madeOf = (kind) => JSON.stringify([language(), kind]);

/**
 * The kind, and of a device that speaks a dialect which, and the hub's id for it.
 * @param {PageDevice} device
 * @param {Kind} kind
 */
function subtitle(device, kind) {
  const id = device.name && device.name !== device.device ? device.device : "";
  return [said(kind.label, kind.name), device.dialect, id].filter(Boolean).join(" · ");
}

export class DevicePanel {
  /**
   * `open` says whether all is shown at first, or the head alone.
   * @param {PageDevice} device
   * @param {Kind} kind
   * @param {boolean} [open]
   */
  constructor(device, kind, open = true) {
    this.device = device;
    this.kind = kind;
    this.noted = "";
    this.made = madeOf(kind);
    this.brief = el("small", { class: "device-brief" });
    this.mark = stateMark("state-mark");
    this.notes = el("ul", { class: "notes" });
    this.replay = replayBadge();
    this.seen = fact(t("last_reading"));
    this.rate = fact(t("rate"));
    this.readings = fact(t("readings_total"));
    this.rejected = fact(t("rejected_total"));
    this.rows = kind.fields.map(valueRow);
    this.unsent = el("p", { class: "unsent" });
    const facts = el(
      "dl",
      { class: "facts" },
      [this.seen, this.rate, this.readings, this.rejected].map((item) => item.node),
    );
    const table = el(
      "table",
      { class: "values" },
      el("caption", {}, t("values")),
      el(
        "tbody",
        {},
        this.rows.map((row) => row.node),
      ),
    );
    this.node = el(
      "details",
      { class: "card device", open },
      el(
        "summary",
        { class: "device-head" },
        el(
          "h3",
          {},
          el("bdi", {}, called(device)),
          el("span", {}, subtitle(device, kind)),
          this.replay,
          this.brief,
        ),
        this.mark.node,
      ),
      this.notes,
      facts,
      table,
      this.unsent,
    );
  }

  /**
   * Whether the panel can show a device of this kind, in the language of now.
   * @param {Kind} kind
   */
  suits(kind) {
    return this.made === madeOf(kind);
  }

  /** @param {number} now */
  draw(now) {
    const { device, kind } = this;
    setData(this.node, "state", device.state);
    show(this.replay, Boolean(device.replayed));
    const state = absent(device) ? "absent" : device.state;
    this.mark.set(state === "live" && device.warnings.length ? "warning" : state, t(state));
    this.tick(now);
    const usual = usualInterval(device, kind);
    const declared = usual === null ? "—" : t("rate_declared", { rate: rate(1 / usual) });
    this.rate.set(device.rate ? rate(device.rate) : declared);
    this.readings.set(number(device.readings));
    this.rejected.set(number(device.rejections));
    for (const row of this.rows) {
      const { name } = row.field;
      row.set(device.last[name], time(device.earlier?.[name]), device.ceased.includes(name), now);
    }
    const unsent = kind.fields.filter((field) => (device.last[field.name] ?? null) === null);
    setText(
      this.unsent,
      unsent.length ? `${t("not_sent")}: ${unsent.map((field) => said(field.label, field.name)).join(", ")}` : "",
    );
    this.#note();
  }

  /** @param {number} now */
  tick(now) {
    this.seen.set(ago(this.device.seen, now));
    const field = this.kind.fields.find(({ draw }) => draw !== "map");
    const raw = field && this.device.last[field.name];
    const value = !field || raw === undefined || raw === null ? "" : `${valueText(field, raw)} · `;
    setText(this.brief, this.device.seen === null ? "" : value + ago(this.device.seen, now));
  }

  #note() {
    const { device, kind } = this;
    const warnings = device.warnings.map((warning) => ({
      state: "warning",
      text: explanation(device, warning),
    }));
    const notes = [...stateExplanation(device, kind), ...warnings];
    const key = JSON.stringify(notes);
    if (key === this.noted) return;
    this.noted = key;
    this.notes.replaceChildren(
      ...notes.map(({ state, text }) =>
        el("li", { "data-level": state === "offline" ? "bad" : "warn" }, sign(state), el("span", {}, text)),
      ),
    );
    show(this.notes, notes.length > 0);
  }
}
