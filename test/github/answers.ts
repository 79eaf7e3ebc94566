import nock from "nock";
import type { CommentNode, CommitNode, PullNode, ReviewNode, Who } from "../../src/github/facts-answer.ts";
import { API } from "./nock.ts";

export const HEAD = "a".repeat(40);

export const user = (login: string, databaseId = 1): Who => ({ __typename: "User", login, databaseId });
export const bot = (login: string, databaseId = 900): Who => ({ __typename: "Bot", login, databaseId });

const page = { hasNextPage: false, endCursor: null };
export const all = <Node>(...nodes: (Node | null)[]) => ({ pageInfo: page, nodes });
export const some = <Node>(endCursor: string, ...nodes: (Node | null)[]) => ({
  pageInfo: { hasNextPage: true, endCursor },
  nodes,
});

export function reviewNode(parts: Partial<ReviewNode> = {}): ReviewNode {
  return {
    fullDatabaseId: "9001",
    state: "APPROVED",
    body: "",
    submittedAt: "2026-11-24T09:30:00Z",
    author: user("bob", 1002),
    commit: { oid: HEAD },
    ...parts,
  };
}

export function commentNode(parts: Partial<CommentNode> = {}): CommentNode {
  return {
    id: "IC_1",
    fullDatabaseId: "3000000001",
    body: "hello",
    createdAt: "2026-11-24T09:40:00Z",
    lastEditedAt: null,
    viewerDidAuthor: false,
    author: user("carol", 1003),
    editor: null,
    ...parts,
  };
}

export function commitNode(parts: Partial<CommitNode> = {}): CommitNode {
  const alice = { name: "Alice", email: "alice@acme.example", user: { login: "alice" } };
  return {
    oid: HEAD,
    message: "Ask",
    author: alice,
    committer: { name: "GitHub", email: "noreply@github.com", user: { login: "web-flow" } },
    authors: all(alice),
    signature: { isValid: true },
    checkSuites: { nodes: [{ push: { pusher: user("alice", 1001) } }] },
    ...parts,
  };
}

export function pullNode(parts: Partial<PullNode> = {}): PullNode {
  return {
    id: "PR_1",
    number: 42,
    title: "Please",
    createdAt: "2026-11-24T09:00:00Z",
    state: "OPEN",
    isDraft: false,
    isCrossRepository: false,
    viewerDidAuthor: false,
    headRefName: "one",
    headRefOid: HEAD,
    baseRefName: "main",
    author: user("alice", 1001),
    mergedBy: null,
    mergeCommit: null,
    timelineItems: { nodes: [] },
    reviewRequests: { nodes: [] },
    reviews: all(),
    comments: all(),
    commits: all({ commit: commitNode() }),
    tip: { nodes: [{ commit: { oid: HEAD, checkSuites: { nodes: [] } } }] },
    ...parts,
  };
}

export function factsAnswer(
  pull: PullNode | null = pullNode(),
  teams: Readonly<Record<string, unknown>> = {},
  repository: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    viewer: { login: "grantbox[bot]" },
    repository: {
      id: "R_1",
      defaultBranchRef: { name: "main" },
      codeowners: { errors: [] },
      pullRequest: pull,
      ...repository,
    },
    organization: teams,
  };
}

export interface SentQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Prepares the answers to the next GraphQL calls; what was asked is in the list that is given back. */
export function graphqlAnswers(...bodies: readonly unknown[]): SentQuery[] {
  const sent: SentQuery[] = [];
  for (const body of bodies) {
    nock(API)
      .post("/graphql")
      .reply(async (request: Request) => {
        sent.push(JSON.parse(await request.text()));
        return [
          200,
          typeof body === "string" ? body : JSON.stringify(body),
          { "content-type": "application/json" },
        ];
      });
  }
  return sent;
}
