// The floor plan: booths at their places, a flag at each that needs attention, those without a place.

import { boothState, groupBy, tally } from "./attention.js";
import { el, rem, svg } from "./dom.js";
import { placed, roomFor } from "./flags.js";
import { said, t } from "./labels.js";
import { Movers } from "./movers.js";
import { Rings } from "./rings.js";
import { boothMute } from "./mutes.js";
import { stand } from "./stand.js";
import { Strays } from "./strays.js";
import { cut, shortName, widthOf } from "./type.js";

/**
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 * @typedef {import("./flags.js").Box} Box
 * @typedef {import("./flags.js").Placed} Placed
 * @typedef {import("./flags.js").Point} Point
 * @typedef {import("./flags.js").Size} Size
 * @typedef {import("./stand.js").RowFlag} RowFlag
 * @typedef {import("./stand.js").Stand} Stand
 * @typedef {Stand & {box: Box}} Laid a stand that is on the plan, where that is in px
 * @typedef {Size & {parts: {text: string, width: number}[]}} FlagSize
 * @typedef {Laid & {flag: RowFlag, sizes: FlagSize[]}} Flagged
 */

const MARGIN = 0.6; // metres around the booths
const FLAG = 1.35; // rem of a flag's type
const DISC = 1.5; // heights of a flag's type that its disc measures
const NAME = 11; // widths of a flag's type that a name may take
const MANY = 12; // flagged stands; of more, flags say their numbers alone
const GONE = 600000; // ms after which a booth without a place that says nothing is left out

/** @param {Place[]} places */
function extent(places) {
  const x = Math.min(...places.map((place) => place.x)) - MARGIN;
  const y = Math.min(...places.map((place) => place.y)) - MARGIN;
  const right = Math.max(...places.map((place) => place.x + place.width)) + MARGIN;
  const bottom = Math.max(...places.map((place) => place.y + place.depth)) + MARGIN;
  return { x, y, width: right - x, height: bottom - y };
}

/**
 * What makes px of metres on the plan, which is as large as the area has room for.
 * @param {Place[]} places
 * @param {Size} area
 */
function projection(places, area) {
  const hall = extent(places);
  const scale = Math.min(area.width / hall.width, area.height / hall.height);
  const left = (area.width - hall.width * scale) / 2;
  const top = (area.height - hall.height * scale) / 2;
  const point = (/** @type {Point} */ { x, y }) => ({
    x: left + (x - hall.x) * scale,
    y: top + (y - hall.y) * scale,
  });
  return {
    box: (/** @type {Place} */ place) => ({
      ...point(place),
      width: place.width * scale,
      height: place.depth * scale,
    }),
    /**
     * Where a spot of the hall is; null when the plan does not show that part.
     * @param {Point} metres
     */
    spot(metres) {
      const { x, y } = point(metres);
      return x >= 0 && y >= 0 && x <= area.width && y <= area.height ? { x, y } : null;
    },
  };
}

/**
 * What a flag says, from all of it to its number alone.
 * @param {Stand} booth
 * @param {number} type px
 * @returns {FlagSize[]}
 */
function flagSizes(booth, type) {
  const name = cut(shortName(said(booth.name, booth.id)), type * NAME, type);
  const id = name === booth.id ? "" : booth.id;
  const disc = type * DISC;
  return [[id, name], [booth.id], []].map((words) => {
    const parts = words.filter(Boolean).map((text) => ({ text, width: widthOf(text.replace(/\d/g, "0"), type) }));
    const width = parts.reduce((sum, part) => sum + part.width + type * 0.45, disc);
    return { width: width + (parts.length ? type * 0.25 : 0), height: disc, parts };
  });
}

/**
 * @param {Flagged} booth
 * @param {NonNullable<Placed>} placed
 * @param {number} type px
 */
function flag(booth, { size, place }, type) {
  const { parts, height } = booth.sizes[size];
  const [middle, line] = [place.x + height / 2, place.y + height / 2];
  const texts = [];
  let x = place.x + height + type * 0.3;
  for (const { text, width } of parts) {
    const last = text === parts.at(-1)?.text;
    texts.push(svg("text", { class: last ? "flag-name" : "flag-id", x, y: line + type * 0.36 }, text));
    x += width + type * 0.45;
  }
  return svg(
    "g",
    { class: "flag", "data-level": booth.flag.level, "data-booth": booth.id, "font-size": type },
    svg("rect", { class: "flag-box", ...place, rx: height / 2 }),
    svg("circle", { class: "flag-disc", cx: middle, cy: line, r: height / 2 }),
    svg(
      "text",
      { class: "flag-number", x: middle, y: line + type * 0.36, "text-anchor": "middle" },
      String(booth.flag.number),
    ),
    texts,
  );
}

/**
 * A frame about a stand that is newly in trouble, which no distance can overlook.
 * @param {Box} box
 * @param {string} level
 */
function frame(box, level) {
  const out = rem() * 0.6;
  const size = { width: box.width + 2 * out, height: box.height + 2 * out };
  return svg("rect", {
    class: "stand-news",
    "data-level": level,
    x: box.x - out,
    y: box.y - out,
    ...size,
    rx: out,
  });
}

/**
 * @param {Flagged} booth
 * @param {NonNullable<Placed>} placed
 */
const leader = (booth, { from, to }) =>
  svg("line", {
    class: "flag-line",
    "data-level": booth.flag.level,
    x1: from.x,
    y1: from.y,
    x2: to.x,
    y2: to.y,
  });

/**
 * Flagged stands by their numbers, of each number one before any has a second.
 * @param {Laid[]} stands
 */
function inTurn(stands) {
  const turns = [...groupBy(stands, ({ flag }) => flag?.number ?? 0)].sort(([a], [b]) => a - b);
  return turns
    .flatMap(([, booths]) => booths.map((booth, turn) => ({ booth, turn })))
    .sort((a, b) => a.turn - b.turn)
    .map(({ booth }) => booth);
}

/**
 * The stands, above them the leader lines, above these the flags.
 * @param {Laid[]} stands
 * @param {Size} area
 * @param {number} flagType rem
 * @param {number} last number that can be read in the list
 */
function plan(stands, area, flagType, last) {
  const unit = rem();
  const type = flagType * unit;
  const flagged = stands.filter(({ flag }) => flag && flag.number <= last);
  const most = roomFor(area, type * DISC);
  const first = inTurn(flagged)
    .slice(0, most)
    .flatMap((booth) =>
      booth.flag
        ? { ...booth, flag: booth.flag, sizes: flagSizes(booth, type).slice(flagged.length > MANY ? 2 : 0) }
        : [],
    );
  const boxes = stands.map(({ box }) => box);
  const found = placed(first, boxes, area);
  const flown = first.flatMap((booth, index) => {
    const at = found[index];
    return at ? { booth, at } : [];
  });
  return [
    ...stands.map((booth) => stand(booth, booth.box, unit, flagType > FLAG)),
    ...stands.flatMap(({ box, flag, fresh }) => (flag && fresh ? frame(box, flag.level) : [])),
    ...flown.map(({ booth, at }) => leader(booth, at)),
    ...flown.map(({ booth, at }) => flag(booth, at, type)),
  ];
}

const TROUBLED = new Set(["offline", "part", "late", "missing"]);
export class FloorPlan {
  /**
   * `flagType` is the size of the flags' type, in rem.
   * @param {import("./state.js").State} state
   */
  constructor(state, flagType = FLAG) {
    this.state = state;
    this.flagType = flagType;
    this.shown = "";
    this.last = 0; // number that can be read in the list
    /** @type {TroubleRow[]} */
    this.rows = [];
    /** @type {Set<string>} booths of new alarms */
    this.news = new Set();
    this.drawing = svg("svg", { class: "floor-plan", role: "group", "aria-label": t("floor_plan") });
    this.rings = new Rings();
    this.movers = new Movers(state);
    /** @type {(metres: Point) => Point | null} */
    this.spot = () => null;
    this.host = el("div", { class: "floor-host" }, this.movers.node, this.drawing, this.rings.node);
    this.strays = new Strays();
    this.node = el("section", { class: "panel floor" }, this.host, this.strays.node);
    this.area = { width: 0, height: 0 }; // of the host; to ask for it would be a layout with each drawing
    this.sizes = new ResizeObserver(([{ contentRect }]) => {
      this.area = contentRect;
      this.draw();
    });
    this.sizes.observe(this.host);
  }

  close() {
    this.sizes.disconnect();
  }

  /**
   * Readings came from these booths just now: show it, and where things have driven.
   * @param {Set<string>} heard
   */
  live(heard) {
    this.rings.heard(heard);
    this.movers.draw(this.spot);
  }

  /**
   * @param {Stand[]} booths
   * @param {Size} area
   */
  #drawPlan(booths, area) {
    const places = booths.flatMap(({ place }) => place ?? []);
    this.host.dataset.empty = places.length ? "" : t("floor_none");
    if (!places.length) return this.drawing.replaceChildren();
    const { box, spot } = projection(places, area);
    const stands = booths.flatMap((booth) => (booth.place ? { ...booth, box: box(booth.place) } : []));
    this.spot = spot;
    this.rings.set(new Map(stands.map((booth) => [booth.id, booth.box])));
    this.drawing.replaceChildren(...plan(stands, area, this.flagType, this.last));
  }

  /**
   * @param {number} now
   * @returns {Stand[]}
   */
  #booths(now) {
    /** @type {Map<string, RowFlag>} */
    const flags = new Map();
    for (const { number: row, level, booths } of this.rows) {
      for (const id of booths) if (row && !flags.has(id)) flags.set(id, { number: row, level });
    }
    const groups = groupBy([...this.state.devices.values()], (device) => device.booth);
    return this.state.booths().map((booth) => {
      const devices = groups.get(booth.id) ?? [];
      const sum = tally(devices);
      const state = boothState(sum, booth.devices?.expected ?? 0, this.state);
      const mute = TROUBLED.has(state) ? boothMute(this.rows, booth.id) : null;
      return {
        ...booth,
        sum,
        mute,
        flag: flags.get(booth.id),
        fresh: this.news.has(booth.id),
        replayed: devices.some((device) => device.replayed),
        gone: !devices.some((device) => device.state !== "offline" || now - (device.seen ?? 0) < GONE),
        state: mute ? "muted" : state,
      };
    });
  }

  /**
   * Draw again when anything that can be seen changed: the numbered `rows`, the booths of `news`, the
   * `last` number that the list says.
   */
  draw(rows = this.rows, now = this.state.now(), news = this.news, last = this.last) {
    this.rows = rows;
    this.last = last;
    this.news = news;
    const { width, height } = this.area;
    if (!width || !height) return;
    const booths = this.#booths(now);
    const key = JSON.stringify([
      width,
      height,
      last,
      booths.map(({ id, state, sum, flag, fresh, replayed, gone, mute }) => [
        id,
        mute?.id,
        fresh,
        state,
        sum.live,
        sum.late,
        sum.total,
        flag,
        replayed,
        gone,
      ]),
    ]);
    if (key === this.shown) return;
    this.shown = key;
    // Sizes of its own: a drawing that takes those of its host is laid out again, all of it, whenever a
    // text beside it changes.
    for (const [side, px] of Object.entries({ width, height })) this.drawing.setAttribute(side, String(px));
    this.#drawPlan(booths, { width, height });
    this.strays.set(booths.filter((booth) => !booth.place && !(booth.gone && !booth.replayed)));
  }
}
