// How to connect a device: the broker, the topic and message of a kind, and commands to copy.

import * as api from "./api.js";
import { brokerHost, publishCommandWindows } from "./connect.js";
import { codeBlock, copyButton } from "./copy.js";
import { el, setText } from "./dom.js";
import { fieldRows } from "./fieldrule.js";
import { language, said, t } from "./labels.js";
import { TryIt } from "./tryit.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./tryit.js").Chosen} Chosen
 */

const DEVICE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const SETTLED = 250; // ms without a key until programs are asked for

/**
 * @param {string} label
 * @param {string} text
 */
function fact(label, text, copied = true, wide = false) {
  return el(
    "div",
    { class: wide ? "fact wide" : "fact" },
    el("dt", {}, label),
    el("dd", {}, el("code", {}, text), copied ? copyButton(() => text) : null),
  );
}

/**
 * The event's own certificate, which a device needs to trust the broker.
 * @param {Mqtt} mqtt
 */
function certificateFact({ tls, ca }) {
  if (!tls || !ca) return null;
  const link = el("a", { href: "/api/ca.crt", download: ca }, t("certificate_get", { name: ca }));
  return el("div", { class: "fact" }, el("dt", {}, t("certificate")), el("dd", {}, link));
}

/**
 * @param {Mqtt} mqtt
 * @param {HTMLElement} username
 */
function brokerFacts(mqtt, username) {
  const account = mqtt.auth
    ? [
        el("div", { class: "fact" }, el("dt", {}, t("username")), username),
        el("div", { class: "fact" }, el("dt", {}, t("password")), el("dd", {}, t("password_sheet"))),
      ]
    : [];
  return el(
    "dl",
    { class: "broker" },
    fact(t("host"), brokerHost(mqtt)),
    fact(t("port"), String(mqtt.port)),
    fact(t("protocol"), t("protocol_value"), false),
    fact(t("encryption"), t(mqtt.tls ? "tls_on" : "tls_off"), false),
    (mqtt.others ?? []).map(({ url, purpose }) => fact(t(`address_${purpose}`), url, true, true)),
    certificateFact(mqtt),
    account,
  );
}

/**
 * A select of every kind, by domain.
 * @param {State} state
 * @param {string} chosen
 */
function kindSelect(state, chosen) {
  const groups = state.domains().map((domain) => {
    const kinds = [...state.kinds.values()].filter((kind) => kind.domain === domain.id);
    return el(
      "optgroup",
      { label: said(domain.label, domain.id) },
      kinds.map((kind) =>
        el(
          "option",
          { value: kind.name, selected: kind.name === chosen },
          `${said(kind.label, kind.name)} (${kind.name})`,
        ),
      ),
    );
  });
  return el("select", { id: "kind" }, groups);
}

export class Guide {
  /**
   * `before` is the guide in another language: what somebody wrote and chose there is taken over.
   * @param {State} state
   * @param {string} booth
   * @param {Guide | null} [before]
   */
  constructor(state, booth, before = null) {
    this.state = state;
    this.booth = booth;
    this.shell = 0; // the program on show
    this.touched = false;
    /** @type {{label: string, text: string}[]} */
    this.programs = [];
    this.asked = 0;
    this.timer = 0;
    const { kind, name } = this.#first();
    this.select = kindSelect(state, kind);
    this.device = el("input", {
      id: "device",
      type: "text",
      value: name,
      maxlength: 64,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": "device-rule",
    });
    for (const control of [this.select, this.device]) {
      control.addEventListener("input", () => {
        this.touched = true;
        this.draw();
      });
    }
    this.topics = { reading: codeBlock(), status: codeBlock(), errors: codeBlock() };
    this.payload = codeBlock();
    this.command = codeBlock();
    this.username = el("dd", {});
    this.tabs = el("div", { class: "shells", role: "group", "aria-label": t("connect_step_program") });
    this.tryIt = new TryIt(() => this.#chosen());
    this.fields = el("tbody");
    this.fieldsTitle = el("summary");
    this.schema = el("a", { class: "schema", target: "_blank", rel: "noopener" }, t("schema"));
    const { mqtt } = this.state.plan;
    this.address = JSON.stringify(mqtt);
    this.broker = brokerFacts(mqtt, this.username);
    this.table = this.#fieldTable();
    this.node = this.#build();
    if (before) this.#takeOver(before);
    this.draw();
  }

  /** @param {Guide} before */
  #takeOver({ touched, shell, select, device, tryIt, table }) {
    this.touched = touched;
    this.shell = shell;
    this.select.value = select.value;
    this.device.value = device.value;
    this.table.open = table.open;
    if (tryIt.touched) this.tryIt.text.value = tryIt.text.value;
  }

  /** The zone, the kinds or the devices are others: show them; what somebody wrote or chose stays. */
  renew() {
    const { mqtt } = this.state.plan;
    const address = JSON.stringify(mqtt);
    if (address !== this.address) {
      const broker = brokerFacts(mqtt, this.username);
      this.broker.replaceWith(broker);
      this.address = address;
      this.broker = broker;
    }
    const options = kindSelect(this.state, this.select.value);
    if (options.textContent !== this.select.textContent) this.select.replaceChildren(...options.childNodes);
    if (!this.touched && !this.tryIt.touched && !this.node.contains(document.activeElement)) {
      const { kind, name } = this.#first();
      this.select.value = kind;
      this.device.value = name;
    }
    this.draw();
  }

  /** What the form starts with: the booth's own first device, or an example. */
  #first() {
    const own = [...this.state.devices.values()].find((device) => device.booth === this.booth);
    const kind =
      own?.kind ?? (this.state.kinds.has("thermostat") ? "thermostat" : [...this.state.kinds.keys()][0]);
    return { kind, name: own?.device ?? "my-device" };
  }

  #fieldTable() {
    return el(
      "details",
      { class: "fields" },
      this.fieldsTitle,
      el(
        "div",
        { class: "scroll" },
        el(
          "table",
          {},
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              [t("field"), t("type"), t("range")].map((words) => el("th", { scope: "col" }, words)),
            ),
          ),
          this.fields,
        ),
      ),
      this.schema,
    );
  }

  #build() {
    return el(
      "section",
      { class: "section guide", id: "connect" },
      el("h2", {}, t("connect")),
      el(
        "ol",
        { class: "steps" },
        el("li", { class: "card" }, el("h3", {}, t("connect_step_broker")), this.broker),
        el(
          "li",
          { class: "card" },
          el("h3", {}, t("connect_step_topic")),
          el(
            "div",
            { class: "form" },
            el("p", {}, el("label", { for: "kind" }, t("your_kind")), this.select),
            el(
              "p",
              {},
              el("label", { for: "device" }, t("your_device_name")),
              this.device,
              el("small", { id: "device-rule" }, t("device_name_rule")),
            ),
          ),
          el("h4", {}, t("reading_topic")),
          this.topics.reading.node,
          el("h4", {}, t("payload_example")),
          this.payload.node,
          this.table,
          el("h4", {}, t("status_topic")),
          this.topics.status.node,
          el("h4", {}, t("errors_topic")),
          this.topics.errors.node,
        ),
        el("li", { class: "card" }, el("h3", {}, t("connect_step_try")), this.tryIt.node),
        el(
          "li",
          { class: "card programs" },
          el("h3", {}, t("connect_step_program")),
          this.tabs,
          this.command.node,
        ),
      ),
    );
  }

  /**
   * What the form says; a name that cannot be is not taken.
   * @returns {Chosen}
   */
  #chosen() {
    const name = this.device.value.trim();
    return {
      kind: this.state.kinds.get(this.select.value),
      booth: this.booth,
      device: DEVICE.test(name) ? name : "my-device",
    };
  }

  draw() {
    const { mqtt } = this.state.plan;
    const { kind, device } = this.#chosen();
    if (!kind) return;
    this.device.setAttribute("aria-invalid", String(!DEVICE.test(this.device.value.trim())));
    const topic = `${mqtt.root}/${this.booth}/${kind.name}/${device}`;
    this.topics.reading.set(topic);
    this.topics.status.set(`${topic}/status`);
    this.topics.errors.set(`${topic}/errors`);
    this.payload.set(JSON.stringify(kind.example, null, 2));
    setText(this.fieldsTitle, t("fields_of", { kind: said(kind.label, kind.name) }));
    this.fields.replaceChildren(...fieldRows(kind));
    this.schema.setAttribute("href", kind.schema);
    this.tryIt.set(kind);
    this.drawAccount();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), this.programs.length ? SETTLED : 0);
  }

  /** The account of the device in the form, once the hub has told of the booth's accounts. */
  drawAccount() {
    const username = this.#account();
    if (this.username.dataset.shown === String(username)) return;
    this.username.dataset.shown = String(username);
    this.username.replaceChildren(
      ...(username ? [el("code", {}, username), copyButton(() => username)] : [t("password_sheet")]),
    );
  }

  #account() {
    const { kind, device } = this.#chosen();
    const accounts = this.state.details?.account?.devices ?? [];
    const own = accounts.find((item) => item.kind === kind?.name && item.device === device);
    return (own ?? accounts.find((item) => !item.device) ?? accounts[0])?.account ?? null;
  }

  /** Fetch the programs for what the form says; what is on show stays until they are there. */
  async #load() {
    const { kind, booth, device } = this.#chosen();
    if (!kind) return;
    const { mqtt } = this.state.plan;
    const asked = (this.asked += 1);
    const asks = { booth, device, host: brokerHost(mqtt), lang: language() };
    const programs = await api.snippets(kind.name, asks).catch(() => null);
    if (asked !== this.asked || !programs) return;
    const trial = `${mqtt.root}/${this.booth}/${kind.name}/try`; // which no wall shows
    const windows = publishCommandWindows(mqtt, trial, kind.example, this.#account(), mqtt.ca);
    this.programs = programs.map(({ label, text }) => ({ label, text: text.trimEnd() }));
    this.programs.splice(1, 0, { label: "mosquitto_pub (Windows)", text: windows });
    if (!this.tabs.children.length)
      this.tabs.append(
        ...this.programs.map(({ label }, place) =>
          el("button", { type: "button", class: "shell", onclick: () => this.#show(place) }, label),
        ),
      );
    this.#show(this.shell);
  }

  /** @param {number} index */
  #show(index) {
    this.shell = index;
    [...this.tabs.children].forEach((tab, place) => tab.setAttribute("aria-pressed", String(place === index)));
    this.command.set(this.programs[index].text);
  }
}
