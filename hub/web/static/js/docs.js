// The HTTP API for people: what /openapi.json says, without anything from outside.

import { openapi } from "./api.js";
import { groupBy } from "./attention.js";
import { el } from "./dom.js";

/**
 * @typedef {object} Limits of a parameter, in JSON Schema
 * @property {string} [type]
 * @property {string[]} [enum]
 * @property {string} [$ref]
 * @property {Limits[]} [anyOf]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {string | number | boolean | null} [default]
 * @property {string} [description]
 */
/**
 * @typedef {{name: string, description?: string, schema?: Limits}} Parameter
 * @typedef {{tags?: string[], summary?: string, description?: string, parameters?: Parameter[], responses?: Record<string, {description: string}>}} Operation
 * @typedef {{info: {title: string, version: string, description?: string}, paths: Record<string, Record<string, Operation>>}} OpenApi
 */

const ANSWERS = 400; // from this status on an answer is an error

/** @param {Parameter} parameter */
function typeOf({ schema = {} }) {
  const options = (schema.anyOf ?? [schema]).filter((option) => option.type !== "null");
  const names = options.map((option) =>
    option.enum ? option.enum.join(" | ") : (option.$ref?.split("/").at(-1) ?? option.type),
  );
  const limits = [
    schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && `≤ ${schema.maximum}`,
  ];
  const usual = schema.default === undefined || schema.default === null ? null : `default ${schema.default}`;
  return [names.join(" or "), ...limits, usual].filter(Boolean).join(", ");
}

/** @param {Parameter} parameter */
function parameterRow(parameter) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, el("code", {}, parameter.name)),
    el("td", {}, typeOf(parameter)),
    el("td", {}, parameter.description ?? parameter.schema?.description ?? ""),
  );
}

/**
 * @param {string} path
 * @param {string} method
 * @param {Operation} said
 */
function operation(path, method, said) {
  const open = method === "get" && !path.includes("{") && path !== "/api/live";
  const parameters = said.parameters ?? [];
  const errors = Object.entries(said.responses ?? {}).filter(
    ([status]) => Number(status) >= ANSWERS && status !== "422",
  );
  return el(
    "article",
    { class: "card api" },
    el(
      "h3",
      {},
      el("b", {}, method.toUpperCase()),
      open ? el("a", { href: path }, el("code", {}, path)) : el("code", {}, path),
    ),
    el("p", {}, said.description ?? said.summary ?? ""),
    parameters.length
      ? el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, parameters.map(parameterRow))))
      : null,
    errors.map(([status, answer]) => el("p", {}, `${status}: ${answer.description}`)),
  );
}

/**
 * @param {string} tag
 * @param {{path: string, method: string, said: Operation}[]} operations
 */
function section(tag, operations) {
  const title = tag.charAt(0).toUpperCase() + tag.slice(1);
  return el(
    "section",
    { class: "section" },
    el("h2", {}, title),
    operations.map(({ path, method, said }) => operation(path, method, said)),
  );
}

async function start() {
  const described = await openapi();
  const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => ({ path, method, said, tag: said.tags?.[0] ?? "other" })),
  );
  const groups = groupBy(operations, ({ tag }) => tag);
  const content = [
    el(
      "div",
      { class: "hero" },
      el("h1", {}, described.info.title),
      el(
        "p",
        { class: "lead" },
        `${described.info.description ?? ""} Version ${described.info.version}. `,
        el("a", { href: "/openapi.json" }, "OpenAPI"),
        " · ",
        el("a", { href: "/" }, "Live wall"),
      ),
    ),
    el("p", {}, "Errors are ", el("code", {}, '{"error": code, "message": text}'), " with a fitting status."),
    ...[...groups].map(([tag, found]) => section(tag, found)),
  ];
  document.body.replaceChildren(el("main", {}, content));
}

start().catch((error) => document.body.replaceChildren(el("p", { class: "notice" }, error.message)));
