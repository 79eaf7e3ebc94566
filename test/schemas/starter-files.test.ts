import { celEnv, parse, plan } from "@bufbuild/cel";
import { describe, expect, it } from "vitest";
import type {
  ApproverPolicyDocument,
  DirectoryDocument,
  ResourceCatalogDocument,
} from "../../src/domain/documents.ts";
import { readAllowedSigners } from "../../src/signatures/allowed-signers.ts";
import { complaints, filesIn, read, readYaml, resourceTypes } from "./schema-files.ts";

const kinds: Readonly<Record<string, string>> = {
  ApproverPolicy: "approver-policy",
  ResourceCatalog: "resource-catalog",
  Directory: "directory",
  Settings: "settings",
};

const files = filesIn("policies/", ".yaml");
const documents = files.map((file) => ({ file, document: readYaml(`policies/${file}`) as { kind: string } }));
const policies = documents
  .map(({ document }) => document)
  .filter(({ kind }) => kind === "ApproverPolicy") as unknown as readonly ApproverPolicyDocument[];
const catalog = readYaml("policies/catalog.yaml") as ResourceCatalogDocument;
const directory = readYaml("policies/directory.yaml") as DirectoryDocument;

it("the starter keys explain the file and allow nobody yet", () => {
  const text = read("policies/keys/allowed_signers");
  expect(readAllowedSigners(text, "allowed_signers")).toEqual({ signers: [], findings: [] });
  expect(text).toContain("ALLOWED SIGNERS in ssh-keygen(1)");
});

describe("the starter policies", () => {
  it.each(documents)("$file is valid and tells an editor its schema", ({ file, document }) => {
    const schema = kinds[document.kind];
    expect(complaints(`schemas/${schema}.schema.json`, document)).toEqual([]);
    expect(read(`policies/${file}`)).toContain(
      `# yaml-language-server: $schema=../schemas/${schema}.schema.json\n`,
    );
  });

  it("are six, each in the file of its name", () => {
    expect(policies.map(({ name }) => name)).toEqual([
      "authorised-locations",
      "gdpr-redacted-logs",
      "logs-without-source",
      "pci-payment-logs",
      "phi-database-metrics",
      "production-debugging",
    ]);
    for (const { name } of policies) expect(files).toContain(`${name}.yaml`);
  });

  it("each ask a code owner", () => {
    for (const { name, require } of policies) {
      expect(
        require.some((clause) => "from" in clause && clause.from.codeowners === true),
        name,
      ).toBe(true);
    }
  });

  it("have expressions that give true or false for every request, however little it says", () => {
    const labels = [
      {},
      { residency: "eu" },
      { classification: "pci", environment: "prod", region: "westeurope", owner: "storage-owners" },
    ];
    const scopes = [{}, { container: "logs" }, { paths: ["2026/11/**"] }, { redacted: ["sales.orders.id"] }];
    const expressions = policies.flatMap(({ when, deny }) => [
      ...(when === undefined ? [] : [when]),
      ...(deny ?? []).map((denial) => denial.when),
    ]);
    for (const expression of expressions) {
      for (const label of labels) {
        for (const scope of scopes) {
          for (const listed of [true, false]) {
            const request = asked("azure.storage", ["read"], scope, { listed, labels: label, case: {} });
            expect(evaluate(expression, request), expression).toBeTypeOf("boolean");
          }
        }
      }
    }
  });
});

describe("a starter policy refuses", () => {
  const pci = { container: "logs", paths: ["2026/11/**"] };
  const eu = { labels: { residency: "eu" }, locations: ["DE"] };

  it.each<[string, string, ReturnType<typeof asked>, RegExp | null]>([
    [
      "nothing of the payment logs of a month",
      "pci-payment-logs",
      asked("azure.storage", ["list", "read"], pci),
      null,
    ],
    [
      "to delete payment data",
      "pci-payment-logs",
      asked("azure.storage", ["read", "delete"], pci),
      /never written/,
    ],
    [
      "another container",
      "pci-payment-logs",
      asked("azure.storage", ["read"], { ...pci, container: "cards" }),
      /logs of a payment/,
    ],
    [
      "all months at once",
      "pci-payment-logs",
      asked("azure.storage", ["read"], { container: "logs" }),
      /Name the month/,
    ],
    [
      "a whole year among months",
      "pci-payment-logs",
      asked("azure.storage", ["read"], { ...pci, paths: ["2026/11/**", "2026/**"] }),
      /Name the month/,
    ],
    [
      "nothing of the metrics of a database",
      "phi-database-metrics",
      asked("postgres.database", ["metrics"], {}),
      null,
    ],
    [
      "rows of health data",
      "phi-database-metrics",
      asked("postgres.database", ["metrics", "select"], { tables: ["a.b"] }),
      /metrics only/,
    ],
    [
      "nothing of redacted logs",
      "gdpr-redacted-logs",
      asked("azure.app-service", ["logs"], { redacted: true }),
      null,
    ],
    [
      "logs that are not redacted",
      "gdpr-redacted-logs",
      asked("azure.app-service", ["logs"], {}),
      /redacted view/,
    ],
    [
      "logs that are said not to be redacted",
      "gdpr-redacted-logs",
      asked("kubernetes.namespace", ["logs"], { redacted: false }),
      /redacted view/,
    ],
    [
      "a restart where personal data is",
      "gdpr-redacted-logs",
      asked("azure.app-service", ["logs", "restart"], { redacted: true }),
      /only logs/,
    ],
    [
      "nothing of logs and metrics",
      "logs-without-source",
      asked("azure.app-service", ["logs", "metrics"], {}),
      null,
    ],
    ["source code", "logs-without-source", asked("azure.app-service", ["logs", "source"], {}), /Source code/],
    [
      "configuration",
      "logs-without-source",
      asked("azure.app-service", ["configuration"], {}),
      /Source code/,
    ],
    ["a restart", "logs-without-source", asked("azure.app-service", ["restart"], {}), /not for acting/],
    [
      "nothing from a country of the Union",
      "authorised-locations",
      asked("azure.sql", ["select"], { tables: ["a.b"] }, eu),
      null,
    ],
    [
      "what does not say from where",
      "authorised-locations",
      asked("azure.sql", ["select"], {}, { labels: eu.labels }),
      /from which countries/,
    ],
    [
      "a country outside among others",
      "authorised-locations",
      asked("azure.sql", ["select"], {}, { ...eu, locations: ["DE", "US"] }),
      /European Union/,
    ],
    [
      "to write where data must stay",
      "authorised-locations",
      asked("azure.storage", ["write"], {}, eu),
      /reading only/,
    ],
    [
      "what the catalog does not list",
      "authorised-locations",
      asked("ssh.host", ["login"], {}, { listed: false }),
      /does not list/,
    ],
    [
      "nothing of a shell for an urgent case",
      "production-debugging",
      asked("ssh.host", ["login"], { account: "support" }),
      null,
    ],
    [
      "a shell for a question",
      "production-debugging",
      asked("ssh.host", ["login"], { account: "support" }, { case: { severity: 4 } }),
      /severity 1 or 2/,
    ],
    [
      "a shell for a case of unknown severity",
      "production-debugging",
      asked("ssh.host", ["login"], {}, { case: {} }),
      /severity 1 or 2/,
    ],
    ["a shell as root", "production-debugging", asked("azure.vm", ["ssh"], { account: "root" }), /Root/],
    [
      "commands as root",
      "production-debugging",
      asked("ssh.host", ["sudo"], { commands: ["/bin/true"] }),
      /Root/,
    ],
  ])("%s (%s)", (_, name, request, message) => {
    const policy = policies.find((candidate) => candidate.name === name);
    if (policy?.when !== undefined) expect(evaluate(policy.when, request)).toBe(true);
    const said = (policy?.deny ?? [])
      .filter(({ when }) => evaluate(when, request))
      .map((denial) => denial.message);
    if (message === null) expect(said).toEqual([]);
    else expect(said).toEqual([expect.stringMatching(message)]);
  });

  it("nothing of a listed resource by the rule for what is not listed", () => {
    const locations = policies.find(({ name }) => name === "authorised-locations");
    expect(evaluate(locations?.when ?? "true", asked("ssh.host", ["login"], {}))).toBe(false);
  });
});

describe("the starter catalog, directory and owners", () => {
  it("list resources that exist as the schema of their type says", () => {
    for (const { type, id } of catalog.resources) {
      const exact = id.replaceAll("*", "03");
      expect(complaints(`schemas/resources/${type}.schema.json`, exact, "/properties/id"), id).toEqual([]);
    }
  });

  it("hold a resource for each policy", () => {
    for (const { name, match, when } of policies) {
      const fitting = catalog.resources.filter(
        ({ type, labels }) =>
          Object.entries(match ?? {}).every(([field, wanted]) => {
            const value = field === "resource.type" ? type : labels[field.slice("resource.labels.".length)];
            return [wanted].flat().some((one) => one === value);
          }) &&
          (when === undefined || evaluate(when, asked(type, ["read"], {}, { labels }))),
      );
      expect(fitting, name).not.toEqual([]);
    }
  });

  it("name each login once, and erin's second account", () => {
    const logins = directory.persons.flatMap((person) => person.logins);
    expect(logins).toEqual(["alice", "erin", "erin-acme", "bob", "carol", "dave", "grace", "otto"]);
  });

  it("give every resource type an owner, and the rules theirs at the end", () => {
    const lines = read(".github/CODEOWNERS")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(/\s+/));
    const patterns = lines.map(([pattern]) => pattern);
    expect([...patterns.slice(0, -3)].sort()).toEqual(resourceTypes.map((type) => `/grants/${type}/`));
    expect(lines.slice(-3)).toEqual([
      ["/policies/", "@acme/administrators"],
      ["/schemas/", "@acme/administrators"],
      ["/.github/", "@acme/administrators"],
    ]);
    for (const [pattern, ...owners] of lines) expect(owners, pattern).toHaveLength(1);
  });
});

/** What an expression sees of a request; a listed resource and an urgent case unless said otherwise. */
function asked(
  type: string,
  actions: readonly string[],
  scope: Readonly<Record<string, unknown>>,
  other: {
    readonly listed?: boolean;
    readonly labels?: Readonly<Record<string, string>>;
    readonly case?: { readonly severity?: number };
    readonly locations?: readonly string[];
  } = {},
) {
  const severity = (other.case ?? { severity: 2 }).severity;
  return {
    requester: "alice",
    subject: "alice",
    case: {
      system: "servicenow",
      id: "CS-41207",
      ...(severity === undefined ? {} : { severity: BigInt(severity) }),
    },
    resource: { type, id: "x", listed: other.listed ?? true, labels: { ...other.labels } },
    access: { actions: [...actions], scope: { ...scope } },
    justification: "Checkout times out for tenant 88.",
    emergency: false,
    constraints: { mfa: false, networks: [], locations: [...(other.locations ?? [])] },
  };
}

function evaluate(expression: string, request: ReturnType<typeof asked>): unknown {
  const value = plan(celEnv(), parse(expression))(request as unknown as Record<string, never>);
  if (value instanceof Error) throw value;
  return value;
}
