// Plays something again in this page: a banner that says so, with the time and a way back, and the loop
// that draws. Nothing of it goes to the hub.

import "./player_labels.js"; // first: the others say its words
import * as api from "./api.js";
import { el, setText } from "./dom.js";
import { number } from "./format.js";
import { t } from "./labels.js";
import { DayView } from "./day_view.js";
import { Rewind } from "./rewind.js";
import { styles } from "./styles.js";

const DRAW = 250; // ms between drawings
const FAILED = 6000; // ms for which a reason is shown

/**
 * @typedef {import("./state.js").State} State
 * @typedef {object} Played what is played: of `length` ms, drawn at a place in it
 * @property {HTMLElement} node
 * @property {number} length ms
 * @property {number} stays ms for which the end is shown
 * @property {string} title
 * @property {(ms: number) => string} draw what the banner says of the place
 * @property {() => void} close
 */

/** @type {Record<string, (state: State, view: string) => Promise<Played>>} */
const PLAYS = {
  rewind: async (state, view) => new Rewind(await api.past(), state, view),
  day: async (state, view) => new DayView(await api.day(), state, view),
};

/**
 * Why nothing is played, in words.
 * @param {unknown} error
 */
const reasonOf = (error) =>
  error instanceof api.ApiError && error.status === 0 ? t("link_lost") : api.reasonOf(error);

export class Player {
  /**
   * `host` is the element that what is played fills; `ended` is called when the page is live again.
   * @param {{host: HTMLElement, state: State, view: string, ended: () => void}} page
   */
  constructor({ host, state, view, ended }) {
    this.host = host;
    this.state = state;
    this.view = view;
    this.ended = ended;
    this.started = 0; // ms by the page's own clock
    this.closed = false;
    this.title = el("strong", { class: "banner-title" });
    this.where = el("span", { class: "past-where" });
    this.trouble = el("span", { class: "past-trouble" });
    this.hint = el("p", { class: "banner-lines" }, t("past_hint"));
    this.range = el("input", {
      type: "range",
      min: 0,
      step: 250,
      value: 0,
      "aria-label": t("past_where"),
      oninput: () => this.#seek(Number(this.range.value)),
    });
    this.node = el(
      "section",
      { class: "banner past", role: "status" },
      el("div", { class: "past-words" }, this.title, this.where, this.trouble),
      this.range,
      el("button", { type: "button", class: "language past-end", onclick: () => this.end() }, t("past_end")),
      this.hint,
    );
  }

  /**
   * Load what is asked for, and play it until its end.
   * @param {string} what "rewind" or "day"
   */
  async play(what) {
    /** @type {Played | null} */
    let played = null;
    try {
      [played] = await Promise.all([PLAYS[what](this.state, this.view), styles("../player.css")]);
    } catch (error) {
      await styles("../player.css");
      if (!this.closed) this.#fail(reasonOf(error));
      return;
    }
    if (this.closed) return played.close();
    this.played = played;
    setText(this.title, played.title);
    this.range.max = String(played.length);
    document.documentElement.dataset.past = what;
    this.host.before(this.node);
    this.host.replaceChildren(played.node);
    this.#seek(0);
    this.timer = setInterval(() => requestAnimationFrame(() => this.#draw()), DRAW);
  }

  /**
   * Say how many troubles there are now, while the page shows what was.
   * @param {number} troubles
   */
  live(troubles) {
    const key = troubles === 1 ? "attention_one" : "attention_count";
    setText(this.trouble, troubles ? t("past_trouble", { what: t(key, { n: number(troubles) }) }) : "");
  }

  /** Go back to live. */
  end() {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    clearTimeout(this.failing);
    this.played?.close();
    this.node.remove();
    delete document.documentElement.dataset.past;
    this.ended();
  }

  /** @param {string} reason */
  #fail(reason) {
    setText(this.title, t("past_failed", { reason }));
    this.range.hidden = true;
    this.hint.hidden = true;
    this.host.before(this.node);
    this.failing = setTimeout(() => this.end(), FAILED);
  }

  /** @param {number} ms */
  #seek(ms) {
    this.started = performance.now() - ms;
    this.#draw();
  }

  #draw() {
    if (this.closed || !this.played) return;
    const ms = performance.now() - this.started;
    const { length, stays } = this.played;
    if (ms >= length + stays) return this.end();
    const place = Math.min(ms, length);
    setText(this.where, this.played.draw(place));
    if (document.activeElement !== this.range || ms < length) this.range.value = String(place);
  }
}
