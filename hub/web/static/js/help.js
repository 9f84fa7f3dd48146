// Links to the help by symptom, which the hub serves itself: at an event there may be no other way to it.

import { el } from "./dom.js";
import { language, t } from "./labels.js";

/** A link to the entry of one symptom, or to the list of all. */
export const helpLink = (symptom = "") =>
  el(
    "a",
    { class: "help-link", href: `/static/help.${language()}.html${symptom && `#${symptom}`}`, target: "_blank" },
    t("help"),
  );
