// How far the one booth of a page has come: its checklist, accounts and quota, looked at again and again.

import * as api from "./api.js";

const LOOK = 1500; // ms between looks, until the booth has come all the way
const LOOK_DONE = 6000; // ms between looks after that
const SOON = 300; // ms after something happened that may have changed it

export class Progress {
  /** `told(details)` and `failed(error)` are called after each look. */
  constructor(booth, told, failed) {
    Object.assign(this, { booth, told, failed, done: false, timer: 0 });
  }

  async load() {
    try {
      const details = await api.booth(this.booth);
      this.done = details.checklist.every(({ state }) => state === "done");
      this.told(details);
    } catch (error) {
      this.failed(error);
    }
  }

  async watch() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, this.done ? LOOK_DONE : LOOK));
      await this.load();
    }
  }

  /** A step may be done: look soon, but not for each event of a burst. */
  soon() {
    this.timer ||= setTimeout(async () => {
      await this.load();
      this.timer = 0;
    }, SOON);
  }
}
