// Styles of what is loaded when somebody wants it, loaded with it.

import { el } from "./dom.js";

/**
 * Load a stylesheet once; without an answer of the hub it is left out.
 * @param {string} path from here
 */
export const styles = (path) =>
  new Promise((loaded) => {
    const href = new URL(path, import.meta.url).href;
    if (document.querySelector(`link[href="${href}"]`)) return loaded(null);
    document.head.append(el("link", { rel: "stylesheet", href, onload: loaded, onerror: loaded }));
  });
