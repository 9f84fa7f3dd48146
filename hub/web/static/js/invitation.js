// What invites visitors: the QR code of the page on which one tap sends one reading, and its dot.

import { el } from "./dom.js";
import { t } from "./labels.js";
import { keyOf } from "./state.js";

/** @typedef {import("./state.js").State} State */

/**
 * The code and what it is for.
 * @param {Tap} tap
 */
export const invitation = ({ url }) =>
  el(
    "aside",
    { class: "panel invitation" },
    el("img", { src: "/api/show/tap.svg", alt: url }),
    el("p", {}, t("tap_invites")),
  );

/** Tells whether a visitor has tapped: readings of the device that all telephones are. */
export class Taps {
  /**
   * @param {State} state
   * @param {Tap} tap
   */
  constructor(state, tap) {
    this.state = state;
    this.tap = tap;
    this.readings = this.#count();
  }

  /**
   * Whether a reading is a visitor's tap.
   * @param {import("./state.js").ReadingEvent} event
   */
  of({ booth, kind, device }) {
    return device === this.tap.device && kind === this.tap.kind && booth === this.tap.booth;
  }

  /** The booth from which a tap came since the last look, or null. */
  take() {
    const [count, before] = [this.#count(), this.readings];
    this.readings = count;
    return count > before ? this.tap.booth : null;
  }

  #count() {
    return this.state.devices.get(keyOf(this.tap))?.readings ?? 0;
  }
}
