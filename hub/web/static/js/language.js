// The button that shows a page in its other language, and what it does to the address.

import { el } from "./dom.js";
import { chooseLanguage, otherLanguage, t } from "./labels.js";

/**
 * The button; `onclick` switches, and draws the page again.
 * @param {() => void} onclick
 */
export const languageButton = (onclick) =>
  el(
    "button",
    {
      class: "language",
      type: "button",
      title: t("language_hint"),
      lang: otherLanguage(),
      "data-key": "language",
      onclick,
    },
    t("language_switch"),
  );

/**
 * Choose the other language, and note it in the address, whose `query` it is.
 * @param {URLSearchParams} query
 */
export function switchLanguage(query) {
  query.set("lang", otherLanguage());
  history.replaceState(null, "", `?${query}`);
  chooseLanguage(query.get("lang"));
}
