import assert from "node:assert/strict";
import { test } from "node:test";

import "../../../hub/web/static/js/desk_labels.js";
import { refusalWords } from "../../../hub/web/static/js/notices.js";

test("a refusal of the broker is said with its time, which the hub writes in RFC 3339", () => {
  const refusal = { code: "refused", count: 3, at: "2026-11-26T13:46:30.298098373Z", message: "Wrong password" };
  assert.match(refusalWords(refusal), /^Wrong password\. 3 times, the last at \d\d:46:30\.$/);
});
