// The exhibitor's page: is my booth well, what does the hub hear, what was wrong, how do I connect.

import "./desk_labels.js"; // first: other modules may say its words while they load

import { hubNow, time } from "./api.js";
import { tally, trial } from "./attention.js";
import { Checklist } from "./checklist.js";
import { DevicePanel } from "./device.js";
import { Dialects } from "./dialects.js";
import { el, keepFocus, place, setData, setText, show } from "./dom.js";
import { Guide } from "./guide.js";
import { Banner, Link } from "./health.js";
import { helpLink } from "./help.js";
import { chooseLanguage, language, said, t } from "./labels.js";
import { languageButton, switchLanguage } from "./language.js";
import { Notices } from "./notices.js";
import { Rejected } from "./rejected.js";
import { stateMark } from "./signs.js";
import { HELD } from "./state.js";
import { HubWatch } from "./watch.js";
import { Wishes } from "./wish.js";

const DRAW = 250; // ms
const RECENT = 300000; // ms for which a rejection makes the headline
const FOLD = 3; // devices up to which all is shown of each

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

const JUMPS = { rejections: "your_rejections", devices: "your_devices", connect: "connect" };

class BoothPage {
  constructor(id, query) {
    Object.assign(this, { id, query, panels: new Map(), guide: null });
    this.hub = new HubWatch({ booth: id });
    this.state = this.hub.state;
    chooseLanguage(query.get("lang"));
    this.#frame();
  }

  #frame() {
    this.event = el("p", { class: "event" });
    this.link = new Link();
    this.name = el("h1", {}, t("booth_title", { id: this.id }));
    this.number = el("span", { class: "booth-id" }, t("booth_title", { id: this.id }));
    this.mark = stateMark("booth-mark");
    this.expected = el("span", { class: "booth-expected" });
    this.banner = new Banner();
    this.notices = new Notices();
    this.checklist = new Checklist();
    this.jumps = el("nav", { class: "jumps", "aria-label": t("jumps") });
    this.links = Object.fromEntries(
      Object.entries(JUMPS).map(([id, words]) => [id, el("a", { href: `#${id}`, "data-key": id }, t(words))]),
    );
    this.jumps.append(...Object.values(this.links));
    this.#frameSections();
    this.main = el("main", {}, el("p", { class: "loading" }, t("loading")));
    const switcher = languageButton(() => keepFocus(() => this.#switchLanguage()));
    document.body.replaceChildren(
      el("header", { class: "top" }, this.event, this.link.node, switcher),
      this.banner.node,
      el(
        "section",
        { class: "hero", "aria-label": t("booth_title", { id: this.id }) },
        this.number,
        this.name,
        el("p", { class: "hero-state" }, this.mark.node, this.expected, helpLink()),
        this.jumps,
      ),
      this.main,
    );
    this.#drawLink();
  }

  /** The sections of rejections and of devices, in which items come and go. */
  #frameSections() {
    this.rejected = new Rejected(this.rejected?.opened, new Wishes());
    this.deviceCount = el("span", { class: "count plain" });
    this.deviceList = el("div", { class: "devices" });
    const devices = el("h2", {}, t("your_devices"), this.deviceCount);
    this.own = el("section", { class: "section", id: "devices" }, devices, this.deviceList);
  }

  async start() {
    setInterval(() => requestAnimationFrame(() => keepFocus(() => this.#draw())), DRAW);
    setInterval(() => this.#tick(), 1000);
    await this.hub.start();
    const before = language();
    if (chooseLanguage(this.query.get("lang"), this.state.zone.event.languages) !== before) this.#frame();
    this.#rebuild();
  }

  get #known() {
    return this.state.zone.booths.some((booth) => booth.id === this.id);
  }

  #devices() {
    const own = [...this.state.devices.values()].filter((device) => device.booth === this.id);
    return own.sort(
      (a, b) => a.kind.localeCompare(b.kind) || a.device.localeCompare(b.device, "en", { numeric: true }),
    );
  }

  #rebuild() {
    if (!this.state.zone) return;
    const { event, zones } = this.state.zone;
    const booth = this.state.booth(this.id);
    const name = said(booth.name, t("booth_title", { id: this.id }));
    setText(this.name, this.#known ? name : t("booth_unknown", { id: this.id }));
    show(this.number, this.#known);
    document.title = `${name} · ${t("booth_title", { id: this.id })}`;
    const zone = zones.find(({ id }) => id === booth.zone);
    setText(this.event, [said(event.name), zone && said(zone.name)].filter(Boolean).join(" · "));
    const devices = this.#devices();
    this.panels = new Map(devices.map((device) => [device.key, this.#panel(device, devices.length <= FOLD)]));
    place(
      this.deviceList,
      [...this.panels.values()].map((panel) => panel.node),
    );
    setText(this.deviceCount, String(devices.length));
    if (this.guide) this.guide.renew();
    else this.guide = new Guide(this.state, this.id);
    this.dialects ??= new Dialects(this.state, this.id);
    const parts = [
      this.notices.node,
      this.checklist.node,
      this.rejected.node,
      devices.length ? this.own : this.#known ? null : this.#welcome(),
      this.dialects.node,
      devices.length ? this.#takeHome(devices) : null,
      this.guide.node,
    ];
    place(this.main, parts.filter(Boolean));
    this.#drawRejections();
    this.#draw(true);
  }

  #panel(device, open) {
    const kind = this.state.kinds.get(device.kind);
    const known = this.panels.get(device.key);
    if (!known?.suits(kind)) return new DevicePanel(device, kind, known?.node.open ?? open);
    known.device = device; // which may have been forgotten meanwhile, and known again
    return known;
  }

  /** Nothing heard of a booth that nobody planned: what will happen. */
  #welcome() {
    const words = t("booth_unknown_text");
    return el(
      "section",
      { class: "section" },
      el(
        "p",
        { class: "card welcome" },
        el("span", { class: "pulse", "aria-hidden": "true" }),
        el("span", {}, words),
      ),
    );
  }

  /** Links to the parts of a page that is longer than a screen. */
  #drawJumps() {
    show(this.links.rejections, this.#own().length > 0);
    show(this.links.devices, this.panels.size > 0);
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

  /** Links to the booth's readings of today, as tables. */
  #takeHome(devices) {
    const path = `/api/booths/${this.id}/export?lang=${document.documentElement.lang}`;
    const link = (query, words) =>
      el("a", { class: "more", href: `${path}&${query}`, download: "", "data-key": query }, words);
    const kinds = [...new Set(devices.map(({ kind }) => kind))];
    return el(
      "section",
      { class: "section" },
      el("h2", {}, t("take_home")),
      el("p", { class: "take-home-about" }, t("take_home_about")),
      el(
        "p",
        { class: "take-home" },
        link("format=xlsx", t("take_home_all")),
        el(
          "a",
          { class: "more", href: path.replace("/export", "/report"), target: "_blank", "data-key": "report" },
          t("take_home_report"),
        ),
        kinds.map((kind) => {
          const label = said(this.state.kinds.get(kind)?.label, kind);
          return link(`format=csv&kind=${kind}`, `${label} (CSV)`);
        }),
      ),
    );
  }

  #drawRejections() {
    this.#drawJumps();
    this.rejected.set(this.#own(), this.state.kinds);
    this.#tick();
  }

  #draw(all = false) {
    const changes = this.state.take();
    if (changes.hub || all) this.#drawLink();
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
    const { details, zone, kinds } = this.state;
    const devices = this.#devices();
    this.checklist.set(details?.checklist, {
      booth: this.id,
      mqtt: zone.mqtt,
      kinds,
      devices,
      atBroker: details?.at_broker,
      rejected: this.#rejectedLately(),
    });
    this.notices.set(details, devices);
    this.dialects.set(details?.heard);
    this.rejected.wishes.know(details?.wishes);
    this.guide.drawAccount();
  }

  #drawSummary() {
    const devices = this.#devices();
    const lasting = devices.filter((device) => !trial(device));
    const readings = lasting.reduce((total, device) => total + device.readings, 0);
    const tried = devices.some((device) => trial(device) && device.readings);
    const sum = { ...tally(lasting), readings, tried, heard: devices.length, rejected: this.#rejectedLately() };
    this.mark.set(...summary(sum));
    const missing = (this.state.booth(this.id).devices?.expected ?? 0) - sum.total;
    setText(this.expected, missing > 0 && sum.total ? t("booth_missing", { n: missing }) : "");
    show(this.mark.node, this.#known || sum.heard > 0);
  }

  #drawLink() {
    const { link } = this.hub;
    this.link.set(link);
    this.banner.set(link);
    setData(document.documentElement, "stale", link.stale(Date.now()) ? "" : null);
  }

  #tick() {
    const now = hubNow();
    for (const panel of this.panels.values()) panel.tick(now);
    this.rejected.tick(now);
    if (this.guide) this.#drawSummary(); // a rejection of long ago makes no headline
    if (this.hub.link.state !== "open") this.#drawLink();
  }

  #switchLanguage() {
    switchLanguage(this.query);
    this.dialects = null;
    this.#frame();
    if (this.guide) this.guide = new Guide(this.state, this.id, this.guide);
    this.#rebuild();
  }
}

const id = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
new BoothPage(id, new URLSearchParams(location.search)).start();
