// The boards of the domains and what draws their charts: loaded when one is opened, for the overview
// needs neither.

import "./board_labels.js"; // first: the others say its words
import { DomainBoard } from "./board.js";
import { styles } from "./styles.js";
import { WallBoard } from "./wall_board.js";

export { setNow } from "./charts.js";
export { prepare } from "./wall_board.js";

await styles("../vendor/uplot-1.6.32/uPlot.min.css");

/** @typedef {{id: string, label: Label}} NamedDomain */

/**
 * The board of a domain, from page `page` on: as the hall sees it (`view` "wall"), or as a desk does.
 * @param {import("./state.js").State} state
 * @param {NamedDomain} domain
 * @param {"wall" | "ops"} view
 * @param {number} page
 */
export const boardOf = (state, domain, view, page) =>
  view === "wall" ? new WallBoard(state, domain, page) : new DomainBoard(state, domain, page);
