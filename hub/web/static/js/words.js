// What is said of a device and its values, in words: on cards, in the list, on the booth's page. Pure.

import { span, valueText } from "./format.js";
import { language, said, saidGuess, saidWarning, t } from "./labels.js";

/** @typedef {Partial<Pick<Device, "warnings" | "warnings_ko" | "clock_skew_ms" | "clock_guess" | "clock_guess_ko">>} Said */

const OLD = 7 * 86400000; // ms; a time older than this is not believed

/**
 * A warning by the words that start with `form`; of a clock that is off by `skew` ms what `off` says.
 * @param {"warn" | "explain"} form
 * @param {Said} device
 * @param {string} warning
 * @param {(skew: number) => string} off
 */
function worded(form, device, warning, off) {
  if (warning.startsWith("ignored:")) return t(`${form}_ignored`, { names: warning.slice(8).trim() });
  if (warning !== "clock") return saidWarning(device, warning, form);
  const skew = device.clock_skew_ms;
  if (!skew) return t(`${form}_clock`);
  return t(`${form}_${off(skew)}`, { age: span(Math.abs(skew), Math.round) });
}

/**
 * A warning in a few words: a name of its own where the code has one, else as the hub says it.
 * @param {Said} device
 * @param {string} warning
 */
export const warningText = (device, warning) =>
  worded("warn", device, warning, (skew) => (skew > 0 ? "clock_ahead" : "clock_behind"));

/**
 * A warning as a sentence that says what happens and what to do.
 * @param {Said} device
 * @param {string} warning
 */
export function explanation(device, warning) {
  const off = (/** @type {number} */ skew) =>
    skew > 0 ? "clock_ahead" : -skew > OLD ? "clock_behind" : "clock_past";
  const guess = warning === "clock" && device.clock_skew_ms ? saidGuess(device) : "";
  return worded("explain", device, warning, off) + (guess ? ` (${guess})` : "");
}

/**
 * What is to be said of a payload that would be accepted: what its device would be told.
 * @param {Accepted} answer
 */
export function remarksOf({ clock_skew_ms, notes, ignored }) {
  const told = {
    clock_skew_ms,
    warnings: notes.map(({ code, message }) => `${code}: ${message}`),
    warnings_ko: notes.map(({ code, message_ko }) => `${code}: ${message_ko}`),
  };
  const warnings = [
    ...(clock_skew_ms === null ? [] : ["clock"]),
    ...told.warnings,
    ...(ignored.length ? [`ignored: ${ignored.join(", ")}`] : []),
  ];
  return warnings.map((warning) => explanation(told, warning));
}

/**
 * A value in a list: "Temperature 34.2 °C", "State: missing"; of a flag in Korean "창문 열림".
 * @param {Field} field
 * @param {Raw | undefined} raw
 */
export function fieldText(field, raw) {
  const label = said(field.label, field.name);
  const joined = typeof raw === "number" || (typeof raw === "boolean" && language() === "ko");
  return `${label}${joined ? "" : ":"} ${valueText(field, raw)}`;
}
