// The ops page: the booths' accounts, the kinds that booths ask for, and the alarms that are muted.

import "./desk_labels.js"; // first: other modules may say its words while they load

import * as api from "./api.js";
import { BoothAdmin } from "./booth_admin.js";
import { el, keepFocus, place, setText } from "./dom.js";
import { setTimezone } from "./format.js";
import { chooseLanguage, said, t } from "./labels.js";
import { languageButton, switchLanguage } from "./language.js";
import { mutedWords, muteRows } from "./muted_list.js";
import { Wanted } from "./wanted.js";

const LOOK = 5000; // ms between looks: what is new comes by the stream as well

class OpsPage {
  /** @param {URLSearchParams} query */
  constructor(query) {
    this.query = query;
    /** @type {Zone | null} */
    this.zone = null;
    /** @type {Kind[]} */
    this.kinds = [];
    /** @type {Map<string, Wanted>} */
    this.items = new Map(); // of what is asked for; one that is open stays as it is
    this.event = el("p", { class: "event" });
    this.problem = el("p", { class: "notice", role: "alert", hidden: true });
    this.wanted = el("div", { class: "wanted" });
    this.muted = el("ul", { class: "muted-list" });
    chooseLanguage(query.get("lang"));
    this.booths = this.#frame();
  }

  /** Lay the page out in the language of now; returns its table of booths. */
  #frame() {
    const switcher = languageButton(() => keepFocus(() => this.#switchLanguage()));
    const booths = new BoothAdmin();
    document.title = t("ops_title");
    document.body.replaceChildren(
      el("header", { class: "top" }, this.event, el("a", { href: "/" }, t("to_the_wall")), switcher),
      this.problem,
      el("section", { class: "hero" }, el("h1", {}, t("ops_title"))),
      el(
        "main",
        {},
        el("section", { class: "section", id: "kinds" }, el("h2", {}, t("kinds_wanted")), this.wanted),
        el("section", { class: "section", id: "muted" }, el("h2", {}, t("muted_lane")), this.muted),
        el("section", { class: "section", id: "booths" }, el("h2", {}, t("booths_accounts")), booths.node),
      ),
    );
    return booths;
  }

  async start() {
    await this.#look();
    setInterval(() => this.#look(), LOOK);
    const look = () => this.#look();
    api.live({}, { link: () => {}, refused: () => {}, wishes: look, mutes: look, zone: look });
  }

  async #look() {
    try {
      const [zone, kinds, wishes, mutes, booths] = await Promise.all([
        api.zone(),
        api.kinds(),
        api.wishes(),
        api.mutes(),
        api.booths(),
      ]);
      setTimezone(zone.event.timezone);
      if (!this.zone) this.#speak(zone.event.languages);
      this.zone = zone;
      this.kinds = kinds;
      this.#draw(zone, wishes, mutes);
      this.booths.set(booths, zone.mqtt.no_accounts);
      this.problem.hidden = true;
    } catch (error) {
      setText(this.problem, t("ops_failed", { reason: api.reasonOf(error) }));
      this.problem.hidden = false;
    }
  }

  /** @param {string[]} languages */
  #speak(languages) {
    chooseLanguage(this.query.get("lang"), languages);
    this.booths = this.#frame();
  }

  /**
   * @param {Zone} zone
   * @param {Wish[]} wishes
   * @param {Mute[]} mutes
   */
  #draw(zone, wishes, mutes) {
    setText(this.event, said(zone.event.name, t("wall_title")));
    const named = (/** @type {string} */ id) => said(zone.booths.find((booth) => booth.id === id)?.name, id);
    const asked = new Set(wishes.map(({ booth, kind }) => `${booth} ${kind}`));
    for (const wish of wishes) {
      const key = `${wish.booth} ${wish.kind}`;
      if (!this.items.has(key)) this.items.set(key, new Wanted(wish, named(wish.booth), () => this.kinds));
    }
    for (const [key, item] of this.items) if (!asked.has(key) && !item.open) this.items.delete(key);
    const nodes = [...this.items.values()].map((item) => item.node);
    place(this.wanted, nodes.length ? nodes : [el("p", { class: "hint" }, t("kinds_none"))]);
    const rows = muteRows(mutes, (mute) => mutedWords(mute, this.kinds, named));
    place(this.muted, rows.length ? rows : [el("li", { class: "hint" }, t("muted_none"))]);
  }

  #switchLanguage() {
    switchLanguage(this.query);
    this.items.clear();
    this.booths = this.#frame();
    this.#look();
  }
}

new OpsPage(new URLSearchParams(location.search)).start();
