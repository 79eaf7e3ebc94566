import { expect, it, vi } from "vitest";
import { readYaml } from "../../src/rules/yaml.ts";
import { bytes } from "./rule-files.ts";

vi.mock("../../src/rules/plain-yaml.ts", () => ({ readPlainYaml: () => ({ a: "b" }) }));

it("where only the quick reader could read a file, everything stands at its beginning", () => {
  const reading = readYaml(bytes("a: 'b\n"), "grants/a.yaml");
  if (!reading.ok) throw new Error("it was not read");
  for (const path of [["a"], [], ["b", 3]]) {
    expect(reading.positions.of(path)).toEqual({ file: "grants/a.yaml", line: 1, column: 1 });
    expect(reading.positions.ofKey(path)).toEqual({ file: "grants/a.yaml", line: 1, column: 1 });
  }
});
