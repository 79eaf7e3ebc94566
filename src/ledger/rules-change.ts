import { ownersOf } from "../domain/codeowners.ts";
import { decide, viewOf } from "../domain/decision.ts";
import { type ApproverPolicy, clauseMatches, type MatchClause } from "../domain/policy.ts";
import { type Comparison, compare, outcomeOf, type Past } from "../domain/replay.ts";
import { labelsOf, type RuleSet } from "../domain/rule-set.ts";
import type { RequestView } from "../domain/view.ts";
import type { Judged } from "../domain/wider.ts";
import type { LoadedRules } from "../rules/load.ts";

/** Two sets of rules, and in what they differ: a request that none of it concerns is judged once, and like before. */
export class RulesChange {
  readonly #before: LoadedRules;
  readonly #after: LoadedRules;
  /** Policies that only one of the two has, or that differ, as both have them. */
  readonly #changed: readonly ApproverPolicy[];
  /** Whether something differs that may concern any request. */
  readonly #isGeneral: boolean;

  constructor(before: LoadedRules, after: LoadedRules) {
    this.#before = before;
    this.#after = after;
    const [old, now] = [before.rules, after.rules].map(({ policies }) => new Set(policies.map(meaning)));
    const isNew = (policy: ApproverPolicy) => !(old?.has(meaning(policy)) && now?.has(meaning(policy)));
    this.#changed = [...before.rules.policies, ...after.rules.policies].filter(isNew);
    const general = ({ settings, directory }: RuleSet) => JSON.stringify([settings, directory]);
    this.#isGeneral = general(before.rules) !== general(after.rules);
  }

  compare(past: Past, sides: readonly [Judged, Judged]): Comparison {
    const { request, facts, now } = sides[1];
    if (!this.#concerns(sides)) {
      const outcome = outcomeOf(decide(request, this.#after.rules, facts, now), now);
      return { past, before: outcome, after: outcome, less: [] };
    }
    const type = request.content.kind === "grant" ? request.content.grant.resource.type : "";
    return compare(past, sides, [this.#before.rules, this.#after.rules], {
      before: this.#before.schemas.actionsOf(type),
      after: this.#after.schemas.actionsOf(type),
    });
  }

  #concerns([before, after]: readonly [Judged, Judged]): boolean {
    const { content } = after.request;
    if (this.#isGeneral || content.kind === "refused" || before.request.content.kind === "refused")
      return true;
    const said = ({ rules, schemas }: LoadedRules) => {
      const { type } = content.grant.resource;
      return JSON.stringify([
        labelsOf(content.grant.resource, rules.catalog),
        ownersIn(rules, content.file.path),
        schemas.actionsOf(type),
      ]);
    };
    if (said(this.#before) !== said(this.#after)) return true;
    const view = viewOf(after.request, content, this.#after.rules);
    return this.#changed.some(({ match }) => match.every((clause) => fitsResource(clause, view)));
  }
}

/** All that a policy says, wherever in its file it says it. */
function meaning(policy: ApproverPolicy): string {
  return JSON.stringify(policy, (key, value: unknown) =>
    key === "at" || key === "positions" ? undefined : value,
  );
}

function ownersIn({ codeowners }: RuleSet, path: string): unknown {
  if (codeowners === null) return null;
  const ownership = ownersOf(path, codeowners);
  return [
    ownership.kind === "owned" ? ownership.owners : ownership.because,
    codeowners.findings.map(({ code }) => code),
  ];
}

/** Whether a line of `match` can fit once something else is asked for of the same resource. */
function fitsResource(clause: MatchClause, view: RequestView): boolean {
  if ("anyOf" in clause) return clause.anyOf.some((all) => all.every((one) => fitsResource(one, view)));
  return !clause.field.startsWith("resource.") || clauseMatches(clause, view);
}
