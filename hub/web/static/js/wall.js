// The live wall: header, boards, and the loop that draws what changed.

import { hubNow } from "./api.js";
import { attention, Beginnings } from "./attention.js";
import { Alarms, rowsOf, troubles } from "./causes.js";
import { el, keepFocus, show } from "./dom.js";
import { Taps } from "./invitation.js";
import { Kiosk, kioskSeconds, nextPage, viewOf } from "./kiosk.js";
import { chooseLanguage, languagesOf, otherLanguage, said, t } from "./labels.js";
import { switchLanguage } from "./language.js";
import { muteAt } from "./mutes.js";
import { Outage } from "./outage.js";
import { Overview } from "./overview.js";
import { ReplayPanel } from "./replay_panel.js";
import { WallFrame } from "./wall_frame.js";
import { HubWatch } from "./watch.js";

/**
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 * @typedef {object} Board what the frame is filled with: the overview, or the board of a domain
 * @property {string} id
 * @property {string} title
 * @property {HTMLElement} node
 * @property {number} [page]
 * @property {(host: HTMLElement, now: number) => void} open called when it is in the document
 * @property {(now: number) => boolean} [nextPage] false when there is none
 * @property {(changes: import("./state.js").Changes, now: number, rows: TroubleRow[], news: Set<string>) => void} draw
 * @property {() => void} drawCharts
 * @property {() => void} close
 */

const DRAW = 250; // ms between drawings: the hub sends at most four bursts a second
const ROWS = 1000; // ms between looks for what needs attention
const LANGUAGE = 10000; // ms for which each of several languages is on show
const CHARTS = 1000; // ms between drawings of charts

/** @type {typeof import("./boards.js") | null} */
let boards = null; // what draws the domains' boards, once one was opened

/** Load them; without an answer of the hub there are none, and the next opening tries again. */
const loadBoards = async () => (boards ??= await import("./boards.js").catch(() => null));

class Wall {
  /** @param {URLSearchParams} query */
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
    /** @type {Board | null} */
    this.board = null;
    /** @type {import("./player.js").Player | null} */
    this.player = null;
    this.wish = ""; // what is to be played once the page is there
    /** @type {Taps | null} */
    this.taps = null;
    /** @type {TroubleRow[] | null} */
    this.rows = null;
    this.rowsAt = 0; // epoch ms
    this.mutes = this.state.mutes; // of which the rows are
    this.version = "";
    this.bar = el("div", { class: "progress-bar" });
    this.replays = this.view === "ops" ? new ReplayPanel() : null;
    chooseLanguage(query.get("lang"));
    this.frame = this.#framed();
  }

  /**
   * Lay the page out in the language of now.
   * @returns {WallFrame}
   */
  #framed() {
    const { hub, view, outage, replays, bar, open } = this;
    return new WallFrame({
      hub,
      view,
      outage,
      replays,
      bar,
      open,
      play: (what) => this.#play(what),
      switchLanguage: () => this.#switchLanguage(),
    });
  }

  async start() {
    setInterval(() => this.frame.drawClock(), 1000);
    setInterval(() => this.#drawNow(), DRAW);
    setInterval(() => requestAnimationFrame(() => this.#drawCharts()), CHARTS);
    document.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("popstate", () => {
      this.query = new URLSearchParams(location.search);
      this.open(this.query.get("board") ?? "overview", null);
    });
    await this.hub.start();
    chooseLanguage(this.query.get("lang"), this.state.plan.event.languages);
    await Promise.all([this.#loadType(), this.wanted !== "overview" && loadBoards()]);
    if (!boards) this.wanted = "overview";
    this.#speak(this.query.get("lang"));
    const turns = languagesOf(this.query.get("lang"));
    if (this.wish) this.#play(this.wish);
    if (turns.length > 1) this.turns = setInterval(() => this.#speak(otherLanguage()), LANGUAGE);
    if (!this.seconds) return;
    this.kiosk = new Kiosk(this.seconds, this.bar, {
      boards: () => this.#boards().map((board) => board.id),
      current: () => this.wanted,
      open: (id) => this.player || this.open(id, "replaceState"),
      page: () => this.player !== null || this.#nextPage(),
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
    const { main, tabs, title } = this.frame;
    const same = this.board?.id === this.wanted ? this.board : null;
    const top = same ? main.scrollTop : 0;
    this.board?.close();
    const board = this.#made(same?.page ?? 0);
    this.board = board;
    main.replaceChildren(board.node);
    main.dataset.board = board.id;
    tabs.set(this.#boards(), board.id);
    this.frame.name(this.state.zone);
    this.#drawHub();
    board.open(main, hubNow()); // last: it fills what the others leave
    document.title = `${board.title} · ${title.textContent}`;
    this.#draw(true);
    this.#drawCharts();
    main.scrollTop = top;
  }

  /**
   * @param {number} page
   * @returns {Board}
   */
  #made(page) {
    const domain = this.state.domains().find(({ id }) => id === this.wanted);
    if (domain && boards) return boards.boardOf(this.state, domain, this.view, page);
    const still = this.seconds > 0 || this.view === "wall";
    const tap = this.state.plan.show?.tap;
    if (tap?.booth !== this.taps?.tap.booth) this.taps = tap ? new Taps(this.state, tap) : null;
    return new Overview(this.state, { open: this.open, still, view: this.view, taps: this.taps });
  }

  /**
   * Load what a board will show, before its turn.
   * @param {string} id
   */
  async #prepare(id) {
    if (id === "overview") return;
    await loadBoards();
    if (this.view === "wall") boards?.prepare(this.state, id);
  }

  /**
   * Open a board; `how` it is written down: "pushState", which Back undoes, "replaceState" or not.
   * @param {string} id
   * @param {"pushState" | "replaceState" | null} [how]
   */
  async open(id, how = "pushState") {
    this.opening = id;
    this.player?.end();
    if (id === this.wanted && this.board) return;
    if (id !== "overview" && !boards && !(await loadBoards())) return;
    if (id !== this.opening) return; // another was opened meanwhile
    this.wanted = id;
    if (how) this.#note(id, how);
    keepFocus(() => this.#rebuild());
  }

  /** @param {1 | -1} by */
  #step(by) {
    const ids = this.#boards().map((board) => board.id);
    const next = (ids.indexOf(this.wanted) + by + ids.length) % ids.length;
    this.open(ids[next]);
  }

  /** Show the next page of a board that nobody scrolls; false when there is none. */
  #nextPage() {
    return this.board?.nextPage ? this.board.nextPage(hubNow()) : nextPage(this.frame.main);
  }

  /**
   * Play what was again, on this page alone: "rewind" is the last minute, "day" the whole day.
   * @param {string} what
   */
  async #play(what) {
    this.wish = what;
    if (!this.board) return; // it is played once the page is there
    this.player?.end();
    const loaded = await import("./player.js").catch(() => null); // without an answer of the hub there is none
    if (!loaded || this.player) return;
    const ended = () => {
      this.player = null;
      keepFocus(() => this.#rebuild());
    };
    this.player = new loaded.Player({ host: this.frame.main, state: this.state, view: this.view, ended });
    await this.player.play(what);
  }

  #switchLanguage() {
    clearInterval(this.turns); // who chose one wants it to stay
    switchLanguage(this.query);
    this.#reframe();
  }

  /** @param {string | null} wanted */
  #speak(wanted) {
    chooseLanguage(wanted, this.state.zone?.event.languages);
    this.#reframe();
  }

  #reframe() {
    this.player?.end();
    keepFocus(() => {
      this.frame = this.#framed();
      this.#rebuild();
    });
  }

  /**
   * Write down in the address which board is open.
   * @param {string} id
   * @param {"pushState" | "replaceState"} how
   */
  #note(id, how) {
    if (id === "overview") this.query.delete("board");
    else this.query.set("board", id);
    history[how](null, "", String(this.query) ? `?${this.query}` : location.pathname);
  }

  /** @param {KeyboardEvent} event */
  #key({ altKey, ctrlKey, metaKey, code, key, target }) {
    const typing = target instanceof Element && target.closest("input, select");
    if (altKey || ctrlKey || metaKey || typing) return;
    if (key === "ArrowRight") this.#step(1);
    if (key === "ArrowLeft") this.#step(-1);
    if (key === "PageDown" && this.view === "wall") this.#nextPage();
    if (code === "KeyR") this.#play("rewind");
    if (code === "KeyD") this.#play("day");
    if (key !== "Escape") return;
    this.wish = "";
    this.player?.end();
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
    this.frame.tabs.mark(rows);
    const replayed = [...this.state.devices.values()].some((device) => device.replayed);
    show(this.frame.replay, replayed);
    this.replays?.look(replayed);
  }

  /**
   * The causes of what is amiss, found anew each second: at 1,000 devices that is work.
   * @param {number} now
   * @param {boolean} all
   */
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
    this.frame.drawHub();
    this.#renew();
  }

  /** A hub of another version has other pages: take them. */
  #renew() {
    const version = this.state.health?.version;
    if (this.version && version && version !== this.version) location.reload();
    this.version = version ?? this.version;
  }
}

new Wall(new URLSearchParams(location.search)).start();
