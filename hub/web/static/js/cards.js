// A device's card: whose it is, how it is, its headline value, its other fields, its warnings.

import { absent, deviceLevel, fieldLevel, headlineOf, stray, troubledFields } from "./attention.js";
import { Chart } from "./charts.js";
import { el, setData, setText, show } from "./dom.js";
import { cell, figure, gauge, numeric, pill } from "./fields.js";
import { ago, bandText, called, span } from "./format.js";
import { said, t } from "./labels.js";
import { replayBadge, sign, toneOf } from "./signs.js";
import { track } from "./track.js";
import { fieldText, warningText } from "./words.js";

/**
 * @typedef {import("./history.js").History} History
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {"large" | "normal" | "medium" | "compact" | "wall"} Density
 * @typedef {{level: "warn" | "note", text: string}} Line
 */

const TOLD = ["gauge", "stat", "state", "series"]; // what a card on the wall says first beside its headline
const BESIDE_CHART = 6; // lines that leave a chart its height
const QUIET = 60000; // ms without a word after which a live device has no news

/**
 * Whether a device is live although it says nothing: an event-driven one, connected.
 * @param {PageDevice} device
 * @param {number} now
 */
const quiet = (device, now) =>
  device.state === "live" && device.eventDriven && device.seen !== null && now - device.seen > QUIET;

const OVERDUE = 1.6; // usual intervals after which the seconds of silence are told

/**
 * Whether a device that is still live is overdue: the verdict is not passed yet, but its time runs.
 * @param {PageDevice} device
 * @param {number} now
 */
function overdue(device, now) {
  if (device.state !== "live" || device.eventDriven || device.seen === null) return false;
  return now - device.seen > Math.max(1500, OVERDUE * 1000 * (device.usual ?? 0));
}

/**
 * What a device's state says beside its sign: when it was last heard, or for how long it is silent.
 * @param {PageDevice} device
 * @param {number} now
 */
export function stateText(device, now) {
  if (device.replayed) return "";
  if (stray(device)) return t("stray");
  const silent = now - (device.seen ?? now);
  if (quiet(device, now)) return t("no_news", { age: span(silent) });
  if (overdue(device, now)) return t("last_heard", { age: span(silent) });
  if (device.state === "live") return ago(device.seen, now);
  if (absent(device)) return t("absent");
  return device.seen === null ? t(device.state) : `${t(device.state)} ${span(silent)}`;
}

class Warnings {
  constructor() {
    this.node = el("ul", { class: "card-warnings" });
    this.shown = "";
  }

  /** @param {Line[]} lines */
  set(lines) {
    const key = JSON.stringify(lines);
    if (key === this.shown) return;
    this.shown = key;
    this.node.replaceChildren(
      ...lines.map(({ level, text }) =>
        el("li", { "data-level": level }, sign(level === "note" ? "note" : "warning"), el("span", {}, text)),
      ),
    );
    show(this.node, lines.length > 0);
  }
}

/**
 * Whether a card has room for its headline only, and for what is wrong.
 * @param {Density} density
 */
const isBrief = (density) => density === "compact" || density === "wall";

/** The first field, large, with a chart: of itself, or of `companion` where it is a word. */
class Headline {
  /**
   * @param {Field} field
   * @param {{companion?: Field, plan?: HTMLElement | null, history: History, density: Density}} about
   */
  constructor(field, { companion, plan, history, density }) {
    this.field = field;
    this.figure = figure(field, "headline-figure");
    this.gauge = numeric(field) && field.draw === "gauge" ? gauge(field) : null;
    const drawn = companion ?? field;
    const host = numeric(drawn) && !plan ? el("div", { class: "chart" }) : null;
    this.chart = host && new Chart(host, drawn, history, { withAxes: !isBrief(density) });
    this.aside = companion ? cell(companion, history, { plain: true }) : null;
    const words = el(
      "div",
      { class: "headline-words" },
      el("span", { class: "headline-label" }, said(field.label, field.name)),
      this.figure.node,
      this.gauge?.node,
    );
    if (field.normal && !isBrief(density))
      words.append(el("span", { class: "headline-band" }, t("normal_band", { band: bandText(field) })));
    const beside = plan ?? (this.aside ? el("div", { class: "headline-aside" }, this.aside.node, host) : host);
    this.node = el("div", { class: "headline" }, words, beside);
  }

  /**
   * @param {Record<string, Raw>} last
   * @param {string[]} ceased
   */
  set(last, ceased) {
    const raw = last[this.field.name];
    const old = ceased.includes(this.field.name);
    if (this.aside) {
      const { name } = this.aside.field;
      this.aside.set(last[name], ceased.includes(name));
    }
    this.figure.set(raw);
    this.gauge?.set(raw, old);
    setData(this.node, "level", old ? null : fieldLevel(this.field, raw));
  }
}

export class Card {
  /**
   * @param {PageDevice} device
   * @param {Kind} kind
   * @param {string} boothName
   * @param {Density} density
   * @param {number} [room] lines for other fields, of a card on the wall
   */
  constructor(device, kind, boothName, density, room = 0) {
    this.device = device;
    this.kind = kind;
    this.density = density;
    this.visible = false;
    this.dirty = true;
    const positions = kind.fields.filter((field) => field.draw === "map");
    const first = headlineOf(kind);
    const rest = kind.fields.filter((field) => field.draw !== "map" && field !== first);
    const full = !isBrief(density);
    const companion =
      full && !numeric(first) && !positions.length ? rest.find((field) => field.draw === "series") : undefined;
    const heard = rest.filter((field) => device.last?.[field.name] !== undefined);
    heard.sort((a, b) => TOLD.indexOf(a.draw) - TOLD.indexOf(b.draw));
    const lines = numeric(first) ? Math.min(room, BESIDE_CHART) : room;
    const shown = full ? rest.filter((field) => field !== companion) : heard.slice(0, lines);
    const plain = density === "medium" || !full;
    this.track = positions.length && full ? track() : null;
    const plan = density === "large" ? null : this.track?.node;
    this.headline = new Headline(first, { companion, plan, history: device.history, density });
    this.cells = shown
      .filter((field) => field.draw !== "state" || !full)
      .map((field) => cell(field, device.history, { plain }));
    this.pills = full ? shown.filter((field) => field.draw === "state").map(pill) : [];
    this.warnings = new Warnings();
    this.mark = el("span", { class: "card-sign" });
    this.replay = replayBadge();
    this.age = el("span", { class: "card-age" });
    this.node = this.#build(boothName);
    this.charts = [this.headline, ...this.cells].flatMap(({ chart }) => chart ?? []);
  }

  /** @param {string} boothName */
  #build(boothName) {
    const whose = el(
      "p",
      { class: "card-device" },
      el("span", {}, said(this.kind.label, this.kind.name)),
      el("bdi", {}, called(this.device)),
      this.age,
    );
    const head = el(
      "header",
      { class: "card-head" },
      el("h3", { class: "card-booth", title: boothName }, this.mark, this.replay, el("span", {}, boothName)),
      whose,
    );
    const plan = this.density === "large" ? this.track?.node : null;
    const fields = this.cells.length
      ? el(
          "div",
          { class: "card-fields" },
          this.cells.map((item) => item.node),
        )
      : null;
    const states = this.pills.length
      ? el(
          "div",
          { class: "card-states" },
          this.pills.map((item) => item.node),
        )
      : null;
    return el(
      "article",
      { class: "card", "data-density": this.density },
      head,
      this.headline.node,
      plan,
      fields,
      states,
      this.warnings.node,
    );
  }

  /**
   * Draw the latest, when somebody can see it.
   * @param {number} now
   */
  draw(now) {
    if (!this.visible) return;
    this.tick(now);
    if (!this.dirty) return;
    this.dirty = false;
    const { device, kind } = this;
    setData(this.node, "level", deviceLevel(device, kind));
    setData(this.node, "state", device.replayed ? "replayed" : device.state);
    setData(this.node, "replayed", device.replayed ? "" : null);
    show(this.replay, Boolean(device.replayed));
    const ceased = device.ceased ?? [];
    this.headline.set(device.last, ceased);
    for (const item of [...this.cells, ...this.pills]) {
      const { name } = item.field;
      item.set(device.last[name], ceased.includes(name));
    }
    this.track?.draw(device);
    this.warnings.set(this.#warningLines());
  }

  /** @returns {Line[]} */
  #warningLines() {
    const { device, kind } = this;
    /** @type {Line[]} */
    const lines = device.warnings.map((warning) => ({ level: "warn", text: warningText(device, warning) }));
    if (!isBrief(this.density)) return lines;
    const troubled =
      device.state !== "live"
        ? []
        : troubledFields(device, kind).filter(({ field }) => field !== this.headline.field);
    /** @type {Line[]} */
    const notes = troubled.map(({ field, raw }) => ({ level: "note", text: fieldText(field, raw) }));
    return [...notes, ...lines];
  }

  /** @param {number} now */
  tick(now) {
    const state = this.#sign();
    setText(this.age, stateText(this.device, now));
    setData(this.age, "overdue", overdue(this.device, now) ? "" : null);
    show(this.mark, !this.device.replayed); // its own state is not what is on show
    if (this.mark.dataset.state === state) return;
    this.mark.dataset.state = state;
    this.age.dataset.tone = toneOf(state);
    this.mark.replaceChildren(sign(state));
  }

  /** The sign of the worst that is to be said of the device, not of its state alone. */
  #sign() {
    if (absent(this.device)) return "absent";
    if (this.device.state !== "live") return this.device.state;
    const level = deviceLevel(this.device, this.kind);
    return level === "warn" ? "warning" : level === "note" ? "note" : "live";
  }

  drawCharts() {
    if (this.visible) for (const chart of this.charts) chart.draw();
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.visible = visible;
    if (!visible) this.stop();
  }

  stop() {
    for (const chart of this.charts) chart.stop();
  }
}
