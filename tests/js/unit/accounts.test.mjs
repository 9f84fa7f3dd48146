import assert from "node:assert/strict";
import { test } from "node:test";

import { balances } from "../../../hub/web/static/js/health.js";

const messages = { received: 12, accepted: 8, rejected: 3, duplicate: 0, ignored: 1 };
const rows = { stored: 8, merged: 1, waiting: 1, refused: 0 };

test("readings of messages that stay counted as rejected balance too", () => {
  assert.equal(balances({ ...messages, ...rows, readings: 10 }), true);
});

test("a message or a reading that is nowhere is told", () => {
  assert.equal(balances({ ...messages, ...rows, readings: 11 }), false);
  assert.equal(balances({ ...messages, ...rows, readings: 10, received: 13 }), false);
});
