import assert from "node:assert/strict";
import { test } from "node:test";

import { Taps } from "../../../hub/web/static/js/invitation.js";

test("each look tells whether a visitor has tapped since the one before, the first tap too", () => {
  const tap = { booth: "b01", kind: "presence_sensor", device: "visitors" };
  const state = { devices: new Map() };
  const taps = new Taps(state, tap);
  assert.equal(taps.take(), null);
  state.devices.set("b01/presence_sensor/visitors", { readings: 1 });
  assert.equal(taps.take(), "b01");
  assert.equal(taps.take(), null);
});
