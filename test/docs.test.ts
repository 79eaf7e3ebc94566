import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsOf, blocksOf, documents, root, textOf } from "./docs/documents.ts";
import { run } from "./docs/reader.ts";

/**
 * What a block may be. `sh` is run below, without exception; `text` beside it is what that prints; `console` are
 * commands that need what no test has: an account on GitHub, a host; `diagram` is a drawing. `codeowners`, `cel` and
 * `findings` are parts of the examples that test/docs/policy.test.ts runs.
 */
const languages = ["sh", "text", "console", "diagram", "yaml", "ts", "json", "codeowners", "cel", "findings"];

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

/** Documents whose shell blocks need a stage of their own: the test that sets it runs them, read from the document. */
const runElsewhere: Readonly<Record<string, string>> = {
  "docs/audit.md": "test/docs/audit.test.ts",
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

test("what this test leaves to the continuous run is there: a fresh install, all tests, the demo", () => {
  const lines = textOf(".ci/run").split("\n");
  for (const command of [/^npm ci\b/, /^npm test\b/, /^npm run demo$/]) {
    expect(lines.some((line) => command.test(line))).toBe(true);
  }
});
