import { skeletonOf } from "../domain/grant.ts";
import type { ActivationRecord, ClosureRecord } from "../domain/record.ts";
import { type Complaint, complaint } from "./complaint.ts";

/** What counts once in a ledger: ids, pull requests, reviews. */
export class Used {
  readonly #looks = new Map<string, string>();
  readonly #pulls = new Map<number, string>();
  readonly #reviews = new Map<number, string>();

  /** What an activation uses that was used before; from now on it is used up. */
  activation(record: ActivationRecord): readonly Complaint[] {
    const { grant, pull, approvedBy } = record;
    const found: Complaint[] = [];
    if (record.event === "activated") {
      const look = skeletonOf(grant);
      const other = this.#looks.get(look);
      if (other === grant) {
        found.push(complaint("RECORD_TWICE", `the id \`${grant}\` was activated before`));
      } else if (other !== undefined) {
        found.push(complaint("GRANT_ID_LOOKALIKE", `\`${grant}\` looks like \`${other}\``));
      }
      this.#looks.set(look, other ?? grant);
    }
    const name = `${record.event} ${grant}`;
    const merged = this.#pulls.get(pull);
    if (merged !== undefined) {
      found.push(complaint("RECORD_TWICE", `pull request #${pull} was merged before, as \`${merged}\``));
    }
    this.#pulls.set(pull, merged ?? name);
    for (const { review } of approvedBy) {
      const counted = this.#reviews.get(review);
      if (counted !== undefined && counted !== name) {
        found.push(complaint("RECORD_TWICE", `review ${review} counted before, for \`${counted}\``));
      }
      this.#reviews.set(review, counted ?? name);
    }
    return found;
  }

  /** Whether a request that the journal closes was granted, or closed, before. */
  closure({ pull, event }: ClosureRecord): readonly Complaint[] {
    const before = this.#pulls.get(pull);
    this.#pulls.set(pull, before ?? event);
    return before === undefined
      ? []
      : [
          complaint(
            "RECORD_CONTRADICTED",
            `pull request #${pull} is recorded as \`${event}\` and as \`${before}\``,
          ),
        ];
  }
}
