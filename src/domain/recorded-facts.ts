import type {
  CaseFact,
  Comment,
  Commit,
  CommitIdentity,
  Facts,
  GrantFact,
  OwnerError,
  Pushers,
  Review,
  SecondFactor,
  Team,
} from "./facts.ts";
import {
  always,
  byName,
  either,
  flag,
  instant,
  list,
  nullable,
  number,
  object,
  oneOf,
  parsed,
  printLine,
  text,
  Unreadable,
  usually,
} from "./notation.ts";
import { type Oid, parseGrantId, parseOid } from "./oid.ts";
import type { Account, Directory } from "./person.ts";
import { type ActivationRecord, type CaseName, caseStates } from "./record.ts";
import { reduceFacts } from "./reduced-facts.ts";
import type { AccessRequest, RequestContent } from "./request.ts";
import type { Instant } from "./time.ts";
import { readTrailers, type Trailer } from "./trailer.ts";

/** What a request is, apart from its file and from what its record says in trailers of their own. */
type RequestParts = Omit<AccessRequest, "pull" | "head" | "base" | "content">;

/** What an activation rested on, kept in its record so that anybody can judge it again without GitHub. */
export interface RecordedFacts {
  readonly decidedAt: Instant;
  readonly request: RequestParts;
  readonly facts: Facts;
}

/** The facts of a decision as they are kept with its record. */
export function recordFacts(
  request: AccessRequest,
  facts: Facts,
  directory: Directory,
  decidedAt: Instant,
): RecordedFacts {
  const { pull: _, head: _head, base: _base, content: _content, ...parts } = request;
  return { decidedAt, request: parts, facts: reduceFacts(request, facts, directory) };
}

/** The request as it was judged; `content` is the grant file of the record's blob, read under the rules of its base. */
export function requestOf(
  { pull, head, base }: Pick<ActivationRecord, "pull" | "head" | "base">,
  { request }: Pick<RecordedFacts, "request">,
  content: RequestContent,
): AccessRequest {
  return { ...request, pull, head, base, content };
}

const FACTS = "Facts";

/** The trailer that keeps the facts, beside a record of this head: one line of JSON. */
export function factsTrailer(recorded: RecordedFacts, head: Oid): Trailer {
  return [FACTS, printLine(notation.write(withHead(recorded, head, HEAD)))];
}

export type RecordedFactsReading =
  /** The record keeps none: it was written before they were kept. */
  | { readonly kind: "none" }
  | { readonly kind: "facts"; readonly recorded: RecordedFacts }
  | { readonly kind: "malformed"; readonly because: string };

/** The facts in the message of an activation whose head is `head`. */
export function readRecordedFacts(message: string, head: Oid): RecordedFactsReading {
  return readFacts(factsIn(readTrailers(message)), head);
}

/** What trailers keep of facts, not yet read: one line at most, if all is well. */
export function factsIn(trailers: readonly Trailer[]): readonly string[] {
  return trailers.flatMap(([key, value]) => (key === FACTS ? [value] : []));
}

/** The facts in the lines that `factsIn` gave. */
export function readFacts([line, second]: readonly string[], head: Oid): RecordedFactsReading {
  if (line === undefined) return { kind: "none" };
  if (second !== undefined) return { kind: "malformed", because: `\`${FACTS}\` is written twice` };
  try {
    return { kind: "facts", recorded: withHead(notation.read(JSON.parse(line)), HEAD, head) };
  } catch (error) {
    if (error instanceof Unreadable)
      return { kind: "malformed", because: `in \`${FACTS}\` ${error.message}` };
    return { kind: "malformed", because: `\`${FACTS}\` is no JSON` };
  }
}

const oid = parsed("object id", parseOid);

const account = object<Account>({
  login: text,
  id: number,
  kind: usually("user", oneOf("user", "bot")),
});

const identity = object<CommitIdentity>({
  role: oneOf("author", "committer", "co-author"),
  login: usually(null, nullable(text)),
  email: usually("", text),
});

const pushers = either<Extract<Pushers, { known: true }>, Extract<Pushers, { known: false }>>(
  "known",
  object({ known: always(true), logins: list(text) }),
  object({ known: always(false) }),
);

const unread = object<Extract<CaseFact, { read: false }>>({ read: always(false), because: text });
/** What is not read is said so in these words where nothing asked for it. */
const unasked = { read: false, because: "it was not asked for" } as const;

const team = either<Extract<Team, { read: true }>, Extract<Team, { read: false }>>(
  "read",
  object({ read: always(true), members: list(text) }),
  unread,
);

const secondFactor = either<Extract<SecondFactor, { read: true }>, Extract<SecondFactor, { read: false }>>(
  "read",
  object({ read: always(true), without: list(text) }),
  unread,
);

const caseFact = either<Extract<CaseFact, { read: true }>, Extract<CaseFact, { read: false }>>(
  "read",
  object({ read: always(true), state: oneOf(...caseStates, "missing") }),
  unread,
);

const grant = object<GrantFact>({
  id: parsed("grant id", parseGrantId),
  subject: text,
  case: object<CaseName>({ system: text, id: text }),
  emergency: usually(false, flag),
  reviewed: usually(false, flag),
  runsUntil: usually(null, nullable(instant)),
});

const comment = object<Comment>({
  id: number,
  author: nullable(account),
  body: text,
  createdAt: instant,
  edited: usually(false, flag),
});

const ownerError = object<OwnerError>({
  line: number,
  column: number,
  kind: text,
  path: text,
  message: usually("", text),
});

const requestParts = object<RequestParts>({
  organization: text,
  requester: account,
  openedAt: instant,
  baseBranch: text,
  defaultBranch: text,
  fork: usually(false, flag),
  draft: usually(false, flag),
});

/** Stands for the head of the pull request, whose name the record has in a trailer of its own; no text reads as it. */
const HEAD = "" as Oid;

const review = object<Review>({
  id: number,
  author: nullable(account),
  state: usually("approved", oneOf("approved", "changes-requested", "commented", "dismissed")),
  commit: usually<Oid | null>(HEAD, nullable(oid)),
  submittedAt: instant,
  body: usually("", text),
});

const commit = object<Commit>({
  oid: usually(HEAD, oid),
  identities: list(identity),
  signed: usually(false, flag),
});

const facts = object<Facts>({
  readAt: instant,
  head: usually(HEAD, oid),
  reviews: list(review),
  commits: list(commit),
  complete: usually(true, flag),
  pushers,
  teams: byName(team),
  comments: usually([], list(comment)),
  ownerErrors: usually([], list(ownerError)),
  secondFactor: usually<Facts["secondFactor"]>(unasked, secondFactor),
  case: usually<Facts["case"]>(unasked, caseFact),
  grants: usually([], list(grant)),
});

/** How recorded facts are written. */
const notation = object<RecordedFacts>({ decidedAt: instant, request: requestParts, facts });

/** The same facts with one name for the head where they have another. */
function withHead({ facts: kept, ...rest }: RecordedFacts, from: Oid, to: Oid): RecordedFacts {
  const named = <Name extends Oid | null>(name: Name) => (name === from ? to : name);
  return {
    ...rest,
    facts: {
      ...kept,
      head: named(kept.head),
      reviews: kept.reviews.map((one) => ({ ...one, commit: named(one.commit) })),
      commits: kept.commits.map((one) => ({ ...one, oid: named(one.oid) })),
    },
  };
}
