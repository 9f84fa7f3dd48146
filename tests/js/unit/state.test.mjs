import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { setTimezone } from "../../../hub/web/static/js/format.js";
import { HELD, State } from "../../../hub/web/static/js/state.js";

const NOW = Date.UTC(2026, 9, 7, 3);
const kind = { name: "thermostat", domain: "smart_home", interval: 5, fields: [{ name: "t", type: "float" }] };
const address = { booth: "b1", kind: "thermostat", device: "t1" };
const entry = { ...address, state: "live", last_seen: null, last: {}, warnings: [], readings: 0, rejections: 0 };
const zone = (event = {}) => ({
  event: { timezone: "Asia/Seoul", ...event },
  zones: [],
  booths: [{ id: "b1", name: {}, place: null, rejections: 0 }],
  mqtt: {},
});
const rejection = (at) => ({ at, topic: "smartlife/v1/b1/thermostat/t1", code: "schema", booth: "b1" });
let state;

const load = (given = {}) =>
  state.load({ zone: zone(), kinds: new Map([[kind.name, kind]]), devices: [entry], rejections: [], ...given });

beforeEach(() => {
  state = new State({ now: () => NOW });
  load();
  state.take();
});

test("a reading of a device that is not known makes it known", () => {
  state.reading({ ...address, device: "t2", domain: "smart_home", fields: { t: 20 }, ts: "2026-10-07T03:00:00Z" });
  assert.deepEqual(state.devices.get("b1/thermostat/t2").last, { t: 20 });
  const changes = state.take();
  assert.equal(changes.structure, true);
  assert.deepEqual([...changes.devices], ["b1/thermostat/t2"]);
});

test("what a reading does not say is empty, false or 0", () => {
  const said = { ...address, fields: { t: 1 }, ts: NOW };
  state.reading({
    ...said,
    warnings: ["clock"],
    warnings_ko: ["시계"],
    clock_skew_ms: 9,
    ceased: ["u"],
    rejections: 2,
  });
  const { warnings, clock_skew_ms, ceased, rejections } = state.devices.get("b1/thermostat/t1");
  assert.deepEqual([warnings, clock_skew_ms, ceased, rejections], [["clock"], 9, ["u"], 2]);
  state.reading(said);
  const now = state.devices.get("b1/thermostat/t1");
  assert.deepEqual([now.warnings, now.warnings_ko, now.clock_skew_ms], [[], [], null]);
  assert.deepEqual([now.ceased, now.earlier, now.rejections, now.replayed], [[], {}, 0, false]);
});

test("a reading of a kind that is not known is left out", () => {
  state.reading({ ...address, kind: "x", fields: {} });
  assert.equal(state.devices.size, 1);
});

test("loading again keeps the histories, and says whether something else is to be built", () => {
  const { history } = state.devices.get("b1/thermostat/t1");
  load();
  assert.equal(state.devices.get("b1/thermostat/t1").history, history);
  assert.equal(state.take().structure, false);
  load({ devices: [] });
  assert.equal(state.take().structure, true);
});

test("a rejection counts once, at its booth and its device", () => {
  assert.equal(state.rejection(rejection(1)), true);
  assert.equal(state.rejection(rejection(1)), false);
  assert.equal(state.booth("b1").rejections, 1);
  assert.equal(state.devices.get("b1/thermostat/t1").rejections, 1);
});

test("of rejections the newest are held", () => {
  for (let at = 0; at <= HELD; at += 1) state.rejection(rejection(at));
  assert.equal(state.rejections.length, HELD);
  assert.equal(state.rejections[0].at, HELD);
});

test("a recording that is replayed says nothing of when the device was heard", () => {
  state.reading({ ...address, fields: { t: 1 }, ts: NOW, replayed: true });
  assert.equal(state.devices.get("b1/thermostat/t1").seen, null);
  state.reading({ ...address, fields: { t: 1 }, ts: NOW });
  assert.equal(state.devices.get("b1/thermostat/t1").seen, NOW);
});

test("a hub that is deaf makes every device unknown, and has been since it was seen first", () => {
  state.hub({ status: "failing" }, {});
  assert.equal(state.deaf, NOW);
  assert.deepEqual([...state.take().devices], ["b1/thermostat/t1"]);
  state.hub({ status: "ok" }, {});
  assert.equal(state.deaf, null);
});

test("since when the hub is deaf is for the hub to say, however late a page looks", () => {
  state.hub({ status: "failing", deaf_since: new Date(NOW - 60_000).toISOString() }, {});
  assert.equal(state.deaf, NOW - 60_000);
  state.hub({ status: "ok" }, {});
});

test("what is forgotten is gone", () => {
  state.forgotten(address);
  assert.equal(state.devices.size, 0);
  assert.equal(state.take().structure, true);
});

test("an event has begun on its first day, and has ended once its last day has closed", () => {
  setTimezone("Asia/Seoul");
  const days = { starts: "2026-10-07", ends: "2026-10-07", opens: "10:00", open: false };
  load({ zone: zone({ ...days, closes: "12:00" }) });
  assert.deepEqual([state.begun, state.ended], [true, true]); // it is noon in Seoul
  load({ zone: zone({ ...days, closes: "18:00" }) });
  assert.equal(state.ended, false);
  load({ zone: zone({ ...days, starts: "2026-10-08" }) });
  assert.equal(state.begun, false);
});
