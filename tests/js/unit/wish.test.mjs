// Which kinds can be asked for.

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: {} };
globalThis.navigator ??= { language: "en" };
const { canBeKind } = await import("../../../hub/web/static/js/wish.js");

test("a name that no kind can have is not asked for", () => {
  assert.equal(canBeKind("smartlife/v1/b12/coffee_machine/t1"), true);
  for (const kind of ["coffee-machine", "CoffeeMachine", "온도계", "9_lives", ""]) {
    assert.equal(canBeKind(`smartlife/v1/b12/${kind}/t1`), false);
  }
});
