// What the vendored uPlot exports: tsconfig's rootDirs puts this beside it.

export { default } from "uplot";
