// The way of a moving thing around COEX: a small plan in metres with a scale, without map tiles.

import { el, rem, svg } from "./dom.js";
import { t } from "./labels.js";

const COEX = { latitude: 37.5118, longitude: 127.0592 }; // the hall's centre
const NEAR = 3000; // metres; further away COEX is left out of the picture
const LEAST = 120; // metres; the smallest extent, so that GNSS noise does not fill the plan
const POINTS = 400; // newest that are drawn
const METRES_PER_DEGREE = 111320; // of latitude; longitude shrinks by the cosine

const STEPS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000, 500000];

const metres = ({ latitude, longitude }) => ({
  x: (longitude - COEX.longitude) * METRES_PER_DEGREE * Math.cos((COEX.latitude * Math.PI) / 180),
  y: (COEX.latitude - latitude) * METRES_PER_DEGREE,
});

function pathOf(history) {
  const { latitude = [], longitude = [] } = history.columns;
  const points = [];
  for (let row = Math.max(0, latitude.length - POINTS); row < latitude.length; row += 1) {
    if (Number.isFinite(latitude[row]) && Number.isFinite(longitude[row])) {
      points.push(metres({ latitude: latitude[row], longitude: longitude[row] }));
    }
  }
  return points;
}

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

  function draw(device) {
    const { clientWidth: width, clientHeight: height } = node;
    if (!width || !height) return;
    const points = pathOf(device.history);
    const { latitude, longitude } = device.last;
    if (!points.length && Number.isFinite(latitude) && Number.isFinite(longitude))
      points.push(metres(device.last));
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawing.replaceChildren(...(points.length ? plan(points, width, height) : []));
  }

  return { node, draw };
}

function plan(points, width, height) {
  const view = frame(points, width / height);
  const scale = width / view.width;
  const at = ({ x, y }) => [(x - view.x) * scale, (y - view.y) * scale];
  const text = rem() * (height < rem() * 8 ? 0.72 : 0.85);
  const head = at(points.at(-1));
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

function landmark([x, y], text, width) {
  const half = text * 0.5;
  const left = x > width - text * 5; // no room for the name on the right
  const label = left ? { x: x - half - 5, "text-anchor": "end" } : { x: x + half + 5 };
  return [
    svg("rect", { class: "track-coex", x: x - half, y: y - half, width: half * 2, height: half * 2 }),
    svg("text", { class: "track-label", ...label, y: y + text * 0.35, "font-size": text }, t("coex")),
  ];
}

function scaleBar(scale, width, height, text) {
  const length = STEPS.filter((step) => step * scale <= width * 0.35).pop() ?? STEPS[0];
  const words = length >= 1000 ? t("kilometres_scale", { n: length / 1000 }) : t("metres_scale", { n: length });
  const y = height - 10;
  return [
    svg("path", { class: "track-scale", d: `M10 ${y - 5}V${y}H${10 + length * scale}V${y - 5}` }),
    svg("text", { class: "track-label", x: 16 + length * scale, y: y + 1, "font-size": text }, words),
  ];
}
