import { describe, expect, it } from "vitest";
import { starterTests } from "../rules/starter.ts";
import { checkout, grantbox } from "./program.ts";

const file = "policies/tests/logs-without-source.yaml";
const text = starterTests()[file] ?? "";

describe("`grantbox policy test` exits with", () => {
  it("0 when every test of the checkout passes, and then says so", async () => {
    const { code, out, err } = await grantbox(["policy", "test", "--coverage"], { cwd: checkout() });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/Coverage: 100 % of what the policies can say.*\d+ cases, all pass\n$/s);
  });

  it("1 when one fails, in each format", async () => {
    const folder = checkout({ [file]: text.replace("filled: [resource owners]", "filled: []") });
    for (const [reporter, says] of [
      ["pretty", "✗ an owner says yes"],
      ["junit", "<failure message="],
      ["tap", "not ok 16 - logs-without-source: an owner says yes"],
      ["github", `::error file=${file},line=23,`],
    ] as const) {
      const { code, out } = await grantbox(["policy", "test", folder, "--reporter", reporter]);
      expect({ reporter, code }).toEqual({ reporter, code: 1 });
      expect(out).toContain(says);
    }
  });

  it("1 when a test cannot be read, with place and hint, and runs none", async () => {
    const folder = checkout({
      [file]: text.replace("facts.approvedBy: [grace]", "facts.approvdBy: [grace]"),
    });
    const { code, out } = await grantbox(["policy", "test", folder]);
    expect(code).toBe(1);
    expect(out).toContain(`${file}:22:5  SCHEMA_UNKNOWN_FIELD`);
    expect(out).not.toContain("✓");
  });

  it("1 when something beside the tests looks like one and would not be run", async () => {
    const { code, out } = await grantbox([
      "policy",
      "test",
      checkout({ "policies/tests/more/pci.yml": text }),
    ]);
    expect(code).toBe(1);
    expect(out).toContain("policies/tests/more/pci.yml:1:1  RULES_FILE_NOT_READ");
  });

  it("1 when the rules cannot be read", async () => {
    const { code, out } = await grantbox(["policy", "test", checkout({ "policies/broken.yaml": "kind: [" })]);
    expect(code).toBe(1);
    expect(out).toContain("YAML_SYNTAX");
  });

  it.each<[string, readonly string[], string]>([
    ["a folder that is no lockbox", ["/"], "no lockbox repository at or above /"],
    [
      "a format that does not exist",
      ["--reporter", "html"],
      "Allowed choices are pretty, junit, tap, github",
    ],
  ])("2 for %s", async (_, words, says) => {
    const { code, err } = await grantbox(["policy", "test", ...words], { cwd: checkout() });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it("2 where there are no tests: nothing was tested, so nothing passed", async () => {
    const { code, err } = await grantbox(["policy", "test"], { cwd: checkout({ "policies/tests": null }) });
    expect(code).toBe(2);
    expect(err).toContain("no tests in");
  });
});

it("`grantbox validate` reads policy tests as strictly, and does not run them", async () => {
  const folder = checkout({
    [file]: text.replace("filled: [resource owners]", "filled: []"),
    "policies/tests/broken.yaml": "kind: PolicyTest\n",
  });
  const { code, out } = await grantbox(["validate"], { cwd: folder });
  expect(code).toBe(1);
  expect(out).toContain(`${file}: valid`);
  expect(out).toMatch(/policies\/tests\/broken\.yaml:1:1 {2}SCHEMA_MISSING_FIELD/);
  expect((await grantbox(["validate", file], { cwd: folder })).code).toBe(0);
});
