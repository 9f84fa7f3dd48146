// What a kind declares of a field, in words: its type, its range, whether it is needed.

import { el } from "./dom.js";
import { isClose, number } from "./format.js";
import { language, said, t } from "./labels.js";

/**
 * "−40 … 85 °C", in Korean "−40~85 °C", or what may be sent and is shown.
 * @param {Field} field
 */
export function rangeText(field) {
  if (field.choices) return Object.keys(field.choices).join(", ");
  if (field.flag) return flagText(field.flag);
  if (field.type === "boolean" || field.type === "string") return "";
  const [low, high] = [field.minimum, field.maximum].map((edge) =>
    edge === null ? "" : number(edge, Number.isInteger(edge) ? 0 : 2),
  );
  const range = `${low}${language() === "ko" ? "~" : " … "}${high}`;
  return field.unit ? `${range}${isClose(field.unit) ? "" : " "}${field.unit}` : range;
}

/**
 * "true: Open, false: Closed".
 * @param {Flag} flag
 */
const flagText = (flag) => `true: ${said(flag.true)}, false: ${said(flag.false)}`;

/** @param {Field} field */
const need = (field) => t(field.required ? "required" : "optional");

/**
 * The fields of a kind as rows of a table.
 * @param {Kind} kind
 */
export function fieldRows(kind) {
  return kind.fields.map((field) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("code", {}, field.name), el("span", {}, said(field.label, field.name))),
      el("td", {}, t(`type_${field.type}`), el("span", {}, need(field))),
      el("td", {}, rangeText(field)),
    ),
  );
}

/**
 * Each failing field of a rejection beside what its kind declares; null when it declares nothing.
 * @param {Fault[]} errors
 * @param {Kind | null | undefined} kind
 */
export function expectations(errors, kind) {
  const rows = errors.flatMap((error) => {
    const name = String(error.field).split(".")[0];
    const field = kind?.fields.find((item) => item.name === name);
    if (!field) return [];
    const rule = [t(`type_${field.type}`), rangeText(field), need(field)].filter(Boolean).join(" · ");
    return [el("div", {}, el("dt", {}, el("code", {}, name)), el("dd", {}, rule))];
  });
  return rows.length ? el("dl", { class: "reject-rules", "aria-label": t("declared") }, rows) : null;
}
