import type { PolicyTestDocument } from "../domain/documents.ts";
import type { Comment, Commit, CommitIdentity, Facts, GrantFact, Review, Team } from "../domain/facts.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import type { Grant } from "../domain/grant.ts";
import { type Oid, oid, parseGrantId } from "../domain/oid.ts";
import type { Account } from "../domain/person.ts";
import type { CaseName } from "../domain/record.ts";
import { addDuration, hours, type Instant, parseInstant } from "../domain/time.ts";

/** The part of a policy test that says what GitHub, the case system and the ledger know. */
export type FactsDocument = NonNullable<PolicyTestDocument["cases"][number]["facts"]>;

/** The head commit of every request that nobody has pushed, and the one before it. */
export const HEAD = oid("a".repeat(40));
const EARLIER = oid("b".repeat(40));

/** What the facts of a test are about. */
export interface FactsSetting {
  readonly requester: string;
  /** Null when the grant file cannot be read. */
  readonly grant: Pick<Grant, "subject" | "case"> | null;
  /** Teams of which the rules ask GitHub who is in them. */
  readonly teams: readonly string[];
  readonly now: Instant;
}

/** Facts in people's words as facts; what is left out is as it usually is. */
export function factsFrom(document: FactsDocument, setting: FactsSetting): Facts {
  const { requester, now } = setting;
  const said = document.case ?? "open";
  const { pushedBy, withoutSecondFactor = [] } = document;
  return {
    readAt: now,
    head: HEAD,
    reviews: reviewsOf(document, now),
    commits: (document.commits ?? [{ author: requester }]).map(commitOf),
    complete: document.incomplete !== true,
    pushers: pushedBy === "unknown" ? { known: false } : { known: true, logins: pushedBy ?? [requester] },
    teams: teamsOf(document.teams ?? {}, setting.teams),
    comments: commentsOf(document, now),
    ownerErrors: (document.codeownersErrors ?? []).map(
      ({ line, column = 1, kind, path = ".github/CODEOWNERS" }) => ({
        line,
        column,
        kind,
        message: kind,
        path,
      }),
    ),
    secondFactor:
      withoutSecondFactor === "unknown"
        ? { read: false, because: "the test says that nobody could say" }
        : { read: true, without: withoutSecondFactor },
    case:
      said === "unknown"
        ? { read: false, because: "the test says that nobody could say" }
        : { read: true, state: said },
    grants: (document.grants ?? []).flatMap((other) => grantFact(other, setting)),
  };
}

/** An account by its login; GitHub's number for it is made up, always the same one for a login. */
export function accountNamed(login: string): Account {
  const id = Number.parseInt(fingerprintOf(login.toLowerCase()).slice(0, 8), 16);
  return { login, id, kind: login.endsWith("[bot]") ? "bot" : "user" };
}

function reviewsOf(document: FactsDocument, now: Instant): readonly Review[] {
  const { reviews = [], approvedBy = [], changesRequestedBy = [] } = document;
  const all: readonly ReviewDocument[] = [
    ...reviews,
    ...approvedBy.map((by): ReviewDocument => ({ by, state: "approved" })),
    ...changesRequestedBy.map((by): ReviewDocument => ({ by, state: "changes-requested" })),
  ];
  return all.map(
    ({ by, state, commit = "head", body = "" }, index): Review => ({
      id: index + 1,
      author: by === undefined ? null : accountNamed(by),
      state,
      commit: commitNamed[commit],
      submittedAt: now,
      body,
    }),
  );
}

type ReviewDocument = NonNullable<FactsDocument["reviews"]>[number];

const commitNamed = { head: HEAD, earlier: EARLIER, gone: null } as const satisfies Record<
  string,
  Oid | null
>;

function commentsOf({ comments = [], deniedBy = [] }: FactsDocument, now: Instant): readonly Comment[] {
  const all = [...comments, ...deniedBy.map((by) => ({ by, body: "/deny", edited: false }))];
  return all.map(
    ({ by, body, edited = false }, index): Comment => ({
      id: index + 1,
      author: by === undefined ? null : accountNamed(by),
      body,
      createdAt: now,
      edited,
    }),
  );
}

type CommitDocument = NonNullable<FactsDocument["commits"]>[number];

function commitOf(
  { author = [], committer = author, coAuthors = [], signed = true }: CommitDocument,
  index: number,
  { length }: readonly unknown[],
): Commit {
  const identities = (role: CommitIdentity["role"], logins: string | readonly string[]): CommitIdentity[] =>
    [logins].flat().map((login) => ({ role, email: "", login }));
  return {
    // the last one is the head; what the others are called matters to nobody
    oid: index === length - 1 ? HEAD : oid(index.toString(16).padStart(40, "0")),
    identities: [
      ...identities("author", author),
      ...identities("committer", committer),
      ...identities("co-author", coAuthors),
    ],
    signed,
  };
}

/** Every team that the rules ask for: one that the test does not name has nobody. */
function teamsOf(
  named: NonNullable<FactsDocument["teams"]>,
  asked: readonly string[],
): Readonly<Record<string, Team>> {
  const nobody = asked.map((slug): [string, Team] => [slug, { read: true, members: [] }]);
  const written = Object.entries(named).map(([slug, members]): [string, Team] => [
    slug.toLowerCase(),
    members === "unreadable"
      ? { read: false, because: "the test says that it cannot be" }
      : { read: true, members },
  ]);
  return Object.fromEntries([...nobody, ...written]);
}

function grantFact(
  other: NonNullable<FactsDocument["grants"]>[number],
  { requester, grant, now }: FactsSetting,
): readonly GrantFact[] {
  const id = parseGrantId(other.id);
  const about: CaseName | undefined = other.case ?? grant?.case;
  if (id === null || about === undefined) return [];
  const until = other.runsUntil === undefined ? null : parseInstant(other.runsUntil);
  return [
    {
      id,
      subject: other.subject ?? grant?.subject ?? requester,
      case: { system: about.system, id: about.id },
      emergency: other.emergency ?? false,
      reviewed: other.reviewed ?? false,
      runsUntil: other.ended === true ? null : (until ?? addDuration(now, hours(1))),
    },
  ];
}
