// The button "This is a new kind" beside a message of a kind that there is not.

import * as api from "./api.js";
import { el } from "./dom.js";
import { t } from "./labels.js";

const KEPT = 1024; // characters of a rejected message from which on the hub keeps its beginning alone

/** @param {string} topic */
const kindIn = (topic) => topic.split("/").at(-2) ?? "";

/**
 * Whether a kind could be declared under the name that a rejection's topic has.
 * @param {string} topic
 */
export const canBeKind = (topic) => /^[a-z][a-z0-9_]{0,63}$/.test(kindIn(topic));

/** What the booth has asked for: each kind is asked for once. */
export class Wishes {
  constructor() {
    /** @type {Set<string>} */
    this.asked = new Set();
    /** @type {Map<string, {node: HTMLElement, booth: string}[]>} */
    this.nodes = new Map(); // the elements by their kinds
  }

  /**
   * Note what the hub knows that the booth asked for.
   * @param {string[]} [kinds]
   */
  know(kinds = []) {
    for (const kind of kinds) this.asked.add(kind);
    for (const kind of this.nodes.keys()) this.#draw(kind);
  }

  /**
   * The element for a rejection whose topic names the kind.
   * @param {{topic: string, booth: string, payload: string}} rejection
   */
  node({ topic, booth, payload }) {
    const kind = kindIn(topic);
    const node = el("p", { class: "wish-line" });
    this.nodes.set(kind, [
      ...(this.nodes.get(kind) ?? []).filter((item) => item.node.isConnected),
      { node, booth },
    ]);
    this.#draw(kind);
    if (payload.length >= KEPT) return el("div", {}, node, el("p", { class: "hint" }, t("wish_cut")));
    return node;
  }

  /** @param {string} kind */
  #draw(kind) {
    for (const { node, booth } of this.nodes.get(kind) ?? []) {
      if (this.asked.has(kind)) node.replaceChildren(el("span", { role: "status" }, `✓ ${t("wished")}`));
      else if (!node.firstChild) node.replaceChildren(...this.#button(booth, kind));
    }
  }

  /**
   * @param {string} booth
   * @param {string} kind
   */
  #button(booth, kind) {
    const wrong = el("span", { class: "wish-wrong", role: "alert" });
    const press = async () => {
      try {
        await api.wish({ booth, kind });
        this.know([kind]);
      } catch (error) {
        wrong.textContent = t("wish_failed", { reason: api.reasonOf(error) });
      }
    };
    const button = el("button", { type: "button", "data-key": `wish ${kind}`, onclick: press }, t("wish"));
    return [button, el("span", { class: "hint" }, t("wish_hint")), wrong];
  }
}
