// The box in which a message can be tried: the hub validates it as it would a reading, and forgets it.

import * as api from "./api.js";
import { el, setData, show } from "./dom.js";
import { valueText } from "./format.js";
import { said, t } from "./labels.js";
import { rejectionItem } from "./rejections.js";
import { sign } from "./signs.js";
import { remarksOf } from "./words.js";

const BUSY = 429;

/** @typedef {{kind: Kind | undefined, booth: string, device: string}} Chosen */

/**
 * @param {"bad" | "warn"} level
 * @param {string} words
 */
function note(level, words) {
  return el("li", { "data-level": level }, sign(level === "bad" ? "alarm" : "warning"), el("span", {}, words));
}

/**
 * What the device would be told of the payload.
 * @param {Accepted} answer
 */
function warnings(answer) {
  const found = remarksOf(answer);
  return found.length
    ? el(
        "ul",
        { class: "notes" },
        found.map((words) => note("warn", words)),
      )
    : null;
}

/**
 * @param {Accepted} answer
 * @param {Kind} kind
 */
function accepted(answer, kind) {
  const rows = kind.fields
    .filter((field) => field.name in answer.fields)
    .map((field) =>
      el(
        "div",
        {},
        el("dt", {}, said(field.label, field.name)),
        el("dd", {}, valueText(field, answer.fields[field.name])),
      ),
    );
  return [
    el("p", { class: "try-good" }, sign("live"), t("try_accepted")),
    warnings(answer),
    el("dl", { class: "try-fields" }, rows),
  ];
}

export class TryIt {
  /**
   * `chosen()` gives as what the message is tried.
   * @param {() => Chosen} chosen
   */
  constructor(chosen) {
    this.chosen = chosen;
    this.example = "";
    this.asked = 0;
    this.text = el("textarea", {
      id: "try",
      rows: 9,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      "aria-describedby": "try-about",
    });
    this.button = el("button", { class: "primary", type: "submit" }, t("try_check"));
    this.reset = el("button", { class: "more", type: "button", onclick: () => this.#fill() }, t("try_reset"));
    this.result = el("div", { class: "try-result", role: "status", hidden: true });
    const form = el(
      "form",
      {
        class: "try",
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          this.#check();
        },
      },
      el("p", { id: "try-about", class: "try-about" }, t("try_about")),
      el("label", { for: "try", class: "offscreen" }, t("payload_example")),
      this.text,
      el("p", { class: "try-buttons" }, this.button, this.reset),
      this.result,
    );
    this.node = form;
  }

  /** Whether somebody wrote something. */
  get touched() {
    return this.text.value !== this.example;
  }

  /**
   * Another kind: its example, unless somebody wrote something.
   * @param {Kind} kind
   */
  set(kind) {
    const { touched } = this;
    const before = this.example;
    this.example = JSON.stringify(kind.example, null, 2);
    if (!touched && this.example !== before) this.#fill();
  }

  #fill() {
    this.text.value = this.example;
    this.asked += 1;
    show(this.result, false);
  }

  async #check() {
    const { kind, booth, device } = this.chosen();
    if (!kind) return;
    const asked = (this.asked += 1);
    let content;
    try {
      const answer = await api.check(kind.name, this.text.value, { booth, device });
      content = answer.accepted ? accepted(answer, kind) : [this.#rejected(answer.rejection, kind)];
      setData(this.result, "level", answer.accepted ? "ok" : "bad");
    } catch (error) {
      const busy = error instanceof api.ApiError && error.status === BUSY;
      const said = busy ? t("try_busy") : t("try_failed", { reason: error instanceof Error ? error.message : "" });
      content = [el("p", { class: "try-failed" }, sign("alarm"), said)];
      setData(this.result, "level", "bad");
    }
    if (asked !== this.asked) return; // changed meanwhile
    this.result.replaceChildren(...content.filter((part) => part !== null));
    show(this.result, true);
  }

  /**
   * @param {Rejection} rejection
   * @param {Kind} kind
   */
  #rejected(rejection, kind) {
    const item = rejectionItem({ rejection, count: 1 }, kind);
    return el("ol", { class: "rejects" }, item.node);
  }
}
