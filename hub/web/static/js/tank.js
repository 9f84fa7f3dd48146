// The outbox as a tank: it fills while the store is away, drains when it is back, and the sum closes.

import { hubNow } from "./api.js";
import { el, setData, setText, show } from "./dom.js";
import { number } from "./format.js";
import { keeps } from "./health.js";
import { saidMessage, t } from "./labels.js";
import { Outage } from "./outage.js";

const MINUTE = 60; // seconds of readings that the tank has room for at first
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

  set(link, state) {
    const { accounts, health } = state;
    const told = accounts && health ? this.#outageOf(state) : null;
    const known = told && !link.failure && health.status === "ok";
    show(this.node, Boolean(known));
    if (!known) return;
    setData(this.node, "phase", told.phase);
    setData(this.node, "level", LEVELS[told.phase]);
    this.fill.style.transform = `scaleY(${told.level.toFixed(2)})`;
    setText(this.title, this.#titleOf(told, health.parts.store));
    const [closed, refused] = [told.phase === "done", told.refused > 0];
    const sum = closed ? (refused ? "tank_closed_refused" : "tank_closed") : "tank_sum";
    const figures = ["arrived", "stored", "refused", "waiting", "lost"].map((name) => [name, number(told[name])]);
    setText(this.sum, t(sum, Object.fromEntries(figures)));
    setText(this.why, told.phase === "away" ? saidMessage(health.parts.store) : "");
  }

  #outageOf(state) {
    const rate = [...state.devices.values()].reduce((sum, device) => sum + (device.rate ?? 0), 0);
    return this.outage.take(state.accounts, keeps(state), hubNow(), rate * MINUTE);
  }

  #titleOf({ phase, waiting }, store) {
    if (phase === "done") return t("tank_done");
    const said = { n: number(waiting), state: t(store.state) };
    return t(`tank_${phase}`, said);
  }
}
