// The page of a visitor's telephone: one tap sends one reading, and shows the hub's receipt.

import * as api from "./api.js";
import { el, setData, setText } from "./dom.js";
import { clock, number } from "./format.js";
import { chooseLanguage, t } from "./labels.js";
import { languageButton, switchLanguage } from "./language.js";

const TOO_MUCH = 429;

class TapPage {
  constructor(query) {
    this.query = query;
    chooseLanguage(query.get("lang"));
    this.#frame();
  }

  #frame() {
    document.title = t("tap_title");
    this.button = el(
      "button",
      { class: "tap-button", type: "button", onclick: () => this.#tap() },
      t("tap_button"),
    );
    this.answer = el("p", { class: "tap-answer", role: "status" });
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
      const { ts } = await api.tap();
      const seconds = (performance.now() - began) / 1000;
      this.#say(t("tap_receipt", { n: number(seconds, 1), time: clock(api.time(ts)) }), "good");
    } catch ({ status, reason }) {
      const wait = /(\d+) s$/.exec(reason ?? "")?.[1];
      this.#say(status === TOO_MUCH ? t("tap_much", { n: wait }) : t("tap_failed", { reason }), "warn");
    } finally {
      this.button.disabled = false;
    }
  }

  #say(text, tone = null) {
    setText(this.answer, text);
    setData(this.answer, "tone", tone);
  }
}

new TapPage(new URLSearchParams(location.search));
