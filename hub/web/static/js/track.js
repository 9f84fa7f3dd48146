// The way of a moving thing around COEX: a small plan in metres with a scale, without map tiles.

import { el, rem, svg } from "./dom.js";
import { t } from "./labels.js";

/**
 * @typedef {import("./flags.js").Point} Point
 * @typedef {import("./history.js").History} History
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {{latitude: number, longitude: number}} Position in degrees
 */

const COEX = { latitude: 37.5118, longitude: 127.0592 }; // the hall's centre
const NEAR = 3000; // metres; further away COEX is left out of the picture
const LEAST = 120; // metres; the smallest extent, so that GNSS noise does not fill the plan
const POINTS = 400; // newest that are drawn
const METRES_PER_DEGREE = 111320; // of latitude; longitude shrinks by the cosine

const STEPS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000, 500000];

/**
 * The place in metres east and south of the hall's centre; null where it is not known.
 * @param {Raw | undefined} latitude
 * @param {Raw | undefined} longitude
 * @returns {Point | null}
 */
const metres = (latitude, longitude) =>
  typeof latitude === "number" && typeof longitude === "number"
    ? {
        x: (longitude - COEX.longitude) * METRES_PER_DEGREE * Math.cos((COEX.latitude * Math.PI) / 180),
        y: (COEX.latitude - latitude) * METRES_PER_DEGREE,
      }
    : null;

/** @param {History} history */
function pathOf(history) {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => history.column(name));
  const first = Math.max(0, latitude.length - POINTS);
  return latitude.slice(first).flatMap((degrees, row) => metres(degrees, longitude[first + row]) ?? []);
}

/**
 * @param {Point[]} points
 * @param {number} aspect
 */
function frame(points, aspect) {
  const near = points.some(({ x, y }) => Math.hypot(x, y) < NEAR);
  const all = near ? [...points, { x: 0, y: 0 }] : points;
  const [left, right] = [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...all.map(({ y }) => y)), Math.max(...all.map(({ y }) => y))];
  const height = Math.max(LEAST, (bottom - top) * 1.45, ((right - left) * 1.45) / aspect);
  return {
    near,
    height,
    width: height * aspect,
    x: (left + right) / 2 - (height * aspect) / 2,
    y: (top + bottom) / 2 - height / 2,
  };
}

/** A plan that follows one device: {node, draw(device)}. */
export function track() {
  const drawing = svg("svg", { class: "track-plan", role: "img", "aria-label": t("location") });
  const node = el("div", { class: "track" }, drawing);

  /** @param {PageDevice} device */
  function draw(device) {
    const { clientWidth: width, clientHeight: height } = node;
    if (!width || !height) return;
    const path = pathOf(device.history);
    const here = metres(device.last.latitude, device.last.longitude);
    const points = path.length || !here ? path : [here];
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawing.replaceChildren(...(points.length ? plan(points, width, height) : []));
  }

  return { node, draw };
}

/**
 * @param {Point[]} points
 * @param {number} width
 * @param {number} height
 */
function plan(points, width, height) {
  const view = frame(points, width / height);
  const scale = width / view.width;
  /** @type {(point: Point) => [number, number]} */
  const at = ({ x, y }) => [(x - view.x) * scale, (y - view.y) * scale];
  const text = rem() * (height < rem() * 8 ? 0.72 : 0.85);
  const head = at(points[points.length - 1]);
  return [
    ...(view.near ? landmark(at({ x: 0, y: 0 }), text, width) : []),
    svg("polyline", {
      class: "track-way",
      points: points
        .map((point) =>
          at(point)
            .map((n) => n.toFixed(1))
            .join(","),
        )
        .join(" "),
    }),
    svg("circle", { class: "track-halo", cx: head[0], cy: head[1], r: text * 0.85 }),
    svg("circle", { class: "track-head", cx: head[0], cy: head[1], r: text * 0.45 }),
    ...scaleBar(scale, width, height, text),
    svg(
      "text",
      { class: "track-north", x: width - 10, y: height - 9, "text-anchor": "end", "font-size": text },
      `${t("north")} ↑`,
    ),
  ];
}

/**
 * @param {[number, number]} place
 * @param {number} text
 * @param {number} width
 */
function landmark([x, y], text, width) {
  const half = text * 0.5;
  const left = x > width - text * 5; // no room for the name on the right
  const label = left ? { x: x - half - 5, "text-anchor": "end" } : { x: x + half + 5 };
  return [
    svg("rect", { class: "track-coex", x: x - half, y: y - half, width: half * 2, height: half * 2 }),
    svg("text", { class: "track-label", ...label, y: y + text * 0.35, "font-size": text }, t("coex")),
  ];
}

/**
 * @param {number} scale px of a metre
 * @param {number} width
 * @param {number} height
 * @param {number} text
 */
function scaleBar(scale, width, height, text) {
  const length = STEPS.filter((step) => step * scale <= width * 0.35).pop() ?? STEPS[0];
  const words = length >= 1000 ? t("kilometres_scale", { n: length / 1000 }) : t("metres_scale", { n: length });
  const y = height - 10;
  return [
    svg("path", { class: "track-scale", d: `M10 ${y - 5}V${y}H${10 + length * scale}V${y - 5}` }),
    svg("text", { class: "track-label", x: 16 + length * scale, y: y + 1, "font-size": text }, words),
  ];
}
