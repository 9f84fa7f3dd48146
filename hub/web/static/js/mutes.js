// Muted alarms: which of the rows are, and the dialog in which the ops staff mutes one.

import * as api from "./api.js";
import { partsOf } from "./causes.js";
import { el } from "./dom.js";
import { called, clock, number } from "./format.js";
import { said, t } from "./labels.js";
import { keyOf } from "./state.js";
import { warningText } from "./words.js";

/**
 * @typedef {import("./causes.js").Item} Item
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 */

const MINUTES = [15, 60, 240, 720];
const NONE = "null"; // what a cause has in place of a kind or a field
export const NAME = "hub.ops.name"; // where the browser keeps who muted or ordered last

/**
 * @param {Mute} mute
 * @param {Address | undefined} device
 */
const sameDevice = (mute, device) =>
  mute.device !== null && device !== undefined && keyOf(mute.device) === keyOf(device);

/**
 * @param {Address} device
 * @returns {Address}
 */
const addressOf = ({ booth, kind, device }) => ({ booth, kind, device });

/**
 * The function that returns the mute of an item with a cause, or null, at `now` (epoch ms).
 * @param {Mute[]} mutes
 * @param {number} now
 * @returns {(item: Item, cause: string) => Mute | null}
 */
export function muteAt(mutes, now) {
  const lasting = mutes.filter((mute) => (api.time(mute.until) ?? 0) > now);
  return (item, cause) => lasting.find((mute) => mute.cause === cause || sameDevice(mute, item.device)) ?? null;
}

/**
 * By whom a row is muted, and until when.
 * @param {Mute} mute
 */
export const muteWords = ({ by, until }) => t("muted_by", { by, until: clock(api.time(until)).slice(0, 5) });

/**
 * The same of a booth, which says that it is muted.
 * @param {Mute} mute
 */
export const mutedUntil = (mute) => t("muted_until", { who: muteWords(mute) });

/**
 * The keys of the devices of which every trouble is muted.
 * @param {TroubleRow[]} rows
 */
export function hushed(rows) {
  const keys = (/** @type {(row: TroubleRow) => boolean} */ wanted) =>
    rows.filter(wanted).flatMap((row) => row.items.flatMap(({ device }) => device?.key ?? []));
  const loud = new Set(keys((row) => !row.mute));
  return new Set(keys((row) => row.mute !== null).filter((key) => !loud.has(key)));
}

/**
 * The mute of a booth all of whose troubles are muted, or null; `rows` are those of the list.
 * @param {TroubleRow[]} rows
 * @param {string} id
 */
export function boothMute(rows, id) {
  const own = rows.filter((row) => !row.value && row.booths.includes(id));
  return own.length && own.every((row) => row.mute) ? own[0].mute : null;
}

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

/**
 * What is muted, in words: a device by its address, a cause as the wall's list says it.
 * @param {Mute} mute
 * @param {Kind[]} kinds
 * @param {(id: string) => string} nameOf the name of a booth
 */
export function mutedWords({ device, cause }, kinds, nameOf) {
  if (device) return keyOf(device);
  const [what, first, ...rest] = (cause ?? "").split(" ");
  const labelled = (/** @type {string} */ kind, /** @type {string} */ field) => {
    const spec = kinds.find(({ name }) => name === kind);
    const known = spec?.fields.find(({ name }) => name === field);
    return [said(known?.label, field), said(spec?.label, kind)].filter((word) => word && word !== NONE);
  };
  switch (what) {
    case "offline":
    case "late":
    case "stray":
      return `${t(what)} · ${nameOf(first)}`;
    case "value":
      return labelled(first, rest[0]).join(" · ");
    case "warning":
      return [warningText({}, rest.join(" ")), ...labelled(first, "")].join(" · ");
    case "rejection":
      return [t(`code_${first}`), ...labelled(rest[0], rest[1])].join(" · ");
    case "absent":
      return t("absent");
    case "quota":
      return t("quota_attention");
    case "deaf":
      return t("deaf_title");
    default: // what a shell has muted by words of its own
      return cause ?? "";
  }
}

/**
 * The mutes in force as rows of a list, each with the button that ends it.
 * @param {Mute[]} mutes
 * @param {(mute: Mute) => string} wordsOf what each of them mutes
 */
export const muteRows = (mutes, wordsOf) =>
  mutes.map((mute) => {
    const end = () => api.unmute(mute.id).catch(() => {}); // what it is then, the next look shows
    return el(
      "li",
      {},
      el("b", {}, wordsOf(mute)),
      ` ${muteWords(mute)} `,
      el("button", { type: "button", title: t("unmute_title"), onclick: end }, t("unmute")),
    );
  });
