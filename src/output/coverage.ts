import { type ClauseCoverage, type Coverage, type PolicyCoverage, percentOf } from "../domain/coverage.ts";
import { placeWords } from "./difference.ts";
import { plain } from "./escape.ts";
import { counted, listed } from "./words.ts";

/** A clause of which no test brought something about. */
export interface Gap {
  readonly policy: string;
  readonly clause: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly unseen: readonly string[];
}

/** All that no test brings about, in the order of the policies. */
export function gapsIn({ policies }: Coverage): readonly Gap[] {
  return policies.flatMap(({ policy, clauses }) =>
    clauses
      .filter(({ unseen }) => unseen.length > 0)
      .map(({ clause: { name, at }, unseen }) => ({
        policy: policy.name,
        clause: name,
        file: at.file,
        line: at.line,
        column: at.column,
        unseen,
      })),
  );
}

/** `97 % of the policies' clauses (125 of 128 outcomes)`. */
export function coverageWords(coverage: Coverage): string {
  return `${percentOf(coverage)} % of what the policies can say (${coverage.seen} of ${counted(coverage.all, "outcome")})`;
}

/** What is missing of a clause, in words. */
export function unseenWords(unseen: readonly string[]): string {
  return unseen.map((outcome) => (outcome === "expected" ? "expected by a test" : outcome)).join(", ");
}

/** A line for each policy, and under it each clause of which something was never seen. */
export function coverageTable(coverage: Coverage): string {
  const width = Math.max(0, ...coverage.policies.map(({ policy }) => plain(policy.name).length));
  return [
    ...coverage.policies.flatMap((one) => policyLines(one, width)),
    `Coverage: ${coverageWords(coverage)}`,
    "",
  ].join("\n");
}

function policyLines({ policy, clauses }: PolicyCoverage, width: number): readonly string[] {
  const seen = clauses.reduce((sum, one) => sum + one.seen.length, 0);
  const all = clauses.reduce((sum, one) => sum + one.seen.length + one.unseen.length, 0);
  const percent = String(percentOf({ seen, all })).padStart(3);
  const head = `${plain(policy.name).padEnd(width)}  ${percent} %  ${seen} of ${all}`;
  if (seen === 0 && all > 0) return [`${head}  no test reaches this policy`];
  return [head, ...clauses.flatMap(clauseLine)];
}

function clauseLine({ clause, unseen }: ClauseCoverage): readonly string[] {
  if (unseen.length === 0) return [];
  const never = listed(
    unseen.map((outcome) => unseenWords([outcome])),
    5,
    "or",
  );
  return [`  ${plain(clause.name)} is never ${never}  ${placeWords(clause.at)}`];
}
