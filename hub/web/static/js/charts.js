// Time charts and sparklines of the last minutes, drawn by uPlot on small canvases.

import uPlot from "../vendor/uplot-1.6.32/uPlot.esm.js";
import { rem } from "./dom.js";
import { clock, digitsOf, number } from "./format.js";
import { WINDOW } from "./history.js";
import { said, t } from "./labels.js";

/** @typedef {import("./history.js").History} History */

const ALIVE = 96; // canvases at one time; beyond that a card goes without its charts
let alive = 0;
let now = 0; // epoch seconds: the right edge of every chart
/** @type {Record<"line" | "fill" | "band" | "grid" | "text", string> | null} */
let colours = null;

/**
 * Move the right edge of all charts.
 * @param {number} milliseconds
 */
export function setNow(milliseconds) {
  now = milliseconds / 1000;
}

function palette() {
  if (colours) return colours;
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  colours = {
    line: read("accent"),
    fill: read("accent-fill"),
    band: read("band"),
    grid: read("line"),
    text: read("soft"),
  };
  return colours;
}

/**
 * A range of a field's values within which differences are noise, no news.
 * @param {Pick<Field, "minimum" | "maximum" | "normal">} field
 */
export function leastRange(field) {
  const declared = (field.maximum ?? 100) - (field.minimum ?? 0);
  const [low, high] = field.normal ?? [null, null];
  return low !== null && high !== null ? (high - low) * 0.2 : Math.min(declared * 0.05, 20);
}

/**
 * The y range: what was measured with air around it, never so narrow that noise looks like news.
 * @param {Field} field
 * @returns {uPlot.Range.Function}
 */
function yRange(field) {
  const least = leastRange(field);
  return (chart, min, max) => {
    if (min === null || max === null) return [field.minimum ?? 0, field.maximum ?? 1];
    const missing = Math.max(0, least - (max - min)) / 2;
    const air = Math.max((max - min) * 0.12, least * 0.05);
    const floor = min >= (field.minimum ?? -Infinity) ? (field.minimum ?? -Infinity) : -Infinity;
    return [Math.max(floor, min - missing - air), max + missing + air];
  };
}

/**
 * @param {[number | null, number | null]} normal
 * @returns {(chart: uPlot) => void}
 */
function bandHook([low, high]) {
  return (chart) => {
    const { left, top, width, height } = chart.bbox;
    const pixel = (/** @type {number | null} */ value, /** @type {number} */ open) =>
      value === null ? open : Math.min(top + height, Math.max(top, chart.valToPos(value, "y", true)));
    const from = pixel(high, top);
    const to = pixel(low, top + height);
    chart.ctx.fillStyle = palette().band;
    chart.ctx.fillRect(left, from, width, Math.max(0, to - from));
  };
}

/**
 * @param {Field} field
 * @returns {uPlot.Axis[]}
 */
function axes(field) {
  const size = rem();
  const common = {
    stroke: palette().text,
    font: `${Math.round(size * 0.78)}px ${getComputedStyle(document.body).fontFamily}`,
    ticks: { show: false },
  };
  const grid = { stroke: palette().grid, width: 1 };
  const digits = Math.min(digitsOf(field), 2);
  const short = (/** @type {number} */ value) => number(value, Number.isInteger(value) ? 0 : Math.max(1, digits));
  return [
    {
      ...common,
      grid: { show: false },
      size: size * 1.5,
      space: size * 3.6,
      gap: 4,
      values: (_, splits) => splits.map((at) => clock(at * 1000, false)),
      incrs: [60, 120, 300],
    },
    {
      ...common,
      grid,
      size: size * 3.2,
      space: size * 2.2,
      gap: 4,
      values: (_, splits) => splits.map(short),
    },
  ];
}

/**
 * @param {Field} field
 * @param {HTMLElement} host
 * @param {boolean} withAxes
 * @returns {uPlot.Options}
 */
function options(field, host, withAxes) {
  const { line, fill } = palette();
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    padding: withAxes ? [6, 6, 0, 0] : [3, 2, 3, 2],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: true, range: () => [now - WINDOW, now] }, y: { range: yRange(field) } },
    axes: withAxes ? axes(field) : [{ show: false }, { show: false }],
    series: [
      {},
      {
        stroke: line,
        fill: withAxes ? fill : undefined,
        width: rem() * (withAxes ? 0.14 : 0.11),
        points: { show: false },
        fillTo: (chart) => chart.scales.y.min ?? 0,
      },
    ],
    hooks: field.normal ? { drawClear: [bandHook(field.normal)] } : {},
  };
}

/** A chart of one field in `host`, which gives its size; lives only while it is on screen. */
export class Chart {
  /**
   * @param {HTMLElement} host
   * @param {Field} field
   * @param {History} history
   */
  constructor(host, field, history, { withAxes = false } = {}) {
    this.host = host;
    this.field = field;
    this.history = history;
    this.withAxes = withAxes;
    /** @type {uPlot | null} */
    this.plot = null;
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", t("chart_label", { field: said(field.label, field.name) }));
    this.sizes = new ResizeObserver(() => this.#resize());
  }

  start() {
    if (this.plot || alive >= ALIVE || !this.host.clientWidth || !this.host.clientHeight) return;
    this.plot = new uPlot(options(this.field, this.host, this.withAxes), this.#data(), this.host);
    alive += 1;
    this.sizes.observe(this.host);
  }

  stop() {
    if (!this.plot) return;
    this.sizes.disconnect();
    this.plot.destroy();
    this.plot = null;
    alive -= 1;
  }

  draw() {
    if (this.plot) this.plot.setData(this.#data());
    else this.start();
  }

  /** @returns {uPlot.AlignedData} */
  #data() {
    return [this.history.times, this.history.column(this.field.name)];
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (this.plot && width && height && (width !== this.plot.width || height !== this.plot.height)) {
      this.plot.setSize({ width, height });
    }
  }
}
