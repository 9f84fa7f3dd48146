// The board of one domain as the hall sees it: what is large enough to be read from five metres, in
// pages of whole rows; beyond two screens of devices one card for each kind.

import { Card } from "./cards.js";
import { groupBy, headlineOf, tally } from "./attention.js";
import { byPlace } from "./board.js";
import { el, rem, setText, show } from "./dom.js";
import { numeric } from "./fields.js";
import { number } from "./format.js";
import { WINDOW } from "./history.js";
import { said, t } from "./labels.js";
import { loadHistory } from "./loader.js";
import { tallyMarks } from "./parts.js";
import { replayBadge } from "./signs.js";
import { SummaryCard } from "./summary_card.js";
import { shortName } from "./type.js";

/**
 * @typedef {import("./boards.js").NamedDomain} NamedDomain
 * @typedef {import("./state.js").Changes} Changes
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {import("./state.js").State} State
 */

const EACH = 24; // devices up to which each has its card
const WIDTH = 25; // rem that a card needs
const HEIGHT = 15;
const LINE = 2.75; // rem of another field's line, where a card is higher than it needs to be
const SHAPE = 1.8; // width to height that a card looks best in

/**
 * How many columns and rows `count` cards are laid out in: {columns, rows, capacity of a page}.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 */
export function layoutOf(count, width, height) {
  const most = { columns: Math.max(1, Math.floor(width / WIDTH)), rows: Math.max(1, Math.floor(height / HEIGHT)) };
  const capacity = most.columns * most.rows;
  const each = Math.ceil(count / Math.ceil(count / capacity));
  let best = { ...most, off: Infinity };
  for (let columns = 1; columns <= most.columns; columns += 1) {
    const rows = Math.ceil(each / columns);
    const off = Math.abs(Math.log(width / columns / (height / rows) / SHAPE)) + (columns * rows - each) * 0.1;
    if (rows <= most.rows && off < best.off) best = { columns, rows, off };
  }
  return { columns: best.columns, rows: best.rows, each: each || 1 };
}

/**
 * The devices of a domain, as they are laid out.
 * @param {State} state
 * @param {string} id
 */
const devicesOf = (state, id) =>
  [...state.devices.values()].filter((device) => device.domain === id).sort(byPlace);

/**
 * Load what the charts of a domain's first page will show, before its turn.
 * @param {State} state
 * @param {string} id
 */
export function prepare(state, id) {
  const devices = devicesOf(state, id);
  if (devices.length > EACH) return;
  for (const device of devices) {
    const field = headlineOf(state.kindOf(device));
    if (numeric(field)) loadHistory(state, device, WINDOW, field.name);
  }
}

export class WallBoard {
  /**
   * @param {State} state
   * @param {NamedDomain} domain
   */
  constructor(state, domain, page = 0) {
    this.state = state;
    this.id = domain.id;
    this.page = page;
    /** @type {PageDevice[]} */
    this.devices = [];
    /** @type {(() => Card | SummaryCard)[]} */
    this.makers = [];
    /** @type {(Card | SummaryCard)[]} */
    this.cards = [];
    this.layout = layoutOf(1, 1, 1);
    this.room = 0; // lines of a card for fields beside the headline
    this.title = said(domain.label, domain.id);
    this.tally = tallyMarks();
    this.rate = el("span", { class: "board-rate" });
    this.pages = el("span", { class: "board-pages" });
    this.replay = replayBadge();
    this.grid = el("div", { class: "pages" });
    const head = el(
      "header",
      { class: "board-head" },
      el("h2", {}, this.title),
      this.replay,
      this.tally.node,
      this.rate,
      this.pages,
    );
    this.node = el("section", { class: "board", "aria-label": this.title }, head, this.grid);
  }

  /**
   * Fill the board; called when it is in the document.
   * @param {Element} host
   * @param {number} now
   */
  open(host, now) {
    this.devices = devicesOf(this.state, this.id);
    const kinds = groupBy(this.devices, (device) => device.kind);
    this.makers =
      this.devices.length > EACH
        ? [...kinds.values()].map((items) => () => this.#summary(items))
        : this.devices.map((device) => () => this.#card(device));
    const { clientWidth, clientHeight } = this.grid;
    this.layout = layoutOf(this.makers.length, clientWidth / rem(), clientHeight / rem());
    const spare = clientHeight / rem() / this.layout.rows - HEIGHT - LINE;
    this.room = Math.max(0, Math.floor(spare / LINE));
    this.#fill(now);
  }

  /** @param {PageDevice[]} devices of one kind */
  #summary(devices) {
    return new SummaryCard(
      this.state,
      this.state.kindOf(devices[0]),
      devices.map(({ key }) => key),
    );
  }

  /** @param {PageDevice} device */
  #card(device) {
    const booth = this.state.booth(device.booth);
    const name = shortName(said(booth.name, booth.id));
    const card = new Card(device, this.state.kindOf(device), name, "wall", this.room);
    card.visible = true;
    this.#load(card);
    return card;
  }

  /** @param {Card} card */
  async #load(card) {
    if (!card.headline.chart) return;
    await loadHistory(this.state, card.device, WINDOW, card.headline.field.name);
    if (this.cards.includes(card)) card.drawCharts();
  }

  /** @param {number} now */
  #fill(now) {
    const { columns, rows, each } = this.layout;
    const pages = Math.max(1, Math.ceil(this.makers.length / each));
    this.page = Math.min(this.page, pages - 1);
    this.close();
    this.cards = this.makers.slice(this.page * each, (this.page + 1) * each).map((make) => make());
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.style.setProperty("--rows", String(rows));
    this.grid.replaceChildren(...this.cards.map((card) => card.node));
    setText(this.pages, pages > 1 ? `${this.page + 1}/${pages}` : "");
    for (const card of this.cards) card.draw(now);
    this.drawCharts();
  }

  /**
   * Show the next page; false when there is none.
   * @param {number} now
   */
  nextPage(now) {
    if ((this.page + 1) * this.layout.each >= this.makers.length) return false;
    this.page += 1;
    this.#fill(now);
    return true;
  }

  /**
   * @param {Pick<Changes, "devices">} changes
   * @param {number} now
   */
  draw(changes, now) {
    for (const card of this.cards) {
      if (card instanceof Card && changes.devices.has(card.device.key)) card.dirty = true;
      card.draw(now);
    }
    const sum = tally(this.devices);
    this.tally.set(sum);
    show(
      this.replay,
      this.devices.some((device) => device.replayed),
    );
    setText(this.rate, sum.rate ? t("board_rate", { n: number(sum.rate, sum.rate < 10 ? 1 : 0) }) : "");
  }

  drawCharts() {
    for (const card of this.cards) card.drawCharts();
  }

  close() {
    for (const card of this.cards) card.stop();
  }
}
