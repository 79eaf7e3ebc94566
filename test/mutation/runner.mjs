import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { tests } from "./vitest.mjs";

/** As many tries as a property gets against one mutant; there are thousands of mutants. */
const RUNS = 20;

/** Seconds of computing from which on a test is only asked about mutants of the file that it is named for. */
const SLOW = 0.05;

/** What each test took, and how often it came by each mutant: in the sandbox, for the process that comes after this one. */
const MEASURED = "measured.json";

/** Tests that count what was drawn, and so need more tries. */
const counting = new Set([
  "the cases hold every verdict",
  "an independent engine (Cedar) says the same of random rules and random requests",
]);

/** What a file of src keeps between two questions, by the file's name: what begins as an empty map. */
const kept = new Map();

/** Lets every map that is made while files are loaded be known, and emptied later. */
function watchMaps() {
  const makers = { Map: globalThis.Map, WeakMap: globalThis.WeakMap };
  const noted = [];
  globalThis.Map = new Proxy(makers.Map, {
    construct(maker, args, target) {
      const map = Reflect.construct(maker, args, target);
      if (args.length === 0) noted.push({ file: loadedFile(), map });
      return map;
    },
  });
  globalThis.WeakMap = class extends makers.WeakMap {
    #inner;
    constructor(...args) {
      super();
      this.#inner = new makers.WeakMap(...args);
      noted.push({ file: loadedFile(), map: this });
    }
    get = (key) => this.#inner.get(key);
    has = (key) => this.#inner.has(key);
    delete = (key) => this.#inner.delete(key);
    set(key, value) {
      this.#inner.set(key, value);
      return this;
    }
    clear() {
      this.#inner = new makers.WeakMap();
    }
  };
  return () => {
    Object.assign(globalThis, makers);
    for (const { file, map } of noted) {
      if (file !== "") kept.set(file, [...(kept.get(file) ?? []), map]);
    }
  };
}

/** The file of src that makes something while it is loaded itself, outside of all its functions. */
function loadedFile() {
  const [, , , line = ""] = new Error("where").stack.split("\n");
  return /^ +at file:.*\/src\/\w+\/([\w-]+)\.ts/.exec(line)?.[1] ?? "";
}

/** A file of src, and all that import it: what they keep may have been made by it. */
function dependents(folder, name) {
  const files = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
  const found = new Set([name]);
  for (const one of found) {
    for (const { file, text } of files) {
      if (text.includes(`from "./${one}.ts"`)) found.add(basename(file, ".ts"));
    }
  }
  return [...found];
}

function forget(files) {
  for (const file of files) for (const map of kept.get(file) ?? []) map.clear();
}

// what Stryker's instrumentation reads: the mutant that is active, and where it notes who came by
globalThis.__stryker__ ??= {};

/**
 * Runs the tests of pure code in one process, which loads them once (docs/decisions/0040): a mutant costs the tests that
 * reach it and nothing else. The tests are the same files that vitest runs; here `vitest` is `vitest.mjs`.
 */
class OneProcess {
  #byId = new Map();
  /** How often each test comes by each mutant, when none is active. */
  #hits = {};
  #stryker = globalThis.__stryker__;
  #dependents = {};

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === "vitest"
          ? { url: import.meta.resolve("./vitest.mjs"), shortCircuit: true }
          : next(specifier, context),
      load: (url, context, next) => {
        const loaded = next(url, context);
        if (!url.endsWith(".test.ts")) return loaded;
        const source = String(loaded.source).replaceAll(
          /numRuns: (\d+)/g,
          (_, runs) => `numRuns: ${Math.min(RUNS, Number(runs))}`,
        );
        return { ...loaded, source };
      },
    });
    const { configureGlobal } = await import(
      pathToFileURL(resolve("node_modules/fast-check/lib/fast-check.js"))
    );
    configureGlobal({ seed: 1, numRuns: RUNS, endOnFailure: true });
    const watched = watchMaps();
    const known = existsSync(MEASURED)
      ? JSON.parse(readFileSync(MEASURED, "utf8"))
      : { seconds: {}, hits: {} };
    this.#hits = known.hits;
    const folder = join("test", process.env.MUTATED ?? "domain");
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.ts"))) {
      // what stands in for another module stands in for all tests of the process
      if (readFileSync(join(folder, file), "utf8").includes("vi.mock(")) continue;
      const before = tests.length;
      await import(pathToFileURL(resolve(folder, file)));
      for (const test of tests.slice(before)) {
        if (counting.has(test.name)) continue;
        const id = `${file}#${test.name}`;
        // two tests of one name and file are one to Stryker
        let unique = id;
        for (let n = 2; this.#byId.has(unique); n += 1) unique = `${id} (${n})`;
        this.#byId.set(unique, { ...test, file: join(folder, file), seconds: known.seconds[unique] ?? 0 });
      }
    }
    watched();
  }

  async dryRun() {
    const results = [];
    for (const [id, test] of this.#byId) {
      this.#stryker.currentTestId = id;
      results.push(this.#run(id, test));
      this.#stryker.currentTestId = undefined;
    }
    const seconds = Object.fromEntries([...this.#byId].map(([id, test]) => [id, test.seconds]));
    this.#hits = this.#stryker.mutantCoverage.perTest;
    writeFileSync(MEASURED, JSON.stringify({ seconds, hits: this.#hits }));
    // what runs when a file is loaded and in tests too is asked about in those tests, without a process of its own
    const { perTest, static: loading } = this.#stryker.mutantCoverage;
    for (const id of Object.values(perTest).flatMap((reached) => Object.keys(reached))) delete loading[id];
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: this.#stryker.mutantCoverage };
  }

  /** `isClean` when nothing is kept from other mutants for sure. */
  async mutantRun(asked, isClean = false) {
    const { activeMutant, testFilter, sandboxFileName } = asked;
    const name = basename(sandboxFileName, ".ts");
    this.#dependents[name] ??= dependents(dirname(sandboxFileName), name);
    const isNamed = (id) => basename(this.#byId.get(id).file).startsWith(`${name}.`);
    const rank = (id) => this.#byId.get(id).seconds + (isNamed(id) ? 0 : 1000);
    const ids = (testFilter ?? [...this.#byId.keys()])
      .filter((id) => isNamed(id) || this.#byId.get(id).seconds < SLOW)
      .toSorted((one, other) => rank(one) - rank(other));
    const results = [];
    // an answer that was kept without the mutant would hide it
    forget(this.#dependents[name]);
    for (const id of ids) {
      // Stryker would allow a hundred times what all tests together need
      const hitLimit = 10_000 + 100 * (this.#hits[id]?.[activeMutant.id] ?? 0);
      Object.assign(this.#stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
      const result = this.#run(id, this.#byId.get(id));
      const { hitCount } = this.#stryker;
      Object.assign(this.#stryker, { activeMutant: undefined, hitCount: undefined });
      results.push(result);
      const timeout = determineHitLimitReached(hitCount, hitLimit);
      if (timeout) return toMutantRunResult(timeout);
      if (result.status === TestStatus.Failed) {
        // something that was kept from a mutant would go on killing the next ones; to make all of it anew takes long
        forget(this.#dependents[name]);
        if (this.#run(id, this.#byId.get(id)).status === TestStatus.Failed) {
          forget(kept.keys());
          if (this.#run(id, this.#byId.get(id)).status === TestStatus.Failed)
            throw new Error(`"${id}" stays red without the mutant: this process is spoilt`);
          // it may have been kept from the mutant before
          if (!isClean) return this.mutantRun(asked, true);
        }
        break;
      }
    }
    forget(this.#dependents[name]);
    return toMutantRunResult({ status: DryRunStatus.Complete, tests: results });
  }

  #run(id, test) {
    const begun = performance.now();
    const before = process.cpuUsage();
    const result = (rest) => {
      const timeSpentMs = performance.now() - begun;
      const { user, system } = process.cpuUsage(before);
      test.seconds ||= (user + system) / 1_000_000;
      return { id, name: test.name, fileName: resolve(test.file), timeSpentMs, ...rest };
    };
    try {
      test.run();
      return result({ status: TestStatus.Success });
    } catch (error) {
      return result({ status: TestStatus.Failed, failureMessage: String(error?.message ?? error) });
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "one-process", OneProcess)];
