// The exhibitor's page around its devices, in the language of now: names, banner, and the sections.

import { Checklist } from "./checklist.js";
import { el, setData, setText, show } from "./dom.js";
import { Banner, Link } from "./health.js";
import { helpLink } from "./help.js";
import { said, t } from "./labels.js";
import { languageButton } from "./language.js";
import { Notices } from "./notices.js";
import { Rejected } from "./rejected.js";
import { stateMark } from "./signs.js";
import { Wishes } from "./wish.js";

const JUMPS = { rejections: "your_rejections", devices: "your_devices", connect: "connect" };

export class BoothFrame {
  /**
   * `opened` says whether all rejections are on show from the start.
   * @param {string} id
   * @param {() => void} switchLanguage
   * @param {boolean} [opened]
   */
  constructor(id, switchLanguage, opened) {
    this.called = t("booth_title", { id });
    this.event = el("p", { class: "event" });
    this.link = new Link();
    this.title = el("h1", {}, this.called);
    this.number = el("span", { class: "booth-id" }, this.called);
    this.mark = stateMark("booth-mark");
    this.expected = el("span", { class: "booth-expected" });
    this.banner = new Banner();
    this.notices = new Notices();
    this.checklist = new Checklist();
    this.links = Object.fromEntries(
      Object.entries(JUMPS).map(([id, words]) => [id, el("a", { href: `#${id}`, "data-key": id }, t(words))]),
    );
    this.rejected = new Rejected(opened, new Wishes());
    this.deviceCount = el("span", { class: "count plain" });
    this.deviceList = el("div", { class: "devices" });
    this.devices = el(
      "section",
      { class: "section", id: "devices" },
      el("h2", {}, t("your_devices"), this.deviceCount),
      this.deviceList,
    );
    this.main = el("main", {}, el("p", { class: "loading" }, t("loading")));
    document.body.replaceChildren(
      el("header", { class: "top" }, this.event, this.link.node, languageButton(switchLanguage)),
      this.banner.node,
      el(
        "section",
        { class: "hero", "aria-label": this.called },
        this.number,
        this.title,
        el("p", { class: "hero-state" }, this.mark.node, this.expected, helpLink()),
        el("nav", { class: "jumps", "aria-label": t("jumps") }, Object.values(this.links)),
      ),
      this.main,
    );
  }

  /**
   * Say whose page it is: `known` is a booth of the zone.
   * @param {Zone} zone
   * @param {import("./state.js").PlannedBooth} booth
   * @param {boolean} known
   */
  name({ event, zones }, booth, known) {
    const name = said(booth.name, this.called);
    setText(this.title, known ? name : t("booth_unknown", { id: booth.id }));
    show(this.number, known);
    document.title = `${name} · ${this.called}`;
    const zone = zones.find(({ id }) => id === booth.zone);
    setText(this.event, [said(event.name), zone && said(zone.name)].filter(Boolean).join(" · "));
  }

  /**
   * How this page hears the hub.
   * @param {import("./link.js").HubLink} link
   */
  drawLink(link) {
    this.link.set(link);
    this.banner.set(link);
    setData(document.documentElement, "stale", link.stale(Date.now()) ? "" : null);
  }
}
