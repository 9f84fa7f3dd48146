// The five steps from nothing to steady readings, as the hub sees them.

import { el, setData, setText, show } from "./dom.js";
import { trial, usualInterval } from "./attention.js";
import { brokerAddress } from "./connect.js";
import { interval } from "./format.js";
import { saidMessage, t } from "./labels.js";
import { refusalWords } from "./notices.js";
import { sign } from "./signs.js";

/**
 * @typedef {object} About what the hints are made of
 * @property {string} booth
 * @property {Mqtt} mqtt
 * @property {Map<string, Kind>} kinds
 * @property {import("./state.js").PageDevice[]} devices
 * @property {BoothLogIns | null} [atBroker]
 * @property {number | string} rejected how many lately: "17", or "100+"
 */

const SIGNS = { done: "done", wrong: "alarm", next: "waiting", later: "empty" };

/**
 * Only a broker with accounts keeps a device to its booth's topics; one whose log we read says more.
 * @param {About} about
 */
const prefixHint = ({ mqtt, booth, atBroker }) =>
  mqtt.auth && !atBroker ? ` ${t("check_hint_prefix", { prefix: `${mqtt.root}/${booth}/` })}` : "";

/**
 * What to do now: the hint of the first step that is not done.
 * @param {ChecklistStep} step
 * @param {About} about
 */
function hint({ step, state, rejection, device, refusal }, about) {
  const { mqtt, kinds, devices } = about;
  if (rejection) return saidMessage(rejection);
  if (refusal) return refusalWords(refusal);
  if (step === "connected") return t("check_hint_connected", { address: brokerAddress(mqtt) }) + prefixHint(about);
  if (step === "topic") return t("check_hint_topic") + prefixHint(about);
  if (step !== "steady") return t(`check_hint_${step}`);
  if (device) return state === "wrong" ? t("check_hint_silent", { device: device.device }) : t("check_hint_tried");
  const waits = devices.map((device) => {
    const kind = device.last_seen && kinds.get(device.kind);
    return (kind && usualInterval(device, kind)) || 0;
  });
  return t("check_hint_steady", { age: interval(3 * Math.max(1, ...waits)) });
}

/** @param {About} about */
const flawless = ({ devices }) =>
  devices.every((device) => trial(device) || (device.state === "live" && !device.warnings.length));

/**
 * What is to be said once every step is done.
 * @param {About} about
 */
function verdict(about) {
  if (about.rejected) return t("booth_but_rejected", { n: about.rejected });
  return t(flawless(about) ? "check_all_done" : "check_but");
}

export class Checklist {
  constructor() {
    this.list = el("ol", { class: "checks" });
    this.hint = el("p", { class: "check-hint", role: "status" });
    this.title = el("h2", {}, t("checklist"));
    this.node = el(
      "section",
      { class: "section", hidden: true },
      this.title,
      el("div", { class: "card checklist" }, this.list, this.hint),
    );
    this.shown = "";
  }

  /**
   * @param {ChecklistStep[] | undefined} items
   * @param {About} about
   */
  set(items, about) {
    show(this.node, Boolean(items));
    if (!items) return;
    const current = items.find(({ state }) => state !== "done");
    const words = current ? hint(current, about) : verdict(about);
    const key = JSON.stringify([items.map(({ state }) => state), words]);
    if (key === this.shown) return;
    this.shown = key;
    setData(this.node, "done", current || about.rejected ? null : "");
    this.list.replaceChildren(
      ...items.map(({ step, state }) =>
        el(
          "li",
          { "data-state": state, "aria-current": state === "next" || state === "wrong" ? "step" : null },
          sign(SIGNS[state]),
          el("span", { class: "check-name" }, t(`check_${step}`)),
          el("span", { class: "offscreen" }, t(`check_state_${state}`)),
        ),
      ),
    );
    setText(this.hint, words);
    setData(this.hint, "state", current?.state ?? (about.rejected ? "but" : "done"));
  }
}
