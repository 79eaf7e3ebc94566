const folder = process.env.MUTATED ?? "domain";

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [`src/${folder}/**/*.ts`, "!src/domain/documents.ts"],
  testRunner: "one-process",
  plugins: ["./test/mutation/runner.mjs", "./test/mutation/wording.mjs"],
  ignorers: ["wording"],
  coverageAnalysis: "perTest",
  // tables and constants: each of their mutants would need a process of its own
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 8_000,
  // of all that reach a mutant the slow tests are left out: what is left takes a fraction of the time measured for all
  timeoutFactor: 0.1,
  tempDirName: `.stryker-${folder}`,
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: `test/mutation/reports/${folder}.json` },
  // Node and the tests need no types, and Stryker cannot ask TypeScript 7; run.ts asks it about survivors
  disableTypeChecks: false,
  tsconfigFile: "none",
};
