// Numbers with units, ages, times, sizes and names, as people read them.

import { language, said, t } from "./labels.js";

/** @typedef {Pick<Field, "type" | "unit"> & Partial<Field> & {digits?: number}} Measure what a value of a field is said by, with the decimals of its kind's example */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * A number with exactly `digits` decimals and grouping.
 * @param {number} value
 */
export function number(value, digits = 0) {
  const key = `${language()}${digits}`;
  let format = formats.get(key);
  if (!format) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    format = new Intl.NumberFormat(language(), options);
    formats.set(key, format);
  }
  const shown = format.format(value);
  return shown === "-0" ? "0" : shown.replace("-", "−");
}

/**
 * Decimals for a field: those of the example that its kind declares, if its range is not so small that it
 * takes more. They are the same for all values: a figure does not jump in width.
 * @param {Measure} field
 */
export function digitsOf(field) {
  if (field.type === "integer") return 0;
  if (field.draw === "map") return 5;
  const low = field.normal?.[0] ?? field.minimum ?? 0;
  const high = field.normal?.[1] ?? field.maximum ?? 100;
  const range = Math.abs(high - low);
  if (range > 5) return field.digits ?? 1;
  return range >= 0.2 ? 2 : 3;
}

/**
 * Each field with the decimals that the kind's example is written with, two at most.
 * @param {Kind} kind
 * @returns {Kind}
 */
export const withDigits = (kind) => ({
  ...kind,
  fields: kind.fields.map((field) => {
    const raw = kind.example[field.name];
    const decimals = typeof raw === "number" ? (String(raw).split(".")[1] ?? "").length : undefined;
    return { ...field, digits: decimals && Math.min(decimals, 2) };
  }),
});

const MANY = 1e6; // from here on a number is said in thousands of thousands (만 in Korean)
/** @type {Intl.NumberFormatOptions} */
const compact = { notation: "compact", maximumSignificantDigits: 4 };

/**
 * @param {Measure} field
 * @param {number} raw
 */
function figures(field, raw) {
  if (Math.abs(raw) < MANY) return number(raw, digitsOf(field));
  return new Intl.NumberFormat(language(), compact).format(raw).replace("-", "−");
}

const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];

/** @param {number} value */
function scaledBytes(value) {
  let step = 0;
  let left = value;
  while (Math.abs(left) >= 1024 && step < BYTES.length - 1) {
    left /= 1024;
    step += 1;
  }
  return { text: number(left, step === 0 || left >= 100 ? 0 : 1), unit: BYTES[step] };
}

/**
 * "4.2 MiB".
 * @param {number} value
 */
export function bytes(value) {
  const { text, unit } = scaledBytes(value);
  return `${text} ${unit}`;
}

/**
 * A field's value as {text, unit}: choices and flags by their words, numbers with fixed decimals.
 * @param {Measure} field
 * @param {Raw | undefined} raw
 * @returns {{text: string, unit: string}}
 */
export function value(field, raw) {
  if (raw === null || raw === undefined) return { text: "–", unit: "" };
  if (typeof raw === "number") {
    if (field.unit === "B/s") {
      const scaled = scaledBytes(raw);
      return { text: scaled.text, unit: `${scaled.unit}/s` };
    }
    return { text: figures(field, raw), unit: unitOf(field) };
  }
  const words = typeof raw === "boolean" ? field.flag?.[`${raw}`] : field.choices?.[raw];
  return { text: said(words, String(raw)), unit: "" };
}

/**
 * What stands behind a number: in Korean a counter (17명), where there is one.
 * @param {Measure} field
 */
const unitOf = (field) => (language() === "ko" ? (field.unit_ko ?? field.unit) : field.unit);

/**
 * Whether a unit stands close to its number, as is usual of degrees, percent and Korean.
 * @param {string} unit
 */
export const isClose = (unit) => unit === "%" || unit === "°" || /[가-힣]/.test(unit);

/** @param {string} unit */
const spaced = (unit) => (unit && !isClose(unit) ? `\u202f${unit}` : unit);

/**
 * A value and its unit in one string.
 * @param {Measure} field
 * @param {Raw | undefined} raw
 */
export function valueText(field, raw) {
  const { text, unit } = value(field, raw);
  return text + spaced(unit);
}

/**
 * The band in which nothing needs attention: "16–30 °C", "up to 5 m/s".
 * @param {Measure} field
 */
export function bandText(field) {
  const [low, high] = field.normal ?? [null, null];
  const digits = [low, high].every((edge) => edge === null || Number.isInteger(edge)) ? 0 : digitsOf(field);
  const unit = spaced(unitOf(field));
  if (low === null) return t("at_most", { high: number(high ?? 0, digits) + unit });
  if (high === null) return t("at_least", { low: number(low, digits) + unit });
  const dash = language() === "ko" ? "~" : low < 0 ? " – " : "–";
  return number(low, digits) + dash + number(high, digits) + unit;
}

/** @type {[number, Record<import("./labels.js").Language, string>][]} */
const AGES = [
  [86400, { en: "d", ko: "일" }],
  [3600, { en: "h", ko: "시간" }],
  [60, { en: "min", ko: "분" }],
];

/**
 * A span of time in its largest unit, by whole seconds: "42 s", "3 h".
 * @param {number} milliseconds
 * @param {(value: number) => number} [whole]
 */
export function span(milliseconds, whole = Math.floor) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const gap = language() === "ko" ? "" : " ";
  for (const [size, unit] of AGES) {
    if (seconds >= size) return `${whole(seconds / size)}${gap}${unit[language()]}`;
  }
  return language() === "ko" ? `${seconds}초` : `${seconds} s`;
}

/**
 * How long ago `then` (epoch ms) was.
 * @param {number | null | undefined} then
 * @param {number} now
 */
export function ago(then, now) {
  if (then === null || then === undefined) return t("never");
  return now - then < 1500 ? t("now") : t("ago", { age: span(now - then) });
}

/**
 * An interval in seconds: "0.5 s", "5 s", "2 min".
 * @param {number} seconds
 */
export function interval(seconds) {
  if (seconds >= 60) return span(seconds * 1000);
  const text = number(seconds, Number.isInteger(seconds) || seconds >= 10 ? 0 : 1);
  return language() === "ko" ? `${text}초` : `${text} s`;
}

/**
 * A rate in readings a second, said as people would: "every 5 s" or "4 a second".
 * @param {number} perSecond
 */
export function rate(perSecond) {
  if (!perSecond) return "–";
  if (perSecond <= 1.05) return t("rate_each", { age: interval(Math.round(10 / perSecond) / 10) });
  return t("rate_times", { n: number(perSecond, perSecond < 10 ? 1 : 0) });
}

/** @type {string | undefined} */
let zone; // IANA name; undefined is the browser's own
/** @type {Map<string, Intl.DateTimeFormat>} */
let clocks = new Map();

/**
 * Say times in the time zone of the event, wherever the browser is.
 * @param {string} name
 */
export function setTimezone(name) {
  if (name === zone) return;
  zone = name;
  clocks = new Map();
}

/**
 * @param {number} when
 * @param {string} locale
 * @param {Intl.DateTimeFormatOptions} options
 */
function formatted(when, locale, options) {
  const key = locale + JSON.stringify(options);
  const format = clocks.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  clocks.set(key, format);
  return format.format(when);
}

/**
 * Time of day, 24 hours: "14:02:08"; of what is no time a dash.
 * @param {number | null} when
 */
export function clock(when, seconds = true) {
  if (when === null) return "–";
  const second = seconds ? "2-digit" : undefined;
  return formatted(when, "en-GB", { hour: "2-digit", minute: "2-digit", second, hourCycle: "h23" });
}

/**
 * Day and month with the weekday: "10월 7일 (수)", "Wed 7 Oct".
 * @param {number} when
 */
export const day = (when) =>
  formatted(when, language() === "ko" ? "ko" : "en-GB", { weekday: "short", day: "numeric", month: "short" });

/**
 * The time of day in the event's time zone: "18:00".
 * @param {number} when
 */
export const hourMinute = (when) => formatted(when, "sv-SE", { hour: "2-digit", minute: "2-digit" });

/**
 * The day of the event's calendar as ISO 8601 writes it: "2026-10-07".
 * @param {number} when
 */
export const isoDay = (when) => formatted(when, "sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" });

/**
 * What a device is called: one that speaks a dialect has a name of its own beside its id.
 * @param {{name?: string, device: string}} device
 */
export const called = (device) => device.name || device.device;
