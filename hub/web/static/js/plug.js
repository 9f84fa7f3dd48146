// The button that takes the store away for a minute; of `hub demo --show` only.

import * as api from "./api.js";
import { el, setText } from "./dom.js";
import { t } from "./labels.js";

export class Plug {
  constructor() {
    this.back = 0; // epoch ms at which the store is back by itself
    this.node = el("button", {
      class: "language plug",
      type: "button",
      title: t("plug_hint"),
      "data-key": "plug",
      onclick: () => this.#press(),
    });
    this.draw();
    this.#take(api.plug());
  }

  /** Seconds until the store is back; 0 while it is there. */
  get #left() {
    return Math.max(0, Math.ceil((this.back - Date.now()) / 1000));
  }

  /** Count the seconds. */
  draw() {
    const left = this.#left;
    setText(this.node, left ? t("plug_back", { n: left }) : t("plug_pull"));
  }

  #press() {
    this.#take(this.#left ? api.putPlugBack() : api.pullPlug());
  }

  /** @param {Promise<StorePlug>} answer */
  async #take(answer) {
    try {
      const { pulled, seconds } = await answer;
      this.back = pulled ? Date.now() + seconds * 1000 : 0;
    } catch {
      this.back = 0; // the wall says by itself that the hub does not answer
    }
    this.draw();
  }
}
