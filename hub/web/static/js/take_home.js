// The section of the booth's page with links to its readings of today, as tables and as a report.

import { el } from "./dom.js";
import { language, said, t } from "./labels.js";

/**
 * @param {string} booth
 * @param {Address[]} devices
 * @param {Map<string, Kind>} known
 */
export function takeHome(booth, devices, known) {
  const path = `/api/booths/${booth}/export?lang=${language()}`;
  const link = (/** @type {string} */ query, /** @type {string} */ words) =>
    el("a", { class: "more", href: `${path}&${query}`, download: "", "data-key": query }, words);
  const kinds = [...new Set(devices.map(({ kind }) => kind))];
  return el(
    "section",
    { class: "section" },
    el("h2", {}, t("take_home")),
    el("p", { class: "take-home-about" }, t("take_home_about")),
    el(
      "p",
      { class: "take-home" },
      link("format=xlsx", t("take_home_all")),
      el(
        "a",
        { class: "more", href: path.replace("/export", "/report"), target: "_blank", "data-key": "report" },
        t("take_home_report"),
      ),
      kinds.map((kind) => link(`format=csv&kind=${kind}`, `${said(known.get(kind)?.label, kind)} (CSV)`)),
    ),
  );
}
