import assert from "node:assert/strict";
import { test } from "node:test";

import { columnRange, fieldRange, grouped, kindOf } from "../../../hub/web/static/js/rejections.js";

const found = (payload, field) => {
  const range = fieldRange(payload, field);
  return range && payload.slice(...range);
};

test("a field is found with its value, whatever that is", () => {
  assert.equal(found('{"a": 1, "b": 412 }', "b"), '"b": 412');
  assert.equal(found('{"a": {"x": [1, 2]}, "b": 2}', "a"), '"a": {"x": [1, 2]}');
  assert.equal(found('{"a": "x, \\"y}", "b": 2}', "a"), '"a": "x, \\"y}"');
  assert.equal(found('{"a.b": 1}', "a.b"), '"a.b": 1');
  assert.equal(found('{"a": 1}', "b"), null);
});

test("a payload that was cut ends with its last value", () => {
  assert.equal(found('{"a": "never end', "a"), '"a": "never end');
});

test("the letter that a JSON error points to", () => {
  assert.deepEqual(columnRange('{\n"a": x}', "expected value at line 2 column 6"), [7, 8]);
  assert.deepEqual(columnRange("{", "EOF at line 1 column 9"), [0, 1]);
  assert.equal(columnRange("{", "line 7 column 1"), null);
  assert.equal(columnRange("{", undefined), null);
});

test("the same complaint about one topic is one group, the newest first", () => {
  const rejection = (at, topic, field) => ({ at, topic, code: "schema", errors: [{ field }] });
  const groups = grouped([rejection(3, "t", "a"), rejection(2, "t", "b"), rejection(1, "t", "a")]);
  assert.deepEqual(
    groups.map(({ rejection: { at }, count }) => [at, count]),
    [
      [3, 2],
      [2, 1],
    ],
  );
});

test("the kind of a rejected message is that of its topic", () => {
  const kinds = new Map([["thermostat", "found"]]);
  assert.equal(kindOf({ topic: "smartlife/v1/b1/thermostat/t1" }, kinds), "found");
  assert.equal(kindOf({}, kinds), null);
});
