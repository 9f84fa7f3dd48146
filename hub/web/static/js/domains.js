// The domains in the order in which the zone shows them.

const ORDER = [
  "smart_home",
  "robotics",
  "mobility",
  "digital_healthcare",
  "digital_twin",
  "ai",
  "big_data",
  "iot",
];
/** @param {{id: string}} domain */
const place = ({ id }) => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);

/**
 * The domains of some kinds as [{id, label}]; one that is not known here comes last.
 * @param {Iterable<Kind>} kinds
 * @returns {{id: string, label: Label}[]}
 */
export function domainsOf(kinds) {
  const found = new Map();
  for (const kind of kinds) found.set(kind.domain, kind.domain_label);
  return [...found]
    .map(([id, label]) => ({ id, label }))
    .sort((a, b) => place(a) - place(b) || a.id.localeCompare(b.id));
}
