// What is muted, as the list of the ops page.

import * as api from "./api.js";
import { el } from "./dom.js";
import { said, t } from "./labels.js";
import { muteWords } from "./mutes.js";
import { keyOf } from "./state.js";
import { warningText } from "./words.js";

const NONE = "null"; // what a cause has in place of a kind or a field

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
