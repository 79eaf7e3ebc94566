import { expect, it } from "vitest";
import { generated, stale } from "../../scripts/generate.ts";

it("what is derived from the schemas and the table of findings is current", { timeout: 30_000 }, async () => {
  expect(await stale(), "run npm run generate").toEqual([]);
});

it("the types of the documents need nothing and cannot be changed", { timeout: 30_000 }, async () => {
  const types = (await generated()).get("src/domain/documents.ts") ?? "";
  expect(types).not.toMatch(/\b(?:import|require)\b(?! :| *:)/);
  const fields = types
    .split("\n")
    .filter((line) => /^\s+(?!readonly )(?:"[^"]+"|\w+|\[k: string\])\??:/.test(line));
  expect(fields).toEqual([]);
  expect(types.replaceAll(/readonly \w+\[\]/g, "")).not.toContain("[]");
});
