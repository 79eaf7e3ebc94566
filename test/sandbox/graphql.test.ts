import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { as, asInstallation, at, openSandbox, request, type Visitor } from "./visitor.ts";

let sandbox: Sandbox;
let app: Visitor;
let pull: { number: number; head: string };

beforeAll(async () => {
  sandbox = await openSandbox();
  app = await asInstallation(sandbox);
  pull = await request(as(sandbox, "alice"), "one");
});

afterAll(() => sandbox.close());

const inRepository = (fields: string) => `query { repository(owner: "acme", name: "lockbox") { ${fields} } }`;

async function ids(): Promise<{ repository: string; pull: string }> {
  const reply = await app.graphql(inRepository(`id pullRequest(number: ${pull.number}) { id }`));
  return {
    repository: String(at(reply.data, "repository", "id")),
    pull: String(at(reply.data, "repository", "pullRequest", "id")),
  };
}

test("the app is `grantbox[bot]` as viewer and `grantbox` as author", async () => {
  await app.repo("POST", `/issues/${pull.number}/comments`, { body: "Hello" });
  const reply = await app.graphql(`query { viewer { login databaseId }
    repository(owner: "acme", name: "lockbox") { pullRequest(number: ${pull.number}) {
      author { __typename login } comments(last: 1) { nodes { viewerDidAuthor author { __typename login } } } } } }`);
  expect(reply.errors).toEqual([]);
  expect(at(reply.data, "viewer")).toEqual({ login: "grantbox[bot]", databaseId: 8001 });
  const pullData = at(reply.data, "repository", "pullRequest");
  expect(at(pullData, "author")).toEqual({ __typename: "User", login: "alice" });
  expect(at(pullData, "comments", "nodes", 0)).toEqual({
    viewerDidAuthor: true,
    author: { __typename: "Bot", login: "grantbox" },
  });
});

test("who pushed a commit is told by its check suite, who made it by its addresses", async () => {
  const reply = await app.graphql(
    inRepository(`pullRequest(number: ${pull.number}) { commits(first: 10) { totalCount nodes { commit {
      authors(first: 5) { nodes { email user { login } } } committer { email user { login } }
      signature { isValid wasSignedByGitHub }
      checkSuites(first: 5, filterBy: { appId: ${sandbox.app.id} }) { nodes { push { pusher { login } } app { slug } } } } } } }`),
  );
  expect(reply.errors).toEqual([]);
  expect(at(reply.data, "repository", "pullRequest", "commits", "nodes", 0, "commit")).toEqual({
    authors: { nodes: [{ email: "1001+alice@users.noreply.github.com", user: { login: "alice" } }] },
    committer: { email: "noreply@github.com", user: null },
    signature: { isValid: true, wasSignedByGitHub: true },
    checkSuites: { nodes: [{ push: { pusher: { login: "alice" } }, app: { slug: "grantbox" } }] },
  });
});

test("a query that GitHub's schema does not know is refused, and a field that is not modelled is an error", async () => {
  expect((await app.graphql(inRepository("nonsense"))).errors[0]?.message).toContain("Cannot query field");
  const reply = await app.graphql(inRepository("diskUsage"));
  expect(reply.errors[0]?.message).toBe("The sandbox does not model Repository.diskUsage.");
});

test("lists are paged forwards and backwards, and want a number", async () => {
  await app.repo("POST", `/issues/${pull.number}/comments`, { body: "Two" });
  await app.repo("POST", `/issues/${pull.number}/comments`, { body: "Three" });
  const comments = (args: string) =>
    app.graphql(
      inRepository(`pullRequest(number: ${pull.number}) { comments(${args}) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor } nodes { body } } }`),
    );
  const list = ["repository", "pullRequest", "comments"];
  const first = await comments("first: 2");
  expect(at(first.data, ...list, "pageInfo", "hasNextPage")).toBe(true);
  const cursor = String(at(first.data, ...list, "pageInfo", "endCursor"));
  const second = await comments(`first: 2, after: "${cursor}"`);
  expect(at(second.data, ...list, "nodes")).toEqual([{ body: "Three" }]);
  const last = await comments("last: 1");
  expect(at(last.data, ...list, "nodes")).toEqual([{ body: "Three" }]);
  const before = await comments(
    `last: 1, before: "${String(at(last.data, ...list, "pageInfo", "startCursor"))}"`,
  );
  expect(at(before.data, ...list, "nodes")).toEqual([{ body: "Two" }]);
  const reply = await app.graphql(
    inRepository(`pullRequest(number: ${pull.number}) { comments { totalCount } }`),
  );
  expect(reply.errors[0]?.message).toContain("You must provide a `first` or `last` value");
});

test("what is not there is null with NOT_FOUND", async () => {
  const reply = await app.graphql(inRepository("name pullRequest(number: 999) { id }"));
  expect(at(reply.data, "repository")).toEqual({ name: "lockbox", pullRequest: null });
  expect(reply.errors[0]).toMatchObject({ type: "NOT_FOUND", path: ["repository", "pullRequest"] });
});

test("one document carries several acts; one that fails does not stop the others", async () => {
  const { repository, pull: pullId } = await ids();
  sandbox.clearCalls();
  const reply = await app.graphql(
    `mutation Publish($repository: ID!, $pull: ID!, $head: GitObjectID!) {
      check: createCheckRun(input: { repositoryId: $repository, name: "grantbox", headSha: $head, conclusion: SUCCESS,
        status: COMPLETED, output: { title: "Yes", summary: "All agree" } }) { checkRun { conclusion title } }
      broken: createRef(input: { repositoryId: $repository, name: "refs/heads/one", oid: $head }) { ref { name } }
      asked: requestReviews(input: { pullRequestId: $pull, union: true, teamIds: [] }) { pullRequest { number } }
      said: addComment(input: { subjectId: $pull, body: "Done" }) { commentEdge { node { body databaseId } } }
    }`,
    { repository, pull: pullId, head: pull.head },
  );
  expect(reply.data).toMatchObject({
    check: { checkRun: { conclusion: "SUCCESS", title: "Yes" } },
    broken: null,
    said: { commentEdge: { node: { body: "Done" } } },
  });
  expect(reply.errors).toHaveLength(1);
  expect(reply.errors[0]).toMatchObject({ path: ["broken"], message: "Reference already exists" });
  expect(sandbox.calls()).toMatchObject([
    {
      operation: "graphql:mutation Publish",
      fields: ["createCheckRun", "createRef", "requestReviews", "addComment"],
      creating: true,
    },
  ]);
});

test("a commit on a branch is guarded by the head that was seen", async () => {
  const commit = (expected: string | undefined) =>
    app.graphql(
      `mutation ($expected: GitObjectID!) { createCommitOnBranch(input: {
        branch: { repositoryNameWithOwner: "acme/lockbox", branchName: "one" }, expectedHeadOid: $expected,
        message: { headline: "Add", body: "More" },
        fileChanges: { additions: [{ path: "notes/a.md", contents: "${Buffer.from("A\n").toString("base64")}" }] }
      }) { commit { oid message } } }`,
      { expected },
    );
  const done = await commit(sandbox.tip("one"));
  expect(at(done.data, "createCommitOnBranch", "commit")).toEqual({
    oid: sandbox.tip("one"),
    message: "Add\n\nMore",
  });
  const stale = await commit(pull.head);
  expect(stale.errors[0]).toMatchObject({ type: "STALE_DATA" });
});

test("an app without the permission is refused in GraphQL as in REST", async () => {
  const weak = await asInstallation(sandbox, { contents: "read", pull_requests: "read" });
  const { pull: pullId } = await ids();
  const reply = await weak.graphql(
    `mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "No" }) { clientMutationId } }`,
    { id: pullId },
  );
  expect(reply.errors[0]).toMatchObject({
    type: "FORBIDDEN",
    message: "Resource not accessible by integration",
  });
  expect((await weak.repo("POST", `/issues/${pull.number}/comments`, { body: "No" })).status).toBe(403);
  const team = await weak.graphql(`query { organization(login: "acme") { team(slug: "privacy") { slug } } }`);
  expect(team.errors[0]).toMatchObject({ type: "FORBIDDEN" });
});

test("files are read at a commit", async () => {
  const reply = await app.graphql(
    inRepository(`text: object(expression: "main:policies/settings.yaml") { ... on Blob { text byteSize } }
      folder: object(expression: "main:policies") { ... on Tree { entries { name type object { ... on Blob { oid } } } } }
      none: object(expression: "main:none") { id }
      codeowners(refName: "main") { errors { line kind } }`),
  );
  expect(reply.errors).toEqual([]);
  expect(at(reply.data, "repository", "text", "text")).toBe("kind: Settings\n");
  expect(at(reply.data, "repository", "folder", "entries", 0, "name")).toBe("settings.yaml");
  expect(at(reply.data, "repository", "none")).toBeNull();
  expect(at(reply.data, "repository", "codeowners", "errors")).toEqual([]);
});

test("an issue tells who closed it each time, who edited it, and when anything last happened on it", async () => {
  const [alice, bob] = [as(sandbox, "alice"), as(sandbox, "bob")];
  const opened = await app.repo("POST", "/issues", { title: "A review", body: "Please look" });
  const path = `/issues/${String(at(opened.body, "number"))}`;
  await alice.repo("PATCH", path, { state: "closed" });
  await app.repo("PATCH", path, { state: "open" });
  await bob.repo("PATCH", path, { state: "closed", body: "Looked at" });
  const fields = `number state lastEditedAt editor { login }
    timelineItems(first: 5, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { actor { login } createdAt } } }`;
  const seen = async (since: string) => {
    const reply = await app.graphql(
      inRepository(`issues(first: 10, filterBy: { since: "${since}" }) { nodes { ${fields} } }`),
    );
    expect(reply.errors).toEqual([]);
    return at(reply.data, "repository", "issues", "nodes");
  };
  expect(await seen("2020-01-01T00:00:00Z")).toMatchObject([
    {
      state: "CLOSED",
      editor: { login: "bob" },
      timelineItems: { nodes: [{ actor: { login: "alice" } }, { actor: { login: "bob" } }] },
    },
  ]);
  expect(await seen("2999-01-01T00:00:00Z")).toEqual([]);
  const other = await app.graphql(
    inRepository("issues(first: 1) { nodes { timelineItems(first: 1) { totalCount } } }"),
  );
  expect(other.errors[0]?.message).toContain("models no timelineItems of issues but CLOSED_EVENT");
});
