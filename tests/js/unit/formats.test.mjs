import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.document ??= { documentElement: {} };
globalThis.navigator ??= { language: "en" };
const { chooseLanguage, t } = await import("../../../hub/web/static/js/labels.js");
const { ago, bandText, bytes, clock, interval, number, rate, setTimezone, span, valueText, withDigits } =
  await import("../../../hub/web/static/js/format.js");
const { rangeText } = await import("../../../hub/web/static/js/fieldrule.js");

beforeEach(() => chooseLanguage("en"));

test("numbers have a true minus, and zero has none", () => {
  assert.equal(number(-1234.5, 1), "−1,234.5");
  assert.equal(number(-0.01, 0), "0");
  assert.equal(valueText({ type: "integer", unit: "" }, -2_500_000), "−2.5M");
});

test("a range that may be sent is said as each language writes it", () => {
  const percent = { type: "float", minimum: 0, maximum: 100, unit: "%" };
  const metres = { type: "float", minimum: null, maximum: 2.5, unit: "m" };
  assert.deepEqual([rangeText(percent), rangeText(metres)], ["0 … 100%", " … 2.50 m"]);
  chooseLanguage("ko");
  assert.deepEqual([rangeText(percent), rangeText(metres)], ["0~100%", "~2.50 m"]);
});

test("a flag is said by its own words, in both languages", () => {
  const flag = { true: { en: "Open", ko: "열림" }, false: { en: "Closed", ko: "닫힘" } };
  const lid = { type: "boolean", unit: "", flag };
  assert.deepEqual([valueText(lid, true), valueText(lid, false)], ["Open", "Closed"]);
  chooseLanguage("ko");
  assert.deepEqual([valueText(lid, true), valueText(lid, false)], ["열림", "닫힘"]);
  assert.equal(rangeText(lid), "true: 열림, false: 닫힘");
});

test("a span is said in its largest unit, in both languages", () => {
  assert.deepEqual(
    [0, 59_400, 60_000, 7_200_000, 172_800_000].map((ms) => span(ms)),
    ["0 s", "59 s", "1 min", "2 h", "2 d"],
  );
  chooseLanguage("ko");
  assert.deepEqual(
    [42_000, 7_200_000].map((ms) => span(ms)),
    ["42초", "2시간"],
  );
});

test("what was just now, and what never was, have words", () => {
  assert.equal(ago(null, 1), t("never"));
  assert.equal(ago(1_000, 2_000), t("now"));
  assert.match(ago(0, 60_000), /1 min/);
});

test("a value stands with its unit; percent stands close", () => {
  assert.equal(valueText({ type: "integer", unit: "%" }, 41), "41%");
  assert.equal(valueText({ type: "float", unit: "°C", normal: [16, 30] }, 21.46), "21.5\u202f°C");
  assert.equal(valueText({ type: "integer", unit: "lx" }, 412), "412\u202flx");
  assert.equal(valueText({ type: "float", unit: "B/s" }, 1536), "1.5\u202fKiB/s");
  assert.equal(valueText({ type: "float", unit: "" }, null), "–");
});

test("Korean has its own words behind a number, close to it", () => {
  const people = { type: "integer", unit: "", unit_ko: "명" };
  const dwell = { type: "float", unit: "s", unit_ko: "초", normal: [0, 60] };
  assert.deepEqual([valueText(people, 17), valueText(dwell, 52.5)], ["17", "52.5\u202fs"]);
  chooseLanguage("ko");
  assert.deepEqual([valueText(people, 17), valueText(dwell, 52.5), bandText(dwell)], ["17명", "52.5초", "0~60초"]);
});

test("a field has one number of decimals, that of its kind's example", () => {
  const example = { brightness: 72, power: 8.6, ratio: 0.5 };
  const fields = Object.keys(example).map((name) => ({
    name,
    type: "float",
    unit: "%",
    minimum: 0,
    maximum: 100,
  }));
  fields[2].maximum = 1;
  const [brightness, power, ratio] = withDigits({ example, fields }).fields;
  assert.deepEqual([valueText(brightness, 0), valueText(brightness, 12.04)], ["0%", "12%"]);
  assert.deepEqual([valueText(power, 100), valueText(power, 12)], ["100.0%", "12.0%"]);
  assert.equal(valueText(ratio, 0.5), "0.50%");
});

test("a band is closed, or open on a side", () => {
  assert.equal(bandText({ type: "float", unit: "°C", normal: [16, 30] }), "16–30\u202f°C");
  assert.equal(bandText({ type: "float", unit: "°C", normal: [-5, 5] }), "−5 – 5\u202f°C");
  assert.match(bandText({ type: "float", unit: "m/s", normal: [null, 5] }), /5\u202fm\/s/);
});

test("sizes, intervals and rates read as people say them", () => {
  assert.equal(bytes(4_404_019), "4.2 MiB");
  assert.deepEqual([0.5, 5, 120].map(interval), ["0.5 s", "5 s", "2 min"]);
  assert.match(rate(0.2), /5 s/);
  assert.match(rate(4), /4/);
});

test("times are of the event's time zone", () => {
  setTimezone("Asia/Seoul");
  assert.equal(clock(Date.UTC(2026, 9, 7, 1, 2, 3)), "10:02:03");
});

test("one is not said in the plural", () => {
  assert.equal(t("devices_n", { n: "1" }), "1 device");
  assert.equal(t("devices_n", { n: 1 }), "1 device");
  assert.equal(t("devices_n", { n: 2 }), "2 devices");
  chooseLanguage("ko");
  assert.equal(t("devices_n", { n: 1 }), "1대");
});
