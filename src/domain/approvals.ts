import type { CommitIdentity, Facts, Review } from "./facts.ts";
import type { Oid } from "./oid.ts";
import {
  type Account,
  accountIdOfEmail,
  type Directory,
  type Person,
  personOf,
  personOfEmail,
} from "./person.ts";
import type { AccessRequest } from "./request.ts";

/** Why somebody may not approve this request (invariant 6). */
export type Bar =
  | "is-requester"
  | "is-subject"
  | "is-commit-author"
  | "is-committer"
  | "is-co-author"
  | "is-pusher";

/** Why a review does not count. */
export type Discount =
  | Bar
  | "not-an-approval"
  | "dismissed"
  | "superseded"
  | "not-this-commit"
  | "account-is-gone"
  | "is-bot"
  | "not-an-approver"
  | "lacks-the-role"
  | "slot-taken";

export type ReviewRuling =
  | { readonly review: Review; readonly counts: true; readonly fills: readonly string[] }
  | { readonly review: Review; readonly counts: false; readonly because: Discount };

/** A review seen as the person who gave it. */
export interface Opinion {
  readonly person: Person;
  readonly review: Review;
  readonly by: Account;
}

/**
 * Everybody who may not approve, with the first reason found. Commit identity only ever bars. A reviewer is known by
 * account id too: a login that was changed after the commit was made still is the same account.
 */
export function barredPersons(
  request: AccessRequest,
  subject: string | null,
  facts: Facts,
  directory: Directory,
): ReadonlyMap<Person, Bar> {
  const barred = new Map<Person, Bar>();
  const bar = (person: Person | null, because: Bar) => {
    if (person !== null && !barred.has(person)) barred.set(person, because);
  };
  const barAccount = (id: number | null, because: Bar) => {
    for (const { author } of facts.reviews) {
      if (author !== null && author.id === id) bar(personOf(author.login, directory), because);
    }
  };
  bar(personOf(request.requester.login, directory), "is-requester");
  barAccount(request.requester.id, "is-requester");
  if (subject !== null) bar(personOf(subject, directory), "is-subject");
  for (const { identities } of facts.commits) {
    for (const identity of identities) {
      if (identity.login !== null) bar(personOf(identity.login, directory), barOf(identity));
      bar(personOfEmail(identity.email, directory), barOf(identity));
      barAccount(accountIdOfEmail(identity.email), barOf(identity));
    }
  }
  if (facts.pushers.known) {
    for (const login of facts.pushers.logins) bar(personOf(login, directory), "is-pusher");
  }
  return barred;
}

function barOf({ role }: CommitIdentity): Bar {
  switch (role) {
    case "author":
      return "is-commit-author";
    case "committer":
      return "is-committer";
    case "co-author":
      return "is-co-author";
  }
}

/**
 * One ruling for each review that could matter by itself, before slots are filled: either an approval of this
 * very head by somebody who is not barred, or why not. A person's last opinion decides, by whichever of their
 * accounts it was given; a dismissed review does not resurrect an older one.
 */
export function ruleReviews(
  facts: Facts,
  head: Oid,
  barred: ReadonlyMap<Person, Bar>,
  directory: Directory,
): { readonly approvals: readonly Opinion[]; readonly discounted: readonly ReviewRuling[] } {
  const approvals: Opinion[] = [];
  const discounted: ReviewRuling[] = [];
  const last = lastOpinions(facts.reviews, directory);
  for (const review of [...facts.reviews].sort(bySubmission)) {
    const { author: by } = review;
    if (by === null) {
      discounted.push({ review, counts: false, because: "account-is-gone" });
      continue;
    }
    const person = personOf(by.login, directory);
    const because = discountOf(
      review,
      by,
      head,
      barred.get(person) ?? null,
      last.get(person)?.review === review,
    );
    if (because === null) approvals.push({ person, review, by });
    else discounted.push({ review, counts: false, because });
  }
  return { approvals, discounted };
}

function discountOf(
  { state, commit }: Review,
  by: Account,
  head: Oid,
  bar: Bar | null,
  isLast: boolean,
): Discount | null {
  if (state === "commented" || state === "changes-requested") return "not-an-approval";
  if (state === "dismissed") return "dismissed";
  if (by.kind === "bot") return "is-bot";
  if (bar !== null) return bar;
  if (!isLast) return "superseded";
  // INVARIANT 5: an approval is bound to the commit that was looked at, never to a time.
  return commit === head ? null : "not-this-commit";
}

/**
 * Each person's last review that is an opinion; a plain comment takes nothing back (GitHub's own rule), and neither
 * does a bot that the directory gives to somebody.
 */
export function lastOpinions(reviews: readonly Review[], directory: Directory): ReadonlyMap<Person, Opinion> {
  const last = new Map<Person, Opinion>();
  for (const review of [...reviews].sort(bySubmission)) {
    const { author: by, state } = review;
    if (by?.kind !== "user" || state === "commented") continue;
    const person = personOf(by.login, directory);
    last.set(person, { person, review, by });
  }
  return last;
}

/** GitHub numbers reviews as they are created: the order does not hang on clocks. */
function bySubmission(one: Review, other: Review): number {
  return one.id - other.id;
}
