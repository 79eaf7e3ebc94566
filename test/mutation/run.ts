import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * `npm run mutation [-- FILE…]`: changes src/domain and src/rules in one place at a time, and tells where no test of the
 * same folder turns red. Why it is built like this: docs/decisions/0040-mutation-testing.md.
 */
const root = join(import.meta.dirname, "../..");
const here = relative(root, import.meta.dirname);
const folders = ["domain", "rules"] as const;

const survived: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);

interface Place {
  readonly line: number;
  readonly column: number;
}
interface Mutant {
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}
interface Explained {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

const explained: Readonly<Record<string, readonly Explained[]>> = JSON.parse(
  readFileSync(join(root, here, "explained.json"), "utf8"),
);

function install(): void {
  const lock = join(root, here, "package-lock.json");
  const installed = join(root, here, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", here], { cwd: root, stdio: "inherit" });
}

function mutate(folder: string, files: readonly string[]): Report {
  const stryker = join(here, "node_modules/@stryker-mutator/core/bin/stryker.js");
  const only = files.length > 0 ? ["--mutate", files.join(",")] : [];
  const { status } = spawnSync(
    process.execPath,
    [stryker, "run", join(here, "stryker.config.mjs"), ...only],
    { cwd: root, stdio: "inherit", env: { ...process.env, MUTATED: folder } },
  );
  if (status !== 0) process.exit(2);
  return JSON.parse(readFileSync(join(root, here, "reports", `${folder}.json`), "utf8"));
}

const offset = (source: string, { line, column }: Place) =>
  source
    .split("\n")
    .slice(0, line - 1)
    .reduce((sum, text) => sum + text.length + 1, column - 1);

const original = (source: string, { start, end }: Mutant["location"]) =>
  source.slice(offset(source, start), offset(source, end));

/**
 * The survivors that the compiler refuses: nobody could have written them, so no test has to notice. Each stands in a
 * file of its own beside the one it is of, and the compiler is asked about all at once.
 */
function refused(folder: string, { files }: Report): ReadonlySet<Mutant> {
  const bench = join(root, `.stryker-${folder}`, "types");
  mkdirSync(bench, { recursive: true });
  cpSync(join(root, "src"), join(bench, "src"), { recursive: true });
  const written = new Map<string, Mutant>();
  for (const [file, { source, mutants }] of Object.entries(files)) {
    for (const mutant of mutants.filter(({ status }) => survived.has(status))) {
      const { location, replacement } = mutant;
      const before = source.slice(0, offset(source, location.start));
      const name = file.replace(/\.ts$/, `.${written.size}.ts`);
      writeFileSync(join(bench, name), before + replacement + source.slice(offset(source, location.end)));
      written.set(name, mutant);
    }
  }
  writeFileSync(
    join(bench, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: [],
      files: [...written.keys()],
    }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "--pretty", "false", "-p", bench], {
    cwd: bench,
    encoding: "utf8",
  });
  rmSync(bench, { recursive: true });
  const wrong = new Set([...stdout.matchAll(/^(\S+\.ts)\(/gm)].map(([, file = ""]) => file));
  return new Set([...written].flatMap(([file, mutant]) => (wrong.has(file) ? [mutant] : [])));
}

const count = (mutants: readonly Mutant[], ...statuses: readonly string[]) =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

function row(name: string, mutants: readonly Mutant[]): string {
  const dead = count(mutants, "Killed", "Timeout");
  const alive = count(mutants, "Survived", "NoCoverage", "Explained");
  const score = dead + alive === 0 ? "" : ((100 * dead) / (dead + alive)).toFixed(1);
  const columns = ["Killed", "Timeout", "Survived", "NoCoverage", "Explained", "CompileError"];
  return [
    name.padEnd(36),
    score.padStart(6),
    ...columns.map((one) => String(count(mutants, one)).padStart(6)),
  ].join(" ");
}

install();
const named = process.argv.slice(2).map((file) => relative(root, file));
const all: { readonly file: string; readonly mutants: readonly Mutant[] }[] = [];
for (const folder of folders) {
  const files = named.filter((file) => file.startsWith(`src/${folder}/`));
  if (named.length > 0 && files.length === 0) continue;
  const report = mutate(folder, files);
  const wrong = refused(folder, report);
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    const judged = mutants.map((mutant) => {
      if (!survived.has(mutant.status)) return mutant;
      if (wrong.has(mutant)) return { ...mutant, status: "CompileError" };
      const from = original(source, mutant.location);
      const known = explained[file]?.some((one) => one.from === from && one.to === mutant.replacement);
      if (known) return { ...mutant, status: "Explained" };
      const { line, column } = mutant.location.start;
      console.log(`${file}:${line}:${column} ${mutant.status} ${mutant.mutatorName}`);
      console.log(`- ${from}\n+ ${mutant.replacement}\n`);
      return mutant;
    });
    all.push({ file, mutants: judged });
  }
}
console.log(`${"file".padEnd(36)}  score killed  time surviv uncove explai compil`);
for (const { file, mutants } of all) console.log(row(file, mutants));
const total = all.flatMap(({ mutants }) => mutants);
console.log(row("all", total));
process.exit(count(total, "Survived", "NoCoverage") > 0 ? 1 : 0);
