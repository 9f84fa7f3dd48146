// The outbox as a tank: it fills while the store is away, drains when it is back, and the sum closes.

import { hubNow } from "./api.js";
import { el, setData, setText, show } from "./dom.js";
import { number } from "./format.js";
import { keeps } from "./health.js";
import { saidMessage, t } from "./labels.js";
import { Outage } from "./outage.js";

/**
 * @typedef {import("./link.js").HubLink} HubLink
 * @typedef {import("./outage.js").Phase} Phase
 * @typedef {import("./state.js").State} State
 */

const MINUTE = 60; // seconds of readings that the tank has room for at first
const FIGURES = /** @type {const} */ (["arrived", "stored", "refused", "waiting", "lost"]);
/** @type {Record<Phase, "warn" | "ok">} */
const LEVELS = { away: "warn", drains: "warn", done: "ok" };

export class Tank {
  constructor(outage = new Outage()) {
    this.outage = outage;
    this.title = el("strong", { class: "banner-title" });
    this.sum = el("p", { class: "tank-sum" });
    this.why = el("p", { class: "banner-lines" });
    this.fill = el("span", { class: "tank-fill" });
    this.node = el(
      "section",
      { class: "banner tank", hidden: true },
      el("span", { class: "tank-vessel", "aria-hidden": "true" }, this.fill),
      el("div", {}, this.title, this.sum, this.why),
    );
  }

  /**
   * @param {HubLink} link
   * @param {State} state
   */
  set(link, state) {
    const { accounts, health } = state;
    const told = accounts && health ? this.#outageOf(state, accounts) : null;
    const known = health && !link.failure && health.status === "ok" ? told : null;
    show(this.node, Boolean(known));
    if (known && health) this.#draw(known, health.parts.store);
  }

  /**
   * @param {import("./outage.js").Told} told
   * @param {Part} store
   */
  #draw(told, store) {
    setData(this.node, "phase", told.phase);
    setData(this.node, "level", LEVELS[told.phase]);
    this.fill.style.transform = `scaleY(${told.level.toFixed(2)})`;
    setText(this.title, this.#titleOf(told, store));
    const [closed, refused] = [told.phase === "done", told.refused > 0];
    const sum = closed ? (refused ? "tank_closed_refused" : "tank_closed") : "tank_sum";
    const figures = FIGURES.map((name) => [name, number(told[name])]);
    setText(this.sum, t(sum, Object.fromEntries(figures)));
    setText(this.why, told.phase === "away" ? saidMessage(store) : "");
  }

  /**
   * @param {State} state
   * @param {Accounts} accounts
   */
  #outageOf(state, accounts) {
    const rate = [...state.devices.values()].reduce((sum, device) => sum + (device.rate ?? 0), 0);
    return this.outage.take(accounts, keeps(state), hubNow(), rate * MINUTE);
  }

  /**
   * @param {import("./outage.js").Told} told
   * @param {Part} store
   */
  #titleOf({ phase, waiting }, store) {
    if (phase === "done") return t("tank_done");
    const said = { n: number(waiting), state: t(store.state) };
    return t(`tank_${phase}`, said);
  }
}
