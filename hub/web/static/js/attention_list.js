// The list "Needs attention": what, where, since when; as many rows as there is room for.

import * as api from "./api.js";
import { troubles } from "./causes.js";
import { el, place, setData, setText, show } from "./dom.js";
import { ago, bandText, called, day, number, span } from "./format.js";
import { said, t } from "./labels.js";
import { muteWords } from "./mutes.js";
import { pageOf } from "./stand.js";
import { replayBadge, sign } from "./signs.js";
import { styles } from "./styles.js";
import { shortName } from "./type.js";
import { fieldText, warningText } from "./words.js";

/**
 * @typedef {import("./attention.js").What} What
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 * @typedef {import("./state.js").State} State
 */

const MOST = 60; // rows made; the rest is a number
const NAMED = 2; // booths that a row names

/** @type {Record<What, string>} */
const SIGNS = {
  deaf: "alarm",
  alarm: "note",
  normal: "note",
  late: "late",
  offline: "offline",
  warning: "warning",
  rejection: "rejection",
  quota: "warning",
  absent: "empty",
  stray: "empty",
};

/** @param {TroubleRow} row */
const kindName = ({ kind }) => said(kind?.label, kind?.name);
/**
 * @param {TroubleRow} row
 * @param {string} key
 */
const several = (row, key) =>
  row.parts
    ? t(`booths_${key}`, { n: number(row.booths.length) })
    : row.items.length > 1
      ? t(`devices_${key}`, { n: number(row.items.length) })
      : t(`device_${key}`, { kind: kindName(row) });

/**
 * A rejection's cause in a few words: which field, and what is wrong with it.
 * @param {State} state
 * @param {Cause} cause
 */
function causeWords(state, { code, kind, field, rule }) {
  if (!code) return t("cause_other"); // those beyond what the hub tells apart
  if (code !== "schema" || !rule) return t(`code_${code}`);
  const spec = state.kinds.get(kind)?.fields.find(({ name }) => name === field);
  return t(`cause_${rule}`, { field: spec ? said(spec.label, field) : field });
}

/** @type {Record<What, (row: TroubleRow, state: State) => string>} */
const WORDS = {
  deaf: () => t("deaf_title"),
  alarm: (row) => valueWords(row),
  normal: (row) => valueWords(row),
  late: (row) => several(row, "late"),
  offline: (row) => several(row, "offline"),
  absent: (row) => t("devices_absent", { n: number(row.items.length) }),
  stray: (row) => several(row, "stray"),
  warning: ({ device, warning }) => warningText(device ?? {}, warning ?? ""),
  rejection: ({ cause }, state) => (cause ? causeWords(state, cause) : t("cause_other")),
  quota: () => t("quota_attention"),
};

/** @param {TroubleRow} row */
function valueWords({ field, items, raw }) {
  if (!field) return "";
  const count = t("devices_n", { n: number(items.length) });
  return items.length > 1 ? `${said(field.label, field.name)} · ${count}` : fieldText(field, raw);
}

/**
 * @param {State} state
 * @param {TroubleRow} row
 */
const namesOf = (state, { booths }) => booths.map((id) => shortName(said(state.booth(id).name, id)));

/**
 * The booths that a row is about: two by name, the rest as a number; of one also the device.
 * @param {State} state
 * @param {TroubleRow} row
 * @returns {(HTMLElement | string)[]}
 */
function whereWords(state, row) {
  if (row.what === "deaf") return [t("deaf_hint")];
  if (!row.booths.length) return [t("unknown_device")];
  const names = namesOf(state, row).slice(0, NAMED);
  const rest = row.booths.length - names.length;
  const more = rest ? ` ${t("booths_more", { n: number(rest) })}` : "";
  const device = row.items.length === 1 && row.device ? ` ${called(row.device)}` : "";
  return [el("b", {}, names.join(", ") + more), device ? el("bdi", {}, device) : ""];
}

/** @param {TroubleRow} row */
function detailWords(row) {
  if (row.mute) return muteWords(row.mute);
  if (row.parts) return t("devices_n", { n: number(row.items.length) });
  if (row.what === "rejection") return t("times", { n: number(row.cause?.count ?? 0) });
  if (row.what === "normal" && row.field && row.items.length === 1)
    return t("normal_band", { band: bandText(row.field) });
  if (row.what === "warning") return kindName(row);
  return row.what === "quota" ? t("quota_attention_detail") : "";
}

/**
 * How long it lasts, or for a rejection how long ago it was.
 * @param {TroubleRow} row
 * @param {number} now
 */
function ageWords(row, now) {
  const ages = row.items.map(({ at }) => at).filter((at) => at !== null && at !== undefined);
  if (!ages.length) return "";
  if (row.what === "rejection") return ago(Math.max(...ages), now);
  const lasts = now - Math.min(...ages);
  return lasts < 1000 ? t("now") : t("since", { age: span(lasts) });
}

/**
 * @param {State} state
 * @param {TroubleRow} row
 * @param {number} now
 */
function rowNode(state, row, now) {
  const replay = replayBadge();
  show(replay, Boolean(row.device?.replayed));
  const lines = [
    el("span", { class: "need-what" }, WORDS[row.what](row, state)),
    el("span", { class: "need-age" }, ageWords(row, now)),
    el("span", { class: "need-where", title: namesOf(state, row).join(", ") }, replay, whereWords(state, row)),
    el("span", { class: "need-detail" }, detailWords(row)),
  ];
  const mark = el(
    "span",
    { class: "need-mark" },
    sign(SIGNS[row.what]),
    row.number && row.booths.length ? el("span", { class: "need-number" }, String(row.number)) : "",
  );
  const content = [mark, el("span", { class: "need-lines" }, lines)];
  const body =
    row.booths.length === 1
      ? el("a", { class: "need", href: pageOf(row.booths[0]), "data-key": row.key }, content)
      : el("span", { class: "need" }, content);
  return el("li", { "data-level": row.level }, body);
}

/**
 * @param {TroubleRow} row
 * @param {string} words
 */
async function ask(row, words) {
  const dialog = import("./mute_dialog.js").catch(() => null); // without an answer of the hub there is none
  const [loaded] = await Promise.all([dialog, styles("../ops.css")]);
  loaded?.muteDialog(row, words);
}

/**
 * The button that mutes a row, or ends that; the row's element stays, so it asks for the newest.
 * @param {AttentionList} list
 * @param {TroubleRow} row
 */
function muteButton(list, { key, mute }) {
  const title = t(mute ? "unmute_title" : "mute_title");
  const press = () => {
    const row = list.current.find((item) => item.key === key);
    if (mute)
      api.unmute(mute.id).catch(() => {}); // what it is then, the next look shows
    else if (row) ask(row, `${WORDS[row.what](row, list.state)} · ${whereText(list.state, row)}`);
  };
  const word = t(mute ? "unmute" : "mute");
  return el(
    "button",
    { class: "need-mute", type: "button", title, "data-key": `mute ${key}`, onclick: press },
    word,
  );
}

/**
 * @param {State} state
 * @param {TroubleRow} row
 */
const whereText = (state, row) =>
  whereWords(state, row)
    .map((part) => (typeof part === "string" ? part : part.textContent))
    .join("");

/**
 * The element of a row that is known already, showing what `fresh` does; else `fresh`.
 * @param {HTMLElement | undefined} known
 * @param {HTMLElement} fresh
 */
function renewed(known, fresh) {
  const [body, content] = [known?.firstElementChild, fresh.firstElementChild];
  if (!known || !body || !content || body.tagName !== content.tagName) return fresh;
  if (body.getAttribute("href") !== content.getAttribute("href")) return fresh;
  setData(known, "level", fresh.dataset.level);
  if (!body.isEqualNode(content)) body.replaceChildren(...content.childNodes);
  return known;
}

export class AttentionList {
  /**
   * `still` is true where nobody can scroll: rows that do not fit are counted instead.
   * @param {State} state
   * @param {boolean} still
   */
  constructor(state, still) {
    this.state = state;
    this.still = still;
    this.shown = "";
    this.last = 0; // number of a row that can be read
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** @type {TroubleRow[]} */
    this.current = [];
    this.count = el("span", { class: "needs-count" });
    this.list = el("ol", { class: "needs-list" });
    this.more = el("p", { class: "needs-more", hidden: true });
    this.node = el(
      "section",
      { class: "panel needs" },
      el("h2", {}, el("span", {}, t("attention")), this.count),
      this.list,
      this.more,
    );
  }

  /**
   * Show the causes of what is amiss, and below them what is worth a look; returns the last
   * number that can be read.
   * @param {TroubleRow[]} rows
   * @param {number} now
   */
  set(rows, now) {
    this.current = rows;
    const made = rows.slice(0, MOST).map((row) => rowNode(this.state, row, now));
    if (!this.still) for (const [at, node] of made.entries()) node.append(muteButton(this, rows[at]));
    const calm = this.#calmWords();
    const amiss = troubles(rows).length;
    const key = made.map((node) => node.textContent).join("\n") + rows.length + amiss + calm;
    if (key === this.shown) return this.last;
    this.shown = key;
    setText(this.count, amiss ? number(amiss) : "");
    setData(this.node, "level", rows.some((row) => row.level === "bad") ? "bad" : amiss ? "warn" : "ok");
    this.rows = new Map(made.map((node, at) => [rows[at].key, renewed(this.rows.get(rows[at].key), node)]));
    const nodes = [...this.rows.values()];
    const none = el("li", { class: "needs-none" }, sign(this.#calmSign()), el("span", {}, calm));
    const values = el("li", { class: "needs-values" }, t("values_lane"));
    /** @type {[number, HTMLElement][]} */
    const lanes = [
      [rows.slice(0, MOST).findIndex((row) => row.mute), el("li", { class: "needs-values" }, t("muted_lane"))],
      [rows.slice(0, MOST).findIndex((row) => row.value && !row.mute), values],
    ];
    for (const [first, lane] of lanes) if (first >= 0) nodes.splice(first, 0, lane);
    place(this.list, [...(amiss ? [] : [none]), ...nodes]);
    this.#fit(rows.length);
    return this.last;
  }

  #calmWords() {
    const { event } = this.state.plan;
    if (!this.state.begun) {
      const starts = day(Date.parse(`${event.starts}T12:00Z`));
      return event.opens ? t("begins", { starts, opens: event.opens }) : t("not_begun");
    }
    if (this.state.ended) return t("ended");
    return this.state.closed
      ? t("closed_now", { opens: event.opens ?? "", closes: event.closes ?? "" })
      : t("attention_none");
  }

  #calmSign() {
    if (!this.state.begun) return "absent";
    return this.state.closed ? "closed" : "live";
  }

  /**
   * Hide what does not fit, and count it.
   * @param {number} total
   */
  #fit(total) {
    const rows = /** @type {HTMLElement[]} */ ([...this.list.children]);
    let hidden = Math.max(0, total - MOST);
    if (this.still) {
      for (const node of rows) node.hidden = false;
      this.more.hidden = this.list.scrollHeight <= this.list.clientHeight + 1 && !hidden;
      const bottom = this.list.getBoundingClientRect().bottom + 1;
      const cut = rows.findIndex((node) => node.getBoundingClientRect().bottom > bottom);
      for (const node of cut > 0 ? rows.slice(cut) : []) {
        node.hidden = true;
        hidden += node.classList.contains("needs-values") ? 0 : 1;
      }
    }
    this.more.hidden = hidden === 0;
    const numbered = rows.filter((node) => node.querySelector(".need-number"));
    this.last = Number(numbered.findLast((node) => !node.hidden)?.querySelector(".need-number")?.textContent ?? 0);
    const key = numbered.some((node) => node.hidden) ? "attention_more_plan" : "attention_more";
    setText(this.more, t(key, { n: number(hidden) }));
  }
}
