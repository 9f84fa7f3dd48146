// The signs of states: each has a shape of its own, so colour is never the only sign.

import { el, svg } from "./dom.js";
import { t } from "./labels.js";

/** @type {Record<string, () => SVGElement>} */
const SHAPES = {
  live: () => svg("circle", { cx: 8, cy: 8, r: 6 }),
  late: () => svg("path", { d: "M8 1.2 15.4 14.4H.6Z" }),
  offline: () =>
    svg("path", { d: "M3.6 1 8 5.4 12.4 1 15 3.6 10.6 8 15 12.4 12.4 15 8 10.6 3.6 15 1 12.4 5.4 8 1 3.6Z" }),
  part: () =>
    svg("path", {
      d: "M3.6 1 8 5.4 12.4 1 15 3.6 10.6 8 15 12.4 12.4 15 8 10.6 3.6 15 1 12.4 5.4 8 1 3.6ZM8 7.6 8 13.3 12.4 12.6 13.6 11.4Z",
      "fill-rule": "evenodd",
    }),
  note: () => svg("path", { d: "M8 1.6 14.4 8 8 14.4 1.6 8Z" }),
  muted: () =>
    svg("path", {
      d: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 2.2a4.8 4.8 0 0 0-3.9 7.6l6.7-6.7A4.8 4.8 0 0 0 8 3.2Zm3.9 2-6.7 6.7a4.8 4.8 0 0 0 6.7-6.7Z",
      "fill-rule": "evenodd",
    }),
  empty: () => svg("circle", { cx: 8, cy: 8, r: 5.2, fill: "none", stroke: "currentColor", "stroke-width": 2 }),
  unknown: () => svg("path", { d: "M2 6.6h12v2.8H2Z" }),
  done: () => svg("path", { d: "M6.2 13.6 .8 8.2l2.1-2.1 3.3 3.3 6.9-6.9 2.1 2.1Z" }),
  waiting: () =>
    svg("path", {
      d: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6Zm0 2.6a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z",
      "fill-rule": "evenodd",
    }),
  warning: () =>
    svg("path", { d: "M8 .6 15.4 8 8 15.4.6 8ZM7 4.2v4.6h2V4.2Zm0 5.8v2h2v-2Z", "fill-rule": "evenodd" }),
  alarm: () =>
    svg("path", { d: "M5 1h6l4 4v6l-4 4H5l-4-4V5Zm2 2.8v5h2v-5Zm0 6.4v2h2v-2Z", "fill-rule": "evenodd" }),
  rejection: () =>
    svg("path", { d: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM3.6 6.9v2.2h8.8V6.9Z", "fill-rule": "evenodd" }),
};

/**
 * The look of each state: the shape that says it and the tone that colours it.
 * @type {Record<string, [string, "good" | "warn" | "bad" | "none" | "accent"]>}
 */
const LOOKS = {
  live: ["live", "good"],
  ok: ["live", "good"],
  late: ["late", "warn"],
  blocked: ["late", "warn"],
  offline: ["offline", "bad"],
  down: ["offline", "bad"],
  away: ["offline", "bad"],
  full: ["alarm", "bad"],
  broken: ["alarm", "bad"],
  failing: ["alarm", "bad"],
  part: ["part", "bad"],
  missing: ["empty", "warn"],
  absent: ["empty", "none"],
  closed: ["empty", "none"],
  muted: ["muted", "none"],
  empty: ["empty", "none"],
  note: ["note", "accent"],
  waiting: ["waiting", "accent"],
  done: ["done", "good"],
  unknown: ["unknown", "none"],
  deaf: ["alarm", "bad"],
  warning: ["warning", "warn"],
  alarm: ["alarm", "bad"],
  rejection: ["rejection", "warn"],
};

/**
 * "good", "warn", "bad" or "none": how a state is coloured.
 * @param {string} state
 */
export const toneOf = (state) => LOOKS[state]?.[1] ?? "bad";

/**
 * The shape of a state as an SVG group of 16 × 16 units, to be placed in a drawing.
 * @param {string} state
 */
export const shapeOf = (state) => SHAPES[LOOKS[state]?.[0] ?? "alarm"]();

/**
 * The sign of a state, coloured by its tone.
 * @param {string} state
 */
export function sign(state) {
  const attributes = {
    viewBox: "0 0 16 16",
    class: "sign",
    "aria-hidden": "true",
    "data-tone": toneOf(state),
  };
  return svg("svg", attributes, shapeOf(state));
}

/** Says of what is on show that it was recorded earlier: the same words in both languages. */
export const replayBadge = () => el("span", { class: "replay-badge", hidden: true }, t("replay"));

/**
 * Sign and word of a state that can change: {node, set(state, text)}.
 * @param {string} [className]
 * @returns {{node: HTMLElement, set: (state: string, words?: string) => void}}
 */
export function stateMark(className = "mark") {
  const text = el("span", { class: "mark-text" });
  const node = el("span", { class: className }, text);
  /** @type {string | null} */
  let shown = null;
  return {
    node,
    set(state, words = t(state)) {
      if (state !== shown) {
        if (shown !== null) node.firstChild?.remove();
        node.prepend(sign(state));
        node.dataset.tone = toneOf(state);
        shown = state;
      }
      if (text.textContent !== words) text.textContent = words;
    },
  };
}
