// What invites visitors: the QR code of the page on which one tap sends one reading, and its dot.

import { el } from "./dom.js";
import { t } from "./labels.js";
import { keyOf } from "./state.js";

/** The code and what it is for; `shown` is what the hub shows to visitors. */
export const invitation = ({ url }) =>
  el(
    "aside",
    { class: "panel invitation" },
    el("img", { src: "/api/show/tap.svg", alt: url }),
    el("p", {}, t("tap_invites")),
  );

/** Tells whether a visitor has tapped: readings of the device that all telephones are. */
export class Taps {
  constructor(state) {
    this.state = state;
    this.readings = this.#count();
  }

  /** The booth from which a tap came since the last look, or null. */
  take() {
    const [count, before] = [this.#count(), this.readings];
    this.readings = count;
    return count > before ? this.state.zone.show.tap.booth : null;
  }

  #count() {
    return this.state.devices.get(keyOf(this.state.zone.show.tap))?.readings ?? 0;
  }
}
