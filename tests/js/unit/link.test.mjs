import assert from "node:assert/strict";
import { test } from "node:test";

import { HubLink } from "../../../hub/web/static/js/link.js";

const loaded = () => {
  const link = new HubLink(0);
  link.cut("connecting", 0);
  link.opened(5, false, 0);
  link.loaded = true;
  link.answer(10);
  return link;
};

test("a page is not live before all is loaded", () => {
  const link = new HubLink(0);
  assert.equal(link.state, "connecting");
  assert.equal(link.opened(1, false, 0), false);
  assert.equal(link.state, "connecting");
  link.loaded = true;
  assert.equal(link.state, "open");
});

test("what a cut stream did not tell is loaded when it is open again, once", () => {
  const link = loaded();
  link.cut("retry", 20);
  assert.equal(link.state, "retry");
  assert.equal(link.opened(30, false, 30), true);
  assert.equal(link.opened(31, false, 31), false);
});

test("a stream that opens during the first load has left something out", () => {
  const link = new HubLink(0);
  link.cut("connecting", 0);
  assert.equal(link.opened(1, true, 0), true);
});

test("values are old after eight seconds without the stream, from its first cut on", () => {
  const link = loaded();
  assert.equal(link.stale(100_000), false);
  link.cut("retry", 1_000);
  link.cut("retry", 6_000);
  assert.equal(link.stale(9_000), false);
  assert.equal(link.stale(9_001), true);
});

for (const [status, state] of [
  [0, "lost"],
  [500, "lost"],
  [401, "denied"],
  [403, "denied"],
])
  test(`a request that failed with ${status} is ${state}, and values are old at once`, () => {
    const link = loaded();
    link.fail(status);
    assert.equal(link.state, state);
    assert.equal(link.stale(0), true);
  });

test("an answer ends a failure, and says that there was one", () => {
  const link = loaded();
  assert.equal(link.answer(20), false);
  link.fail(0);
  link.told(30, 30); // a stream that is still read says nothing of a hub that does not answer
  assert.equal(link.answered, 20);
  assert.equal(link.answer(40), true);
  assert.equal(link.state, "open");
});

test("a hub that tells is not asked, until its stream is quiet for five seconds", () => {
  const link = loaded();
  assert.equal(link.asks(5_000), false);
  assert.equal(link.asks(5_001), true);
  link.told(20, 5_000);
  assert.equal(link.asks(10_000), false);
  link.fail(0);
  assert.equal(link.asks(10_000), true);
  link.answer(30);
  link.cut("retry", 10_000);
  assert.equal(link.asks(10_000), true);
});
