// The list "Needs attention": what, where, since when; as many rows as there is room for.

import { fieldText, warningText } from "./cards.js";
import { el, setData, setText, show } from "./dom.js";
import { ago, bandText, number, span } from "./format.js";
import { said, saidMessage, t } from "./labels.js";
import { pageOf } from "./floor.js";
import { replayBadge, sign } from "./signs.js";

const MOST = 60; // rows made; the rest is a number

const SIGNS = {
  alarm: "alarm",
  normal: "warning",
  late: "late",
  offline: "offline",
  warning: "warning",
  rejection: "rejection",
  quota: "warning",
  absent: "offline",
  stray: "empty",
};

const WORDS = {
  alarm: (item) => fieldText(item.field, item.raw),
  normal: (item) => fieldText(item.field, item.raw),
  late: (item) => `${said(item.kind.label, item.kind.name)} ${t("late")}`,
  offline: (item) => `${said(item.kind.label, item.kind.name)} ${t("offline")}`,
  absent: (item) => `${said(item.kind.label, item.kind.name)} ${t("absent")}`,
  stray: (item) => `${said(item.kind.label, item.kind.name)} ${t("stray")}`,
  warning: (item) => warningText(item.device, item.warning),
  rejection: (item) => saidMessage(item.rejection),
  quota: () => t("quota_attention"),
};

function placeOf(state, item) {
  const parts = (item.rejection?.topic ?? "").split("/");
  const id = item.booth ?? item.device?.booth ?? item.rejection.booth ?? null;
  const booth = id ? said(state.booth(id).name, id) : t("unknown_device");
  if (item.booth) return { id, booth, name: "" };
  const name =
    item.device?.device ?? (id ? parts.slice(parts.indexOf(id) + 2).join("/") : item.rejection.topic);
  return { id, booth, name };
}

function detailOf(item) {
  if (item.what === "normal") return t("normal_band", { band: bandText(item.field) });
  if (item.what === "rejection") {
    const code = t(`code_${item.rejection.code}`);
    return item.count > 1 ? `${code} · ${t("times", { n: number(item.count) })}` : code;
  }
  if (item.what === "quota") return t("quota_attention_detail");
  return ["late", "offline", "absent", "stray"].includes(item.what) ? "" : said(item.kind.label, item.kind.name);
}

/** How long it lasts, or for a rejection how long ago it was. */
function ageOf(item, now) {
  if (item.at === null || item.at === undefined) return "";
  return item.rejection ? ago(item.at, now) : t("since", { age: span(now - item.at) });
}

function row(state, item, now) {
  const { id, booth, name } = placeOf(state, item);
  const replay = replayBadge();
  show(replay, Boolean(item.device?.replayed));
  const lines = [
    el("span", { class: "need-what" }, WORDS[item.what](item)),
    el("span", { class: "need-age" }, ageOf(item, now)),
    el("span", { class: "need-where" }, replay, el("b", {}, booth), " ", el("bdi", {}, name)),
    el("span", { class: "need-detail" }, detailOf(item)),
  ];
  const content = [sign(SIGNS[item.what]), el("span", { class: "need-lines" }, lines)];
  const body = id
    ? el("a", { class: "need", href: pageOf(id) }, content)
    : el("span", { class: "need" }, content);
  return el("li", { "data-level": item.level }, body);
}

export class AttentionList {
  /** `still` is true where nobody can scroll: rows that do not fit are counted instead. */
  constructor(state, still) {
    Object.assign(this, { state, still, shown: "" });
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

  set(items, now) {
    const rows = items.slice(0, MOST).map((item) => row(this.state, item, now));
    const event = this.state.zone?.event ?? {};
    const calmText = event.open === false ? t("closed_now", event) : t("attention_none");
    const key = rows.map((node) => node.textContent).join("\n") + items.length + calmText;
    if (key === this.shown) return;
    this.shown = key;
    setText(this.count, items.length ? number(items.length) : "");
    setData(
      this.node,
      "level",
      items.some((item) => item.level === "bad") ? "bad" : items.length ? "warn" : "ok",
    );
    const calm = el("li", { class: "needs-none" }, sign("live"), el("span", {}, calmText));
    this.list.replaceChildren(...(rows.length ? rows : [calm]));
    this.#fit(items.length);
  }

  #fit(total) {
    let fitting = Math.min(total, MOST);
    if (this.still) {
      const rows = [...this.list.children];
      for (const node of rows) node.hidden = false;
      this.more.hidden = this.list.scrollHeight <= this.list.clientHeight + 1 && total <= MOST;
      const bottom = this.list.getBoundingClientRect().bottom + 1;
      const cut = rows.findIndex((node) => node.getBoundingClientRect().bottom > bottom);
      if (cut > 0) fitting = cut;
      for (const node of rows.slice(fitting)) node.hidden = total > 0;
    }
    this.more.hidden = total <= fitting;
    setText(this.more, t("attention_more", { n: number(total - fitting) }));
  }
}
