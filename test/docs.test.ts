import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { variables } from "../src/config.ts";
import { startSandbox } from "../src/sandbox/server.ts";
import { Visitor } from "../src/sandbox/visitor.ts";

const root = new URL("..", import.meta.url).pathname;
const documents = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((file) => join("docs", file)),
].filter((file) => file.endsWith(".md"));

const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** A fenced block of a document. */
interface Block {
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

function blocksOf(document: string): readonly Block[] {
  return [...textOf(document).matchAll(/^( *)```([^\n]*)\n(.*?)^ *```$/gms)].map(
    ({ index, 1: indent = "", 2: language = "", 3: text = "" }) => ({
      line: textOf(document).slice(0, index).split("\n").length,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), "").trimEnd(),
    }),
  );
}

/**
 * What a block may be. `sh` is run below, without exception; `text` beside it is what that prints; `console` are
 * commands that need what no test has: an account on GitHub, a host; `diagram` is a drawing.
 */
const languages = ["sh", "text", "console", "diagram", "yaml", "ts", "json"];

describe("every document", () => {
  test.each(documents)("%s says of each block what it is", (document) => {
    const unknown = blocksOf(document).filter(({ language }) => !languages.includes(language));
    expect(unknown).toEqual([]);
  });

  test.each(documents)("%s links to what is there", (document) => {
    const prose = textOf(document).replaceAll(/^ *```.*?^ *```$/gms, "");
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? document : relative(root, join(root, dirname(document), path));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test.each(documents)("%s names no file that is not there", (document) => {
    const named = textOf(document).matchAll(/`((?:src|test|docs|scripts|schemas|policies)\/[\w./-]+\.\w+)`/g);
    const missing = [...named].map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });
});

describe("what one place says of another is there", () => {
  const sources = ["src", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );

  test.each(documents)("the tests that %s names", (document) => {
    const named = [...textOf(document).matchAll(/`(test\/[\w./-]+\.ts)` "([^"]+)"/g)];
    const missing = named.filter(([, file = "", title = ""]) => !textOf(file).includes(title));
    expect(missing.map(([text]) => text)).toEqual([]);
  });

  test("the facts and sections of docs/github.md that comments cite", () => {
    const facts = textOf("docs/github.md");
    const cited = sources.flatMap((file) =>
      [...textOf(file).matchAll(/github\.md,? (?:fact (\d+)|§(\d+)(?:\.(\d+))?)/g)].map(
        ([text, fact, section, part]) => {
          const row = fact ?? (section === "0" ? part : undefined);
          const there = row === undefined ? `# ${[section, part].filter(Boolean).join(".")}` : `| ${row} |`;
          return facts.includes(there) ? null : `${file}: ${text}`;
        },
      ),
    );
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter((missing) => missing !== null)).toEqual([]);
  });

  test("the documents, sections and decisions that comments cite", () => {
    const cited = sources.flatMap((file) =>
      [...textOf(file).matchAll(/docs\/([\w-]+\.md)(?:, "([^"]+)")?|(?:ADR |docs\/decisions\/)(\d{4})/g)]
        .filter(([, document = "", section, decision]) =>
          decision === undefined
            ? existsSync(join(root, "docs", document)) &&
              section !== undefined &&
              !textOf(join("docs", document)).includes(`# ${section}\n`)
            : !documents.some((one) => one.startsWith(join("docs", "decisions", decision))),
        )
        .map(([text]) => `${file}: ${text}`),
    );
    expect(cited).toEqual([]);
  });

  test("the folders of src, and who may import whom, as the linter has it", () => {
    const map = textOf("ARCHITECTURE.md");
    const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(folders.map(({ name }) => name).filter((name) => !map.includes(`\`src/${name}/\``))).toEqual([]);
    const linted = [
      ...textOf("biome.json").matchAll(/src\/([a-z.]+) may import only: ([^(]*) \(ARCHITECTURE\.md/g),
    ];
    expect(linted.length).toBeGreaterThan(6);
    for (const [, folder = "", allowed = ""] of linted) {
      const [, drawn = ""] = new RegExp(`^${folder} +→ (.*)$`, "m").exec(map) ?? [];
      const words = drawn
        .replace(/ *(\+.*|\(.*)$/, "")
        .split(" ")
        .filter(Boolean);
      const wanted = allowed.startsWith("nothing") ? [] : allowed.split(", ");
      expect(
        words.filter((word) => existsSync(join(root, "src", word))),
        folder,
      ).toEqual(wanted.filter((word) => existsSync(join(root, "src", word))));
    }
  });

  test("the signatures that ARCHITECTURE.md shows", () => {
    const [shown] = blocksOf("ARCHITECTURE.md").filter(({ language }) => language === "ts");
    const lines = shown?.text.split("\n") ?? [];
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const [, head = "", file = ""] = /^(.*?)\s+\/\/ (src\S+)$/.exec(line) ?? [];
      const source = textOf(file).replaceAll(/\s+/g, " ").replaceAll(/,? \)/g, ")").replaceAll("( ", "(");
      expect(source).toContain(`function ${head} {`);
    }
  });

  test("every trailer of a record in the glossary", () => {
    const source = `${textOf("src/domain/record.ts")}${textOf("src/domain/recorded-facts.ts")}`;
    const trailers = source.matchAll(/(?:\[|optional\(|^const [A-Z]+ = )"([A-Z][\w-]+)"/gm);
    const glossary = textOf("docs/glossary.md");
    const missing = [...trailers]
      .map(([, name = ""]) => name)
      .filter((name) => !glossary.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(document: string): readonly string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

/** Documents whose shell blocks need a stage of their own: the test that sets it runs them, read from the document. */
const runElsewhere: Readonly<Record<string, string>> = {
  "docs/decisions/0010-signed-records.md": "test/scenarios/11-signed-records.test.ts",
};

describe("the shell blocks run", () => {
  const withShell = documents.filter((document) =>
    blocksOf(document).some(({ language }) => language === "sh"),
  );
  const here = withShell.filter((document) => !(document in runElsewhere));

  test("in every document that has some, README and quickstart among them", () => {
    expect(here).toEqual(expect.arrayContaining(["README.md", join("docs", "quickstart.md")]));
    for (const document of withShell.filter((one) => !here.includes(one))) {
      expect(textOf(runElsewhere[document] ?? "")).toContain(document);
    }
  });

  test.each(here)("%s, and print what it shows", { timeout: 600_000 }, async (document) => {
    const { code, output } = await run(document);
    expect(code, output).toBe(0);
    const shown = blocksOf(document).flatMap(({ language, text }) =>
      language === "text" ? text.split("\n") : [],
    );
    for (const line of shown) expect(output).toMatch(patternOf(line));
  });
});

/** A line that a document shows, as a pattern: `…` stands for what differs from run to run. */
function patternOf(shown: string): RegExp {
  const parts = shown.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")} *$`, "m");
}

/**
 * Runs the shell blocks of a document, one after the other in one shell, in a copy of the checkout and with the Node
 * of this machine: a reader would go through it the same way. Three commands are not what they are for a reader,
 * see `npmFor`.
 */
async function run(document: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const stage = mkdtempSync(join(tmpdir(), "grantbox-docs-"));
  const checkout = join(stage, "grantbox");
  const left = new Set(["node_modules", ".git", "dist", "coverage"].map((name) => join(root, name)));
  cpSync(root, checkout, { recursive: true, filter: (path) => !left.has(path) });
  mkdirSync(join(stage, "bin"));
  writeFileSync(join(stage, "bin", "npm"), npmFor(stage), { mode: 0o755 });
  const port = String(await freePort());
  const script = blocksOf(document)
    .filter(({ language }) => language === "sh")
    .map(({ line, text }) => `echo "--- block at line ${line}"\n${text.replaceAll("4567", port)}`)
    .join("\n");
  // a group of its own, so that what a block leaves running ends with it
  const shell = spawn("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${script}`], {
    cwd: checkout,
    env: readersEnvironment(stage),
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const end = () => {
    try {
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  };
  onTestFinished(() => {
    end();
    rmSync(stage, { recursive: true, force: true, maxRetries: 5 });
  });
  const said: string[] = [];
  shell.stdout.on("data", (text) => said.push(String(text)));
  const code = await new Promise<number | null>((resolve) => shell.once("exit", resolve));
  end();
  return { code, output: said.join("") };
}

/** The environment without what npm and this test's own Node have put into it. */
function readersEnvironment(stage: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|VITEST)/i.test(name));
  return { ...Object.fromEntries(own), PATH: [join(stage, "bin"), ...path].join(delimiter), NO_COLOR: "1" };
}

/**
 * An npm for the blocks. `npm ci` takes the packages that are installed here, and fails when these are not those
 * that package.json asks for; `npm test` would run this test inside itself, so it only has to exist here, and
 * `.ci/run` runs both for real in a fresh checkout; `npm run sandbox` runs until it is stopped, so it goes to the
 * background until the end of the document. Everything else is npm.
 */
function npmFor(stage: string): string {
  return `#!/usr/bin/env bash
set -euo pipefail
PATH=\${PATH#*:}
case "$*" in
  ci) ln -sfn "${join(root, "node_modules")}" node_modules; npm ls --depth=0 > "${stage}/installed" ;;
  test) node -e 'if (!require("./package.json").scripts.test) process.exit(1)' ;;
  "run sandbox"*)
    npm "$@" > "${stage}/sandbox" 2>&1 &
    for _ in $(seq 600); do
      if grep -q "The sandbox is ready" "${stage}/sandbox"; then exit 0; fi
      sleep 0.1
    done
    cat "${stage}/sandbox"
    exit 1 ;;
  *) exec npm "$@" ;;
esac
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("what this test leaves to the continuous run is there: a fresh install, all tests, the demo", () => {
  const lines = textOf(".ci/run").split("\n");
  for (const command of [/^npm ci\b/, /^npm test\b/, /^npm run demo$/]) {
    expect(lines.some((line) => command.test(line))).toBe(true);
  }
});

describe("the operator's guide is complete", () => {
  const guide = textOf("docs/operating.md");

  test.each(variables.map(({ name }) => name))("it explains the variable %s", (name) => {
    expect(guide).toMatch(new RegExp(`^\\| \`${name}\` \\|`, "m"));
  });

  const manifest: Manifest = parse(textOf("app.yml"));

  test("it names each permission with its level, and each event", () => {
    const rows = Object.entries(manifest.default_permissions).map(
      ([name, level]) => `| ${name.replaceAll("_", " ")} | ${level} |`,
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
    expect(manifest.default_events.filter((event) => !guide.includes(`\`${event}\``))).toEqual([]);
  });

  test("the address that fills in the registration form asks for what app.yml asks for", () => {
    const { searchParams } = new URL(/https:\/\/github\.com\/\S+apps\/new\S+/.exec(guide)?.[0] ?? "");
    const asked = Object.fromEntries(
      [...searchParams].filter(([name]) => name in manifest.default_permissions),
    );
    expect(asked).toEqual(manifest.default_permissions);
    expect(searchParams.getAll("events[]")).toEqual(manifest.default_events);
    expect(searchParams.get("webhook_url")).toBe(manifest.hook_attributes.url);
    expect(searchParams.get("name")).toBe(manifest.name);
    expect(searchParams.get("public")).toBe(String(manifest.public));
  });

  test("its rulesets are those that the sandbox has", async () => {
    const sandbox = await startSandbox({ seed: root });
    onTestFinished(() => sandbox.close());
    const alice = new Visitor("alice", sandbox);
    const documented = blocksOf("docs/operating.md").filter(({ language }) => language === "json");
    expect(documented).toHaveLength(2);
    for (const [index, { text }] of documented.entries()) {
      const {
        name,
        rules,
        bypass_actors: actors,
      } = JSON.parse(text.replaceAll("123456", String(sandbox.app.id)));
      const ruleset = await alice.call("GET", `rulesets/${3001 + index}`);
      expect(ruleset).toMatchObject({ name, rules });
      expect(actors).toEqual([
        { actor_id: sandbox.app.id, actor_type: "Integration", bypass_mode: "pull_request" },
      ]);
    }
  });
});

/** What is read here of the app's manifest. */
interface Manifest {
  readonly name: string;
  readonly public: boolean;
  readonly hook_attributes: { readonly url: string };
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}
