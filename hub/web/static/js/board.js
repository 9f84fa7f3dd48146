// The board of one domain: a card for each device, in a grid that fills the screen; of many devices a
// card for each kind, and for what needs attention.

import { Card } from "./cards.js";
import { deviceLevel, groupBy, tally } from "./attention.js";
import { el, setText, show } from "./dom.js";
import { number } from "./format.js";
import { WINDOW } from "./history.js";
import { said, t } from "./labels.js";
import { loadHistory } from "./loader.js";
import { emptyState, tallyMarks } from "./parts.js";
import { replayBadge } from "./signs.js";
import { SummaryCard } from "./summary_card.js";

/**
 * @typedef {import("./cards.js").Density} Density
 * @typedef {import("./attention.js").Level} Level
 * @typedef {import("./boards.js").NamedDomain} NamedDomain
 * @typedef {import("./state.js").Changes} Changes
 * @typedef {import("./state.js").PageDevice} PageDevice
 * @typedef {import("./state.js").State} State
 */

const LARGE = 4; // devices up to which cards are large
const NORMAL = 8; // up to which each field has its sparkline
const MEDIUM = 24; // up to which each field is shown; beyond that kinds, and on demand headlines
const FULL_SCREEN = 10; // up to which the grid is stretched over the screen, in cards that fit on it
const LOADS = 3; // histories fetched at one time

/**
 * The densities to try, until one fits on the screen.
 * @param {number} count
 * @returns {Density[]}
 */
function densitiesOf(count) {
  if (count <= LARGE) return ["large", "normal", "medium"];
  if (count <= NORMAL) return ["normal", "medium"];
  return count <= MEDIUM ? ["medium"] : ["compact"];
}

/**
 * Columns that a few cards are laid out in, so that they fill a wide screen evenly.
 * @param {number} count
 */
const columnsOf = (count) => (count <= 3 ? count : Math.ceil(count / 2));

/**
 * @param {Address} a
 * @param {Address} b
 */
export const byPlace = (a, b) =>
  a.kind.localeCompare(b.kind) ||
  a.booth.localeCompare(b.booth) ||
  a.device.localeCompare(b.device, "en", { numeric: true });

/** @type {Record<Level, number>} */
const RANK = { bad: 0, warn: 1, note: 2, ok: 3 };

export class DomainBoard {
  /**
   * @param {State} state
   * @param {NamedDomain} domain
   * @param {number} page 1 once somebody wanted all of many devices, which are folded first
   */
  constructor(state, domain, page = 0) {
    this.state = state;
    this.id = domain.id;
    this.page = page;
    /** @type {SummaryCard[]} */
    this.kinds = [];
    this.amiss = "";
    this.title = said(domain.label, domain.id);
    this.rate = el("span", { class: "board-rate" });
    this.tally = tallyMarks();
    this.grid = el("div", { class: "grid" });
    this.replay = replayBadge();
    const title = el("h2", {}, this.title);
    const head = el("header", { class: "board-head" }, title, this.replay, this.tally.node, this.rate);
    this.node = el("section", { class: "board", "aria-label": this.title }, head, this.grid);
    /** @type {Card[]} */
    this.waiting = [];
    this.loading = 0;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    this.now = Date.now(); // epoch ms of the latest drawing
    this.seen = new IntersectionObserver((entries) => this.#intersected(entries), { rootMargin: "80px" });
  }

  /**
   * Fill the board; called when it is in the document, so that cards can be tried for size in `host`.
   * @param {Element} host
   * @param {number} now
   */
  open(host, now) {
    const devices = this.#devices().sort(byPlace);
    if (devices.length > MEDIUM && !this.page) this.#fold(devices, host);
    else this.#unfold(devices, host, now);
    this.draw({ devices: new Set() }, now);
  }

  /**
   * @param {PageDevice[]} devices
   * @param {Element} host
   */
  #fold(devices, host) {
    const kinds = [...groupBy(devices, (device) => device.kind).values()];
    this.kinds = kinds.map((items) => {
      const keys = items.map(({ key }) => key);
      return new SummaryCard(this.state, this.state.kindOf(items[0]), keys);
    });
    const grid = el(
      "div",
      { class: "grid kinds" },
      this.kinds.map(({ node }) => node),
    );
    const press = () => {
      this.page = 1;
      this.kinds = [];
      for (const node of [grid, all]) node.remove();
      this.open(host, this.now);
    };
    const all = el(
      "button",
      { class: "language all-devices", type: "button", "data-key": "all devices", onclick: press },
      t("devices_all", { n: number(devices.length) }),
    );
    this.grid.before(grid);
    this.node.append(all);
  }

  /**
   * Of many devices that are folded, those that need attention.
   * @param {number} now
   */
  #drawFolded(now) {
    for (const card of this.kinds) card.draw();
    const amiss = this.#devices().filter((device) => ["bad", "warn"].includes(this.#level(device)));
    const shown = amiss.sort(byPlace).slice(0, MEDIUM);
    const keys = shown.map(({ key }) => key).join();
    if (keys === this.amiss) return;
    this.amiss = keys;
    this.#fill(shown, "compact", now);
    this.#watch();
  }

  /**
   * @param {PageDevice[]} devices
   * @param {Element} host
   * @param {number} now
   */
  #unfold(devices, host, now) {
    for (const density of densitiesOf(devices.length)) {
      this.#fill(devices, density, now);
      if (devices.length > FULL_SCREEN || host.scrollHeight <= host.clientHeight + 2) break;
    }
    this.#watch();
  }

  /** Load and draw only what can be seen. */
  #watch() {
    this.seen.disconnect();
    for (const card of this.cards.values()) {
      card.visible = false;
      this.seen.observe(card.node);
    }
  }

  #devices() {
    return [...this.state.devices.values()].filter((device) => device.domain === this.id);
  }

  /**
   * @param {PageDevice[]} devices
   * @param {Density} density
   * @param {number} now
   */
  #fill(devices, density, now) {
    if (density === "compact") devices.sort((a, b) => RANK[this.#level(a)] - RANK[this.#level(b)]);
    this.cards = new Map(devices.map((device) => [device.key, this.#card(device, density)]));
    this.grid.dataset.density = density;
    this.grid.style.setProperty("--columns", String(columnsOf(devices.length)));
    this.grid.classList.toggle("grid-fill", !this.kinds.length && devices.length <= FULL_SCREEN);
    const nodes = [...this.cards.values()].map((card) => card.node);
    const none = this.kinds.length ? [] : [emptyState(this.state, t("board_empty"))];
    this.grid.replaceChildren(...(nodes.length ? nodes : none));
    for (const card of this.cards.values()) {
      card.visible = true;
      card.draw(now);
    }
  }

  /** @param {PageDevice} device */
  #level(device) {
    return deviceLevel(device, this.state.kindOf(device));
  }

  /**
   * @param {PageDevice} device
   * @param {Density} density
   */
  #card(device, density) {
    const booth = this.state.booth(device.booth);
    return new Card(device, this.state.kindOf(device), said(booth.name, booth.id), density);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #intersected(entries) {
    for (const { target, isIntersecting } of entries) {
      const card = [...this.cards.values()].find(({ node }) => node === target);
      if (!card) continue;
      card.setVisible(isIntersecting);
      card.dirty = true;
      if (isIntersecting) this.#wantHistory(card);
    }
    this.draw({ devices: new Set() }, this.now);
    this.drawCharts();
  }

  /** @param {Card} card */
  #wantHistory(card) {
    if (card.density === "compact" && !card.headline.chart) return;
    this.waiting.push(card);
    this.#loadNext();
  }

  async #loadNext() {
    if (this.loading >= LOADS) return;
    const card = this.waiting.shift();
    if (!card) return;
    this.loading += 1;
    if (card.visible)
      await loadHistory(
        this.state,
        card.device,
        WINDOW,
        card.density === "compact" ? card.headline.field.name : null,
      );
    this.loading -= 1;
    this.#loadNext();
  }

  /**
   * Draw what changed, on the cards that can be seen.
   * @param {Pick<Changes, "devices">} changes
   * @param {number} now
   */
  draw(changes, now) {
    this.now = now;
    if (this.kinds.length) this.#drawFolded(now);
    for (const key of changes.devices) {
      const card = this.cards.get(key);
      if (card) card.dirty = true;
    }
    for (const card of this.cards.values()) card.draw(now);
    const devices = this.#devices();
    const sum = tally(devices);
    show(
      this.replay,
      devices.some((device) => device.replayed),
    );
    this.tally.set(sum);
    setText(this.rate, sum.rate ? t("board_rate", { n: number(sum.rate, sum.rate < 10 ? 1 : 0) }) : "");
  }

  drawCharts() {
    for (const card of this.cards.values()) card.drawCharts();
  }

  close() {
    this.seen.disconnect();
    this.waiting = [];
    for (const card of this.cards.values()) card.stop();
  }
}
