import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocksOf, documents, root, textOf } from "./documents.ts";

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
