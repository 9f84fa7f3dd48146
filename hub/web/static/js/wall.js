// The live wall: header, boards, and the loop that draws what changed.

import { hubNow } from "./api.js";
import { attention, Beginnings } from "./attention.js";
import { Alarms, rowsOf, troubles } from "./causes.js";
import { el, keepFocus, setData, setText, show } from "./dom.js";
import { clock, day } from "./format.js";
import { AccountSums, Banner, Link, Parts } from "./health.js";
import { Taps } from "./invitation.js";
import { Kiosk, kioskSeconds, nextPage, viewOf } from "./kiosk.js";
import { chooseLanguage, languagesOf, otherLanguage, said, t } from "./labels.js";
import { languageButton, switchLanguage } from "./language.js";
import { muteAt } from "./mutes.js";
import { Outage } from "./outage.js";
import { Overview } from "./overview.js";
import { Plug } from "./plug.js";
import { ReplayPanel } from "./replay_panel.js";
import { replayBadge } from "./signs.js";
import { Tabs } from "./tabs.js";
import { Tank } from "./tank.js";
import { HubWatch } from "./watch.js";

const DRAW = 250; // ms between drawings: the hub sends at most four bursts a second
const ROWS = 1000; // ms between looks for what needs attention
const LANGUAGE = 10000; // ms for which each of several languages is on show
const CHARTS = 1000; // ms between drawings of charts

let boards = null; // what draws the domains' boards, once one was opened

/** Load them; without an answer of the hub there are none, and the next opening tries again. */
const loadBoards = async () => (boards ??= await import("./boards.js").catch(() => null));

class Wall {
  constructor(query) {
    this.query = query;
    this.seconds = kioskSeconds(query);
    this.view = viewOf(query);
    document.documentElement.dataset.view = this.view;
    this.alarms = new Alarms();
    this.hub = new HubWatch({ read: (event) => this.taps?.of(event) && this.#drawNow() });
    this.state = this.hub.state;
    this.beginnings = new Beginnings();
    this.outage = new Outage();
    this.open = this.open.bind(this);
    this.wanted = query.get("board") ?? "overview";
    this.board = null;
    this.version = null;
    this.bar = el("div", { class: "progress-bar" });
    this.replays = this.view === "ops" ? new ReplayPanel() : null;
    chooseLanguage(query.get("lang"));
    this.#frame();
  }

  #frame() {
    this.title = el("h1", { class: "wall-title" });
    this.replay = replayBadge();
    this.zone = el("p", { class: "wall-zone" });
    this.time = el("time", { class: "wall-clock" });
    this.date = el("span", { class: "wall-date" });
    this.tabs = new Tabs(this.open);
    this.parts = new Parts();
    this.link = new Link();
    this.accounts = new AccountSums();
    this.plays =
      this.view === "ops"
        ? ["rewind", "day"].map((what) =>
            el(
              "button",
              {
                class: "language",
                type: "button",
                title: t(`${what}_hint`),
                "data-key": what,
                onclick: () => this.#play(what),
              },
              t(`${what}_play`),
            ),
          )
        : [];
    this.banner = new Banner();
    this.tank = new Tank(this.outage);
    this.plug = this.view === "ops" && this.state.zone?.show?.plug ? new Plug() : null;
    this.main = el("main", { class: "wall-main", tabindex: 0 }, el("p", { class: "loading" }, t("loading")));
    document.body.replaceChildren(
      el(
        "header",
        { class: "wall-head" },
        el("div", { class: "wall-names" }, this.title, this.zone),
        this.replay,
        this.parts.node,
        this.link.node,
        this.plug?.node ?? "",
        ...this.plays,
        this.view === "ops" ? el("a", { class: "language", href: "/ops" }, t("ops_title")) : "",
        el("div", { class: "wall-when" }, this.date, this.time),
        languageButton(() => this.#switchLanguage()),
      ),
      this.tabs.node,
      this.banner.node,
      this.tank.node,
      this.replays?.node ?? "",
      this.main,
      this.accounts.node,
      el("div", { class: "progress", "aria-hidden": "true" }, this.bar),
    );
    this.#drawHub();
  }

  async start() {
    setInterval(() => this.#drawClock(), 1000);
    setInterval(() => this.#drawNow(), DRAW);
    setInterval(() => requestAnimationFrame(() => this.#drawCharts()), CHARTS);
    document.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("popstate", () => {
      this.query = new URLSearchParams(location.search);
      this.open(this.query.get("board") ?? "overview", null);
    });
    await this.hub.start();
    chooseLanguage(this.query.get("lang"), this.state.zone.event.languages);
    await Promise.all([this.#loadType(), this.wanted !== "overview" && loadBoards()]);
    if (!boards) this.wanted = "overview";
    this.#speak(this.query.get("lang"));
    const turns = languagesOf(this.query.get("lang"));
    if (turns.length > 1) this.turns = setInterval(() => this.#speak(otherLanguage()), LANGUAGE);
    if (!this.seconds) return;
    this.kiosk = new Kiosk(this.seconds, this.bar, {
      boards: () => this.#boards().map((board) => board.id),
      current: () => this.wanted,
      open: (id) => this.player || this.open(id, "replaceState"),
      page: () => this.player || this.#nextPage(),
      prepare: (id) => this.#prepare(id),
    });
  }

  /** The plan measures its names, so their type is there before; the wall starts without it too. */
  async #loadType() {
    const names = this.state.booths().map(({ id, name }) => said(name, id));
    const sample = el("b", { class: "offscreen", "aria-hidden": "true" }, names.join(" "));
    document.body.append(sample);
    sample.getBoundingClientRect(); // lays it out, for which its type is loaded
    await document.fonts.ready;
    sample.remove();
  }

  #boards() {
    const used = new Set([...this.state.devices.values()].map((device) => device.domain));
    const domains = this.state.domains().filter((domain) => used.has(domain.id) || domain.id === this.wanted);
    return [{ id: "overview", label: t("overview") }, ...domains];
  }

  /** Build the board on show anew: another board, another language, or a device that was not known. */
  #rebuild() {
    if (!this.state.zone || this.player?.played) return;
    const same = this.board?.id === this.wanted;
    const page = same ? this.board.page : 0;
    const top = same ? this.main.scrollTop : 0;
    this.board?.close();
    this.board = this.#made(page);
    this.main.replaceChildren(this.board.node);
    this.main.dataset.board = this.board.id;
    this.tabs.set(this.#boards(), this.board.id);
    const { event, zones } = this.state.zone;
    setText(this.title, said(event.name, t("wall_title")));
    setText(this.zone, zones.map((zone) => said(zone.name, zone.id)).join(" · "));
    this.#drawHub();
    this.board.open(this.main, hubNow()); // last: it fills what the others leave
    document.title = `${this.board.title} · ${this.title.textContent}`;
    this.#draw(true);
    this.#drawCharts();
    this.main.scrollTop = top;
  }

  #made(page) {
    const domain = this.state.domains().find(({ id }) => id === this.wanted);
    if (domain) return boards.boardOf(this.state, domain, this.view, page);
    const still = this.seconds > 0 || this.view === "wall";
    const tap = this.state.zone.show?.tap;
    if (tap?.booth !== this.taps?.tap.booth) this.taps = tap ? new Taps(this.state, tap) : null;
    return new Overview(this.state, { open: this.open, still, view: this.view, taps: this.taps });
  }

  /** Load what a board will show, before its turn. */
  async #prepare(id) {
    if (id === "overview") return;
    await loadBoards();
    if (this.view === "wall") boards?.prepare(this.state, id);
  }

  /** Open a board; `how` it is written down: "pushState", which Back undoes, "replaceState" or not. */
  async open(id, how = "pushState") {
    this.opening = id;
    this.player?.end();
    if (id === this.wanted && this.board) return;
    if (id !== "overview" && !boards && !(await loadBoards())) return;
    if (id !== this.opening) return; // another was opened meanwhile
    this.wanted = id;
    if (how) this.#address("board", id === "overview" ? null : id, how);
    keepFocus(() => this.#rebuild());
  }

  #step(by) {
    const ids = this.#boards().map((board) => board.id);
    const next = (ids.indexOf(this.wanted) + by + ids.length) % ids.length;
    this.open(ids[next]);
  }

  /** Show the next page of a board that nobody scrolls; false when there is none. */
  #nextPage() {
    return this.board?.nextPage ? this.board.nextPage(hubNow()) : nextPage(this.main);
  }

  /** Play what was again, on this page alone: "rewind" is the last minute, "day" the whole day. */
  async #play(what) {
    if (!this.state.zone) return;
    this.player?.end();
    const loaded = await import("./player.js").catch(() => null); // without an answer of the hub there is none
    if (!loaded || this.player) return;
    const ended = () => {
      this.player = null;
      keepFocus(() => this.#rebuild());
    };
    this.player = new loaded.Player({ host: this.main, state: this.state, view: this.view, ended });
    await this.player.play(what);
  }

  #switchLanguage() {
    clearInterval(this.turns); // who chose one wants it to stay
    switchLanguage(this.query);
    this.#reframe();
  }

  #speak(wanted) {
    chooseLanguage(wanted, this.state.zone?.event.languages);
    this.#reframe();
  }

  #reframe() {
    this.player?.end();
    keepFocus(() => {
      this.#frame();
      this.#rebuild();
    });
  }

  #address(name, value, how = "replaceState") {
    if (value === null) this.query.delete(name);
    else this.query.set(name, value);
    history[how](null, "", String(this.query) ? `?${this.query}` : location.pathname);
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("input, select")) return;
    if (event.key === "ArrowRight") this.#step(1);
    if (event.key === "ArrowLeft") this.#step(-1);
    if (event.key === "PageDown" && this.view === "wall") this.#nextPage();
    if (event.code === "KeyR") this.#play("rewind");
    if (event.code === "KeyD") this.#play("day");
    if (event.key === "Escape") this.player?.end();
  }

  /** In the next frame: a visitor who tapped waits for it. */
  #drawNow() {
    requestAnimationFrame(() => keepFocus(() => this.#draw()));
  }

  #draw(all = false) {
    const changes = this.state.take();
    if (changes.hub || all) this.#drawHub();
    if (!this.board) return;
    if (changes.structure && !all) return this.#rebuild();
    const now = hubNow();
    const rows = this.#rows(now, all);
    const fresh = this.alarms.take(rows);
    if (fresh && this.kiosk) this.player?.end(); // nobody is there who could
    if (fresh) this.kiosk?.alert();
    this.player?.live(troubles(rows).length);
    if (this.player?.played) return;
    this.board.draw(changes, now, rows, this.alarms.booths());
    this.tabs.mark(rows);
    const replayed = [...this.state.devices.values()].some((device) => device.replayed);
    show(this.replay, replayed);
    this.replays?.look(replayed);
  }

  /** The causes of what is amiss, found anew each second: at 1,000 devices that is work. */
  #rows(now, all) {
    const { mutes } = this.state;
    if (all || !this.rows || this.mutes !== mutes || Math.abs(now - this.rowsAt) >= ROWS) {
      this.rows = rowsOf(this.beginnings.mark(attention(this.state), now), muteAt(mutes, now));
      this.rowsAt = now;
      this.mutes = mutes;
    }
    return this.rows;
  }

  #drawCharts() {
    if (this.player?.played || this.hub.link.stale(Date.now())) return;
    boards?.setNow(hubNow());
    this.board?.drawCharts();
  }

  #drawHub() {
    const { state } = this;
    const { link } = this.hub;
    this.parts.set(state, link);
    this.link.set(link);
    this.accounts.set(state);
    this.banner.set(link, state);
    this.tank.set(link, state);
    setData(document.documentElement, "stale", link.stale(Date.now()) ? "" : null);
    this.#drawClock();
    this.#renew();
  }

  /** A hub of another version has other pages: take them. */
  #renew() {
    const version = this.state.health?.version;
    if (this.version && version && version !== this.version) location.reload();
    this.version = version ?? this.version;
  }

  #drawClock() {
    const now = hubNow();
    setText(this.time, clock(now));
    setText(this.date, day(now));
    this.plug?.draw();
  }
}

new Wall(new URLSearchParams(location.search)).start();
