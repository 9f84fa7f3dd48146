// What an exhibitor should know beside the devices: a quota that is used up, a hub that cannot listen.

import { time as timeOf } from "./api.js";
import { el, setText, show } from "./dom.js";
import { clock, number } from "./format.js";
import { helpLink } from "./help.js";
import { saidMessage, t } from "./labels.js";
import { replayBadge, sign } from "./signs.js";

/** @typedef {import("./state.js").PageDevice} PageDevice */

const REFUSALS = 4; // of the broker's, the newest

/**
 * @param {"bad" | "warn"} level
 * @param {Element} content
 * @param {string} [symptom]
 */
function notice(level, content, symptom) {
  const words = el("span");
  const node = el(
    "p",
    { class: "booth-notice", role: "status", "data-level": level, hidden: true },
    content,
    el("span", {}, words, " ", symptom ? helpLink(symptom) : null),
  );
  return {
    node,
    set(/** @type {string} */ text) {
      show(node, Boolean(text));
      if (text) setText(words, text);
    },
  };
}

/** @param {QuotaUsage} usage */
function quotaWords({ over, dropped, delayed, counted }) {
  const counts = [
    dropped ? t("quota_dropped", { n: number(dropped) }) : "",
    delayed ? t("quota_delayed", { n: number(delayed) }) : "",
    counted ? t("quota_counted", { n: number(counted) }) : "",
  ].filter(Boolean);
  return [t(over ? "quota_over" : "quota_was_over"), ...counts, over ? t("quota_hint") : ""].join(" ").trim();
}

/** @param {Unanswered} item */
function unansweredWords(item) {
  const device = `${item.device.kind}/${item.device.device}`;
  return t("notice_unanswered", { n: number(item.count), device, reason: saidMessage(item) });
}

/**
 * What the broker refused an account, with how often and when.
 * @param {BrokerRefusal} item
 */
export function refusalWords(item) {
  const time = clock(timeOf(item.at));
  const words = item.code === "silent" ? "connected_since" : item.count > 1 ? "refused_times" : "refused_once";
  const when = t(words, { n: number(item.count), time });
  return `${saidMessage(item)}. ${when}`;
}

/**
 * Those that the checklist does not show already.
 * @param {BoothDetails} details
 */
function refusals({ at_broker, checklist }) {
  const shown = checklist.find(({ refusal }) => refusal)?.refusal;
  return (at_broker?.refusals ?? []).filter(
    ({ account, code }) => account !== shown?.account || code !== shown?.code,
  );
}

export class Notices {
  constructor() {
    this.taking = notice("bad", sign("alarm"), "no-readings");
    this.disabled = notice("bad", sign("offline"), "no-connection");
    this.unplanned = notice("warn", sign("warning"));
    this.quota = notice("warn", sign("warning"), "too-much");
    this.crowd = notice("warn", sign("warning"));
    this.unanswered = notice("warn", sign("warning"));
    this.refusals = Array.from({ length: REFUSALS }, () => notice("warn", sign("warning"), "no-connection"));
    this.replay = notice("warn", replayBadge());
    const all = [
      this.taking,
      this.disabled,
      this.unplanned,
      this.quota,
      this.crowd,
      ...this.refusals,
      this.unanswered,
      this.replay,
    ];
    this.node = el(
      "div",
      { class: "booth-notices" },
      all.map((item) => item.node),
    );
  }

  /**
   * @param {BoothDetails | null} details
   * @param {PageDevice[]} devices
   */
  set(details, devices) {
    this.taking.set(details?.taking === false ? t("notice_not_taking") : "");
    this.disabled.set(details?.account?.disabled ? t("notice_disabled") : "");
    const known = details?.account || devices.length;
    this.unplanned.set(details?.unplanned && known ? t("notice_unplanned") : "");
    this.quota.set(details?.quota ? quotaWords(details.quota) : "");
    this.crowd.set(details?.devices_left_out ? t("too_many_devices") : "");
    const refused = details ? refusals(details) : [];
    this.refusals.forEach((item, at) => item.set(refused[at] ? refusalWords(refused[at]) : ""));
    this.unanswered.set(details?.unanswered ? unansweredWords(details.unanswered) : "");
    this.replay.set(devices.some((device) => device.replayed) ? t("replay_hint") : "");
  }
}
