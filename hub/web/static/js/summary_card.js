// A kind's card, for boards of more devices than a screen has room for: the middle of their values,
// how far they spread, and by name those that stand out.

import { deviceLevel, headlineOf, tally, troubledFields } from "./attention.js";
import { leastRange } from "./charts.js";
import { el, setData, setText, svg } from "./dom.js";
import { numeric } from "./fields.js";
import { called, number, value, valueText } from "./format.js";
import { said, t } from "./labels.js";
import { tallyMarks } from "./parts.js";
import { sign } from "./signs.js";
import { shortName } from "./type.js";
import { fieldText } from "./words.js";

/**
 * @typedef {import("./attention.js").Level} Level
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {import("./state.js").State} State
 */

const BARS = 24; // of the histogram
const NAMED = 2; // devices that are named
const FAR = 6; // median deviations from the median that make a value stand out
const WORDS = 3; // most frequent words of a field that has no numbers
/** @type {Record<Level, number>} */
const RANK = { bad: 0, warn: 1, note: 2, ok: 3 };

/**
 * The value at `share` (0 to 1) of sorted numbers.
 * @param {number[]} sorted
 * @param {number} share
 */
export const quantile = (sorted, share) => sorted[Math.round((sorted.length - 1) * share)];

/**
 * {low, median, high, deviation} of sorted numbers: the middle nine tenths, and how they scatter.
 * @param {number[]} sorted
 */
export function spreadOf(sorted) {
  const median = quantile(sorted, 0.5);
  const away = sorted.map((item) => Math.abs(item - median)).sort((a, b) => a - b);
  return {
    low: quantile(sorted, 0.05),
    median,
    high: quantile(sorted, 0.95),
    deviation: quantile(away, 0.5),
  };
}

/**
 * How many numbers are in each of `BARS` equal steps, which are `least` wide all together.
 * @param {number[]} sorted
 * @param {number} least
 * @returns {number[]}
 */
export function histogram(sorted, least) {
  const counts = new Array(BARS).fill(0);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const spare = Math.max(0, least - (last - first)) / 2;
  const [low, high] = [first - spare, last + spare];
  for (const item of sorted)
    counts[Math.min(BARS - 1, Math.floor(((item - low) / (high - low || 1)) * BARS))] += 1;
  return counts;
}

export class SummaryCard {
  /**
   * `keys` are of the devices of one kind in `state`.
   * @param {State} state
   * @param {Kind} kind
   * @param {string[]} keys
   */
  constructor(state, kind, keys) {
    this.state = state;
    this.kind = kind;
    this.keys = keys;
    /** @type {ReturnType<typeof spreadOf> | null} */
    this.spreads = null;
    this.field = headlineOf(kind);
    this.marks = tallyMarks();
    this.figure = el("span", { class: "summary-figure" });
    this.spread = el("span", { class: "summary-spread" });
    this.bars = svg("svg", { class: "summary-bars", "aria-hidden": "true", preserveAspectRatio: "none" });
    this.outliers = el("ul", { class: "summary-outliers" });
    this.shown = "";
    const head = el(
      "header",
      { class: "summary-head" },
      el("h3", {}, said(kind.label, kind.name)),
      this.marks.node,
    );
    this.node = el(
      "article",
      { class: "card kind-card" },
      head,
      el("span", { class: "summary-label" }, said(this.field.label, this.field.name)),
      el("div", { class: "summary-middle" }, this.figure, this.spread),
      this.bars,
      this.outliers,
    );
  }

  draw() {
    const devices = this.keys.flatMap((key) => this.state.devices.get(key) ?? []);
    this.marks.set(tally(devices));
    const heard = devices.filter(
      (device) => device.state === "live" && device.last?.[this.field.name] !== undefined,
    );
    if (numeric(this.field)) this.#numbers(heard);
    else this.#words(heard);
    this.#name(devices);
  }

  /** @param {PageDevice[]} devices */
  #numbers(devices) {
    const values = devices.map(({ last }) => last[this.field.name]).filter((raw) => typeof raw === "number");
    const sorted = values.sort((a, b) => a - b);
    this.spreads = sorted.length ? spreadOf(sorted) : null;
    const { low, median, high } = this.spreads ?? {};
    const [from, to] = [low, high].map((edge) => value(this.field, edge).text);
    setText(this.figure, valueText(this.field, median));
    setText(this.spread, sorted.length > 1 ? t(from === to ? "spread_none" : "spread", { from, to }) : "");
    this.#bars(histogram(sorted, leastRange(this.field)));
  }

  /** @param {number[]} counts */
  #bars(counts) {
    const most = Math.max(1, ...counts);
    const key = counts.join();
    if (key === this.bars.dataset.shown) return;
    this.bars.dataset.shown = key;
    this.bars.setAttribute("viewBox", `0 0 ${BARS} ${most}`);
    this.bars.replaceChildren(
      ...counts.map((count, at) => svg("rect", { x: at + 0.1, y: most - count, width: 0.8, height: count })),
    );
  }

  /** @param {PageDevice[]} devices */
  #words(devices) {
    /** @type {Map<Raw, number>} */
    const counts = new Map();
    for (const { last } of devices)
      counts.set(last[this.field.name], (counts.get(last[this.field.name]) ?? 0) + 1);
    const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, WORDS);
    const [first, ...rest] = most.map(([raw, count]) => `${valueText(this.field, raw)} ${number(count)}`);
    setText(this.figure, first ?? "–");
    setText(this.spread, rest.join(" · "));
  }

  /**
   * Whether a value stands far out among those of its kind.
   * @param {PageDevice} device
   */
  #far(device) {
    const raw = device.last?.[this.field.name];
    if (typeof raw !== "number" || !this.spreads) return false;
    const usual = Math.max(this.spreads.deviation, leastRange(this.field) / FAR);
    return Math.abs(raw - this.spreads.median) > FAR * usual;
  }

  /** @param {PageDevice[]} devices */
  #name(devices) {
    const found = devices
      .map((device) => ({ device, level: deviceLevel(device, this.kind) }))
      .filter(({ device, level }) => level !== "ok" || (device.state === "live" && this.#far(device)))
      .sort((a, b) => RANK[a.level] - RANK[b.level]);
    /** @type {{words: string, level: Level | null, state: string | null}[]} */
    const lines = found.slice(0, NAMED).map(({ device, level }) => {
      const { name } = this.state.booth(device.booth);
      const booth = shortName(said(name, device.booth));
      const words = `${booth} ${this.#why(device)}`;
      return { words, level: level === "ok" ? "note" : level, state: this.#signOf(device, level) };
    });
    const more = found.length - lines.length;
    if (more > 0) lines.push({ words: t("devices_more", { n: number(more) }), level: null, state: null });
    const key = JSON.stringify(lines);
    if (key === this.shown) return;
    this.shown = key;
    setData(this.node, "level", found[0]?.level === "bad" ? "bad" : null);
    this.outliers.replaceChildren(
      ...lines.map(({ words, level, state }) =>
        el("li", { "data-level": level }, state ? sign(state) : "", el("span", {}, words)),
      ),
    );
  }

  /**
   * What stands out of a device that is live: the value that does; else which one it is.
   * @param {PageDevice} device
   */
  #why(device) {
    if (device.state !== "live") return called(device);
    const [worst] = troubledFields(device, this.kind);
    if (worst) return fieldText(worst.field, worst.raw);
    const raw = device.last?.[this.field.name];
    return raw === undefined || device.warnings.length ? called(device) : fieldText(this.field, raw);
  }

  /**
   * @param {PageDevice} device
   * @param {Level} level
   */
  #signOf(device, level) {
    if (device.state !== "live") return device.state;
    return level === "warn" ? "warning" : "note";
  }

  drawCharts() {}

  stop() {}
}
