import type { Change, Step, Suggestion } from "../domain/change.ts";
import { type Decision, decide } from "../domain/decision.ts";
import { isError } from "../domain/finding.ts";
import { candidatesFor } from "./candidate.ts";
import type { LoadedRules } from "./load.ts";
import type { Layer } from "./overlay.ts";
import { pretended, type ReadFile, type Situation, situationOf } from "./situation.ts";

/** More changes than this are no advice any more. */
const STEPS = 12;

/** A request that can be asked about with changes: the layers of its case, and where files are read. */
export interface Subject {
  readonly layers: readonly Layer[];
  readonly loaded: LoadedRules;
  readonly read: ReadFile;
}

/**
 * The shortest way found to an approval, change by change, or single changes that would undo one. Candidates come from
 * what the rules name; none is told before `decide` has judged the request with it.
 */
export function suggest(subject: Subject): Suggestion {
  const [start] = judged([], subject);
  if (start === undefined) return { steps: [], against: [] };
  const listed = { ...subject, layers: [...subject.layers, ...reviewLayers(start.situation)] };
  if (start.decision.verdict === "approved") return { steps: [], against: against(start, listed) };
  return { steps: replay(withoutNeedless(climb(start, listed), listed), listed), against: [] };
}

/** All reviews in full, in their order, so that approvals can be added after them. */
function reviewLayers({ facts }: Situation): readonly Layer[] {
  return [
    pretended("facts.approvedBy", null),
    pretended("facts.changesRequestedBy", null),
    pretended("facts.reviews", reviewsIn(facts)),
  ];
}

function reviewsIn({ reviews, head }: Situation["facts"]): readonly PlainReview[] {
  return reviews.map(({ author, state, commit }) => ({
    ...(author === null ? {} : { by: author.login }),
    state,
    commit: commit === head ? "head" : commit === null ? "gone" : "earlier",
  }));
}

type PlainReview = { readonly [key: string]: string };

/** A request with some changes, as it was judged. */
interface Judged {
  readonly changes: readonly Change[];
  readonly situation: Situation;
  readonly decision: Decision;
}

/** None where the case itself cannot be read. */
function judged(changes: readonly Change[], { layers, loaded, read }: Subject): readonly Judged[] {
  const changed = changes.map(({ path, value }) => pretended(path, value));
  const { situation } = situationOf([...layers, ...changed], loaded, read);
  return [situation]
    .filter((one) => one !== null)
    .map((one) => ({
      changes,
      situation: one,
      decision: decide(one.request, loaded.rules, one.facts, one.now),
    }));
}

/** Always the change after which least is left to do; of equals the first, which changes least. */
function climb(start: Judged, subject: Subject): Judged {
  let here = start;
  for (let step = 0; step < STEPS && here.decision.verdict !== "approved"; step++) {
    const { changes, situation, decision } = here;
    const next = candidatesFor(situation, decision, approvedIn(changes), subject.loaded)
      .values()
      .flatMap((change) => judged([...changes, change], subject))
      .reduce((best, one) => (isBetter(one.decision, best.decision) ? one : best), here);
    if (next === here) break;
    here = next;
  }
  return here;
}

function approvedIn(changes: readonly Change[]): readonly string[] {
  const value = changes.findLast(({ path }) => path === "facts.approvedBy")?.value;
  return Array.isArray(value) ? value.map(String) : [];
}

/** What is left to do about a request, the hardest first: denials, other hindrances, approvals. */
function left({ verdict, access, denials, findings, requirements }: Decision): readonly number[] {
  if (verdict === "approved") return [0, 0, 0, 0, 0];
  // a file that cannot be read has been judged no further: it only seems to have few hindrances
  const unread = access === null ? 1 : 0;
  const missing = requirements.reduce((sum, one) => sum + one.missing, 0);
  return [unread, denials.length, findings.filter(isError).length, missing, 1];
}

function isBetter(one: Decision, other: Decision): boolean {
  const others = left(other);
  const differences = left(one).map((count, at) => count - Number(others[at]));
  return (differences.find((difference) => difference !== 0) ?? 0) < 0;
}

/** A later change may have made an earlier one needless. */
function withoutNeedless({ changes, decision }: Judged, subject: Subject): readonly Change[] {
  return changes.reduce<readonly Change[]>((kept, change) => {
    const others = without(change, kept);
    const isNeedless = judged(others, subject).some((fewer) => !isBetter(decision, fewer.decision));
    return isNeedless ? others : kept;
  }, changes);
}

/** The other changes; of approvals each lists those before it, from which this one goes as well. */
function without(change: Change, changes: readonly Change[]): readonly Change[] {
  const others = changes.filter((one) => one !== change);
  const login = approvedIn([change]).at(-1);
  return others.map((one) => {
    if (one.path !== "facts.approvedBy") return one;
    const value = approvedIn([one]).filter((other) => other !== login);
    return { ...one, value, before: value.slice(0, -1) };
  });
}

function replay(changes: readonly Change[], subject: Subject): readonly Step[] {
  return changes.flatMap((change, index) =>
    judged(changes.slice(0, index + 1), subject).map(({ decision: { verdict } }) => ({ change, verdict })),
  );
}

/** Of an approved request: each approval without which it would not be. */
function against({ situation }: Judged, subject: Subject): readonly Step[] {
  const before = reviewsIn(situation.facts);
  const reviewers = new Set(before.map(({ by }) => by));
  return [...reviewers].flatMap((login): Step[] => {
    const value = before.filter(({ by }) => by !== login);
    const change = { path: "facts.reviews", value, before };
    return judged([change], subject)
      .map(({ decision: { verdict } }) => ({ change, verdict }))
      .filter(({ verdict }) => verdict !== "approved");
  });
}
