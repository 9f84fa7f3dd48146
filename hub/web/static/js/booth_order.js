// The dialog in which the ops staff has a booth's accounts made or changed. The admin's password is
// sent with the one request; passwords and sheet are shown once, and gone with the dialog.

import * as api from "./api.js";
import { el, place } from "./dom.js";
import { said, t } from "./labels.js";
import { NAME } from "./mute_dialog.js";

/**
 * @param {string} words
 * @param {Element} node
 */
const field = (words, node) => el("label", { class: "dialog-field" }, el("span", {}, words), node);

/**
 * What an added booth gets; what is left empty is the zone file's.
 * @param {ListedBooth | null} booth
 */
function wishes(booth) {
  const id = el("input", {
    name: "id",
    required: true,
    pattern: "[a-z0-9][a-z0-9-]{0,31}",
    title: t("booth_id_hint"),
    placeholder: "b12",
  });
  const planned = booth?.planned;
  return [
    booth ? null : field(t("booth_id"), id),
    planned ? null : field(t("booth_name"), el("input", { name: "name", maxlength: 120 })),
    planned ? null : field(t("booth_name_ko"), el("input", { name: "name_ko", maxlength: 120 })),
    field(t("booth_accounts"), el("input", { name: "accounts", type: "number", min: 0, max: 100 })),
    field(t("booth_devices"), el("input", { name: "devices", placeholder: "thermostat/t1 light/l1" })),
    el("p", { class: "dialog-hint" }, t(planned ? "booth_devices_planned" : "booth_devices_hint")),
  ];
}

/** @param {FormData} form */
function ordered(form) {
  const given = (/** @type {string} */ name) => String(form.get(name) ?? "");
  const [name, nameKo, accounts, devices] = ["name", "name_ko", "accounts", "devices"].map(given);
  return {
    admin_password: given("password"),
    admin: given("admin"),
    by: given("by"),
    ...(name ? { name } : {}),
    ...(nameKo ? { name_ko: nameKo } : {}),
    ...(accounts ? { accounts: Number(accounts) } : {}),
    ...(devices ? { devices: devices.split(/[\s,]+/).filter(Boolean) } : {}),
  };
}

/**
 * The accounts with their passwords, and the sheet to keep or to print.
 * @param {MadeAccounts} made
 * @param {() => void} close
 */
function madeParts({ booth, accounts, link, sheet }, close) {
  const made = accounts.some(({ password }) => password);
  const rows = accounts.map(({ account, password, device }) =>
    el(
      "tr",
      {},
      el("td", {}, el("code", {}, account)),
      el("td", {}, password ? el("code", { class: "password" }, password) : t(made ? "password_stays" : "done")),
      el("td", {}, device ?? ""),
    ),
  );
  const url = sheet && URL.createObjectURL(new Blob([sheet], { type: "text/html" }));
  const done = () => {
    if (url) URL.revokeObjectURL(url);
    close();
  };
  return [
    el("p", { class: "kind-done", role: "status" }, t(made ? "accounts_once" : "done")),
    el("table", { class: "booth-table" }, el("tbody", {}, rows)),
    link ? el("p", {}, el("a", { href: `/booths/${booth}`, target: "_blank" }, t("booth_page_link"))) : null,
    url
      ? el(
          "p",
          { class: "booth-tools" },
          el("a", { class: "button primary", href: url, download: `booth-${booth}.html` }, t("sheet_save")),
          el("a", { class: "button", href: url, target: "_blank" }, t("sheet_print")),
        )
      : null,
    el("div", { class: "dialog-buttons" }, el("button", { type: "button", onclick: done }, t("close"))),
  ].filter((part) => part !== null);
}

/**
 * Ask what an action needs for `booth`, or for one that is to be added when it is null.
 * @param {string} action
 * @param {ListedBooth | null} booth
 */
export function orderDialog(action, booth) {
  const name = el("input", { name: "by", required: true, maxlength: 60, value: localStorage.getItem(NAME) ?? "" });
  const admin = el("input", { name: "admin", placeholder: "admin", maxlength: 64, autocomplete: "off" });
  const password = el("input", { name: "password", type: "password", required: true, autocomplete: "off" });
  const wrong = el("p", { class: "dialog-wrong", role: "alert", hidden: true });
  const send = el("button", { class: "primary" }, t(`order_${action}`));
  const close = () => dialog.close();
  const form = el(
    "form",
    {},
    el(
      "h2",
      {},
      t(`order_${action}_title`, { booth: booth ? `${said(booth.name, booth.id)} (${booth.id})` : "" }),
    ),
    action === "add" ? wishes(booth) : el("p", { class: "dialog-hint" }, t(`order_${action}_hint`)),
    field(t("mute_by"), name),
    el("div", { class: "draft-head" }, field(t("admin_password"), password), field(t("admin_name"), admin)),
    el("p", { class: "dialog-hint" }, t("admin_hint")),
    wrong,
    el("div", { class: "dialog-buttons" }, el("button", { type: "button", onclick: close }, t("cancel")), send),
  );
  const dialog = el("dialog", { class: "dialog", onclose: () => dialog.remove() }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    localStorage.setItem(NAME, name.value);
    const given = new FormData(form);
    const id = booth?.id ?? String(given.get("id"));
    send.disabled = true;
    wrong.hidden = true;
    try {
      const made = await api.orderAccounts(id, action, ordered(given));
      place(form, madeParts(made, close));
      if (made.sheet) dialog.addEventListener("cancel", (escape) => escape.preventDefault());
    } catch (error) {
      const answered = error instanceof api.ApiError && error.status > 0;
      const reason = answered ? error.reason : t("order_unanswered");
      wrong.textContent = t("order_failed", { reason });
      wrong.hidden = false;
      password.value = "";
      password.focus();
    } finally {
      send.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}
