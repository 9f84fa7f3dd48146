import assert from "node:assert/strict";
import { test } from "node:test";

import { Alarms, rowsOf, troubles } from "../../../hub/web/static/js/causes.js";

const thermostat = { name: "thermostat" };
const offline = (booth) => ({ what: "offline", level: "bad", booth, kind: thermostat });
const bad = (key) => ({ key, what: "offline", level: "bad", booths: [key] });
const deaf = { key: "deaf", what: "deaf", level: "bad", booths: [] };

test("devices of one booth that are offline are one cause", () => {
  const rows = rowsOf([offline("b1"), offline("b1"), offline("b2")]);
  assert.deepEqual(
    rows.map(({ key, items, number }) => [key, items.length, number]),
    [
      ["offline b1", 2, 1],
      ["offline b2", 1, 2],
    ],
  );
});

test("booths that fall silent together are one cause, of which a booth more alarms for itself alone", () => {
  const at = (booth, seconds) => ({ ...offline(booth), at: 1e12 + seconds * 1000 });
  const four = [at("b4", 9), at("b3", 5), at("b2", 4), at("b1", 0)];
  const rows = rowsOf([at("b9", 60), ...four, at("b0", -30)]);
  assert.deepEqual(
    rows.map(({ booths, number }) => [booths.join(), number]),
    [
      ["b9", 1],
      ["b1,b2,b3,b4", 2],
      ["b0", 3],
    ],
  );
  assert.equal(rowsOf(four.slice(1)).length, 3); // so few may be chance
  assert.equal(rowsOf(four, ({ booth }) => (booth === "b1" ? { id: "m" } : null)).length, 4); // one is muted
  const alarms = new Alarms();
  alarms.take(rowsOf(four));
  assert.equal(alarms.take(rowsOf([at("b5", 10), ...four])), true);
  assert.deepEqual([...alarms.booths()], ["b5"]);
});

test("a value is worth a look, but no trouble, and has no number", () => {
  const value = { what: "alarm", level: "note", booth: "b1", kind: thermostat, field: { name: "mode" } };
  const rows = rowsOf([value]);
  assert.equal(rows[0].number, undefined);
  assert.deepEqual(troubles(rows), []);
});

test("warnings that differ in their numbers alone are one cause", () => {
  const warning = (text) => ({ what: "warning", level: "warn", booth: "b1", kind: thermostat, warning: text });
  assert.equal(rowsOf([warning("backlog: 3 s"), warning("backlog: 41.5 s")]).length, 1);
});

test("what is there at the first look is no new alarm", () => {
  const alarms = new Alarms();
  assert.equal(alarms.take([bad("b1")]), false);
  assert.equal(alarms.take([bad("b1")]), false);
  assert.equal(alarms.take([bad("b1"), bad("b2")]), true);
  assert.deepEqual([...alarms.booths()], ["b2"]);
});

test("what was wrong before the hub was deaf is not new when it hears again", () => {
  const alarms = new Alarms();
  alarms.take([bad("b1")]);
  assert.equal(alarms.take([deaf]), true);
  assert.equal(alarms.take([bad("b1")]), false);
  assert.equal(alarms.take([bad("b1"), bad("b2")]), true);
});

test("a hub that is deaf at the first look alarms nobody when it hears", () => {
  const alarms = new Alarms();
  assert.equal(alarms.take([deaf]), false);
  assert.equal(alarms.take([bad("b1")]), false);
});
