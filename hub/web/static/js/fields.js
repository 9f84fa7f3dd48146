// One field of a device, drawn as its kind declares: stat, gauge, series or state.

import { fieldLevel } from "./attention.js";
import { Chart } from "./charts.js";
import { el, setData, setText } from "./dom.js";
import { isClose, value } from "./format.js";
import { said } from "./labels.js";
import { sign } from "./signs.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {{node: HTMLElement, field: Field, chart: Chart | null, set: (raw: Raw | undefined, ceased?: boolean) => void}} FieldView */

/** @param {Field} field */
export const numeric = (field) => field.type === "float" || field.type === "integer";

/**
 * A number with its unit, or a word: {node, set(raw)}.
 * @param {Field} field
 */
export function figure(field, className = "figure") {
  const text = el("span", { class: "figure-text" });
  const unit = el("span", { class: "figure-unit" });
  const node = el("span", { class: className }, text, unit);
  if (!numeric(field)) node.dataset.words = "";
  return {
    node,
    set(/** @type {Raw | undefined} */ raw) {
      const shown = value(field, raw);
      setText(text, shown.text);
      setText(unit, shown.unit);
      setData(node, "close", isClose(shown.unit) || null);
    },
  };
}

/**
 * A word of few, or yes and no, as a pill that says by sign and colour when it is an alarm.
 * @param {Field} field
 * @returns {FieldView}
 */
export function pill(field) {
  const text = el("b");
  const node = el("span", { class: "pill" }, el("span", {}, said(field.label, field.name)), text);
  return {
    node,
    field,
    chart: null,
    set(raw, ceased = false) {
      setText(text, value(field, raw).text);
      const alarmed = !ceased && fieldLevel(field, raw) === "bad";
      if (alarmed && !node.dataset.alarm) node.prepend(sign("alarm"));
      if (!alarmed && node.dataset.alarm) node.firstChild?.remove();
      setData(node, "alarm", alarmed || null);
    },
  };
}

const BEYOND = 0.6; // of the normal band is shown outside it, where the declared range is much wider

/**
 * What a gauge spans: the declared range, drawn in to the surroundings of a normal band.
 * @param {Pick<Field, "minimum" | "maximum" | "normal">} field
 */
export function gaugeRange({ minimum, maximum, normal }) {
  const [low, high] = [minimum ?? 0, maximum ?? 100];
  if (!normal) return [low, high];
  const [from, to] = [normal[0] ?? Math.max(low, Math.min(0, normal[1] ?? 0)), normal[1] ?? high];
  const air = (to - from) * BEYOND;
  return [
    normal[0] === null ? from : Math.max(low, from - air),
    normal[1] === null ? high : Math.min(high, to + air),
  ];
}

/**
 * A bar with the normal band marked: {node, set(raw)}.
 * @param {Field} field
 */
export function gauge(field) {
  const [low, high] = gaugeRange(field);
  const share = (/** @type {number} */ raw) => Math.min(100, Math.max(0, ((raw - low) / (high - low || 1)) * 100));
  const bar = el("span", { class: "gauge-bar" });
  const mark = el("span", { class: "gauge-mark" });
  const node = el("span", { class: "gauge" }, bar, mark);
  if (field.normal) {
    const [from, to] = [share(field.normal[0] ?? low), share(field.normal[1] ?? high)];
    const band = el("span", { class: "gauge-band" });
    band.style.left = `${from}%`;
    band.style.width = `${to - from}%`;
    node.prepend(band);
  }
  return {
    node,
    set(/** @type {Raw | undefined} */ raw, ceased = false) {
      const at = typeof raw === "number" ? `${share(raw)}%` : "0";
      bar.style.width = at;
      mark.style.left = at;
      mark.hidden = typeof raw !== "number";
      setData(node, "level", ceased ? null : fieldLevel(field, raw));
    },
  };
}

/**
 * How a number or a text is drawn in a card's grid: label, value, and a gauge or a sparkline.
 * @param {Field} field
 * @param {History} history
 * @returns {FieldView}
 */
export function cell(field, history, { plain = false } = {}) {
  const shown = figure(field);
  const words = said(field.label, field.name);
  const label = el("span", { class: "cell-label", title: words }, words);
  const node = el("div", { class: numeric(field) ? "cell" : "cell cell-words" }, label, shown.node);
  const drawn = numeric(field) && field.draw === "gauge" && !plain ? gauge(field) : null;
  if (drawn) node.append(drawn.node);
  const host = numeric(field) && field.draw === "series" && !plain ? el("span", { class: "spark" }) : null;
  if (host) node.append(host);
  return {
    node,
    field,
    chart: host && new Chart(host, field, history),
    set(raw, ceased = false) {
      shown.set(raw);
      drawn?.set(raw, ceased);
      setData(node, "level", ceased ? null : fieldLevel(field, raw));
    },
  };
}
