// Rejections as their sender needs them: why, and where in what was sent.

import { time } from "./api.js";
import { el, setText } from "./dom.js";
import { expectations } from "./fieldrule.js";
import { ago, clock, number } from "./format.js";
import { saidMessage, t } from "./labels.js";
import { sign } from "./signs.js";

/** @typedef {Partial<Rejection>} Rejected a page may be told less than all of it */
/**
 * @template {Rejected} R
 * @typedef {{key: string, rejection: R, count: number}} Group
 */

const CUT = 1024; // characters that the hub keeps of a payload

/**
 * Where the value that starts at `from` in JSON text ends; tolerates text that is cut.
 * @param {string} text
 * @param {number} from
 */
function valueEnd(text, from) {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') at = stringEnd(text, at);
    else if (letter === "{" || letter === "[") depth += 1;
    else if ((letter === "}" || letter === "]") && depth === 0) return at;
    else if (letter === "}" || letter === "]") depth -= 1;
    else if (letter === "," && depth === 0) return at;
  }
  return text.length;
}

/**
 * @param {string} text
 * @param {number} from
 */
function stringEnd(text, from) {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * [start, end) of `"field": value` in `payload`, or null when the field is not in it.
 * @param {string} payload
 * @param {string} field
 * @returns {[number, number] | null}
 */
export function fieldRange(payload, field) {
  const found = new RegExp(`${escaped(JSON.stringify(field))}\\s*:\\s*`).exec(payload);
  if (!found) return null;
  const end = valueEnd(payload, found.index + found[0].length);
  return [found.index, found.index + payload.slice(found.index, end).trimEnd().length];
}

/**
 * [start, end) of the letter that a JSON error's "line L column C" points to, or null.
 * @param {string} payload
 * @param {string | undefined} message
 * @returns {[number, number] | null}
 */
export function columnRange(payload, message) {
  const found = /line (\d+) column (\d+)/.exec(message ?? "");
  if (!found) return null;
  const lines = payload.split("\n");
  const line = Number(found[1]) - 1;
  if (line >= lines.length) return null;
  const before = lines.slice(0, line).reduce((sum, part) => sum + part.length + 1, 0);
  const at = Math.min(before + Math.max(0, Number(found[2]) - 1), Math.max(0, payload.length - 1));
  return [at, at + 1];
}

/** @param {Rejected} rejection */
function ranges(rejection) {
  const payload = rejection.payload ?? "";
  if (rejection.code === "json")
    return [columnRange(payload, rejection.message)].filter((range) => range !== null);
  const fields = (rejection.errors ?? []).map((error) => fieldRange(payload, String(error.field).split(".")[0]));
  return fields.filter((range) => range !== null).sort((a, b) => a[0] - b[0]);
}

/**
 * The payload as text and marks, in order.
 * @param {Rejected} rejection
 */
function marked(rejection) {
  const payload = rejection.payload ?? "";
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges(rejection)) {
    if (start < at) continue;
    parts.push(payload.slice(at, start), el("mark", {}, payload.slice(start, end)));
    at = end;
  }
  return [...parts, payload.slice(at)];
}

/**
 * Whether the topic is right, but its device would be one more than the booth may have.
 * @param {Rejected} rejection
 */
const isSurplusName = ({ code, errors = [] }) => code === "topic" && errors[0]?.field === "device";

/**
 * The topic with the part marked that is wrong: the kind's or the device's level, or all of it.
 * @param {Rejected} rejection
 */
function markedTopic({ code, topic = "", errors = [] }) {
  const levels = topic.split("/");
  if (isSurplusName({ code, errors })) return [`${levels.slice(0, -1).join("/")}/`, el("mark", {}, levels.at(-1))];
  if (code === "topic") return [el("mark", {}, topic)];
  if (code !== "kind" || levels.length < 3) return [topic];
  const kind = levels.at(-2);
  return [`${levels.slice(0, -2).join("/")}/`, el("mark", {}, kind), `/${levels.at(-1)}`];
}

/** @param {Rejected} rejection */
const missing = (rejection) =>
  (rejection.errors ?? []).filter(
    (error) =>
      !fieldRange(rejection.payload ?? "", String(error.field).split(".")[0]) &&
      (rejection.payload ?? "").length < CUT,
  );

/**
 * The kind that a rejected message was meant for, as its topic says.
 * @param {Rejected} rejection
 * @param {Map<string, Kind>} kinds
 */
export const kindOf = (rejection, kinds) => kinds.get((rejection.topic ?? "").split("/").at(-2) ?? "") ?? null;

/**
 * The same complaint about one topic together: the newest with how often, newest first.
 * @template {Rejected} R
 * @param {R[]} rejections
 * @returns {Group<R>[]}
 */
export function grouped(rejections) {
  const groups = new Map();
  for (const rejection of rejections) {
    const fields = (rejection.errors ?? []).map((error) => error.field).join();
    // A name that changes at each start is one complaint, not as many as there are names.
    const { topic = "" } = rejection;
    const where = isSurplusName(rejection) ? topic.replace(/[^/]*$/, "") : topic;
    const key = [where, rejection.code, fields].join(" ");
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { key, rejection, count: 1 });
  }
  return [...groups.values()];
}

/**
 * One group of rejections, shown by its newest beside what `kind` declares: {node, tick(now)}.
 * @param {{key?: string, rejection: Rejected, count: number}} group
 * @param {Kind | null} [kind]
 */
export function rejectionItem({ key, rejection, count }, kind = null) {
  const at = time(rejection.at);
  const age = el("time", { class: "reject-age", title: at === null ? "" : clock(at) });
  const errors = rejection.errors ?? [];
  const list =
    errors.length > 1
      ? el(
          "ul",
          { class: "reject-errors" },
          errors.map((error) => el("li", {}, el("code", {}, String(error.field)), " ", saidMessage(error))),
        )
      : null;
  const gone = rejection.code === "schema" ? missing(rejection) : [];
  const payload = rejection.payload ? marked(rejection) : [t("payload_empty")];
  const sent = el(
    "pre",
    { class: "reject-payload", tabindex: 0, "data-key": key, "aria-label": t("payload_sent") },
    el(
      "code",
      {},
      payload,
      gone.map((error) => el("mark", { class: "gone" }, t("missing_field", { name: error.field }))),
    ),
  );
  const cut = (rejection.payload ?? "").length >= CUT ? el("p", { class: "reject-cut" }, t("payload_cut")) : null;
  const node = el(
    "li",
    { class: "reject" },
    el(
      "header",
      {},
      sign("rejection"),
      el("span", { class: "reject-code" }, t(`code_${rejection.code}`)),
      count > 1 ? el("span", { class: "reject-count" }, t("times", { n: number(count) })) : null,
      age,
    ),
    list ?? el("p", { class: "reject-message" }, saidMessage(rejection)),
    el("p", { class: "reject-topic" }, el("code", {}, markedTopic(rejection))),
    sent,
    cut,
    expectations(errors, kind),
  );
  return { node, tick: (/** @type {number} */ now) => setText(age, ago(at, now)) };
}
