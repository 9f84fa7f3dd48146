// The page of a visitor's telephone: one tap sends one reading, and shows the hub's receipt.

import * as api from "./api.js";
import { el, setData, setText } from "./dom.js";
import { clock, number, setTimezone } from "./format.js";
import { chooseLanguage, saidMessage, t } from "./labels.js";
import { languageButton, switchLanguage } from "./language.js";

const TOO_MUCH = 429;

class TapPage {
  /** @param {URLSearchParams} query */
  constructor(query) {
    this.query = query;
    this.button = el("button", { class: "tap-button", type: "button", onclick: () => this.#tap() });
    this.answer = el("p", { class: "tap-answer", role: "status" });
    chooseLanguage(query.get("lang"));
    this.#frame();
  }

  #frame() {
    document.title = t("tap_title");
    setText(this.button, t("tap_button"));
    this.#say("");
    document.body.replaceChildren(
      languageButton(() => this.#switchLanguage()),
      el("h1", {}, t("tap_title")),
      el("p", {}, t("tap_text")),
      this.button,
      this.answer,
    );
  }

  #switchLanguage() {
    switchLanguage(this.query);
    this.#frame();
  }

  async #tap() {
    this.button.disabled = true;
    this.#say(t("tap_sends"));
    const began = performance.now();
    try {
      const receipt = await api.tap();
      const seconds = (performance.now() - began) / 1000;
      if ("stored" in receipt) {
        setTimezone(receipt.timezone);
        this.#say(t("tap_receipt", { n: number(seconds, 1), time: clock(api.time(receipt.ts)) }), "good");
      } else this.#say(t("tap_failed", { reason: saidMessage(receipt) }), "warn");
    } catch (error) {
      const reason = api.reasonOf(error);
      const wait = /(\d+) s$/.exec(reason)?.[1] ?? "";
      const much = error instanceof api.ApiError && error.status === TOO_MUCH;
      this.#say(much ? t("tap_much", { n: wait }) : t("tap_failed", { reason }), "warn");
    } finally {
      this.button.disabled = false;
    }
  }

  /**
   * @param {string} text
   * @param {"good" | "warn" | null} [tone]
   */
  #say(text, tone = null) {
    setText(this.answer, text);
    setData(this.answer, "tone", tone);
  }
}

new TapPage(new URLSearchParams(location.search));
