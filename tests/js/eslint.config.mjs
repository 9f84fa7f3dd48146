// What eslint holds the pages' modules and these tests to: its recommended rules.

import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  { languageOptions: { ecmaVersion: 2024, sourceType: "module" } },
  { rules: { "no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }] } },
  { files: ["hub/web/static/js/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["tests/js/**/*.mjs"], languageOptions: { globals: globals.node } },
];
