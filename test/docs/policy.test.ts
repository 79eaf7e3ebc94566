import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { coverageOf } from "../../src/domain/coverage.ts";
import { findings } from "../../src/domain/finding.ts";
import { passes } from "../../src/domain/policy-test.ts";
import { viewFields } from "../../src/domain/view.ts";
import { compileExpression } from "../../src/rules/expression.ts";
import { lints } from "../../src/rules/lint.ts";
import { unwritten } from "../../src/rules/situation.ts";
import { loaded, ruleFiles, wrongWith } from "../rules/rule-files.ts";
import { resultsOf, starterRules } from "../rules/starter.ts";
import { blocksOf, textOf } from "./documents.ts";

const DOCUMENT = "docs/policy.md";
const page = textOf(DOCUMENT);

type Mapping = Readonly<Record<string, unknown>>;
type Kind = "ApproverPolicy" | "Settings" | "Directory" | "ResourceCatalog" | "PolicyTest" | "Defaults";

/** What a block need not say, as the page itself explains. */
const head = { apiVersion: "grantbox/v1" };
const usual: Readonly<Record<Exclude<Kind, "PolicyTest" | "Defaults">, Mapping>> = {
  ApproverPolicy: {
    ...head,
    kind: "ApproverPolicy",
    name: "example",
    description: "An example.",
    require: [{ name: "owners", count: 1, from: { codeowners: true } }],
  },
  Settings: { ...head, kind: "Settings" },
  Directory: { ...head, kind: "Directory", persons: [] },
  ResourceCatalog: { ...head, kind: "ResourceCatalog" },
};

function kindOf(value: Mapping): Kind {
  if ("cases" in value) return "PolicyTest";
  if (typeof value.kind === "string") return value.kind as Kind;
  if ("grant" in value) return "Defaults";
  if ("resources" in value) return "ResourceCatalog";
  if ("persons" in value) return "Directory";
  return "roles" in value || "defaults" in value ? "Settings" : "ApproverPolicy";
}

/** Rules that stand right below one another, and what the page says of them: tests that pass, or findings. */
interface Example {
  readonly line: number;
  readonly files: Readonly<Record<string, string>>;
  readonly tests: readonly Mapping[];
  readonly wrong: readonly string[] | null;
}

/**
 * The blocks of the page as examples: rules, up to the tests or the findings right below them. Rules of which nothing
 * is said need only load.
 */
function examplesOf(): { readonly examples: readonly Example[]; readonly defaults: Mapping } {
  const examples: Example[] = [];
  let defaults: Mapping = {};
  let owners = "";
  let rules: Record<string, string> = {};
  let line = 0;
  let isOpen = false;
  const close = (tests: readonly Mapping[], wrong: readonly string[] | null) => {
    if (!isOpen && wrong === null && tests.length === 0) return;
    examples.push({ line, files: { ".github/CODEOWNERS": owners, ...rules }, tests, wrong });
    isOpen = false;
  };
  let next = 0;
  for (const { language, text, line: at } of blocksOf(DOCUMENT)) {
    // words between two blocks part them
    if (at !== next) close([], null);
    next = at + text.split("\n").length + 3;
    if (language === "codeowners") owners = text;
    else if (language === "findings") close([], text.split("\n"));
    else if (language === "yaml") {
      const value = parse(text) as Mapping;
      const kind = kindOf(value);
      if (kind === "Defaults") {
        defaults = value;
        continue;
      }
      if (kind === "PolicyTest") {
        close([value], null);
        continue;
      }
      // rules after tests are another example
      if (!isOpen) rules = {};
      isOpen = true;
      line = at;
      const name = kind === "ApproverPolicy" ? String(value.name ?? "example") : kind.toLowerCase();
      rules[`policies/${name}.yaml`] = "kind" in value ? text : stringify({ ...usual[kind], ...value });
    } else close([], null);
  }
  close([], null);
  return { examples, defaults };
}

const { examples, defaults } = examplesOf();

describe("the examples of docs/policy.md", () => {
  it("are many, with tests and with findings", () => {
    expect(examples.length).toBeGreaterThan(20);
    expect(examples.filter(({ tests }) => tests.length > 0).length).toBeGreaterThan(15);
    expect(examples.filter(({ wrong }) => wrong !== null).length).toBeGreaterThan(1);
  });

  it.each(examples)(
    "at line $line: what is said of the rules is so, and shown from both sides",
    ({ files, tests, wrong }) => {
      if (wrong !== null) {
        expect(wrongWith(ruleFiles(files)).map((text) => text.replace(/ policies\/\S+/, ""))).toEqual(wrong);
        return;
      }
      const rules = loaded(ruleFiles(files));
      for (const test of tests) {
        const whole = "kind" in test;
        const name = whole ? String(test.name) : "example";
        const text = stringify(
          whole
            ? test
            : {
                ...head,
                kind: "PolicyTest",
                ...test,
                name,
                defaults: { ...defaults, ...(test.defaults ?? {}) },
              },
        );
        const judging = whole ? starterRules() : rules;
        const results = resultsOf(text, judging, { file: `policies/tests/${name}.yaml` });
        const failed = results.filter((one) => !passes(one));
        expect(failed.map(({ case: { name: title }, differences }) => ({ title, differences }))).toEqual([]);
        if (whole) continue;
        const covered = coverageOf(rules.rules.policies, results).policies.flatMap(({ clauses }) => clauses);
        const oneSided = covered.filter(
          ({ clause, unseen }) => !/^require/.test(clause.name) && unseen.length > 0,
        );
        expect(oneSided.map(({ clause, unseen }) => [clause.name, ...unseen])).toEqual([]);
      }
    },
  );

  it("have expressions that can be read", () => {
    const lines = blocksOf(DOCUMENT).flatMap(({ language, text }) =>
      language === "cel" ? text.split("\n") : [],
    );
    expect(lines.length).toBeGreaterThan(10);
    const wrong = lines.flatMap((text) => {
      const compiled = compileExpression(text, unwritten, []);
      return compiled.ok ? [] : compiled.findings.map(({ message }) => `${text}: ${message}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe("docs/policy.md says something of every clause", () => {
  interface Schema {
    readonly $ref?: string;
    readonly $defs?: Readonly<Record<string, Schema>>;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly oneOf?: readonly Schema[];
    readonly enum?: readonly unknown[];
    readonly additionalProperties?: Schema | boolean;
  }

  /** Every name of a field below a part of a schema. */
  function namesIn(part: Schema, root: Schema, seen = new Set<Schema>()): readonly string[] {
    if (seen.has(part)) return [];
    seen.add(part);
    const target = part.$ref === undefined ? [] : [root.$defs?.[part.$ref.replace("#/$defs/", "")] ?? {}];
    const below = [
      ...target,
      ...(part.items === undefined ? [] : [part.items]),
      ...(part.oneOf ?? []),
      ...Object.values(part.properties ?? {}),
    ];
    return [...Object.keys(part.properties ?? {}), ...below.flatMap((one) => namesIn(one, root, seen))];
  }

  /** The text below the first heading that names a part, up to the next heading of its level or above. */
  function sectionOf(name: string): string {
    const [heading, marks = ""] = new RegExp(`^(#+) .*\`${name}\`.*$`, "m").exec(page) ?? [];
    if (heading === undefined) throw new Error(`no heading of ${DOCUMENT} names \`${name}\``);
    const [, rest = ""] = page.split(heading);
    return rest.split(new RegExp(`^#{1,${marks.length}} `, "m"))[0] ?? "";
  }

  const schemas = {
    "approver-policy": "ApproverPolicy",
    settings: "Settings",
    directory: "Directory",
    "resource-catalog": "ResourceCatalog",
  };
  const parts = Object.entries(schemas).flatMap(([file, kind]) => {
    const root = JSON.parse(textOf(`schemas/${file}.schema.json`)) as Schema;
    return Object.entries(root.properties ?? {}).map(([name, part]) => ({
      kind,
      name,
      names: namesIn(part, root),
      section: file === "approver-policy" && namesIn(part, root).length > 0 ? name : kind,
    }));
  });

  it.each(parts)("$kind: $name", ({ name, names, section }) => {
    const said = sectionOf(section);
    expect([name, ...names].filter((one) => !said.includes(`\`${one}\``) && section !== one)).toEqual([]);
  });

  it("and of every field that a rule may name", () => {
    for (const field of viewFields) expect(page).toContain(`\`${field}\``);
  });

  it("and names no finding that there is not", () => {
    const named = [...page.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([code]) => code);
    const known = new Set([...Object.keys(findings), "GITHUB_TOKEN", "GHE_HOST", "GHE_PROTOCOL"]);
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  });
});

it("docs/policy.md tells of every check of the linter, in order", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(lints.map(({ name, code, about }) => [name, code, about]));
});
