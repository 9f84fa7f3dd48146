// A kind that a booth asks for: its draft to be looked at, mended and taken in.

import * as api from "./api.js";
import { domainsOf } from "./domains.js";
import { el, place } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";
import { UNITS } from "./units.js";

/**
 * @param {string | number | undefined} value
 * @param {import("./dom.js").Attributes} [attributes]
 */
const input = (value, attributes = {}) => el("input", { value: value ?? "", ...attributes });
/**
 * @param {string} words
 * @param {Element} node
 */
const field = (words, node, looked = false) =>
  el("label", { class: "draft-field", "data-look": looked ? "" : null }, el("span", {}, words), node);

/** What a draft says behind a colon of what it leaves out: fields by their names, whole messages by their number. */
const LEFT = {
  draft_rename: "names are lower-case",
  draft_left: "left out",
  draft_spoilt: "some values",
  draft_quoted: "numbers in",
  draft_cut: "fields may be",
  draft_unread: "not looked at",
};
/** @param {Draft} draft */
const leftWords = (draft) =>
  Object.entries(LEFT).flatMap(([key, start]) => {
    const line = draft["x-look"].find((item) => item.startsWith(start));
    const rest = line?.replace(/^[^:]*: /, "");
    return rest ? [t(key, { names: rest, n: rest.split(" ")[0] })] : [];
  });

/** The row of a field: what it is called, its range and unit, and whether it is taken. */
class DraftRow {
  /**
   * @param {string} name
   * @param {DraftField} spec
   * @param {boolean} required
   */
  constructor(name, spec, required) {
    this.name = name;
    this.spec = spec;
    const looked = Boolean(spec["x-look"]);
    const numeric = spec.type === "number" || spec.type === "integer";
    const mark = (/** @type {HTMLInputElement} */ node) =>
      looked ? (node.setAttribute("data-look", ""), node) : node;
    this.taken = el("input", { type: "checkbox", checked: true, "aria-label": t("draft_take", { name }) });
    this.required = el("input", { type: "checkbox", checked: required, "aria-label": t("draft_required") });
    this.en = input(spec.title, { maxlength: 60, "aria-label": `${name} ${t("draft_en")}` });
    const guessed = spec.title_ko === spec.title ? "" : null;
    this.ko = input(spec.title_ko, {
      maxlength: 60,
      "data-look": guessed,
      "aria-label": `${name} ${t("draft_ko")}`,
    });
    const least = { type: "number", step: "any", "aria-label": `${name} ${t("draft_least")}` };
    const most = { type: "number", step: "any", "aria-label": `${name} ${t("draft_most")}` };
    this.least = numeric ? mark(input(spec.minimum, least)) : null;
    this.most = numeric ? mark(input(spec.maximum, most)) : null;
    const unit = { list: "units", size: 6, "aria-label": `${name} ${t("draft_unit")}` };
    this.unit = numeric ? mark(input(spec["x-unit"], unit)) : null;
    const words = spec.enum ? spec.enum.join(", ") : "";
    const range = numeric ? [this.least, " … ", this.most] : [el("span", {}, words || t(`draft_${spec.type}`))];
    this.node = el(
      "tr",
      {},
      [this.taken, el("code", {}, name), this.en, this.ko, range, this.unit, this.required].map((cell) =>
        el("td", {}, cell),
      ),
    );
  }

  /** The declaration of the field as it was filled in; null if it is not taken. */
  get declared() {
    if (!this.taken.checked) return null;
    const { "x-look": _, ...spec } = this.spec;
    Object.assign(spec, { title: this.en.value, title_ko: this.ko.value });
    if (!this.least || !this.most || !this.unit) return spec;
    Object.assign(spec, { minimum: Number(this.least.value), maximum: Number(this.most.value) });
    if (this.unit.value) spec["x-unit"] = this.unit.value;
    else delete spec["x-unit"];
    return spec;
  }
}

/**
 * The declaration as it was filled in: the draft, its rows, and what is said of the whole kind.
 * @param {Draft} draft
 * @param {DraftRow[]} rows
 * @param {object} whole
 */
function declared(draft, rows, whole) {
  const { "x-look": _, ...rest } = draft;
  const taken = rows.filter((item) => item.declared);
  const names = new Set(taken.map(({ name }) => name));
  const example = Object.entries(draft.examples[0] ?? {}).filter(([name]) => names.has(name));
  return {
    ...rest,
    ...whole,
    properties: Object.fromEntries(taken.map((item) => [item.name, item.declared])),
    required: taken.filter((item) => item.required.checked).map(({ name }) => name),
    examples: [Object.fromEntries(example)],
  };
}

export class Wanted {
  /**
   * `kinds` returns the kinds that there are.
   * @param {Wish} wish
   * @param {string} boothName
   * @param {() => Kind[]} kinds
   */
  constructor(wish, boothName, kinds) {
    this.wish = wish;
    this.kinds = kinds;
    this.open = false;
    this.body = el("div", { class: "draft" });
    this.wrong = el("p", { class: "dialog-wrong", role: "alert", hidden: true });
    const look = el("button", { type: "button", class: "primary", onclick: () => this.#look() }, t("draft_look"));
    const refuse = el("button", { type: "button", onclick: () => this.#refuse() }, t("draft_refuse"));
    this.buttons = el("div", { class: "dialog-buttons" }, refuse, look);
    this.node = el(
      "article",
      { class: "card wish" },
      el(
        "h3",
        {},
        el("code", {}, wish.kind),
        " ",
        boothName === wish.booth ? boothName : `${boothName} (${wish.booth})`,
      ),
      this.buttons,
      this.body,
      this.wrong,
    );
  }

  /** @param {() => Promise<void>} work */
  async #try(work) {
    this.wrong.hidden = true;
    try {
      await work();
    } catch (error) {
      this.wrong.textContent = api.reasonOf(error);
      this.wrong.hidden = false;
    }
  }

  #refuse() {
    this.#try(() => api.refuse(this.wish));
  }

  #look() {
    this.#try(async () => {
      const draft = await api.draft(this.wish);
      this.open = true;
      this.buttons.hidden = true;
      place(this.body, [this.#form(draft)]);
    });
  }

  /** @param {Draft} draft */
  #form(draft) {
    const kinds = this.kinds();
    const rows = Object.entries(draft.properties).map(
      ([name, spec]) => new DraftRow(name, spec, draft.required.includes(name)),
    );
    const en = input(draft.title, { maxlength: 60, required: true });
    const ko = input(draft.title_ko, { maxlength: 60, required: true });
    const domain = el(
      "select",
      {},
      domainsOf(kinds).map(({ id, label }) =>
        el("option", { value: id, selected: id === draft["x-domain"] }, said(label, id)),
      ),
    );
    const interval = input(draft["x-interval"], { type: "number", min: 0.1, step: "any", required: true });
    const events = el("input", { type: "checkbox", checked: draft["x-event-driven"] });
    const declaration = () =>
      declared(draft, rows, {
        title: en.value,
        title_ko: ko.value,
        "x-domain": domain.value,
        "x-interval": Number(interval.value),
        "x-event-driven": events.checked,
      });
    const heads = ["", "draft_name", "draft_en", "draft_ko", "draft_range", "draft_unit", "draft_required"];
    const form = el(
      "form",
      { class: "draft-form" },
      el("p", { class: "draft-look" }, t("draft_marked")),
      el("div", { class: "draft-head" }, [
        field(t("draft_en"), en, true),
        field(t("draft_ko"), ko, true),
        field(t("draft_domain"), domain, true),
        field(t("draft_interval"), interval, true),
        field(t("draft_events"), events),
      ]),
      el(
        "datalist",
        { id: "units" },
        UNITS.map((unit) => el("option", { value: unit })),
      ),
      el(
        "div",
        { class: "scroll" },
        el(
          "table",
          { class: "draft-table" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              heads.map((key) => el("th", {}, key && t(key))),
            ),
          ),
          el(
            "tbody",
            {},
            rows.map((item) => item.node),
          ),
        ),
      ),
      leftWords(draft).map((words) => el("p", { class: "draft-look" }, words)),
      el("details", {}, el("summary", {}, t("draft_sample")), el("pre", {}, JSON.stringify(draft.examples[0]))),
      el(
        "div",
        { class: "dialog-buttons" },
        el("button", { type: "button", onclick: () => this.#close() }, t("cancel")),
        el("button", { class: "primary" }, t("draft_confirm")),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(() => this.#confirm(declaration()));
    });
    return form;
  }

  #close() {
    this.open = false;
    this.buttons.hidden = false;
    place(this.body, []);
  }

  /** @param {object} declaration */
  async #confirm(declaration) {
    const kind = await api.declare(declaration);
    const { taken, rejected, cut } = await api.acceptRejected(kind.name);
    const lines = [
      t("kind_taken", { kind: said(kind.label, kind.name) }),
      t("kind_accepted", { n: number(taken) }),
    ];
    if (rejected) lines.push(t("kind_still_rejected", { n: number(rejected) }));
    if (cut) lines.push(t("kind_cut", { n: number(cut) }));
    const board = el("a", { href: `/?board=${encodeURIComponent(kind.domain)}` }, t("kind_board"));
    place(this.body, [el("p", { class: "kind-done", role: "status" }, lines.join(" ")), el("p", {}, board)]);
  }
}
