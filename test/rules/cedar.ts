/**
 * The boolean part of the rules, said to an engine that shares no line with ours: which policies a request falls under
 * and whether one of them denies it. `match` and expressions are drawn as data and printed twice, as our files have
 * them and as Cedar has them (https://docs.cedarpolicy.com).
 */
import type { CedarValueJson } from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import type { RequestView } from "../../src/domain/view.ts";

/** A condition over a request, before it is printed in either language. */
export type Term =
  | { readonly is: "equals"; readonly field: TextField; readonly value: string }
  | { readonly is: "in"; readonly field: TextField; readonly values: readonly string[] }
  | { readonly is: "label"; readonly name: string; readonly value: string }
  | { readonly is: "severe"; readonly most: number }
  | { readonly is: "action"; readonly name: string }
  | { readonly is: "emergency" }
  | { readonly is: "not"; readonly of: Term }
  | { readonly is: "and" | "or"; readonly left: Term; readonly right: Term };

type TextField = "subject" | "requester" | "resource.type" | "resource.id" | "case.system";

/** A line of `match`. */
export type Line =
  | { readonly test: "any" | "only"; readonly field: "access.actions"; readonly values: readonly string[] }
  | {
      readonly test: "text";
      readonly field: TextField | `resource.labels.${string}`;
      readonly values: readonly string[];
    }
  | { readonly test: "anyOf"; readonly alternatives: readonly (readonly Line[])[] };

export interface DrawnPolicy {
  readonly match: readonly Line[];
  readonly when: Term | null;
  readonly deny: readonly Term[];
}

const textFields: readonly TextField[] = [
  "subject",
  "requester",
  "resource.type",
  "resource.id",
  "case.system",
];
const values: Readonly<Record<TextField, readonly string[]>> = {
  subject: ["alice", "erin"],
  requester: ["alice", "bob"],
  "resource.type": ["azure.sql", "azure.storage", "ssh.host"],
  "resource.id": ["shop/checkout", "shop/eu/crm", "hr"],
  "case.system": ["servicenow", "jira"],
};
const globs: Readonly<Record<TextField, readonly string[]>> = {
  subject: ["a**"],
  requester: ["**"],
  "resource.type": ["azure.**"],
  "resource.id": ["shop/**", "**r**"],
  "case.system": ["**now"],
};
const labels = { environment: ["prod", "staging"], classification: ["pii", "pci"] } as const;
const actions = ["read", "list", "write"] as const;

const oneOf = <T>(list: readonly T[]) => fc.constantFrom(...list);
const someOf = <T>(list: readonly T[]) => fc.subarray([...list], { minLength: 1 });
const labelNames = oneOf(["environment", "classification"] as const);

const terms: fc.Arbitrary<Term> = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 3 },
    oneOf(textFields).chain((field) =>
      oneOf(values[field]).map((value) => ({ is: "equals", field, value }) as const),
    ),
    oneOf(textFields).chain((field) =>
      someOf(values[field]).map((list) => ({ is: "in", field, values: list }) as const),
    ),
    labelNames.chain((name) => oneOf(labels[name]).map((value) => ({ is: "label", name, value }) as const)),
    fc.integer({ min: 1, max: 4 }).map((most) => ({ is: "severe", most }) as const),
    oneOf(actions).map((name) => ({ is: "action", name }) as const),
    fc.constant({ is: "emergency" } as const),
    tie("term").map((of) => ({ is: "not", of }) as const),
    fc.record({ is: oneOf(["and", "or"] as const), left: tie("term"), right: tie("term") }),
  ),
})).term;

const flatLines: fc.Arbitrary<Line> = fc.oneof(
  fc.record({
    test: oneOf(["any", "only"] as const),
    field: fc.constant("access.actions" as const),
    values: someOf(actions),
  }),
  oneOf(textFields).chain((field) =>
    someOf([...values[field], ...globs[field]]).map(
      (list) => ({ test: "text", field, values: list }) as const,
    ),
  ),
  labelNames.chain((name) =>
    someOf(labels[name]).map(
      (list) => ({ test: "text", field: `resource.labels.${name}`, values: list }) as const,
    ),
  ),
);
const lines: fc.Arbitrary<Line> = fc.oneof(
  { weight: 5, arbitrary: flatLines },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.uniqueArray(flatLines, { minLength: 1, maxLength: 2, selector: keyOf }), {
        minLength: 1,
        maxLength: 2,
      })
      .map((alternatives) => ({ test: "anyOf", alternatives }) as const),
  },
);

/** Policies of a rule set. */
export const drawnPolicies: fc.Arbitrary<readonly DrawnPolicy[]> = fc.array(
  fc.record({
    match: fc.uniqueArray(lines, { maxLength: 2, selector: keyOf }),
    when: fc.option(terms),
    deny: fc.array(terms, { maxLength: 1 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function keyOf(line: Line): string {
  return line.test === "anyOf" ? "anyOf" : line.field;
}

/** What a request may be, as far as these policies look. */
export interface DrawnRequest {
  readonly subject: string;
  readonly requester: string;
  readonly type: string;
  readonly id: string;
  readonly system: string;
  readonly severity: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly actions: readonly string[];
  readonly emergency: boolean;
}

export const drawnRequests: fc.Arbitrary<DrawnRequest> = fc.record({
  subject: oneOf(values.subject),
  requester: oneOf(values.requester),
  type: oneOf(values["resource.type"]),
  id: oneOf(values["resource.id"]),
  system: oneOf(values["case.system"]),
  severity: fc.option(fc.integer({ min: 1, max: 4 })),
  labels: fc.record(
    { environment: oneOf(labels.environment), classification: oneOf(labels.classification) },
    { requiredKeys: [] },
  ),
  actions: someOf(actions),
  emergency: fc.boolean(),
});

/** A policy file as ours are written; JSON is YAML. */
export function fileOf({ match, when, deny }: DrawnPolicy, name: string): string {
  return JSON.stringify({
    apiVersion: "grantbox/v1",
    kind: "ApproverPolicy",
    name,
    description: "Drawn at random.",
    ...(match.length === 0 ? {} : { match: matchOf(match) }),
    ...(when === null ? {} : { when: celOf(when) }),
    require: [{ name: "owners", count: 1, from: { codeowners: true } }],
    ...(deny.length === 0 ? {} : { deny: deny.map((term) => ({ when: celOf(term), message: "No." })) }),
  });
}

function matchOf(match: readonly Line[]): object {
  return Object.fromEntries(
    match.map((line) => {
      switch (line.test) {
        case "anyOf":
          return ["anyOf", distinct(line.alternatives.map(matchOf))];
        case "only":
          return [line.field, { only: line.values }];
        default:
          return [line.field, line.values];
      }
    }),
  );
}

/** The schema wants every alternative to differ. */
function distinct(list: readonly object[]): readonly object[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}

const text = (value: string) => JSON.stringify(value);
const list = (items: readonly string[]) => `[${items.map(text).join(", ")}]`;

/** A term as a CEL expression. */
function celOf(term: Term): string {
  switch (term.is) {
    case "equals":
      return `${term.field} == ${text(term.value)}`;
    case "in":
      return `${term.field} in ${list(term.values)}`;
    case "label":
      return `(${text(term.name)} in resource.labels && resource.labels.${term.name} == ${text(term.value)})`;
    case "severe":
      return `(has(case.severity) && case.severity <= ${term.most})`;
    case "action":
      return `${text(term.name)} in access.actions`;
    case "emergency":
      return "emergency";
    case "not":
      return `!(${celOf(term.of)})`;
    case "and":
    case "or":
      return `(${celOf(term.left)} ${term.is === "and" ? "&&" : "||"} ${celOf(term.right)})`;
    default:
      return term satisfies never;
  }
}

/** Cedar's word for one of our fields. */
function attribute(field: string): string {
  const label = /^resource\.labels\.(.+)$/.exec(field)?.[1];
  return label === undefined ? `context.${field.replaceAll(".", "_")}` : `context.labels[${text(label)}]`;
}

function cedarTerm(term: Term): string {
  switch (term.is) {
    case "equals":
      return `${attribute(term.field)} == ${text(term.value)}`;
    case "in":
      return `${list(term.values)}.contains(${attribute(term.field)})`;
    case "label":
      return `(context.labels has ${term.name} && context.labels.${term.name} == ${text(term.value)})`;
    case "severe":
      return `(context has severity && context.severity <= ${term.most})`;
    case "action":
      return `context.actions.contains(${text(term.name)})`;
    case "emergency":
      return "context.emergency";
    case "not":
      return `!(${cedarTerm(term.of)})`;
    case "and":
    case "or":
      return `(${cedarTerm(term.left)} ${term.is === "and" ? "&&" : "||"} ${cedarTerm(term.right)})`;
    default:
      return term satisfies never;
  }
}

function cedarLine(line: Line): string {
  switch (line.test) {
    case "anyOf":
      return `(${line.alternatives.map((alternative) => `(${alternative.map(cedarLine).join(" && ")})`).join(" || ")})`;
    case "any":
      return `context.actions.containsAny(${list(line.values)})`;
    case "only":
      return `${list(line.values)}.containsAll(context.actions)`;
    case "text": {
      const likes = line.values.map(
        (value) => `${attribute(line.field)} like ${text(value.replaceAll("**", "*"))}`,
      );
      const label = /^resource\.labels\.(.+)$/.exec(line.field)?.[1];
      const any = `(${likes.join(" || ")})`;
      return label === undefined ? any : `(context.labels has ${label} && ${any})`;
    }
    default:
      return line satisfies never;
  }
}

/** The same rules for Cedar: each policy permits what it is for, and forbids what it denies. */
export function cedarOf(policies: readonly DrawnPolicy[]): string {
  return policies
    .flatMap(({ match, when, deny }) => {
      const applies = [...match.map(cedarLine), ...(when === null ? [] : [cedarTerm(when)]), "true"].join(
        " && ",
      );
      return [
        `permit (principal, action, resource) when { ${applies} };`,
        ...deny.map(
          (term) => `forbid (principal, action, resource) when { ${applies} && ${cedarTerm(term)} };`,
        ),
      ];
    })
    .join("\n");
}

/** What Cedar is told of a request. */
export function cedarContext(request: DrawnRequest): Record<string, CedarValueJson> {
  const {
    subject,
    requester,
    type,
    id,
    system,
    severity,
    labels: known,
    actions: asked,
    emergency,
  } = request;
  return {
    subject,
    requester,
    resource_type: type,
    resource_id: id,
    case_system: system,
    labels: { ...known },
    actions: [...asked],
    emergency,
    ...(severity === null ? {} : { severity }),
  };
}

/** The request as our rules see it. */
export function viewOf(request: DrawnRequest, rest: RequestView): RequestView {
  const {
    subject,
    requester,
    type,
    id,
    system,
    severity,
    labels: known,
    actions: asked,
    emergency,
  } = request;
  return {
    ...rest,
    subject,
    requester,
    case: { system, id: "1", ...(severity === null ? {} : { severity }) },
    resource: { type, id, listed: true, labels: known },
    access: { actions: asked, scope: {} },
    emergency,
  };
}
