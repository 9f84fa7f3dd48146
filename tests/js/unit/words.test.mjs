import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: {} };
globalThis.navigator ??= { language: "en" };
await import("../../../hub/web/static/js/desk_labels.js");
const { chooseLanguage } = await import("../../../hub/web/static/js/labels.js");
const { fieldText, remarksOf } = await import("../../../hub/web/static/js/words.js");

const answer = {
  accepted: true,
  ts: "2026-11-21T09:00:00.000000000Z",
  fields: { temperature: 21.5 },
  ignored: ["temprature"],
  notes: [{ code: "spelling", message: "temprature: did you mean humidity?", message_ko: "temprature: 오타" }],
  clock_skew_ms: 90_000,
};

test("a payload that would be accepted is told all that its device would be told", () => {
  chooseLanguage("en");
  const [clock, spelling, ignored] = remarksOf(answer);
  assert.match(clock, /ahead/);
  assert.equal(spelling, "Spelling: temprature: did you mean humidity?");
  assert.match(ignored, /temprature/);
  chooseLanguage("ko");
  assert.equal(remarksOf(answer)[1], "철자: temprature: 오타");
});

test("of a flawless payload there is nothing to be said", () => {
  assert.deepEqual(remarksOf({ ...answer, ignored: [], notes: [], clock_skew_ms: null }), []);
});

test("a flag in the list is said by its words, as each language joins them", () => {
  const flag = { true: { en: "Open", ko: "열림" }, false: { en: "Closed", ko: "닫힘" } };
  const lid = { name: "window_open", type: "boolean", label: { en: "Window", ko: "창문" }, unit: "", flag };
  chooseLanguage("en");
  assert.equal(fieldText(lid, true), "Window: Open");
  chooseLanguage("ko");
  assert.equal(fieldText(lid, true), "창문 열림");
});
