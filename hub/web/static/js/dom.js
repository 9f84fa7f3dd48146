// Making and changing elements. Text goes in as text only: names and values come from strangers.

/**
 * @typedef {Record<string, any>} Attributes a function is a listener, null and false leave one out
 * @typedef {Node | string | null | undefined | readonly any[]} Child as lists in lists too
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {Element} E
 * @param {E} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {E}
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  const flat = /** @type {(Node | string | null | undefined)[]} */ (children.flat(Infinity));
  for (const child of flat) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/**
 * An HTML element; attributes named `on…` are listeners, strings among the children are text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[T]}
 */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/**
 * Set the text of `node` when it differs, so an unchanged value costs no layout.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Set `data-name` when it differs; null removes it.
 * @param {HTMLElement | SVGElement} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setData(node, name, value) {
  if (value === null || value === undefined) delete node.dataset[name];
  else if (node.dataset[name] !== String(value)) node.dataset[name] = String(value);
}

/**
 * Lay `node` over a box of px.
 * @param {HTMLElement} node
 * @param {import("./flags.js").Box} box
 */
export function setBox(node, { x, y, width, height }) {
  const sides = { left: x, top: y, width, height };
  for (const [name, px] of Object.entries(sides)) node.style.setProperty(name, `${px}px`);
}

/** The size of the root's type in px; drawings follow it. */
export const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/**
 * Make `nodes` the children of `parent`. Those that stay are not touched, so that what is typed,
 * selected, opened or focused in them stays.
 * @param {Element} parent
 * @param {Node[]} nodes
 */
export function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

/**
 * Run `change`; what had the focus keeps it, or what is in its place by id or `data-key`.
 * @param {() => void} change
 */
export function keepFocus(change) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const { id = "", dataset = {} } = focused ?? {};
  change();
  if (!focused || focused === document.body || focused === document.activeElement) return;
  const place = id ? `#${CSS.escape(id)}` : `[data-key="${CSS.escape(dataset.key ?? "")}"]`;
  /** @type {HTMLElement | null} */
  const again = focused.isConnected ? focused : document.querySelector(place);
  again?.focus({ preventScroll: true });
}

/**
 * Show or hide.
 * @param {HTMLElement} node
 * @param {boolean} visible
 */
export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}
