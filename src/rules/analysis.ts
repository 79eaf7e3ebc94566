import type { Analysis } from "../domain/analysis.ts";
import { viewOf } from "../domain/decision.ts";
import { type Demand, demandOf } from "../domain/demand.ts";
import { ruleDenials } from "../domain/denial.ts";
import type { GrantDocument } from "../domain/documents.ts";
import { emergencyFindings } from "../domain/emergency.ts";
import { isError } from "../domain/finding.ts";
import { limitFindings } from "../domain/limits.ts";
import { grantId, oid } from "../domain/oid.ts";
import { type ApproverPolicy, applicabilityOf, type Condition } from "../domain/policy.ts";
import type { RequestContent } from "../domain/request.ts";
import { catalogFindings } from "../domain/rule-set.ts";
import { type Duration, instantOf, printDuration } from "../domain/time.ts";
import { type Abstraction, abstractionOf, unclearText } from "./abstraction.ts";
import type { Dimension, Example } from "./dimension.ts";
import { readGrant } from "./grant.ts";
import type { LoadedRules } from "./load.ts";
import { printYaml } from "./yaml.ts";

/** What is asked of the rules: of every request that is `about` this, and could be approved, `holds` is true. */
export interface Question {
  readonly about: Condition;
  readonly holds: (demand: Demand) => boolean;
}

/** Requests to which the same policies apply: they need the same. */
interface Kind {
  readonly demand: Demand | null;
  /** One of each resource. */
  readonly examples: Map<string, Example>;
  readonly policies: readonly ApproverPolicy[];
}

/** A request that needs less than it should, unless something refuses it. */
interface Failing {
  readonly example: Example;
  readonly demand: Demand;
  readonly policies: readonly ApproverPolicy[];
}

/** Nothing that is asked here hangs on the time: office hours let a request wait. */
const ANY_TIME = instantOf(0);

/**
 * Looks at an example of every kind of request that the rules can tell apart (docs/decisions/0023). People are taken to
 * be eligible, facts to be good and quotas to be free: only what rules say of the request itself is asked about.
 */
export function analyse(
  loaded: LoadedRules,
  { about, holds }: Question,
  /** So many examples are looked at; more would take minutes. */
  limit = 200_000,
): Analysis {
  const abstraction = abstractionOf(loaded, about.text);
  const judge = new Judge(loaded);
  const failing: Failing[] = [];
  const kinds = new Map<string, Kind>();
  let cases = 0;
  for (const example of examplesOf(abstraction).take(limit + 1)) {
    cases += 1;
    if (!judge.isAbout(example, about)) continue;
    const policies = judge.matching(example);
    if (policies === null) continue;
    const key = keyOf(policies, example);
    const kind = kinds.get(key) ?? {
      demand: demandOf(policies, example.emergency, loaded.rules.settings),
      examples: new Map(),
      policies,
    };
    kinds.set(key, kind);
    const { type, id } = example.resource;
    if (!kind.examples.has(`${type} ${id}`)) kind.examples.set(`${type} ${id}`, example);
    const { demand } = kind;
    if (demand !== null && !holds(demand)) failing.push({ example, demand, policies });
  }
  const because = new Set(abstraction.unclear);
  if (cases > limit) {
    because.add(`there are more than ${limit} kinds of requests that the rules tell apart`);
  }
  const search = (
    { example, policies }: Pick<Failing, "example" | "policies">,
    ignoring: ReadonlyMap<string, string> = new Map(),
  ) => {
    const others = product(example, abstraction.otherDimensions(example, policies)).take(limit);
    return witnessesAmong(others, example, about, judge, ignoring);
  };
  for (const one of failing.sort((a, b) => costOf(a.example) - costOf(b.example))) {
    const smallest = [...search(one)].at(-1);
    if (smallest !== undefined) {
      const grant = judge.document(smallest);
      const policies = namesOf(one.policies);
      return { kind: "refuted", cases, grant, file: printYaml(grant), policies, demand: one.demand };
    }
    const dimensions = abstraction.otherDimensions(one.example, one.policies);
    const isTooMany = dimensions.reduce((all, { length }) => all * length, 1) > limit;
    // what clear denials and limits refuse is refused, whatever the unclear ones say beside them
    const unclear = abstraction.otherUnclear(one.policies);
    const isUnclear = unclear.size > 0 && search(one, unclear).some(() => true);
    if (!isTooMany && !isUnclear) continue;
    because.add(
      "some requests need less, and every example of them that was tried is refused by a denial or a limit",
    );
    for (const [text, why] of unclear) because.add(unclearText(text, why));
  }
  if (because.size > 0) return { kind: "undecided", cases, because: [...because] };
  const passing = [...kinds.values()].some(({ examples, policies }) =>
    examples.values().some((example) => search({ example, policies }).some(() => true)),
  );
  return { kind: "proved", cases, passing };
}

/** An example of every kind of request. */
function examplesOf({ resources, dimensions }: Abstraction) {
  return Iterator.from(resources).flatMap((resource) => product(resource, dimensions(resource)));
}

function namesOf(policies: readonly ApproverPolicy[]): readonly string[] {
  return policies.map(({ name }) => name);
}

/** What requests of one kind have in common. */
function keyOf(policies: readonly ApproverPolicy[], { emergency }: Example): string {
  return JSON.stringify([namesOf(policies), emergency]);
}

/** Requests that need what an example needs, and that no denial and no limit stands against: ever smaller ones. */
function* witnessesAmong(
  others: Iterable<Example>,
  example: Example,
  about: Condition,
  judge: Judge,
  ignoring: ReadonlyMap<string, string>,
): Generator<Example> {
  const kind = judge.kindOf(example);
  let least = Number.POSITIVE_INFINITY;
  for (const other of others) {
    const cost = costOf(other);
    if (cost >= least) continue;
    if (judge.kindOf(other) !== kind || !judge.isAbout(other, about) || !judge.passes(other, ignoring))
      continue;
    least = cost;
    yield other;
  }
}

function* product(example: Example, dimensions: readonly Dimension[]): Generator<Example> {
  const [first, ...rest] = dimensions;
  if (first === undefined) yield example;
  else for (const change of first) yield* product(change(example), rest);
}

/** How much a reader has to take in. */
function costOf({
  actions,
  scope,
  locations,
  networks,
  case: about,
  emergency,
  duration,
  justification,
}: Example): number {
  const parts = actions.length + Object.keys(scope).length + locations.length + networks.length;
  return (
    1000 * (parts + Object.keys(about).length + Number(emergency)) +
    justification.length +
    duration / 3_600_000
  );
}

/** Judges examples under one rule set. */
class Judge {
  readonly #loaded: LoadedRules;

  constructor(loaded: LoadedRules) {
    this.#loaded = loaded;
  }

  view(example: Example) {
    return viewOf(
      { requester: { login: example.requester, id: 0, kind: "user" } },
      this.#content(example),
      this.#loaded.rules,
    );
  }

  isAbout(example: Example, about: Condition): boolean {
    const outcome = about.evaluate(this.view(example));
    return outcome.ok && outcome.value;
  }

  /** The policies that apply; null where none does, one cannot be evaluated, or one offers no emergency. */
  matching(example: Example) {
    const view = this.view(example);
    const judged = this.#loaded.rules.policies.map((policy) => ({
      policy,
      applies: applicabilityOf(policy, view).applies,
    }));
    const matching = judged.filter(({ applies }) => applies === true).map(({ policy }) => policy);
    const isRefused =
      judged.some(({ applies }) => applies === "unknown") ||
      (example.emergency && matching.some(({ emergency }) => emergency === null));
    return matching.length === 0 || isRefused ? null : matching;
  }

  /** Of which kind it is; null where `matching` is. */
  kindOf(example: Example): string | null {
    const policies = this.matching(example);
    return policies === null ? null : keyOf(policies, example);
  }

  /** Whether people could approve it: it is a valid file, and neither limit nor denial (but these) stands against it. */
  passes(example: Example, ignoring: ReadonlyMap<string, string>): boolean {
    const { rules, schemas } = this.#loaded;
    const { file } = this.#content(example);
    const read = readGrant(new TextEncoder().encode(JSON.stringify(this.document(example))), file, schemas);
    if (read.kind === "refused") return false;
    const view = this.view(example);
    const judged = rules.policies.map((policy) => ({ policy, applicability: applicabilityOf(policy, view) }));
    const matching = judged
      .filter(({ applicability }) => applicability.applies === true)
      .map(({ policy }) => ({ ...policy, deny: policy.deny.filter(({ when }) => !ignoring.has(when.text)) }));
    const found = [
      ...emergencyFindings(read, matching),
      ...limitFindings(read, view, matching, rules, ANY_TIME),
      ...catalogFindings(read, rules.catalog),
    ].filter((one) => isError(one) && one.code !== "GRANT_OUTSIDE_OFFICE_HOURS");
    return found.length === 0 && ruleDenials(judged, matching, view).length === 0;
  }

  /** The example as a grant file. */
  document(example: Example): GrantDocument {
    const { locations, networks, mfa, emergency, scope } = example;
    const constraints = {
      ...(locations.length > 0 ? { locations } : {}),
      ...(networks.length > 0 ? { networks } : {}),
      ...(mfa ? { mfa } : {}),
    };
    return {
      apiVersion: "grantbox/v1",
      kind: "Grant",
      id: "example",
      case: example.case,
      subject: example.subject,
      resource: example.resource,
      access: { actions: example.actions, ...(Object.keys(scope).length > 0 ? { scope: { ...scope } } : {}) },
      justification: example.justification,
      duration: printDuration(example.duration as Duration),
      ...(Object.keys(constraints).length > 0 ? { constraints } : {}),
      ...(emergency ? { emergency } : {}),
    } as GrantDocument;
  }

  #content(example: Example): Extract<RequestContent, { kind: "grant" }> {
    const id = grantId("example");
    const { type } = example.resource;
    const document = this.document(example);
    return {
      kind: "grant",
      file: { path: `grants/${type}/${id}.yaml`, type, id, blob: oid("0".repeat(40)) },
      grant: { ...document, id, duration: example.duration as Duration, notBefore: null },
      extension: null,
      positions: {},
    };
  }
}
