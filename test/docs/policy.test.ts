import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { passes } from "../../src/domain/policy-test.ts";
import { viewFields } from "../../src/domain/view.ts";
import { lints } from "../../src/rules/lint.ts";
import { resultsOf, starterRules } from "../rules/starter.ts";

const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
const rules = starterRules();

const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => {
  const { kind, name } = parse(text) as { readonly kind: string; readonly name: string };
  return { text, kind, name };
});

describe("the examples of docs/policy.md", () => {
  it("are policies and tests, some of each", () => {
    const kinds = new Set(examples.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(["ApproverPolicy", "PolicyTest"]));
  });

  it.each(examples.filter(({ kind }) => kind === "ApproverPolicy"))(
    "policy $name can be read",
    ({ text, name }) => {
      const { policies } = starterRules({ [`policies/${name}.yaml`]: text }).rules;
      expect(policies.map((policy) => policy.name)).toContain(name);
    },
  );

  it.each(examples.filter(({ kind }) => kind === "PolicyTest"))("test $name passes", ({ text, name }) => {
    const results = resultsOf(text, rules, { file: `policies/tests/${name}.yaml` });
    expect(results.filter((one) => !passes(one))).toEqual([]);
  });
});

it("docs/policy.md lists every field that a rule may name", () => {
  for (const field of viewFields) expect(page).toContain(`\`${field}\``);
});

it("docs/policy.md tells of every check of the linter, in order", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(lints.map(({ name, code, about }) => [name, code, about]));
});
