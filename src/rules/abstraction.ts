/**
 * All requests that the rules can tell apart, by an example of each. A rule looks at a field only through the values that
 * it compares it with, so that a request with one of these, or with one that no rule names, stands for all others alike.
 * What a rule asks beyond that (a pattern, arithmetic) is named in `unclear`: of it the examples prove nothing.
 */
import { matchesGlob } from "../domain/glob.ts";
import type { ApproverPolicy } from "../domain/policy.ts";
import { ONE_SECOND } from "../domain/time.ts";
import type { LoadedRules } from "./load.ts";
import { type Looks, LooksGatherer, type Value } from "./looks.ts";
import type { ResourceExamples } from "./schema.ts";

/** An example of a request, as far as rules look at it. */
export interface Example {
  readonly requester: string;
  readonly subject: string;
  readonly case: {
    readonly system: string;
    readonly id: string;
    readonly severity?: number;
    readonly url?: string;
  };
  readonly resource: { readonly type: string; readonly id: string };
  readonly actions: readonly string[];
  readonly scope: Readonly<Record<string, unknown>>;
  readonly justification: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly emergency: boolean;
  readonly locations: readonly string[];
  readonly networks: readonly string[];
  readonly mfa: boolean;
}

/** What one field may be: a change of an example for each. */
export type Dimension = readonly ((example: Example) => Example)[];

/** What the policies that apply hang on, and what else may stand against a request. */
export interface Abstraction {
  /** An example of every resource: of the catalog, and of each type one that is not listed. */
  readonly resources: readonly Example[];
  /** What decides which policies apply. */
  dimensions(resource: Example): readonly Dimension[];
  /** What denials and limits of these policies look at. */
  otherDimensions(resource: Example, policies: readonly string[]): readonly Dimension[];
  /** Expressions that ask more than can be told by examples, of what decides which policies apply. */
  readonly unclear: readonly string[];
  /** The same of the denials of these policies. */
  otherUnclear(policies: readonly string[]): readonly string[];
}

/** The abstraction of a rule set, for requests of which `about` (an expression) is asked as well. */
export function abstractionOf({ rules, schemas }: LoadedRules, about: string): Abstraction {
  const applying = new LooksGatherer();
  const all = new LooksGatherer();
  for (const gatherer of [applying, all]) {
    gatherer.condition({ text: about });
    for (const { match, when, emergency } of rules.policies) {
      gatherer.match(match);
      if (when !== null) gatherer.condition(when);
      if (emergency !== null) gatherer.compared("emergency", []);
    }
  }
  const refusing = new Map(rules.policies.map((policy) => [policy.name, refusalsOf(policy)]));
  for (const policy of rules.policies) gatherRefusals(policy, all);
  const first = applying.looks();
  const second = all.looks();
  const longest = Math.max(20, ...rules.policies.map(({ limits }) => limits.minJustification ?? 0));
  const plain = (type: string, id: string): Example => ({
    requester: "somebody",
    subject: "somebody",
    case: { system: "support", id: "1" },
    resource: { type, id },
    actions: schemas.actionsOf(type).slice(0, 1),
    scope: schemas.examplesOf(type).scope,
    justification: "Needed to find out what the case is about. ".repeat(Math.ceil(longest / 40)).trim(),
    duration: ONE_SECOND * 60,
    emergency: false,
    locations: [],
    networks: [],
    mfa: false,
  });
  const ids = [...(second.fields.get("resource.id") ?? [])].map(String);
  const resources = [...schemas.resourceTypes].flatMap((type) => {
    const example = schemas.examplesOf(type).id;
    const listed = rules.catalog.filter((entry) => entry.type === type).map(({ id }) => filled(id));
    const named = ids.map(filled);
    const other = example === null ? [] : [unlike(example)];
    return [...new Set([...listed, ...named, ...other])].map((id) => plain(type, id));
  });
  return {
    resources,
    dimensions: ({ resource }) =>
      dimensionsOf(first, first, schemas.actionsOf(resource.type), schemas.examplesOf(resource.type)),
    otherDimensions: ({ resource }, policies) => {
      const fields = new Set(policies.flatMap((name) => [...(refusing.get(name)?.fields.keys() ?? [])]));
      const known = new Map([...second.fields].filter(([field]) => fields.has(field)));
      const { type } = resource;
      return dimensionsOf({ fields: known }, second, schemas.actionsOf(type), schemas.examplesOf(type));
    },
    unclear: first.unclear,
    otherUnclear: (policies) => policies.flatMap((name) => refusing.get(name)?.unclear ?? []),
  };
}

/** What the denials and limits of one policy look at. */
function refusalsOf(policy: ApproverPolicy): Looks {
  const gatherer = new LooksGatherer();
  gatherRefusals(policy, gatherer);
  return gatherer.looks();
}

function gatherRefusals({ deny, limits }: ApproverPolicy, gatherer: LooksGatherer): void {
  for (const { when } of deny) gatherer.condition(when);
  if (limits.actions !== null) gatherer.compared("access.actions", limits.actions);
  if (limits.locations !== null) gatherer.compared("constraints.locations", limits.locations);
  for (const [field, globs] of Object.entries(limits.scope))
    gatherer.compared(`access.scope.${field}`, globs);
  for (const bound of [limits.minDuration, limits.maxDuration]) {
    if (bound !== null) gatherer.compared("duration", [bound]);
  }
}

function dimensionsOf(
  { fields }: Pick<Looks, "fields">,
  looks: Looks,
  actions: readonly string[],
  examples: ResourceExamples,
): readonly Dimension[] {
  const dimensions: Dimension[] = [];
  const named = (field: string) => [...(fields.get(field) ?? [])];
  const texts = (field: string, other: string) => [
    ...new Set([other, ...named(field).map((value) => filled(String(value)))]),
  ];
  const text = (field: string, other: string, set: (value: string) => (example: Example) => Example) => {
    if (fields.has(field)) dimensions.push(texts(field, other).map(set));
  };
  text("requester", "somebody", (requester) => (example) => ({ ...example, requester }));
  text("subject", "somebody", (subject) => (example) => ({ ...example, subject }));
  text("case.system", "support", (system) => (example) => ({
    ...example,
    case: { ...example.case, system },
  }));
  text("case.id", "1", (id) => (example) => ({ ...example, case: { ...example.case, id } }));
  text("case.url", "https://support.example/1", (url) => (example) => ({
    ...example,
    case: { ...example.case, url },
  }));
  text("justification", "", (words) => (example) => ({
    ...example,
    justification: `${words} ${example.justification}`.trim(),
  }));
  if (fields.has("case.severity")) {
    const severities = [1, 2, 3, 4].map((severity) => (example: Example) => ({
      ...example,
      case: { ...example.case, severity },
    }));
    dimensions.push([(example) => example, ...severities]);
  }
  if (fields.has("emergency"))
    dimensions.push([false, true].map((emergency) => (example) => ({ ...example, emergency })));
  if (fields.has("constraints.mfa"))
    dimensions.push([false, true].map((mfa) => (example) => ({ ...example, mfa })));
  if (fields.has("duration"))
    dimensions.push(
      durationsAround(named("duration")).map((duration) => (example) => ({ ...example, duration })),
    );
  if (fields.has("access.actions")) {
    const sets = subsets(representatives(actions, "access.actions", looks)).filter((set) => set.length > 0);
    dimensions.push(sets.map((chosen) => (example) => ({ ...example, actions: chosen })));
  }
  if (fields.has("constraints.locations")) {
    const countries = representatives(
      [...named("constraints.locations").map(String), "ZZ"],
      "constraints.locations",
      looks,
    );
    dimensions.push(subsets(countries).map((locations) => (example) => ({ ...example, locations })));
  }
  if (fields.has("constraints.networks")) {
    const networks = representatives(
      [...named("constraints.networks").map(String), "192.0.2.0/24"],
      "constraints.networks",
      looks,
    );
    dimensions.push(subsets(networks).map((chosen) => (example) => ({ ...example, networks: chosen })));
  }
  for (const field of fields.keys()) {
    const [, name] = /^access\.scope\.([^.]+)$/.exec(field) ?? [];
    const known = name === undefined ? undefined : examples.fields[name];
    if (name === undefined || known === undefined) continue;
    dimensions.push([
      (example) => ({ ...example, scope: without(example.scope, name) }),
      ...scopeValues(named(field), known).map((value) => (example: Example) => ({
        ...example,
        scope: { ...example.scope, [name]: value },
      })),
    ]);
  }
  return dimensions;
}

function scopeValues(
  compared: readonly Value[],
  { isList, values }: ResourceExamples["fields"][string],
): readonly unknown[] {
  const scalars = compared.map((value) => (typeof value === "string" ? filled(value) : value));
  const booleans = scalars.some((value) => typeof value === "boolean") ? [true, false] : [];
  const all = [...values, ...[...scalars, ...booleans].map((value) => (isList ? [value] : value))];
  return [...new Map(all.map((value) => [JSON.stringify(value), value])).values()];
}

function without(scope: Example["scope"], name: string): Example["scope"] {
  return Object.fromEntries(Object.entries(scope).filter(([key]) => key !== name));
}

/** A minute, each bound, and a second to both sides of it. */
function durationsAround(bounds: readonly Value[]): readonly number[] {
  const all = bounds.flatMap((bound) =>
    typeof bound === "number" ? [bound - ONE_SECOND, bound, bound + ONE_SECOND] : [],
  );
  return [...new Set([60 * ONE_SECOND, ...all])]
    .filter((duration) => duration > 0)
    .sort((one, other) => one - other);
}

/** One value of each group that no list of the rules takes apart. */
function representatives(values: readonly string[], field: string, { lists }: Looks): readonly string[] {
  const own = lists.filter((list) => list.field === field);
  const groups = Map.groupBy(new Set(values), (value) =>
    own.map((list) => ([...list.values].some((one) => fits(String(one), value)) ? "1" : "0")).join(""),
  );
  return [...groups.values()].flatMap(([one]) => (one === undefined ? [] : [filled(one)]));
}

function fits(pattern: string, value: string): boolean {
  return pattern === value || (pattern.includes("*") && matchesGlob(pattern, value));
}

function subsets(values: readonly string[]): readonly (readonly string[])[] {
  const sets: (readonly string[])[] = [[]];
  for (const value of values) sets.push(...sets.map((set) => [...set, value]));
  return sets;
}

/** A text that a glob matches. */
function filled(glob: string): string {
  return glob.replaceAll(/\*+/g, "x");
}

/** An id like this one that no catalog lists: its last letters are others. */
function unlike(id: string): string {
  return id.replace(/[a-z0-9]{1,3}$/, (end) => "q".repeat(end.length));
}
