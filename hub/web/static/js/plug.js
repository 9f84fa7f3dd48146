// The button that takes the store away for a minute; of `hub demo --show` only.

import * as api from "./api.js";
import { el, setText } from "./dom.js";
import { t } from "./labels.js";

export class Plug {
  constructor() {
    this.back = null; // epoch ms at which the store is back by itself
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

  get #pulled() {
    return this.back !== null && this.back > Date.now();
  }

  /** Count the seconds. */
  draw() {
    const left = this.#pulled ? Math.ceil((this.back - Date.now()) / 1000) : 0;
    setText(this.node, left ? t("plug_back", { n: left }) : t("plug_pull"));
  }

  #press() {
    this.#take(this.#pulled ? api.putPlugBack() : api.pullPlug());
  }

  async #take(answer) {
    try {
      const { pulled, seconds } = await answer;
      this.back = pulled ? Date.now() + seconds * 1000 : null;
    } catch {
      this.back = null; // the wall says by itself that the hub does not answer
    }
    this.draw();
  }
}
