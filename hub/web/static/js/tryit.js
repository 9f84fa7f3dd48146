// The box in which a message can be tried: the hub validates it as it would a reading, and forgets it.

import * as api from "./api.js";
import { el, setData, show } from "./dom.js";
import { valueText } from "./format.js";
import { said, t } from "./labels.js";
import { rejectionItem } from "./rejections.js";
import { sign } from "./signs.js";
import { explanation } from "./words.js";

function note(level, words) {
  return el("li", { "data-level": level }, sign(level === "bad" ? "alarm" : "warning"), el("span", {}, words));
}

function warnings(answer) {
  const codes = [
    ...(answer.clock_skew_ms === null ? [] : ["clock"]),
    ...(answer.ignored.length ? [`ignored: ${answer.ignored.join(", ")}`] : []),
  ];
  const found = codes.map((code) => explanation(answer, code));
  return found.length
    ? el(
        "ul",
        { class: "notes" },
        found.map((words) => note("warn", words)),
      )
    : null;
}

function accepted(said_, kind) {
  const rows = kind.fields
    .filter((field) => field.name in said_.fields)
    .map((field) =>
      el(
        "div",
        {},
        el("dt", {}, said(field.label, field.name)),
        el("dd", {}, valueText(field, said_.fields[field.name])),
      ),
    );
  return [
    el("p", { class: "try-good" }, sign("live"), t("try_accepted")),
    warnings(said_),
    el("dl", { class: "try-fields" }, rows),
  ];
}

export class TryIt {
  /** `chosen()` gives {kind, booth, device}: as what the message is tried. */
  constructor(chosen) {
    Object.assign(this, { chosen, example: "", asked: 0 });
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
        onsubmit: (event) => {
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

  /** Another kind: its example, unless somebody wrote something. */
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
    const asked = (this.asked += 1);
    let content;
    try {
      const answer = await api.check(kind.name, this.text.value, { booth, device });
      content = answer.accepted ? accepted(answer, kind) : [this.#rejected(answer.rejection, kind)];
      setData(this.result, "level", answer.accepted ? "ok" : "bad");
    } catch (error) {
      const said = error.status === 429 ? t("try_busy") : t("try_failed", { reason: error.message });
      content = [el("p", { class: "try-failed" }, sign("alarm"), said)];
      setData(this.result, "level", "bad");
    }
    if (asked !== this.asked) return; // changed meanwhile
    this.result.replaceChildren(...content.filter(Boolean));
    show(this.result, true);
  }

  #rejected(rejection, kind) {
    const item = rejectionItem({ rejection, count: 1 }, kind);
    return el("ol", { class: "rejects" }, item.node);
  }
}
