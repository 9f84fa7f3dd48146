// The floor plan: booths at their places, with the sign of their state and their rejections.

import { boothState, groupBy, tally } from "./attention.js";
import { el, rem, svg } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { shapeOf, sign, toneOf } from "./signs.js";

const VALUES = new Set(["alarm", "normal", "warning"]);
const MARGIN = 1; // metres around the booths
let ruler = null;

/** How wide `text` is at `size` in the bold type of the plan. */
function widthOf(text, size) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `700 100px ${getComputedStyle(document.body).fontFamily}`;
  return (ruler.measureText(text).width / 100) * size;
}

/** Break `text` into at most `most` lines of `width`; words stay whole where they can. */
function lines(text, width, size, most) {
  const found = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (widthOf(longer, size) <= width || !line) line = longer;
    else {
      found.push(line);
      line = word;
    }
  }
  found.push(line);
  const last = found.slice(most - 1).join(" ");
  return [...found.slice(0, most - 1), ...(last ? [last] : [])].map((part) => cut(part, width, size));
}

function cut(text, width, size) {
  if (widthOf(text, size) <= width) return text;
  let kept = text;
  while (kept && widthOf(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}

function extent(booths) {
  const places = booths.map(({ place }) => place);
  const x = Math.min(...places.map((place) => place.x)) - MARGIN;
  const y = Math.min(...places.map((place) => place.y)) - MARGIN;
  const right = Math.max(...places.map((place) => place.x + place.width)) + MARGIN;
  const bottom = Math.max(...places.map((place) => place.y + place.depth)) + MARGIN;
  return { x, y, width: right - x, height: bottom - y };
}

export class FloorPlan {
  constructor(state) {
    this.state = state;
    this.drawing = svg("svg", { class: "floor-plan", role: "group", "aria-label": t("floor_plan") });
    this.host = el("div", { class: "floor-host" }, this.drawing);
    this.strays = el("div", { class: "floor-strays" });
    this.node = el("section", { class: "panel floor" }, this.host, this.strays);
    this.shown = "";
    this.items = [];
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.host);
  }

  close() {
    this.sizes.disconnect();
  }

  #booths(items) {
    const troubles = groupBy(
      items.filter((item) => VALUES.has(item.what)),
      (item) => item.device.booth,
    );
    const groups = groupBy([...this.state.devices.values()], (device) => device.booth);
    return this.state.booths().map((booth) => {
      const sum = tally(groups.get(booth.id) ?? []);
      return {
        ...booth,
        sum,
        items: troubles.get(booth.id) ?? [],
        replayed: (groups.get(booth.id) ?? []).some((device) => device.replayed),
        state: boothState(sum, booth.devices?.expected ?? 0),
      };
    });
  }

  /** Draw again when anything that can be seen changed; `items` are what needs attention. */
  draw(items = this.items) {
    this.items = items;
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!width || !height) return;
    const booths = this.#booths(items);
    const key = JSON.stringify([
      width,
      height,
      booths.map((booth) => [
        booth.id,
        booth.state,
        booth.sum.live,
        booth.sum.late,
        booth.sum.total,
        booth.items.map((item) => item.level),
        booth.rejections,
        booth.replayed,
      ]),
    ]);
    if (key === this.shown) return;
    this.shown = key;
    const placed = booths.filter((booth) => booth.place);
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.replaceChildren(...(placed.length ? plan(placed, width, height) : []));
    this.host.dataset.empty = placed.length ? "" : t("floor_none");
    this.#drawStrays(booths.filter((booth) => !booth.place));
  }

  #drawStrays(booths) {
    const chips = booths.map((booth) =>
      el(
        "a",
        { class: "stray", href: pageOf(booth.id), "data-tone": toneOf(booth.state) },
        sign(booth.state),
        el("span", {}, booth.replayed ? `${t("replay")} ` : "", said(booth.name, booth.id)),
      ),
    );
    this.strays.replaceChildren(
      ...(chips.length ? [el("span", { class: "strays-title" }, t("not_on_plan")), ...chips] : []),
    );
    this.strays.hidden = chips.length === 0;
  }
}

/** The exhibitor's page of a booth. */
export const pageOf = (id) => `/booths/${encodeURIComponent(id)}`;

function plan(booths, width, height) {
  const hall = extent(booths);
  const scale = Math.min(width / hall.width, height / hall.height);
  const left = (width - hall.width * scale) / 2;
  const top = (height - hall.height * scale) / 2;
  const at = ({ x, y, width: w, depth: d }) => ({
    x: left + (x - hall.x) * scale,
    y: top + (y - hall.y) * scale,
    width: w * scale,
    height: d * scale,
  });
  const boxes = booths.map((booth) => at(booth.place));
  const size = typeSize(boxes);
  return booths.map((booth, index) => stand(booth, boxes[index], size));
}

const LEAST = 11; // px; below that a stand shows its sign and id only

/** One size of type for all booths: what fits the smallest, unless that is much smaller than most. */
function typeSize(boxes) {
  const fits = boxes.map((box) => Math.min(box.height / 5.7, box.width / 6.4)).sort((a, b) => a - b);
  return Math.min(Math.max(fits[0], fits[Math.floor(fits.length / 2)] * 0.75), rem() * 1.7);
}

/** "Live 3/3", or how many of its devices are not: "Late 1/3". */
function stateWords({ state, sum, devices }) {
  if (!sum.total) return t("empty");
  for (const worse of ["offline", "late"]) {
    if (sum[worse]) return `${t(worse)} ${sum[worse]}/${sum.total}`;
  }
  return `${t("live")} ${sum.live}/${Math.max(sum.total, devices?.expected ?? 0)}`;
}

/** How many of a booth's values and warnings need attention, with the sign of the worst. */
function trouble({ items }, right, top, size) {
  if (!items.length) return { width: 0, node: null };
  const level = items.some((item) => item.level === "bad") ? "bad" : "warn";
  const count = String(items.length);
  const width = widthOf(count, size) + size * 1.35;
  const node = svg(
    "g",
    { class: "stand-trouble", "data-level": level },
    placedSign(level === "bad" ? "alarm" : "warning", right - width, top, size * 1.15),
    svg("text", { x: right, y: top + size * 0.95, "text-anchor": "end", "font-size": size }, count),
  );
  return { width: width + size * 0.4, node };
}

const placedSign = (state, x, y, size) =>
  svg("g", { transform: `translate(${x} ${y}) scale(${size / 16})` }, shapeOf(state));

/** The first of `choices` that fits into `width`; the last when none does. */
const fitting = (choices, width, size) =>
  choices.find((text) => widthOf(text, size) <= width) ?? choices.at(-1);

function stand(booth, box, size) {
  const full = size >= LEAST;
  const name = said(booth.name, booth.id);
  const replay = booth.replayed ? t("replay") : "";
  const about = [booth.id, name, replay, stateWords(booth), rejectedWords(booth)].filter(Boolean).join(" · ");
  return svg(
    "a",
    {
      class: "stand",
      href: pageOf(booth.id),
      "data-tone": toneOf(booth.state),
      "data-replayed": booth.replayed ? "" : null,
    },
    svg("title", {}, about),
    svg("rect", {
      class: "stand-box",
      x: box.x,
      y: box.y,
      width: box.width,
      height: box.height,
      rx: Math.min(10, box.height * 0.12),
    }),
    full ? standWords(booth, name, box, size) : standSign(booth, box),
  );
}

const rejectedWords = (booth) =>
  booth.rejections > 0 ? t("rejected_n", { n: number(booth.rejections) }) : "";

/** A band along the foot of a stand: what it shows was recorded earlier. */
function replayed(box, size) {
  const words = fitting([t("replay"), t("replay_short")], box.width - size, size * 0.95);
  const height = size * 1.5;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height - height * 0.3 };
  return svg(
    "g",
    { class: "stand-replay" },
    svg("rect", { x: box.x, y: box.y + box.height - height, width: box.width, height }),
    svg("text", { ...middle, "text-anchor": "middle", "font-size": size * 0.95 }, words),
  );
}

/** All that a small stand has room for. */
function standSign(booth, box) {
  const size = Math.min(box.width, box.height) * 0.5;
  const state = booth.items.some((item) => item.level === "bad") ? "alarm" : booth.state;
  return svg(
    "g",
    { class: "stand-sign" },
    placedSign(state, box.x + (box.width - size) / 2, box.y + (box.height - size) / 2, size),
  );
}

function standWords(booth, name, box, size) {
  const pad = size * 0.5;
  const mark = size * 1.15;
  const [left, right, top] = [box.x + pad, box.x + box.width - pad, box.y + pad];
  const foot = box.y + box.height - pad - size * 0.12;
  const inner = right - left;
  const text = (className, x, y, content, extra = {}) =>
    svg("text", { class: className, x, y, "font-size": size, ...extra }, content);
  const worry = trouble(booth, right, top, size);
  const words = stateWords(booth);
  const state = fitting([words, words.split(" ").at(-1), ""], inner - mark - size * 0.4 - worry.width, size);
  const rejected = rejectedWords(booth);
  const fits = widthOf(rejected, size) + widthOf(booth.id, size) + size < inner;
  const id = fits && !booth.replayed ? booth.id : "";
  const room = Math.max(1, Math.floor((box.height - pad * 2 - size * 2.2) / (size * 1.2)));
  return [
    svg("g", { class: "stand-sign" }, placedSign(booth.state, left, top, mark)),
    text("stand-state", left + mark + size * 0.4, top + size * 0.95, state),
    worry.node,
    lines(name, inner, size, Math.min(room, 3)).map((line, row) =>
      text("stand-name", left, top + size * (2.3 + row * 1.2), line),
    ),
    booth.replayed ? replayed(box, size) : null,
    booth.replayed ? null : text("stand-rejected", left, foot, rejected),
    text("stand-id", right, foot, id, { "text-anchor": "end" }),
  ];
}
