import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: {} };
globalThis.navigator ??= { language: "en" };
await import("../../../hub/web/static/js/desk_labels.js");
const { chooseLanguage } = await import("../../../hub/web/static/js/labels.js");
const { mutedWords } = await import("../../../hub/web/static/js/muted_list.js");

const KINDS = [
  {
    name: "thermostat",
    label: { en: "Thermostat", ko: "온도 조절기" },
    fields: [{ name: "temperature", label: { en: "Temperature", ko: "온도" } }],
  },
];
const words = (cause) => mutedWords({ cause, device: null }, KINDS, (id) => (id === "b12" ? "Nexa" : id));

test("what is muted is said in the words of the wall, in both languages", () => {
  const said = {
    "offline b12": ["Offline · Nexa", "끊김 · Nexa"],
    "stray b13": ["Stray · b13", "미등록 · b13"],
    "value thermostat temperature": ["Temperature · Thermostat", "온도 · 온도 조절기"],
    "warning thermostat same_ts": [
      "Several readings with one ts · Thermostat",
      "ts가 같은 값이 여러 개 · 온도 조절기",
    ],
    "rejection schema thermostat temperature above": [
      "Wrong value · Temperature · Thermostat",
      "값 오류 · 온도 · 온도 조절기",
    ],
    "rejection topic null null null": ["Wrong topic", "토픽 오류"],
    absent: ["Not connected", "미연결"],
    quota: ["Above its quota", "한도 초과"],
    deaf: ["The hub receives nothing", "측정값을 받지 못하고 있습니다"],
    "a note of somebody": ["a note of somebody", "a note of somebody"],
  };
  for (const [at, language] of ["en", "ko"].entries()) {
    chooseLanguage(language);
    for (const [cause, expected] of Object.entries(said)) assert.equal(words(cause), expected[at]);
  }
});

test("a muted device is said by its address", () => {
  const device = { booth: "b12", kind: "thermostat", device: "t1" };
  assert.equal(
    mutedWords({ cause: null, device }, KINDS, (id) => id),
    "b12/thermostat/t1",
  );
});
