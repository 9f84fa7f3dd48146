// Text that can be copied with one press, also where the page has no secure context.

import { el, setText } from "./dom.js";
import { t } from "./labels.js";

const SHOWN = 2000; // ms for which the button says that it worked

/**
 * The clipboard of the browser is only there on https and on this machine; elsewhere the old way.
 * @param {string} text
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = el("textarea", { readonly: true, class: "offscreen" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/**
 * A button that copies what `text()` gives at the press.
 * @param {() => string} text
 */
export function copyButton(text, label = t("copy")) {
  const node = el("button", { class: "copy", type: "button", "aria-live": "polite" }, label);
  let timer = 0;
  node.addEventListener("click", async () => {
    const done = await copyText(text());
    setText(node, t(done ? "copied" : "copy_failed"));
    node.toggleAttribute("data-done", done);
    clearTimeout(timer);
    timer = setTimeout(() => {
      setText(node, label);
      node.removeAttribute("data-done");
    }, SHOWN);
  });
  return node;
}

/** A block of code with its copy button: {node, set(text)}. */
export function codeBlock(text = "") {
  const code = el("code", {}, text);
  const node = el(
    "div",
    { class: "code" },
    el("pre", { tabindex: 0 }, code),
    copyButton(() => code.textContent),
  );
  return { node, set: (/** @type {string} */ words) => setText(code, words) };
}
