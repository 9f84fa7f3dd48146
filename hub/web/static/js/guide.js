// How to connect a device: the broker, the topic and message of a kind, and commands to copy.

import { brokerHost, publishCommand, publishCommandWindows, publishPython } from "./connect.js";
import { codeBlock, copyButton } from "./copy.js";
import { el, setText } from "./dom.js";
import { number } from "./format.js";
import { said, t } from "./labels.js";

const DEVICE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const SHELLS = [
  ["shell_posix", publishCommand],
  ["shell_windows", publishCommandWindows],
  ["shell_python", publishPython],
];

function fact(label, text, copied = true) {
  return el(
    "div",
    { class: "fact" },
    el("dt", {}, label),
    el("dd", {}, el("code", {}, text), copied ? copyButton(() => text) : null),
  );
}

function brokerFacts(mqtt, booth) {
  const account = mqtt.auth
    ? [
        fact(t("username"), booth),
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
    account,
  );
}

function rangeText(field) {
  if (field.choices) return Object.keys(field.choices).join(", ");
  if (field.type === "boolean" || field.type === "string") return "";
  const [low, high] = [field.minimum, field.maximum].map((edge) =>
    edge === null ? "" : number(edge, Number.isInteger(edge) ? 0 : 2),
  );
  return `${low} … ${high}${field.unit ? ` ${field.unit}` : ""}`;
}

function fieldRows(kind) {
  return kind.fields.map((field) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("code", {}, field.name), el("span", {}, said(field.label, field.name))),
      el("td", {}, t(`type_${field.type}`), el("span", {}, t(field.required ? "required" : "optional"))),
      el("td", {}, rangeText(field)),
    ),
  );
}

/** A select of every kind, by domain. */
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
  constructor(state, booth) {
    Object.assign(this, { state, booth, shell: 0, touched: false });
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
    this.topics = Object.fromEntries(["reading", "status", "errors"].map((which) => [which, codeBlock()]));
    this.payload = codeBlock();
    this.command = codeBlock();
    this.fields = el("tbody");
    this.fieldsTitle = el("summary");
    this.schema = el("a", { class: "schema", target: "_blank", rel: "noopener" }, t("schema"));
    this.node = this.#build();
    this.draw();
  }

  /** What the form starts with: the booth's own first device, or an example. */
  #first() {
    const own = [...this.state.devices.values()].find((device) => device.booth === this.booth);
    const kind =
      own?.kind ?? (this.state.kinds.has("thermostat") ? "thermostat" : [...this.state.kinds.keys()][0]);
    return { kind, name: own?.device ?? "my-device" };
  }

  #build() {
    const { mqtt } = this.state.zone;
    this.tabs = SHELLS.map(([label], index) =>
      el("button", { type: "button", class: "shell", onclick: () => this.#choose(index) }, t(label)),
    );
    const table = el(
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
    return el(
      "section",
      { class: "section guide", id: "connect" },
      el("h2", {}, t("connect")),
      el(
        "ol",
        { class: "steps" },
        el("li", { class: "card" }, el("h3", {}, t("connect_step_broker")), brokerFacts(mqtt, this.booth)),
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
          table,
          el("h4", {}, t("status_topic")),
          this.topics.status.node,
          el("h4", {}, t("errors_topic")),
          this.topics.errors.node,
        ),
        el(
          "li",
          { class: "card" },
          el("h3", {}, t("connect_step_try")),
          el("div", { class: "shells", role: "group" }, this.tabs),
          this.command.node,
        ),
      ),
    );
  }

  #choose(index) {
    this.shell = index;
    this.draw();
  }

  draw() {
    const { mqtt } = this.state.zone;
    const kind = this.state.kinds.get(this.select.value);
    if (!kind) return;
    const name = this.device.value.trim();
    const valid = DEVICE.test(name);
    this.device.setAttribute("aria-invalid", String(!valid));
    const topic = `${mqtt.root}/${this.booth}/${kind.name}/${valid ? name : "my-device"}`;
    this.topics.reading.set(topic);
    this.topics.status.set(`${topic}/status`);
    this.topics.errors.set(`${topic}/errors`);
    this.payload.set(JSON.stringify(kind.example, null, 2));
    const account = mqtt.auth ? { username: this.booth, password: t("password_here") } : null;
    this.command.set(SHELLS[this.shell][1](mqtt, topic, kind.example, account));
    this.tabs.forEach((tab, index) => tab.setAttribute("aria-pressed", String(index === this.shell)));
    setText(this.fieldsTitle, t("fields_of", { kind: said(kind.label, kind.name) }));
    this.fields.replaceChildren(...fieldRows(kind));
    this.schema.setAttribute("href", kind.schema);
  }
}
