// The dialog in which the ops staff mutes an alarm.

import * as api from "./api.js";
import { partsOf } from "./causes.js";
import { el } from "./dom.js";
import { called, number } from "./format.js";
import { t } from "./labels.js";

/** @typedef {import("./causes.js").TroubleRow} TroubleRow */

const MINUTES = [15, 60, 240, 720];
export const NAME = "hub.ops.name"; // where the browser keeps who muted or ordered last

/**
 * @param {Address} device
 * @returns {Address}
 */
const addressOf = ({ booth, kind, device }) => ({ booth, kind, device });

/** @param {number} minutes */
const spanWords = (minutes) =>
  minutes < 60 ? t("mute_minutes", { n: number(minutes) }) : t("mute_hours", { n: number(minutes / 60) });

/**
 * @param {string} name
 * @param {string | number} value
 * @param {string} words
 * @param {boolean} checked
 */
function choice(name, value, words, checked) {
  const input = el("input", { type: "radio", name, value, checked });
  return el("label", { class: "choice" }, input, el("span", {}, words));
}

/**
 * Ask what to mute of `row`, for how long, and who says so; `words` names the row.
 * @param {TroubleRow} row
 * @param {string} words
 */
export function muteDialog(row, words) {
  const device = (row.items.length === 1 && row.device) || null;
  const by = el("input", { name: "by", required: true, maxlength: 60, value: localStorage.getItem(NAME) ?? "" });
  const wrong = el("p", { class: "dialog-wrong", role: "alert", hidden: true });
  const scope = device
    ? [
        choice("what", "device", t("mute_device", { device: called(device) }), true),
        choice("what", "cause", t("mute_cause"), false),
      ]
    : [choice("what", "cause", t("mute_cause"), true)];
  const spans = MINUTES.map((minutes, at) => choice("minutes", minutes, spanWords(minutes), at === 1));
  const cancel = el("button", { type: "button", onclick: () => dialog.close() }, t("cancel"));
  const form = el(
    "form",
    {},
    el("h2", {}, t("mute_title")),
    el("p", { class: "dialog-what" }, words),
    el("label", { class: "dialog-field" }, t("mute_by"), by),
    el("fieldset", {}, el("legend", {}, t("mute_until")), spans),
    el("fieldset", {}, el("legend", {}, t("mute_what")), scope),
    el("p", { class: "dialog-hint" }, t("mute_hint")),
    wrong,
    el("div", { class: "dialog-buttons" }, cancel, el("button", { class: "primary" }, t("mute"))),
  );
  const dialog = el("dialog", { class: "dialog", onclose: () => dialog.remove() }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    localStorage.setItem(NAME, by.value);
    const whats =
      device && given.get("what") === "device"
        ? [{ device: addressOf(device) }]
        : partsOf(row).map(({ causeKey }) => ({ cause: causeKey }));
    try {
      for (const what of whats) await api.mute({ ...what, minutes: Number(given.get("minutes")), by: by.value });
      dialog.close();
    } catch (error) {
      wrong.textContent = t("mute_failed", { reason: api.reasonOf(error) });
      wrong.hidden = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}
