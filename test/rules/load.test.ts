import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownersOf } from "../../src/domain/codeowners.ts";
import { personOf } from "../../src/domain/person.ts";
import { labelsOf } from "../../src/domain/rule-set.ts";
import { hours } from "../../src/domain/time.ts";
import { digestOf, isRuleFile, loadRules, type RuleFiles } from "../../src/rules/load.ts";
import { bytes, loaded, policyText, ruleFiles, wrongWith } from "./rule-files.ts";

const catalog = `apiVersion: grantbox/v1
kind: ResourceCatalog
resources:
  - { type: ssh.host, id: "web-*", labels: { environment: prod, residency: eu } }
`;
const directory = `apiVersion: grantbox/v1
kind: Directory
persons:
  - { name: Erin, logins: [erin, erin-acme], emails: [erin@acme.example] }
  - { name: Bob, logins: [bob] }
`;
const settings = `apiVersion: grantbox/v1
kind: Settings
roles: { administer: { teams: [administrators], users: [grace] } }
defaults: { maxDuration: PT2H, pendingExpiresAfter: P1D }
`;
const codeowners = "/grants/ @acme/owners\n";

const everything = {
  "policies/first.yaml": policyText("first"),
  "policies/second.yaml": policyText("second"),
  "policies/catalog.yaml": catalog,
  "policies/directory.yaml": directory,
  "policies/settings.yaml": settings,
  ".github/CODEOWNERS": codeowners,
};

describe("a rule file is", () => {
  it.each([
    "policies/first.yaml",
    "policies/.yaml.yaml",
    "policies/keys/allowed_signers",
    "schemas/grant.schema.json",
    "schemas/resources/ssh.host.schema.json",
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
  ])("%s", (path) => {
    expect(isRuleFile(path)).toBe(true);
  });

  it.each([
    "policies/README.md",
    "policies/tests/first.yaml",
    "policies/keys/other",
    "keys/allowed_signers",
    "grants/policies/first.yaml",
    "other/policies/first.yaml",
    "schemas/notes.json",
    "schemas/old/grant.schema.json",
    "other/schemas/grant.schema.json",
    "schemas/grant.schema.json.bak",
    "schemas/resources/ssh/host.schema.json",
    "README.md",
    ".github/CODEOWNERS.md",
    "src/CODEOWNERS",
    "policies/first.yaml/x",
  ])("not %s", (path) => {
    expect(isRuleFile(path)).toBe(false);
  });
});

describe("rules that are in order", () => {
  it("are all that the files say", () => {
    const { rules } = loaded(ruleFiles(everything));
    expect(rules.policies.map(({ name }) => name)).toEqual(["first", "second"]);
    expect(labelsOf({ type: "ssh.host", id: "web-1" }, rules.catalog)).toEqual({
      environment: "prod",
      residency: "eu",
    });
    expect(personOf("Erin-Acme", rules.directory)).toBe("erin");
    expect(rules.settings).toMatchObject({
      administrators: { teams: ["administrators"], users: ["grace"] },
      maxDuration: hours(2),
      pendingExpiresAfter: hours(24),
    });
    expect(rules.codeowners && ownersOf("grants/ssh.host/a.yaml", rules.codeowners)).toMatchObject({
      owners: [{ kind: "team", organization: "acme", slug: "owners" }],
    });
    expect(rules.digest).toBe(digestOf(ruleFiles(everything)));
  });

  it("say where each entry of the catalog and each setting stands", () => {
    const more = `${catalog}  - { type: ssh.host, id: db-1, labels: { residency: eu } }\n`;
    const { places } = loaded(ruleFiles({ ...everything, "policies/catalog.yaml": more }));
    const at = (file: string, line: number, column: number) =>
      expect.objectContaining({ file, line, column });
    expect(places).toEqual({
      catalog: [at("policies/catalog.yaml", 4, 5), at("policies/catalog.yaml", 5, 5)],
      settings: {
        "": at("policies/settings.yaml", 1, 1),
        "roles.administer": at("policies/settings.yaml", 3, 10),
      },
    });
  });

  it("name people, teams and resources as their files do, with nothing that they leave out", () => {
    const teams = "teams: [{ name: dpo, members: [carol] }]\n";
    const { rules } = loaded(ruleFiles({ ...everything, "policies/directory.yaml": directory + teams }));
    expect(rules.directory).toEqual({
      entries: [
        { name: "Erin", logins: ["erin", "erin-acme"], emails: ["erin@acme.example"], managers: [] },
        { name: "Bob", logins: ["bob"], emails: [], managers: [] },
      ],
      teams: [{ name: "dpo", members: ["carol"] }],
    });
    expect(rules.catalog).toEqual([
      { type: "ssh.host", id: "web-*", labels: { environment: "prod", residency: "eu" } },
    ]);
  });

  it("have no labels but texts, whatever a schema of one's own allows", () => {
    const files = ruleFiles({ "policies/catalog.yaml": catalog.replace("residency: eu", "floor: 3") });
    const path = "schemas/resource-catalog.schema.json";
    const schema = JSON.parse(new TextDecoder().decode(files.get(path)));
    schema.$defs.labels.additionalProperties = { title: "A label", type: ["string", "number"] };
    files.set(path, bytes(JSON.stringify(schema)));
    expect(loaded(files).rules.catalog[0]?.labels).toEqual({ environment: "prod" });
  });

  it("may say nothing: then the bounds are those of Customer Lockbox, and nobody owns, administers or approves anything", () => {
    const { rules } = loaded(ruleFiles({}));
    expect(rules).toMatchObject({
      policies: [],
      catalog: [],
      directory: { entries: [] },
      codeowners: null,
      settings: {
        administrators: { teams: [], users: [] },
        maxDuration: hours(8),
        pendingExpiresAfter: hours(96),
      },
    });
  });

  it("keep the bounds of Customer Lockbox where the settings are silent", () => {
    const one = (text: string) =>
      loaded(ruleFiles({ "policies/settings.yaml": `apiVersion: grantbox/v1\nkind: Settings\n${text}` }))
        .rules.settings;
    expect(one("")).toMatchObject({ maxDuration: hours(8), pendingExpiresAfter: hours(96) });
    expect(one("defaults: { maxDuration: PT1H }")).toMatchObject({
      maxDuration: hours(1),
      pendingExpiresAfter: hours(96),
    });
    expect(one("roles: { administer: { users: [grace] } }").administrators).toEqual({
      teams: [],
      users: ["grace"],
    });
  });

  it("take CODEOWNERS from the first place where GitHub looks, and from no other", () => {
    const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
    for (const [index, first] of places.entries()) {
      const texts = Object.fromEntries(places.slice(index).map((place) => [place, `* @${place.length}\n`]));
      expect(loaded(ruleFiles(texts)).rules.codeowners).toMatchObject({ file: first });
    }
  });

  it("leave files alone that are no rules", () => {
    const paths = [
      "policies/README.md",
      "policies/tests/a.yaml",
      "policies/a.yaml.bak",
      "other/policies/a.yaml",
      "grants/a.yaml",
    ];
    const others = Object.fromEntries(paths.map((path) => [path, "{{{"]));
    expect(wrongWith(ruleFiles({ ...everything, ...others }))).toEqual([]);
  });

  it("do not depend on the order in which the files were read", () => {
    const files = [...ruleFiles(everything)];
    const expected = JSON.stringify(loaded(new Map(files)).rules);
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (order) => {
        expect(JSON.stringify(loaded(new Map(order)).rules)).toBe(expected);
      }),
      { numRuns: 10 },
    );
  });
});

describe("rules are refused", () => {
  it.each<[string, Readonly<Record<string, string>>, readonly (string | RegExp)[]]>([
    [
      "with two catalogs, two directories or two settings, each named",
      {
        "policies/catalog-2.yaml": catalog,
        "policies/catalog.yaml": catalog,
        "policies/settings.yaml": settings,
        "policies/z.yaml": settings,
      },
      [
        "RULES_SEVERAL_OF_KIND policies/catalog.yaml:1:1 `policies/catalog-2.yaml` is a ResourceCatalog already",
        "RULES_SEVERAL_OF_KIND policies/z.yaml:1:1 `policies/settings.yaml` is a Settings already",
      ],
    ],
    [
      "with a login that belongs to two persons, whatever its case",
      { "policies/directory.yaml": `${directory}  - { name: Eve, logins: [ERIN] }\n` },
      ["RULES_DUPLICATE_NAME `erin` belongs to both `Erin` and `Eve`"],
    ],
    [
      "with a mail address that belongs to two persons",
      {
        "policies/directory.yaml": `${directory}  - { name: Eve, logins: [eve], emails: [Erin@acme.example] }\n`,
      },
      ["RULES_DUPLICATE_NAME `erin@acme.example` belongs to both `Erin` and `Eve`"],
    ],
    [
      "with a grant among the policies",
      {
        "policies/grant.yaml": `apiVersion: grantbox/v1
kind: Grant
id: cs-1
case: { system: servicenow, id: CS-1 }
subject: alice
resource: { type: ssh.host, id: web-1 }
access: { actions: [login] }
justification: A grant is no rule.
duration: PT1H
`,
      },
      ["SCHEMA_UNKNOWN_KIND policies/grant.yaml:2:1 a Grant does not belong in `policies/`"],
    ],
    [
      "with bounds of no length",
      {
        "policies/settings.yaml": settings.replace("PT2H", "PT0S").replace("P1D", "P0D"),
      },
      [
        "GRANT_DURATION_INVALID policies/settings.yaml:4:26 `PT0S` is no length of time",
        "GRANT_DURATION_INVALID policies/settings.yaml:4:53 `P0D` is no length of time",
      ],
    ],
    [
      "with a policy that is no policy, of which nothing else is told",
      { "policies/b.yaml": "apiVersion: grantbox/v1\nkind: ApproverPolicy\nname: a\nrequire: []\n" },
      [
        /^SCHEMA_MISSING_FIELD policies\/b\.yaml:1:1 .*`description`/,
        /^SCHEMA_WRONG_\w+ policies\/b\.yaml:4:10 .*`require`/,
      ],
    ],
    [
      "with two teams of one name, and no other",
      {
        "policies/directory.yaml": `${directory}teams: [{ name: a, members: [] }, { name: b, members: [] }, { name: a, members: [bob] }]\n`,
      },
      ["RULES_DUPLICATE_NAME policies/directory.yaml:1:1 there are two teams `a`"],
    ],
    ["with a file that is no YAML", { "policies/a.yaml": "kind: [" }, [/^YAML_SYNTAX policies\/a\.yaml:1:/]],
    ["with an empty file", { "policies/a.yaml": "" }, [/^YAML_EMPTY policies\/a\.yaml:1:1 /]],
    [
      "with a kind that nobody reads, and the one that was meant",
      { "policies/a.yaml": policyText("a").replace("ApproverPolicy", "AproverPolicy") },
      [/^SCHEMA_UNKNOWN_KIND policies\/a\.yaml:2:7 .*did you mean `ApproverPolicy`\?$/],
    ],
    [
      "with a schema that does not compile",
      { "schemas/resources/ssh.host.schema.json": "{" },
      [/^RULES_SCHEMA_INVALID schemas\/resources\/ssh\.host\.schema\.json:1:\d+ /],
    ],
  ])("%s", (_, texts, findings) => {
    const found = wrongWith(ruleFiles(texts));
    expect(found).toHaveLength(findings.length);
    for (const [index, wanted] of findings.entries()) {
      if (typeof wanted === "string") expect(found[index]).toBe(wanted);
      else expect(found[index]).toMatch(wanted);
    }
  });

  it("with a schema missing, by name", () => {
    const files = ruleFiles(everything);
    files.delete("schemas/grant.schema.json");
    expect(wrongWith(files)).toEqual(["RULES_SCHEMA_MISSING `schemas/grant.schema.json` is missing"]);
  });

  it("all at once: every file's mistakes are told, in the order of the files, never the first only", () => {
    const found = wrongWith(
      ruleFiles({
        "policies/d.yaml": policyText("d", "when: requester =\n"),
        "policies/c.yaml": policyText("other"),
        "policies/b.yaml": "x",
        "policies/a.yaml": "kind: [",
        "policies/directory.yaml": `${directory}  - { name: Eve, logins: [bob] }\n`,
        "policies/settings.yaml": settings.replace("PT2H", "PT0S"),
      }),
    );
    expect(
      found.map((line) =>
        line
          .split(" ", 2)
          .join(" ")
          .replace(/:\d+:\d+$/, ""),
      ),
    ).toEqual([
      "YAML_SYNTAX policies/a.yaml",
      "SCHEMA_WRONG_TYPE policies/b.yaml",
      "POLICY_NAME_MISMATCH policies/c.yaml",
      "POLICY_EXPRESSION_INVALID policies/d.yaml",
      "GRANT_DURATION_INVALID policies/settings.yaml",
      "RULES_DUPLICATE_NAME `bob`",
    ]);
  });

  it("whole: one wrong file leaves no rules at all, so that no rule is missing from a judgement unseen", () => {
    expect(loadRules(ruleFiles({ ...everything, "policies/third.yaml": "x" })).ok).toBe(false);
  });

  it("CODEOWNERS with lines that GitHub skips still loads, and says so where a grant is judged", () => {
    const { rules } = loaded(ruleFiles({ ".github/CODEOWNERS": "!/grants/ @bob\n" }));
    expect(rules.codeowners?.findings.map(({ code }) => code)).toEqual(["CODEOWNERS_INVALID"]);
  });
});

it("a policy is not read again while it is one of the last two hundred files that were", () => {
  const [path, text] = ["policies/remembered.yaml", policyText("remembered")];
  const read = () => loaded(ruleFiles({ [path]: text })).rules.policies[0];
  const readOthers = (count: number, name: string) => {
    const others = Array.from({ length: count }, (_, index) => [`policies/${name}-${index}.yaml`, "x"]);
    loadRules(ruleFiles(Object.fromEntries(others)));
  };
  const first = read();
  readOthers(150, "a");
  expect(read()).toBe(first);
  readOthers(199, "b");
  expect(read()).toBe(first);
  readOthers(200, "c");
  expect(read()).not.toBe(first);
});

describe("the digest", () => {
  const files = ruleFiles(everything);
  const digest = digestOf(files);
  const changed = (change: (copy: Map<string, Uint8Array>) => void): string => {
    const copy = new Map(files);
    change(copy);
    return digestOf(copy);
  };

  it("is a SHA-256 in lower-case hexadecimal", () => {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("changes with every byte of every rule file", () => {
    const places = [...files].flatMap(([path, content]) =>
      [0, Math.floor(content.length / 2), content.length - 1].map((index): [string, number] => [path, index]),
    );
    const seen = new Set<string>([digest]);
    for (const [path, index] of places) {
      seen.add(
        changed((copy) => {
          const other = Uint8Array.from(copy.get(path) ?? []);
          other[index] = (other[index] ?? 0) ^ 1;
          copy.set(path, other);
        }),
      );
    }
    expect(seen.size).toBe(places.length + 1);
  });

  it.each<[string, (copy: Map<string, Uint8Array>) => void]>([
    ["a rule file is removed", (copy) => copy.delete("policies/first.yaml")],
    ["a rule file is added, even an empty one", (copy) => copy.set("policies/third.yaml", bytes(""))],
    [
      "a rule file is renamed",
      (copy) => {
        copy.set("policies/another.yaml", copy.get("policies/first.yaml") ?? bytes(""));
        copy.delete("policies/first.yaml");
      },
    ],
    [
      "two rule files change places",
      (copy) => {
        const { "policies/first.yaml": first, "policies/second.yaml": second } = everything;
        copy.set("policies/first.yaml", bytes(second));
        copy.set("policies/second.yaml", bytes(first));
      },
    ],
    [
      "bytes move from the end of one file to the start of the next",
      (copy) => {
        copy.set("policies/first.yaml", bytes(policyText("first").slice(0, -1)));
        copy.set("policies/second.yaml", bytes(`\n${policyText("second")}`));
      },
    ],
    [
      "a file's content claims to be two files",
      (copy) => {
        const second = policyText("second");
        copy.set(
          "policies/first.yaml",
          bytes(`${policyText("first")}20:policies/second.yaml${second.length}:${second}`),
        );
        copy.delete("policies/second.yaml");
      },
    ],
  ])("changes when %s", (_, change) => {
    expect(changed(change)).not.toBe(digest);
  });

  it.each<[string, string]>([
    ["a grant", "grants/ssh.host/a.yaml"],
    ["a test of a policy", "policies/tests/first.yaml"],
    ["a readme beside the policies", "policies/README.md"],
    ["source code", "src/main.ts"],
  ])("does not change with %s", (_, path) => {
    expect(changed((copy) => copy.set(path, bytes("anything")))).toBe(digest);
  });

  it("does not change with the order of the files", () => {
    const reversed: RuleFiles = new Map([...files].reverse());
    expect(digestOf(reversed)).toBe(digest);
  });
});
