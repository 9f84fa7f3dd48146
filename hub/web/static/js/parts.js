// Small parts that several boards share: counts by state, and what to do when nothing is connected.

import { el, setText, show } from "./dom.js";
import { number } from "./format.js";
import { t } from "./labels.js";
import { brokerAddress, publishCommand } from "./connect.js";
import { sign } from "./signs.js";

/**
 * @typedef {import("./attention.js").Tally} Tally
 * @typedef {import("./state.js").State} State
 */

export const STATES = /** @type {const} */ (["live", "late", "offline"]);

/** Counts of live, late and offline with their signs: {node, set(tally)}; zeros of trouble hide. */
export function tallyMarks() {
  const marks = STATES.map((state) => {
    const count = el("span", { class: "tally-count" });
    const node = el("span", { class: "tally-mark", "data-state": state, title: t(state) }, sign(state), count);
    return { state, node, count };
  });
  const node = el(
    "span",
    { class: "tally", role: "img" }, // counts alone would be read as "10 2 6"
    marks.map((mark) => mark.node),
  );
  return {
    node,
    set(/** @type {Tally} */ sum) {
      for (const { state, node, count } of marks) {
        setText(count, number(sum[state]));
        show(node, sum[state] > 0 || (state === "live" && sum.total > 0));
      }
      const said = marks.filter(({ node }) => !node.hidden);
      const words = said.map(({ state }) => `${t(state)} ${number(sum[state])}`).join(", ");
      node.setAttribute("aria-label", words || t("domain_none"));
    },
  };
}

/**
 * What the wall shows while no device is connected: the broker's address and a command to try.
 * @param {State} state
 * @param {string} [title]
 */
export function emptyState(state, title = t("start_how")) {
  const { mqtt, booths = [] } = state.plan;
  const kind = state.kinds.get("thermostat") ?? [...state.kinds.values()][0];
  const topic = kind ? `${mqtt.root}/${booths[0]?.id ?? "b01"}/${kind.name}/t1` : `${mqtt.root}/…`;
  const rows = [
    [t("start_address"), brokerAddress(mqtt)],
    [t("start_topic"), `${mqtt.root}/{booth}/{kind}/{device}`],
    ...(kind ? [[t("start_try"), publishCommand(mqtt, topic, kind.example)]] : []),
  ];
  const list = el(
    "dl",
    {},
    rows.map(([term, words]) => [el("dt", {}, term), el("dd", {}, el("code", {}, words))]),
  );
  return el("div", { class: "empty" }, el("h3", {}, title), el("p", {}, t("start_text")), list);
}
