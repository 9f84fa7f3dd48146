// The replays that play onto the wall, for whoever leads them: pause, step, speed and position.

import * as api from "./api.js";
import { el, place, setText, show } from "./dom.js";
import { clock } from "./format.js";
import { t } from "./labels.js";

/**
 * @typedef {import("./api.js").ReplayWish} ReplayWish
 * @typedef {(player: string, wish: ReplayWish) => void} Want
 */

const ASK = 1000; // ms between looks at where a replay is
const SOON = 400; // ms after a wish until it is taken: the replay asks each 250 ms
const LESS = 0.5;
const MORE = 2;

/**
 * Seconds as a player shows them: "1:05", "2:00:09".
 * @param {number} seconds
 */
function played(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, at) => String(part).padStart(at ? 2 : 1, "0")).join(":");
}

/** @param {number} speed */
const factor = (speed) => Number(speed.toPrecision(3)).toString();

/** A replay: a button for each thing that can be wanted of it, and where it is. */
class ReplayRow {
  /**
   * @param {Replay} said
   * @param {Want} want
   */
  constructor(said, want) {
    const { player } = said;
    this.said = said;
    this.held = false; // whether somebody drags the slider
    const button = (/** @type {string} */ what, /** @type {() => void} */ onclick) =>
      el("button", { type: "button", "data-key": `replay-${what}-${player}`, onclick });
    this.name = el("span", { class: "replay-name" });
    this.play = button("play", () => want(player, { paused: !this.said.paused }));
    this.step = button("step", () => want(player, { steps: 1 }));
    this.slower = button("slower", () => want(player, { speed: (this.said.speed ?? 1) * LESS }));
    this.speed = el("output", { class: "replay-speed" });
    this.faster = button("faster", () => want(player, { speed: (this.said.speed ?? 1) * MORE }));
    this.where = el("output", { class: "replay-where" });
    this.slider = el("input", {
      type: "range",
      min: 0,
      step: "any",
      "data-key": `replay-position-${player}`,
      oninput: () => this.#draw(Number(this.slider.value)),
      onpointerdown: () => (this.held = true),
      onchange: () => {
        this.held = false;
        want(player, { position: Number(this.slider.value) });
      },
    });
    const speeds = [this.slower, this.speed, this.faster];
    this.node = el("div", { class: "replay-row", role: "group" }, [
      this.name,
      this.play,
      this.step,
      speeds,
      this.slider,
      this.where,
    ]);
  }

  /** @param {Replay} said */
  set(said) {
    this.said = said;
    const { name, paused, speed, position, length } = said;
    setText(this.name, name);
    this.node.setAttribute("aria-label", `${t("replay")} ${name}`);
    setText(this.play, t(paused ? "replay_play" : "replay_pause"));
    setText(this.step, t("replay_step"));
    setText(this.slower, "−");
    setText(this.faster, "+");
    this.slower.setAttribute("aria-label", t("replay_slower"));
    this.faster.setAttribute("aria-label", t("replay_faster"));
    for (const node of [this.slower, this.faster]) show(node, speed !== null);
    setText(this.speed, speed === null ? t("replay_full") : t("replay_speed", { n: factor(speed) }));
    this.slider.setAttribute("aria-label", t("replay_position"));
    if (this.held) return;
    this.slider.max = String(length);
    this.slider.value = String(position);
    this.#draw(position);
  }

  /**
   * Where it is, or where the slider is held.
   * @param {number} position
   */
  #draw(position) {
    const { begins, length } = this.said;
    const began = api.time(begins);
    const at = clock(began === null ? null : began + position * 1000);
    setText(this.where, `${played(position)} / ${played(length)} · ${at}`);
    this.slider.setAttribute("aria-valuetext", at);
  }
}

export class ReplayPanel {
  constructor() {
    /** @type {Map<string, ReplayRow>} */
    this.replays = new Map();
    this.node = el("section", { class: "replay-panel", hidden: true });
    this.asked = 0;
    this.look(true);
  }

  /**
   * Look where the replays are, each second while some play.
   * @param {boolean} replayed whether a device shows what was recorded
   */
  look(replayed) {
    const due = Date.now() - this.asked >= ASK;
    if (!due || document.hidden || !(replayed || this.replays.size)) return;
    this.#ask();
  }

  async #ask() {
    this.asked = Date.now();
    /** @type {Replay[]} */
    const playing = await api.replays().catch(() => []);
    const before = this.replays;
    this.replays = new Map(
      playing.map((said) => {
        const row = before.get(said.player) ?? new ReplayRow(said, (player, wish) => this.#want(player, wish));
        row.set(said);
        return [said.player, row];
      }),
    );
    const nodes = [...this.replays.values()].map(({ node }) => node);
    place(this.node, nodes);
    show(this.node, nodes.length > 0);
  }

  /**
   * What cannot be had any more, as of a replay that has ended, is seen by looking again.
   * @param {string} player
   * @param {ReplayWish} wish
   */
  async #want(player, wish) {
    await api.leadReplay(player, wish).catch(() => {});
    setTimeout(() => this.#ask(), SOON);
  }
}
