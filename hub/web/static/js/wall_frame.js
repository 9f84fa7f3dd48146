// The wall around its board, in the language of now: names, clock, tabs, banners, and the sums below.

import { hubNow } from "./api.js";
import { el, setData, setText } from "./dom.js";
import { clock, day } from "./format.js";
import { AccountSums, Banner, Link, Parts } from "./health.js";
import { said, t } from "./labels.js";
import { languageButton } from "./language.js";
import { Plug } from "./plug.js";
import { replayBadge } from "./signs.js";
import { Tabs } from "./tabs.js";
import { Tank } from "./tank.js";

/**
 * @typedef {object} Framed what the frame is about, and what its buttons do
 * @property {import("./watch.js").HubWatch} hub
 * @property {"wall" | "ops"} view
 * @property {import("./outage.js").Outage} outage
 * @property {import("./replay_panel.js").ReplayPanel | null} replays
 * @property {HTMLElement} bar the kiosk's progress
 * @property {(id: string) => void} open a board
 * @property {(what: string) => void} play "rewind" or "day"
 * @property {() => void} switchLanguage
 */

/** @param {Framed["play"]} play */
const playButtons = (play) =>
  ["rewind", "day"].map((what) =>
    el(
      "button",
      {
        class: "language",
        type: "button",
        title: t(`${what}_hint`),
        "data-key": what,
        onclick: () => play(what),
      },
      t(`${what}_play`),
    ),
  );

export class WallFrame {
  /** @param {Framed} wall */
  constructor({ hub, view, outage, replays, bar, open, play, switchLanguage }) {
    const desk = view === "ops";
    this.hub = hub;
    this.title = el("h1", { class: "wall-title" });
    this.replay = replayBadge();
    this.zone = el("p", { class: "wall-zone" });
    this.time = el("time", { class: "wall-clock" });
    this.date = el("span", { class: "wall-date" });
    this.tabs = new Tabs(open);
    this.parts = new Parts();
    this.link = new Link();
    this.accounts = new AccountSums();
    this.banner = new Banner();
    this.tank = new Tank(outage);
    this.plug = desk && hub.state.zone?.show?.plug ? new Plug() : null;
    this.main = el("main", { class: "wall-main", tabindex: 0 }, el("p", { class: "loading" }, t("loading")));
    document.body.replaceChildren(
      el(
        "header",
        { class: "wall-head" },
        el("div", { class: "wall-names" }, this.title, this.zone),
        this.replay,
        this.parts.node,
        this.link.node,
        this.plug?.node,
        desk ? playButtons(play) : null,
        desk ? el("a", { class: "language", href: "/ops" }, t("ops_title")) : null,
        el("div", { class: "wall-when" }, this.date, this.time),
        languageButton(switchLanguage),
      ),
      this.tabs.node,
      this.banner.node,
      this.tank.node,
      replays?.node ?? "",
      this.main,
      this.accounts.node,
      el("div", { class: "progress", "aria-hidden": "true" }, bar),
    );
    this.drawHub();
  }

  /** @param {Zone} zone */
  name({ event, zones }) {
    setText(this.title, said(event.name, t("wall_title")));
    setText(this.zone, zones.map((zone) => said(zone.name, zone.id)).join(" · "));
  }

  /** How the hub is, and how this page hears it. */
  drawHub() {
    const { state, link } = this.hub;
    this.parts.set(state, link);
    this.link.set(link);
    this.accounts.set(state);
    this.banner.set(link, state);
    this.tank.set(link, state);
    setData(document.documentElement, "stale", link.stale(Date.now()) ? "" : null);
    this.drawClock();
  }

  drawClock() {
    const now = hubNow();
    setText(this.time, clock(now));
    setText(this.date, day(now));
    this.plug?.draw();
  }
}
