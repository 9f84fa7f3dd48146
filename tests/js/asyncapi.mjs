// Print what the official parser says of an AsyncAPI document, as JSON: node asyncapi.mjs FILE
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf-8"));
const operations = document?.operations().all() ?? [];
const said = {
  diagnostics: diagnostics.map(({ code, severity, message, path }) => ({
    code,
    severity,
    message,
    path: path.join("/"),
  })),
  channels:
    document
      ?.channels()
      .all()
      .map((channel) => channel.address()) ?? [],
  operations: operations.map((operation) => [operation.action(), operation.id()]),
};
console.log(JSON.stringify(said));
