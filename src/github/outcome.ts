import { ForgeError } from "../ports/forge.ts";
import { failureOf, forgeErrorOf, isRateLimit, notUnderstood } from "./failure.ts";

/** One "no" that is an answer: a status, and a pattern of GitHub's sentence where the status alone is ambiguous. */
interface Row {
  readonly status: number;
  readonly says?: RegExp;
  readonly means: string;
}

/**
 * What a status means for a call to which GitHub may rightly say no. Everything that is not listed here (network,
 * timeout, 401, 429, 5xx, and a 403 that is a rate limit) means that nothing is known: `ForgeError`, try again later.
 */
const table = {
  /** https://docs.github.com/rest/pulls/pulls#merge-a-pull-request; 405 is ambiguous (github.md, fact 15) */
  merge: [
    { status: 405, says: /base branch was modified/i, means: "moved" },
    { status: 405, means: "refused" },
    { status: 409, means: "moved" },
    { status: 404, means: "moved" },
    { status: 403, means: "refused" },
    { status: 422, means: "refused" },
  ],
  /** https://docs.github.com/rest/git/refs#create-a-reference */
  "create-ref": [{ status: 422, says: /already exists/i, means: "exists" }],
  /** https://docs.github.com/rest/git/refs#update-a-reference */
  "update-ref": [{ status: 422, says: /fast[ -]forward|does not exist/i, means: "moved" }],
  /** https://docs.github.com/rest/git/commits#create-a-commit */
  "create-commit": [{ status: 422, says: /tree/i, means: "no-such-tree" }],
  /** https://docs.github.com/rest/pulls/pulls#create-a-pull-request */
  "create-pull": [{ status: 422, says: /already exists/i, means: "exists" }],
  /** https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
  permission: [{ status: 404, means: "none" }],
  /** https://docs.github.com/rest/repos/repos#list-repository-activities */
  activity: [
    { status: 403, means: "unread" },
    { status: 404, means: "unread" },
    { status: 422, means: "unread" },
  ],
  /** https://docs.github.com/rest/issues/issues#get-an-issue; 410 is a deleted issue, or a repository without issues */
  issue: [
    { status: 404, means: "none" },
    { status: 410, means: "none" },
    { status: 403, means: "unread" },
  ],
  /** https://docs.github.com/rest/orgs/members#check-organization-membership-for-a-user */
  membership: [
    { status: 404, means: "none" },
    { status: 403, means: "unread" },
  ],
  /** https://docs.github.com/rest/orgs/members#list-organization-members: the filter is for owners only */
  "second-factor": [
    { status: 403, means: "unread" },
    { status: 404, means: "unread" },
    { status: 422, means: "unread" },
  ],
  /** https://docs.github.com/rest/repos/contents#create-or-update-file-contents; a file that exists asks for its `sha` */
  "create-file": [
    { status: 422, says: /sha/i, means: "exists" },
    { status: 403, means: "refused" },
    { status: 404, means: "refused" },
    { status: 409, means: "refused" },
    { status: 422, means: "refused" },
  ],
  /** https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
  installation: [{ status: 404, means: "none" }],
  /** https://docs.github.com/rest/commits/commits#compare-two-commits */
  compare: [{ status: 404, means: "none" }],
} as const satisfies Record<string, readonly Row[]>;

export type CallName = keyof typeof table;
export type Meaning<Call extends CallName> = (typeof table)[Call][number]["means"];

/** The data of a call, or what GitHub's "no" means and its own sentence for it. */
export type Attempt<Data, Means> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly means: Means; readonly because: string };

/**
 * Makes one call and reads its outcome in the table.
 *
 * @throws ForgeError for everything that is no answer to this call.
 */
export async function attempt<Call extends CallName, Data>(
  call: Call,
  doing: string,
  run: () => Promise<{ readonly data: Data }>,
): Promise<Attempt<Data, Meaning<Call>>> {
  try {
    const { data } = await run();
    // a body that was cut off or is no JSON arrives as text
    if (typeof data !== "object" || data === null) throw notUnderstood(doing);
    return { ok: true, data };
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    const failure = failureOf(error);
    const rows: readonly Row[] = table[call];
    const row = rows.find(
      ({ status, says }) => status === failure.status && (says?.test(failure.message) ?? true),
    );
    if (row === undefined || isRateLimit(failure) || failure.ofToken) throw forgeErrorOf(error, doing);
    return { ok: false, means: row.means as Meaning<Call>, because: failure.message };
  }
}

/** The same for a call to which every "no" is unexpected. */
export async function expect<Data>(
  doing: string,
  run: () => Promise<{ readonly data: Data }>,
): Promise<Data> {
  try {
    const { data } = await run();
    if (typeof data !== "object" || data === null) throw notUnderstood(doing);
    return data;
  } catch (error) {
    throw forgeErrorOf(error, doing);
  }
}

/** Reads an answer; whatever is not shaped as GitHub's description says becomes a `ForgeError`. */
export function understand<T>(doing: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ForgeError ? error : notUnderstood(doing);
  }
}
