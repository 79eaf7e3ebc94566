import { describe, expect, it } from "vitest";
import { loadRules } from "../../src/rules/load.ts";
import { isPlainRule, refuseUnread } from "../../src/rules/unread.ts";
import { policyText, ruleFiles, shown } from "./rule-files.ts";

const good = loadRules(ruleFiles({ "policies/p.yaml": policyText("p") }));
const bad = loadRules(ruleFiles({ "policies/p.yaml": "kind: [" }));

function refused(path: string, mode = "100644"): readonly string[] {
  const reading = refuseUnread(good, [{ path, mode }]);
  return reading.ok ? [] : reading.findings.map(shown);
}

describe("what was meant as a rule and is read by nobody leaves no rules at all", () => {
  it.each([
    ["a policy behind a link", "policies/strict.yaml", "120000", "no plain file"],
    ["a policy that is a submodule", "policies/strict.yaml", "160000", "no plain file"],
    ["CODEOWNERS behind a link", ".github/CODEOWNERS", "120000", "no plain file"],
    ["a schema behind a link", "schemas/grant.schema.json", "120000", "no plain file"],
    ["a policy with the other ending", "policies/strict.yml", "100644", "no name of a rule file"],
    ["a policy whose ending is in capitals", "policies/strict.YAML", "100644", "no name of a rule file"],
    ["a policy in a folder of its own", "policies/pci/strict.yaml", "100644", "no name of a rule file"],
  ])("%s", (_, path, mode, says) => {
    expect(refused(path, mode)).toEqual([
      expect.stringMatching(new RegExp(`^RULES_FILE_NOT_READ ${path}:1:1 .* is ${says}`)),
    ]);
  });

  it("beside what else is wrong", () => {
    const reading = refuseUnread(bad, [{ path: "policies/strict.yml", mode: "100644" }]);
    expect(reading.ok ? [] : reading.findings.map(({ code }) => code)).toEqual([
      "RULES_FILE_NOT_READ",
      "YAML_SYNTAX",
    ]);
  });
});

describe("nothing is said of", () => {
  it.each([
    ["a policy", "policies/strict.yaml"],
    ["a readme", "policies/README.md"],
    ["a test of a policy", "policies/tests/strict.yaml"],
    ["a note among the schemas", "schemas/README.md"],
  ])("%s", (_, path) => {
    expect(refuseUnread(good, [{ path, mode: "100644" }])).toBe(good);
  });

  it("an executable file, which says the same", () => {
    expect(isPlainRule({ path: "policies/strict.yaml", mode: "100755" })).toBe(true);
    expect(refused("policies/strict.yaml", "100755")).toEqual([]);
  });
});
