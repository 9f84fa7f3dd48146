// The hub's own state on the wall: its parts, its accounts, the page's link, and the broad banner.

import { hubNow } from "./api.js";
import { el, setData, setText, show } from "./dom.js";
import { bytes, clock, number } from "./format.js";
import { helpLink } from "./help.js";
import { saidMessage, t } from "./labels.js";
import { sign, stateMark } from "./signs.js";

/**
 * @typedef {import("./link.js").HubLink} HubLink
 * @typedef {import("./state.js").State} State
 * @typedef {{title: string, lines: string[], level?: "warn", symptom?: string}} Said what a banner says
 */

const PARTS = ["broker", "outbox", "store", "hubs"]; // a hub has an outbox, the wall of several has hubs
/** @type {Record<HubLink["state"], string>} */
const LINKS = { connecting: "late", open: "live", retry: "late", lost: "offline", denied: "offline" };

/**
 * What a page says while what is on show is old: {title, lines, symptom}; else null. The hub serves the
 * help, so there is no symptom to link to while it does not answer.
 * @param {HubLink} link
 * @returns {Said | null}
 */
function staleWords(link) {
  if (!link.stale(Date.now())) return null;
  if (link.failure === "denied")
    return { title: t("banner_denied"), lines: [t("banner_denied_hint")], symptom: "link" };
  const lines = [t("banner_lost_hint")];
  if (!link.answered) return { title: t("banner_never"), lines };
  if (link.failure) return { title: t("banner_lost", { time: clock(link.answered) }), lines };
  const since = hubNow() - (Date.now() - (link.cutAt ?? Date.now())); // by the hub's clock
  return { title: t("banner_cut", { time: clock(since) }), lines, symptom: "not-live" };
}

/** The parts of the hub, or of the wall of several, as sign and word. */
export class Parts {
  constructor() {
    this.marks = Object.fromEntries(PARTS.map((name) => [name, stateMark("part-mark")]));
    this.fill = el("span", { class: "part-fill" });
    this.rows = PARTS.map((name) =>
      el(
        "li",
        { class: "part", hidden: name === "hubs" },
        el("span", { class: "part-name" }, t(name)),
        this.marks[name].node,
        name === "outbox" ? this.fill : null,
      ),
    );
    this.node = el("ul", { class: "parts" }, this.rows);
  }

  /**
   * @param {State} state
   * @param {HubLink} link
   */
  set({ health }, link) {
    show(this.node, Boolean(health));
    for (const [index, name] of PARTS.entries()) {
      const part = health?.parts[name];
      if (health) show(this.rows[index], Boolean(part));
      if (part) this.marks[name].set(link.failure ? "unknown" : part.state);
    }
    const { bytes: used = 0, limit = 0 } = health?.parts.outbox ?? {};
    const known = limit > 0;
    setText(this.fill, known ? `${number((used / limit) * 100, 1)}%` : "");
    this.fill.title = known ? t("outbox_fill", { used: bytes(used), limit: bytes(limit) }) : "";
  }
}

/** How this page hears the hub. */
export class Link {
  constructor() {
    this.mark = stateMark("link");
    this.node = this.mark.node;
    this.node.title = t("link_hint");
    this.node.setAttribute("role", "status");
  }

  /** @param {HubLink} link */
  set({ state }) {
    this.mark.set(LINKS[state], t(`link_${state === "denied" ? "lost" : state}`));
  }
}

/** @typedef {keyof Accounts} Account */

/** @type {[Account, Account[]][]} */
const EQUATIONS = [
  ["received", ["accepted", "rejected", "duplicate", "ignored"]],
  // Not `accepted`: a message of a dialect may hold several readings, one taken in later counts as rejected.
  ["readings", ["stored", "merged", "waiting", "refused"]],
];
/** @type {Set<Account>} */
const TROUBLE = new Set(["rejected", "refused"]);

/**
 * Whether both sums hold.
 * @param {Accounts} accounts
 */
export const balances = (accounts) =>
  EQUATIONS.every(([total, parts]) => accounts[total] === parts.reduce((sum, name) => sum + accounts[name], 0));

/** The accounts as the two sums that must hold. */
export class AccountSums {
  constructor() {
    /** @type {{name: Account, node: HTMLElement, figure: HTMLElement}[]} */
    this.numbers = [];
    this.off = el("span", { class: "account-off" }, sign("alarm"), t("accounts_off"));
    const sums = EQUATIONS.map(([total, parts]) =>
      el(
        "span",
        { class: "account-sum" },
        this.#term(total),
        parts.map((name, index) => [el("i", {}, index ? "+" : "="), this.#term(name)]),
      ),
    );
    this.node = el("footer", { class: "accounts", "aria-label": t("accounts") }, sums, this.off);
  }

  /** @param {Account} name */
  #term(name) {
    const figure = el("b", {}, "0");
    const node = el("span", { class: "account" }, el("span", {}, t(name)), figure);
    this.numbers.push({ name, node, figure });
    return node;
  }

  /** @param {State} state */
  set({ accounts }) {
    show(this.node, Boolean(accounts));
    if (!accounts) return;
    for (const { name, node, figure } of this.numbers) {
      setText(figure, number(accounts[name] ?? 0));
      setData(node, "trouble", TROUBLE.has(name) && accounts[name] > 0 ? "" : null);
    }
    show(this.off, !balances(accounts));
  }
}

const AWAY = new Set(["away", "blocked"]);

/**
 * Whether the hub's store is away while the hub itself keeps what comes: then nothing is amiss but that.
 * @param {Pick<State, "health">} state
 */
export const keeps = ({ health }) =>
  health?.status === "ok" && Boolean(health.parts.outbox) && AWAY.has(health.parts.store?.state);

/**
 * @param {Pick<State, "health">} state
 * @returns {Said | null}
 */
function trouble(state) {
  const { health } = state;
  const parts = health?.parts ?? {};
  const told = (/** @type {string} */ name) => name === "store" && keeps(state); // by the tank
  const amiss = PARTS.filter((name) => (parts[name]?.state ?? "ok") !== "ok" && !told(name));
  if (!health || !amiss.length) return null;
  const lines = amiss.map((name) => `${t(name)} – ${saidMessage(parts[name])}`);
  const symptom = "no-readings";
  if (health.status !== "ok")
    return { title: t("banner_failing", { parts: amiss.map((name) => t(name)).join(", ") }), lines, symptom };
  const title = amiss.map((name) => t("banner_part", { part: t(name), state: t(parts[name].state) })).join(", ");
  return { title, lines: amiss.map((name) => saidMessage(parts[name])), level: "warn", symptom };
}

/** The broad banner: that the values on show are old, or which part fails and what it says. */
export class Banner {
  constructor() {
    this.title = el("strong", { class: "banner-title" });
    this.lines = el("ul", { class: "banner-lines" });
    this.node = el(
      "div",
      { class: "banner", role: "alert", hidden: true },
      sign("alarm"),
      el("div", {}, this.title, this.lines),
    );
    this.shown = "";
  }

  /**
   * A page that says nothing of the hub's parts gives no `state`.
   * @param {HubLink} link
   * @param {Pick<State, "health">} [state]
   */
  set(link, state = { health: null }) {
    const said = staleWords(link) ?? trouble(state);
    const key = JSON.stringify(said);
    if (key === this.shown) return;
    this.shown = key;
    show(this.node, Boolean(said));
    if (!said) return;
    setData(this.node, "level", said.level ?? "bad");
    setText(this.title, said.title);
    const help = said.symptom ? [el("li", {}, helpLink(said.symptom))] : [];
    this.lines.replaceChildren(...said.lines.map((line) => el("li", {}, line)), ...help);
  }
}
