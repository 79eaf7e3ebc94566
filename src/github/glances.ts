import { type Oid, oid, type PullNumber, parsePullNumber } from "../domain/oid.ts";
import type { Instant } from "../domain/time.ts";
import { ForgeError, type PullGlance } from "../ports/forge.ts";
import { isViewer } from "./account.ts";
import { instant } from "./facts.ts";
import { type Connection, present, type Who } from "./facts-answer.ts";
import { ask, askWhole } from "./graphql.ts";
import { understand } from "./outcome.ts";
import type { Target } from "./target.ts";

export const CHANGED_QUERY = `query Changed($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 100, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number state updatedAt }
    }
  }
}`;

interface Glance {
  readonly number: number;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  readonly updatedAt: string;
}

interface ChangedAnswer {
  readonly repository: { readonly pullRequests: Connection<Glance> | null } | null;
}

/** 100 pull requests a page. */
const PAGES = 200;
const states = { OPEN: "open", CLOSED: "closed", MERGED: "merged" } as const;

/**
 * Pull requests on which something happened at or after an instant, latest first, each once even when one moves up
 * while the pages are read.
 *
 * @throws ForgeError when GitHub cannot be asked
 */
export async function changedSince(since: Instant, target: Target): Promise<readonly PullGlance[]> {
  const doing = "list the pull requests that changed";
  const found = new Map<PullNumber, PullGlance>();
  let after: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const answer: ChangedAnswer = await askWhole<ChangedAnswer>(
      target.clients.queries,
      doing,
      CHANGED_QUERY,
      {
        owner: target.owner,
        name: target.repo,
        after,
      },
    );
    const list: Connection<Glance> | null = answer.repository?.pullRequests ?? null;
    if (list === null) throw new ForgeError(`could not ${doing}: GitHub shows no such repository`);
    const glances = understand(doing, () => present(list).map(glanceOf));
    for (const glance of glances) {
      if (glance.updatedAt < since) return [...found.values()];
      if (!found.has(glance.pull)) found.set(glance.pull, glance);
    }
    after = list.pageInfo.hasNextPage ? (list.pageInfo.endCursor ?? null) : null;
    if (after === null) return [...found.values()];
  }
  target.clients.queries.log.warn(
    `more than ${PAGES * 100} pull requests changed; the oldest were not looked at`,
  );
  return [...found.values()];
}

function glanceOf({ number, state, updatedAt }: Glance): PullGlance {
  const pull = parsePullNumber(number);
  if (pull === null) throw new TypeError("a pull request without a number");
  return { pull, state: states[state], updatedAt: instant(updatedAt) };
}

/** Who merged each of so many pull requests, by the variables `n0`, `n1`, …. */
export function mergersQuery(pulls: number): string {
  const numbers = Array.from({ length: pulls }, (_, index) => index);
  const variables = numbers.map((index) => `, $n${index}: Int!`).join("");
  const fields = numbers.map((index) => `p${index}: pullRequest(number: $n${index}) { ...Merger }`);
  return `query Mergers($owner: String!, $name: String!${variables}) {
  viewer { login }
  repository(owner: $owner, name: $name) { ${fields.join("\n")} }
}
fragment Merger on PullRequest { mergedBy { __typename login } mergeCommit { oid } }`;
}

interface MergersAnswer {
  readonly viewer: { readonly login: string } | null;
  readonly repository: Readonly<
    Record<
      string,
      { readonly mergedBy: Who | null; readonly mergeCommit: { readonly oid: string } | null } | null
    >
  > | null;
}

const AT_ONCE = 100;

/**
 * The commits by which the app itself merged these pull requests. One that does not exist, was not merged, or was
 * merged by anybody else is left out.
 *
 * @throws ForgeError when GitHub cannot be asked about one of them
 */
export async function mergedByApp(
  pulls: readonly PullNumber[],
  target: Target,
): Promise<ReadonlyMap<PullNumber, Oid>> {
  const doing = "read who merged pull requests";
  const merged = new Map<PullNumber, Oid>();
  for (let start = 0; start < pulls.length; start += AT_ONCE) {
    const some = pulls.slice(start, start + AT_ONCE);
    const { data, errors } = await ask<MergersAnswer>(
      target.clients.queries,
      doing,
      mergersQuery(some.length),
      {
        owner: target.owner,
        name: target.repo,
        ...Object.fromEntries(some.map((pull, index) => [`n${index}`, pull])),
      },
    );
    const fatal = errors.find(({ type, path }) => type !== "NOT_FOUND" || path.length !== 2);
    const { viewer, repository } = data;
    if (fatal !== undefined || viewer === null || repository === null) {
      throw new ForgeError(`could not ${doing}: ${fatal?.message ?? "GitHub's answer cannot be read"}`);
    }
    for (const [index, pull] of some.entries()) {
      const node = repository[`p${index}`] ?? null;
      if (node === null || node.mergeCommit === null || !isViewer(node.mergedBy, viewer.login)) continue;
      const { mergeCommit } = node;
      merged.set(
        pull,
        understand(doing, () => oid(mergeCommit.oid)),
      );
    }
  }
  return merged;
}
