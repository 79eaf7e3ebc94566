import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/**
 * Who may import whom (ARCHITECTURE.md). The lint rule that keeps it is only worth something if it turns red: each
 * import below is written into a file of its own, all are linted in one run, and the verdict is compared.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ["domain"],
  output: ["domain"],
  rules: ["domain"],
  git: ["domain", "ports"],
  github: ["domain", "ports", "output"],
  converge: ["domain", "ports", "rules"],
  ledger: ["domain", "ports", "rules", "signatures"],
  exports: ["domain", "output", "ledger"],
  report: ["domain", "output", "ledger"],
  signatures: ["domain", "ports"],
  witness: ["domain", "ports"],
  cases: ["domain", "ports"],
  web: ["domain", "output", "ledger", "report"],
  sandbox: [],
  cli: [
    "domain",
    "ports",
    "output",
    "rules",
    "git",
    "github",
    "converge",
    "signatures",
    "witness",
    "cases",
    "web",
    "sandbox",
    "ledger",
    "exports",
    "report",
  ],
};
const folders = [...new Set([...Object.keys(mayImport), "report", "pdp", "provisioners", "notify"])];

const packages = ["node:fs", "node:crypto", "yaml", "isomorphic-git", "probot", "graphql", "d3-scale"];
const mayUse: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: [],
  output: [],
  converge: [],
  ledger: [],
  exports: [],
  report: ["d3-scale"],
  rules: ["yaml", "node:crypto"],
  git: ["node:fs", "node:crypto", "isomorphic-git"],
  github: ["node:fs", "node:crypto", "probot"],
  signatures: ["node:crypto"],
  witness: ["node:fs", "node:crypto"],
  cases: ["node:crypto"],
  sandbox: ["node:fs", "node:crypto", "graphql"],
};

interface Arrow {
  readonly file: string;
  readonly source: string;
  readonly allowed: boolean;
}

const arrows: readonly Arrow[] = [
  ...Object.entries(mayImport).flatMap(([from, allowed]) =>
    folders
      .filter((to) => to !== from && !(from === "cli" && !allowed.includes(to)))
      .map((to) => ({
        file: `src/${from}/to-${to}.ts`,
        source: `../${to}/x.ts`,
        allowed: allowed.includes(to),
      })),
  ),
  ...Object.entries(mayUse).flatMap(([from, allowed]) =>
    packages.map((name) => ({
      file: `src/${from}/uses-${name.replace(":", "-")}.ts`,
      source: name,
      allowed: allowed.includes(name),
    })),
  ),
  ...Object.keys(mayImport).map((from) => ({
    file: `src/${from}/to-main.ts`,
    source: "../main.ts",
    allowed: false,
  })),
  { file: "src/app.ts", source: "./github/x.ts", allowed: false },
  { file: "src/main.ts", source: "./sandbox/x.ts", allowed: false },
];

const root = new URL("..", import.meta.url).pathname;
let project = "";
let red: ReadonlySet<string> = new Set();

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "grantbox-arrows-")));
  const config: Record<string, unknown> = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  writeFileSync(
    join(project, "biome.json"),
    JSON.stringify({ ...config, $schema: undefined, vcs: undefined }),
  );
  for (const { file, source } of arrows) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), `import { x } from "${source}";\n\nexport const used = x;\n`);
  }
  red = lint(["--only=style/noRestrictedImports"]);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Files in which the linter finds something. */
function lint(options: readonly string[]): ReadonlySet<string> {
  const biome = join(root, "node_modules/.bin/biome");
  let output = "";
  try {
    output = execFileSync(biome, ["lint", "--reporter=github", "--max-diagnostics=none", ...options, "."], {
      cwd: project,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    output = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
  }
  return new Set([...output.matchAll(/file=([^,]+),/g)].map(([, file]) => relative(project, file ?? "")));
}

describe("who may import whom", () => {
  test.each(arrows.filter(({ allowed }) => !allowed))("$file may not import $source", ({ file }) => {
    expect(red).toContain(file);
  });

  test.each(arrows.filter(({ allowed }) => allowed))("$file may import $source", ({ file }) => {
    expect(red).not.toContain(file);
  });

  test("every folder of src is in the table", () => {
    const present = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(present.map(({ name }) => name).filter((name) => !(name in mayImport))).toEqual([]);
  });

  test("the core may not read a clock", () => {
    writeFileSync(join(project, "src/domain/clock.ts"), "export const now = () => Date.now();\n");
    expect(lint(["--only=style/noRestrictedGlobals"])).toContain("src/domain/clock.ts");
  });
});
