// The exhibitor's page: is my booth well, what does the hub hear, what was wrong, how do I connect.

import "./desk_labels.js"; // first: other modules may say its words while they load

import { hubNow, time } from "./api.js";
import { tally, trial } from "./attention.js";
import { BoothFrame } from "./booth_frame.js";
import { DevicePanel } from "./device.js";
import { Dialects } from "./dialects.js";
import { el, keepFocus, place, setText, show } from "./dom.js";
import { Guide } from "./guide.js";
import { chooseLanguage, language, t } from "./labels.js";
import { switchLanguage } from "./language.js";
import { HELD } from "./state.js";
import { takeHome } from "./take_home.js";
import { HubWatch } from "./watch.js";

/**
 * @typedef {import("./attention.js").Tally} Tally
 * @typedef {import("./state.js").PageDevice} PageDevice
 */

const DRAW = 250; // ms
const RECENT = 300000; // ms for which a rejection makes the headline
const FOLD = 3; // devices up to which all is shown of each

/**
 * The state of the booth and what it is called: of its devices but trials, of all `heard`, of what was
 * `rejected` lately.
 * @param {Tally & {readings: number, tried: boolean, heard: number, rejected: number | string}} sum
 * @returns {[string, string]}
 */
function summary(sum) {
  if (sum.rejected && sum.live) return ["warning", t("booth_but_rejected", { n: sum.rejected })];
  if (sum.tried && sum.absent === sum.total) return ["empty", t("check_hint_tried")];
  if (!sum.total) return sum.heard ? ["late", t("booth_no_reading")] : ["empty", t("booth_waiting")];
  if (sum.live === sum.total && !sum.readings) return ["late", t("booth_no_reading")];
  if (sum.live === sum.total)
    return ["live", sum.total === 1 ? t("booth_one_live") : t("booth_all_live", { n: sum.total })];
  if (!sum.live) return ["offline", t("booth_none_live")];
  return ["late", t("booth_some_live", { live: sum.live, n: sum.total })];
}

/** Nothing heard of a booth that nobody planned: what will happen. */
const welcome = () =>
  el(
    "section",
    { class: "section" },
    el(
      "p",
      { class: "card welcome" },
      el("span", { class: "pulse", "aria-hidden": "true" }),
      el("span", {}, t("booth_unknown_text")),
    ),
  );

class BoothPage {
  /**
   * @param {string} id
   * @param {URLSearchParams} query
   */
  constructor(id, query) {
    this.id = id;
    this.query = query;
    this.hub = new HubWatch({ booth: id });
    this.state = this.hub.state;
    /** @type {Map<string, DevicePanel>} */
    this.panels = new Map();
    /** @type {Guide | null} */
    this.guide = null; // as the dialects, there once the zone is loaded
    /** @type {Dialects | null} */
    this.dialects = null;
    chooseLanguage(query.get("lang"));
    this.frame = this.#framed();
  }

  /**
   * Lay the page out in the language of now.
   * @param {boolean} [opened] whether all rejections are on show from the start
   */
  #framed(opened) {
    const frame = new BoothFrame(this.id, () => keepFocus(() => this.#switchLanguage()), opened);
    frame.drawLink(this.hub.link);
    return frame;
  }

  async start() {
    setInterval(() => requestAnimationFrame(() => keepFocus(() => this.#draw())), DRAW);
    setInterval(() => this.#tick(), 1000);
    await this.hub.start();
    const before = language();
    const spoken = chooseLanguage(this.query.get("lang"), this.state.plan.event.languages);
    if (spoken !== before) this.frame = this.#framed(this.frame.rejected.opened);
    this.#rebuild();
  }

  get #known() {
    return this.state.plan.booths.some((booth) => booth.id === this.id);
  }

  #devices() {
    const own = [...this.state.devices.values()].filter((device) => device.booth === this.id);
    return own.sort(
      (a, b) => a.kind.localeCompare(b.kind) || a.device.localeCompare(b.device, "en", { numeric: true }),
    );
  }

  #rebuild() {
    if (!this.state.zone) return;
    const { frame } = this;
    frame.name(this.state.zone, this.state.booth(this.id), this.#known);
    const devices = this.#devices();
    this.panels = new Map(devices.map((device) => [device.key, this.#panel(device, devices.length <= FOLD)]));
    place(
      frame.deviceList,
      [...this.panels.values()].map((panel) => panel.node),
    );
    setText(frame.deviceCount, String(devices.length));
    if (this.guide) this.guide.renew();
    else this.guide = new Guide(this.state, this.id);
    this.dialects ??= new Dialects(this.state, this.id);
    const parts = [
      frame.notices.node,
      frame.checklist.node,
      frame.rejected.node,
      devices.length ? frame.devices : this.#known ? null : welcome(),
      this.dialects.node,
      devices.length ? takeHome(this.id, devices, this.state.kinds) : null,
      this.guide.node,
    ];
    place(
      frame.main,
      parts.filter((part) => part !== null),
    );
    this.#drawRejections();
    this.#draw(true);
  }

  /**
   * @param {PageDevice} device
   * @param {boolean} open whether a new panel shows all at first
   */
  #panel(device, open) {
    const kind = this.state.kindOf(device);
    const known = this.panels.get(device.key);
    if (!known?.suits(kind)) return new DevicePanel(device, kind, known?.node.open ?? open);
    known.device = device; // which may have been forgotten meanwhile, and known again
    return known;
  }

  /** Links to the parts of a page that is longer than a screen. */
  #drawJumps() {
    show(this.frame.links.rejections, this.#own().length > 0);
    show(this.frame.links.devices, this.panels.size > 0);
  }

  #own() {
    return this.state.rejections.filter(({ booth }) => !booth || booth === this.id);
  }

  /** How many messages were rejected in the last minutes: "17", or "100+" where the page holds no more. */
  #rejectedLately() {
    const now = hubNow();
    const count = this.#own().filter(({ at }) => now - (time(at) ?? 0) < RECENT).length;
    return count >= HELD ? `${HELD}+` : count;
  }

  #drawRejections() {
    this.#drawJumps();
    this.frame.rejected.set(this.#own(), this.state.kinds);
    this.#tick();
  }

  #draw(all = false) {
    const changes = this.state.take();
    if (changes.hub || all) this.frame.drawLink(this.hub.link);
    if (!this.guide) return;
    if (changes.structure && !all) return this.#rebuild();
    const now = hubNow();
    for (const [key, panel] of this.panels) if (all || changes.devices.has(key)) panel.draw(now);
    if (changes.rejections && !all) this.#drawRejections();
    if (all || changes.devices.size || changes.rejections) this.#drawSummary();
    if (all || changes.details || changes.devices.size) this.#drawDetails();
  }

  /** How far the booth has come, and what the hub says to its exhibitor. */
  #drawDetails() {
    const { details, plan, kinds } = this.state;
    const { checklist, notices, rejected } = this.frame;
    const devices = this.#devices();
    checklist.set(details?.checklist, {
      booth: this.id,
      mqtt: plan.mqtt,
      kinds,
      devices,
      atBroker: details?.at_broker,
      rejected: this.#rejectedLately(),
    });
    notices.set(details, devices);
    this.dialects?.set(details?.heard);
    rejected.wishes.know(details?.wishes);
    this.guide?.drawAccount();
  }

  #drawSummary() {
    const devices = this.#devices();
    const lasting = devices.filter((device) => !trial(device));
    const readings = lasting.reduce((total, device) => total + device.readings, 0);
    const tried = devices.some((device) => trial(device) && device.readings);
    const sum = { ...tally(lasting), readings, tried, heard: devices.length, rejected: this.#rejectedLately() };
    const { mark, expected } = this.frame;
    mark.set(...summary(sum));
    const missing = (this.state.booth(this.id).devices?.expected ?? 0) - sum.total;
    setText(expected, missing > 0 && sum.total ? t("booth_missing", { n: missing }) : "");
    show(mark.node, this.#known || sum.heard > 0);
  }

  #tick() {
    const now = hubNow();
    for (const panel of this.panels.values()) panel.tick(now);
    this.frame.rejected.tick(now);
    if (this.guide) this.#drawSummary(); // a rejection of long ago makes no headline
    if (this.hub.link.state !== "open") this.frame.drawLink(this.hub.link);
  }

  #switchLanguage() {
    switchLanguage(this.query);
    this.dialects = null;
    this.frame = this.#framed(this.frame.rejected.opened);
    if (this.guide) this.guide = new Guide(this.state, this.id, this.guide);
    this.#rebuild();
  }
}

const id = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
new BoothPage(id, new URLSearchParams(location.search)).start();
