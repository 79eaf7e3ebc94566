import { type ApproverSource, type Group, sourceOf } from "../domain/approver-source.ts";
import type { ApproverPolicyDocument } from "../domain/documents.ts";
import { type Finding, finding, type Position } from "../domain/finding.ts";
import type { OfficeHours } from "../domain/office-hours.ts";
import {
  type ApproverPolicy,
  type Condition,
  type Emergency,
  type FieldMatch,
  type Limits,
  type MatchClause,
  type MatchValue,
  noConditions,
  noLimits,
  type Pending,
  type RequirementClause,
} from "../domain/policy.ts";
import { countWays, waysLimit } from "../domain/requirements.ts";
import { type Duration, isTimeZone } from "../domain/time.ts";
import { isViewField, viewFields } from "../domain/view.ts";
import { readDuration } from "./duration.ts";
import { compileExpression } from "./expression.ts";
import { didYouMean, nearest } from "./nearest.ts";
import type { Positions, YamlPath } from "./yaml.ts";

type MatchDocument = NonNullable<ApproverPolicyDocument["match"]>;
type MatchLine = NonNullable<MatchDocument["requester"]>;
type ClauseDocument = ApproverPolicyDocument["require"][number];
type SourceDocument = NonNullable<ApproverPolicyDocument["emergency"]>["from"];

/** An approver policy from a document that its schema accepts; what the schema cannot see is checked here. */
export function readPolicy(
  document: ApproverPolicyDocument,
  file: string,
  positions: Positions,
): { readonly policy: ApproverPolicy | null; readonly findings: readonly Finding[] } {
  const reader = new PolicyReader(positions);
  if (file !== `policies/${document.name}.yaml`) {
    reader.found.push(
      finding("POLICY_NAME_MISMATCH", `\`${document.name}\` stands in \`${file}\``, positions.of(["name"])),
    );
  }
  const policy: ApproverPolicy = {
    name: document.name,
    description: document.description.trim(),
    at: positions.of([]),
    match: reader.match(document.match ?? {}, ["match"]),
    limits: reader.limits(document.limits ?? {}),
    when: document.when === undefined ? null : reader.condition(document.when, ["when"]),
    conditions: { ...noConditions, ...document.conditions },
    require: reader.requirements(document.require, ["require"]),
    deny: (document.deny ?? []).flatMap(({ when: text, message }, index) => {
      const when = reader.condition(text, ["deny", index, "when"]);
      return when === null ? [] : [{ when, message }];
    }),
    pending: reader.pending(document.pending ?? {}),
    emergency: document.emergency === undefined ? null : reader.emergency(document.emergency),
    positions: positionsOf(document, positions),
  };
  const ways = countWays(policy.require);
  if (ways > waysLimit) {
    const message = `they leave ${ways} ways open, and at most ${waysLimit} are tried`;
    reader.found.push(finding("POLICY_TOO_MANY_WAYS", message, positions.ofKey(["require"])));
  }
  return { policy: reader.found.length > 0 ? null : policy, findings: reader.found };
}

/** Where each clause is written; of lists each item. */
function positionsOf(document: ApproverPolicyDocument, positions: Positions): ApproverPolicy["positions"] {
  const named: [string, Position][] = [];
  for (const part of ["match", "limits", "conditions", "pending", "emergency"] as const) {
    if (document[part] === undefined) continue;
    named.push([part, positions.ofKey([part])]);
    for (const key of Object.keys(document[part])) {
      named.push([`${part}.${key}`, positions.ofKey([part, key])]);
    }
  }
  if (document.when !== undefined) named.push(["when", positions.ofKey(["when"])]);
  for (const part of ["require", "deny"] as const) {
    for (const index of (document[part] ?? []).keys()) {
      named.push([`${part}.${index}`, positions.of([part, index])]);
    }
  }
  return Object.fromEntries(named);
}

/** Reads the parts of one policy, and gathers all that is wrong with them. */
class PolicyReader {
  readonly found: Finding[] = [];
  readonly #positions: Positions;

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  condition(text: string, path: YamlPath): Condition | null {
    const compiled = compileExpression(text, this.#positions, path);
    if (compiled.ok) return compiled.condition;
    this.found.push(...compiled.findings);
    return null;
  }

  match({ anyOf, ...lines }: MatchDocument, path: YamlPath): readonly MatchClause[] {
    const clauses = Object.entries(lines).map(([field, value]): FieldMatch => {
      const at = this.#positions.ofKey([...path, field]);
      if (!isViewField(field)) this.found.push(unknownField(field, at));
      return fieldMatch(field, value as MatchLine, at);
    });
    if (anyOf === undefined) return clauses;
    const alternatives = anyOf.map((one, index) => this.match(one, [...path, "anyOf", index]));
    return [...clauses, { anyOf: alternatives, at: this.#positions.ofKey([...path, "anyOf"]) }];
  }

  limits(document: NonNullable<ApproverPolicyDocument["limits"]>): Limits {
    const { officeHours, maxDuration, minDuration, maxTotalDuration, ...rest } = document;
    const duration = (name: string, text: string | undefined) => this.#duration(text, ["limits", name]);
    return {
      ...noLimits,
      ...rest,
      maxDuration: duration("maxDuration", maxDuration),
      minDuration: duration("minDuration", minDuration),
      maxTotalDuration: duration("maxTotalDuration", maxTotalDuration),
      officeHours: officeHours === undefined ? null : this.#officeHours(officeHours),
    };
  }

  #officeHours({
    timeZone,
    days,
    from,
    until,
  }: NonNullable<NonNullable<ApproverPolicyDocument["limits"]>["officeHours"]>): OfficeHours {
    const path = ["limits", "officeHours"];
    if (!isTimeZone(timeZone)) {
      const at = this.#positions.of([...path, "timeZone"]);
      this.found.push(finding("POLICY_TIME_ZONE_UNKNOWN", `there is no time zone \`${timeZone}\``, at));
    }
    const hours = { timeZone, days, from: minuteOf(from), until: minuteOf(until) };
    if (hours.until <= hours.from) {
      const at = this.#positions.of([...path, "until"]);
      this.found.push(
        finding("POLICY_OFFICE_HOURS_INVALID", `\`${until}\` is not later than \`${from}\``, at),
      );
    }
    return hours;
  }

  requirements(clauses: readonly ClauseDocument[], path: YamlPath): readonly RequirementClause[] {
    return clauses.map((clause, index) => this.#requirement(clause, [...path, index]));
  }

  #requirement(clause: ClauseDocument, path: YamlPath): RequirementClause {
    if ("anyOf" in clause) return { anyOf: this.requirements(clause.anyOf, [...path, "anyOf"]) };
    if ("allOf" in clause) return { allOf: this.requirements(clause.allOf, [...path, "allOf"]) };
    const { name, count, from } = clause;
    return {
      name,
      count,
      from: this.#source(from, [...path, "from"]),
      at: this.#positions.of(path),
    };
  }

  #source({ not, ...named }: SourceDocument, path: YamlPath): ApproverSource {
    if (Object.keys(named).length === 0) {
      const message = "it says whose approvals do not count, and not whose do";
      this.found.push(finding("POLICY_SOURCE_EMPTY", message, this.#positions.of(path)));
    }
    return sourceOf({ ...named, not: groupOf(not ?? {}) });
  }

  pending(document: NonNullable<ApproverPolicyDocument["pending"]>): Pending {
    const { expiresAfter, remindAfter = [], escalateAfter, escalateTo } = document;
    const after = this.#duration(escalateAfter, ["pending", "escalateAfter"]);
    return {
      expiresAfter: this.#duration(expiresAfter, ["pending", "expiresAfter"]),
      remindAfter: remindAfter.flatMap(
        (text, index) => this.#duration(text, ["pending", "remindAfter", index]) ?? [],
      ),
      escalation: after === null || escalateTo === undefined ? null : { after, to: groupOf(escalateTo) },
    };
  }

  emergency(document: NonNullable<ApproverPolicyDocument["emergency"]>): Emergency | null {
    const maxDuration = this.#duration(document.maxDuration, ["emergency", "maxDuration"]);
    const reviewWithin = this.#duration(document.reviewWithin, ["emergency", "reviewWithin"]);
    const from = this.#source(document.from, ["emergency", "from"]);
    if (maxDuration === null || reviewWithin === null) return null;
    const at = this.#positions.ofKey(["emergency"]);
    return { count: document.count, from, maxDuration, reviewWithin, at };
  }

  #duration(text: string | undefined, path: YamlPath): Duration | null {
    if (text === undefined) return null;
    const { duration, findings } = readDuration(text, () => this.#positions.of(path));
    this.found.push(...findings);
    return duration;
  }
}

/** Minutes since midnight of `HH:MM`, which the schema has checked. */
function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Teams and users of a part that may name either. */
export function groupOf({ teams = [], users = [] }: Partial<Group>): Group {
  return { teams, users };
}

function fieldMatch(field: string, value: MatchLine, at: Position): FieldMatch {
  if (typeof value === "object" && "only" in value) return { field, test: "only", values: value.only, at };
  const values: readonly MatchValue[] = typeof value === "object" ? value : [value];
  return { field, test: "any", values, at };
}

function unknownField(field: string, at: FieldMatch["at"]): Finding {
  const known = viewFields.map((name) => name.replace(".*", ".<name>"));
  const hint = didYouMean(nearest(field, known));
  return finding("POLICY_FIELD_UNKNOWN", `no request has a field \`${field}\``, at, hint);
}
