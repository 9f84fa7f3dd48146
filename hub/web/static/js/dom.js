// Making and changing elements. Text goes in as text only: names and values come from strangers.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** An HTML element; attributes named `on…` are listeners, strings among the children are text. */
export const el = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/** Set the text of `node` when it differs, so an unchanged value costs no layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set `data-name` when it differs; null removes it. */
export function setData(node, name, value) {
  if (value === null || value === undefined) delete node.dataset[name];
  else if (node.dataset[name] !== String(value)) node.dataset[name] = value;
}

/** The size of the root's type in px; drawings follow it. */
export const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/**
 * Make `nodes` the children of `parent`. Those that stay are not touched, so that what is typed,
 * selected, opened or focused in them stays.
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

/** Run `change`; what had the focus keeps it, or what is in its place by id or `data-key`. */
export function keepFocus(change) {
  const focused = document.activeElement;
  const { id, dataset } = focused ?? {};
  change();
  if (!focused || focused === document.body || focused === document.activeElement) return;
  const place = id ? `#${CSS.escape(id)}` : `[data-key="${CSS.escape(dataset.key ?? "")}"]`;
  const again = focused.isConnected ? focused : document.querySelector(place);
  again?.focus({ preventScroll: true });
}

/** Show or hide. */
export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}
