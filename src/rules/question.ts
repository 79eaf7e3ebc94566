import { nobody } from "../domain/approver-source.ts";
import { type Finding, finding } from "../domain/finding.ts";
import { requirementsIn } from "../domain/policy.ts";
import { teamsToRead } from "../domain/requirements.ts";
import type { RuleSet } from "../domain/rule-set.ts";
import { type Instant, printInstant } from "../domain/time.ts";
import type { LoadedRules } from "./load.ts";
import type { Layer } from "./overlay.ts";
import { pretended } from "./situation.ts";
import type { FactsDocument } from "./test-facts.ts";
import { type Positions, readYaml, type YamlPath, type YamlValue } from "./yaml.ts";

/** A grant file of a checkout that somebody asks about, with what is known or pretended about it. */
export interface Question {
  readonly file: string;
  readonly now: Instant;
  /** A file of facts as policy tests have them; null where nobody said anything. */
  readonly facts: { readonly file: string; readonly bytes: Uint8Array } | null;
  /** Who is taken to have approved, beside the facts. */
  readonly approvedBy: readonly string[];
}

export type QuestionReading =
  | { readonly ok: true; readonly layers: readonly Layer[]; readonly loaded: LoadedRules }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * The layers of the case that a question asks about, and the rules to judge it with. Without facts nobody can know who
 * is in a team: a stand-in (`somebody-of-privacy`) stands for each member that is asked for, and whoever asks is taken
 * to be somebody who may.
 */
export function readQuestion(question: Question, loaded: LoadedRules): QuestionReading {
  const { file, now, facts, approvedBy } = question;
  const layers = [pretended("file", file), pretended("now", printInstant(now))];
  if (facts === null) {
    layers.push(pretended("facts.teams", standIns(loaded.rules)), pretended("facts.approvedBy", approvedBy));
    return { ok: true, layers, loaded: { ...loaded, rules: forAnybody(loaded.rules) } };
  }
  const reading = readYaml(facts.bytes, facts.file);
  if (!reading.ok) return reading;
  const { value, positions } = reading;
  const wrong = factFindings(value, positions, loaded);
  if (wrong.length > 0) return { ok: false, findings: wrong };
  // the schema has just checked this shape
  const { approvedBy: before = [] } = value as unknown as FactsDocument;
  const approvals = pretended("facts.approvedBy", [...before, ...approvedBy]);
  layers.push({ value, positions, path: [], at: ["facts"] }, approvals);
  return { ok: true, layers, loaded };
}

/** What the schema of policy tests has against the facts. */
function factFindings(facts: YamlValue, positions: Positions, { schemas }: LoadedRules): readonly Finding[] {
  if (!schemas.kinds.has("PolicyTest")) {
    return [finding("RULES_SCHEMA_MISSING", "`schemas/policy-test.schema.json` is missing")];
  }
  const document: Record<string, YamlValue> = Object.create(null);
  Object.assign(document, {
    apiVersion: "grantbox/v1",
    kind: "PolicyTest",
    name: "facts",
    cases: [{ name: "facts", expect: "pending", facts }],
  });
  const inside = ([, , , ...rest]: YamlPath): YamlPath => rest;
  return schemas
    .check("PolicyTest", document, {
      of: (path) => positions.of(inside(path)),
      ofKey: (path) => positions.ofKey(inside(path)),
      inside: (path, offset) => positions.inside(inside(path), offset),
    })
    .map((one) => ({ ...one, message: one.message.replaceAll(/`cases\[0\]\.(?:facts\.)?/g, "`") }));
}

function standIns(rules: RuleSet): YamlValue {
  const owners = (rules.codeowners?.lines ?? [])
    .flatMap((line) => line.owners)
    .filter((owner) => owner.kind === "team")
    .map(({ slug }) => slug.toLowerCase());
  const slugs = new Set([...owners, ...teamsToRead("", rules.policies, rules, "")]);
  // as many as the policy that asks for most of them could ask for
  const counts = rules.policies.map(({ require }) =>
    require.flatMap(requirementsIn).reduce((sum, { count }) => sum + count, 0),
  );
  const most = Math.max(1, ...counts, ...rules.policies.map(({ emergency }) => emergency?.count ?? 0));
  return Object.fromEntries([...slugs].map((slug) => [slug, membersOf(slug, most)]));
}

function membersOf(slug: string, count: number): readonly string[] {
  const name = `somebody-of-${slug}`.replaceAll(/[-_]+/g, "-").slice(0, 36).replace(/-$/, "");
  return Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
}

/** Who is in a team is GitHub's to say, so where it is not asked whoever asks is taken to be somebody who may. */
export function forAnybody(rules: RuleSet): RuleSet {
  const anybody = { ...nobody, resourceTypes: null, onBehalf: true };
  return { ...rules, settings: { ...rules.settings, eligibility: [anybody] } };
}
