import nock from "nock";
import { describe, expect, it } from "vitest";
import type { PullNode } from "../../src/github/facts-answer.ts";
import { ForgeError, type PullReading } from "../../src/ports/forge.ts";
import { all, commitNode, factsAnswer, graphqlAnswers, pullNode, reviewNode, some } from "./answers.ts";
import { API, failureOf, forge, grantToken, pullNumber, useNock } from "./nock.ts";

useNock();

const pull = pullNumber(42);

async function read(parts: Partial<PullNode>, ...errors: unknown[]): Promise<PullReading> {
  grantToken();
  const body = { data: factsAnswer(pullNode(parts)), ...(errors.length === 0 ? {} : { errors }) };
  graphqlAnswers(body);
  const reading = await forge().read(pull, []);
  if (reading === null) throw new Error("there is no pull request");
  return reading;
}

const error = (type: string, ...path: (string | number)[]) => ({ type, path, message: `${type} here` });
const PULL = ["repository", "pullRequest"] as const;

describe("a pull request that cannot be read is no pull request to judge", () => {
  it.each<[string, unknown]>([
    ["GitHub's answer is no JSON", "<html>"],
    ["the answer is cut off", '{"data": {"viewer"'],
    ["the answer is empty", {}],
    ["the answer has no data", { data: null }],
    [
      "the query as a whole failed",
      { data: null, errors: [{ message: "Something went wrong while executing your query" }] },
    ],
    [
      "the repository is gone",
      { data: { ...factsAnswer(), repository: null }, errors: [error("NOT_FOUND", "repository")] },
    ],
    ["the viewer is unknown", { data: { ...factsAnswer(), viewer: null } }],
    ["the pull request is null without a reason", { data: factsAnswer(null) }],
    ["the pull request is forbidden", { data: factsAnswer(null), errors: [error("FORBIDDEN", ...PULL)] }],
    [
      "its comments are forbidden",
      { data: factsAnswer(pullNode({ comments: null })), errors: [error("FORBIDDEN", ...PULL, "comments")] },
    ],
    ["an error names no part", { data: factsAnswer(), errors: [{ message: "internal" }] }],
    ["there is no default branch", { data: factsAnswer(pullNode(), {}, { defaultBranchRef: null }) }],
    ["the head is no commit", { data: factsAnswer(pullNode({ headRefOid: "" })) }],
    [
      "a review has no number",
      { data: factsAnswer(pullNode({ reviews: all(reviewNode({ fullDatabaseId: null })) })) },
    ],
    ["a time is none", { data: factsAnswer(pullNode({ createdAt: "yesterday" })) }],
    ["it was merged by no commit", { data: factsAnswer(pullNode({ state: "MERGED" })) }],
  ])("%s", async (_, body) => {
    grantToken();
    graphqlAnswers(body);
    expect(await failureOf(forge().read(pull, []))).toBeInstanceOf(ForgeError);
  });

  it.each([403, 404, 500, 502, 504])("status %i", async (status) => {
    grantToken();
    nock(API).post("/graphql").reply(status, { message: "No" });
    expect(await failureOf(forge().read(pull, []))).toMatchObject({
      name: "ForgeError",
      message: `could not read pull request #42: GitHub answered ${status}: No`,
    });
  });

  it("tells when to ask again at a rate limit", async () => {
    grantToken();
    nock(API)
      .post("/graphql")
      .reply(
        200,
        { data: null, errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] },
        {
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": "1795514700",
          date: "Tue, 24 Nov 2026 10:00:00 GMT",
        },
      );
    expect(await failureOf(forge().read(pull, []))).toMatchObject({ retryAfterSeconds: 301 });
  });

  it("is not there when GitHub says so", async () => {
    grantToken();
    graphqlAnswers({ data: factsAnswer(null), errors: [error("NOT_FOUND", ...PULL)] });
    expect(await forge().read(pull, ["privacy"])).toBeNull();
  });
});

describe("a part that cannot be read never counts in favour (invariant 4)", () => {
  it.each<[string, Partial<PullNode>, unknown[]]>([
    [
      "a review is missing",
      { reviews: all(reviewNode(), null) },
      [error("FORBIDDEN", ...PULL, "reviews", "nodes", 1)],
    ],
    ["the reviews are missing", { reviews: null }, [error("FORBIDDEN", ...PULL, "reviews")]],
    [
      "a commit is missing",
      { commits: all({ commit: commitNode() }, null) },
      [error("", ...PULL, "commits", "nodes", 1)],
    ],
    [
      "an account of a commit is missing",
      {},
      [error("FORBIDDEN", ...PULL, "commits", "nodes", 0, "commit", "author", "user")],
    ],
    ["there are more than 100 commits", { commits: some("c", { commit: commitNode() }) }, []],
    [
      "a commit has more than 50 authors",
      { commits: all({ commit: commitNode({ authors: some("a") }) }) },
      [],
    ],
    [
      "a page of comments has no way on",
      { comments: { ...all(), pageInfo: { hasNextPage: true, endCursor: null } } },
      [],
    ],
  ])("incomplete: %s", async (_, parts, errors) => {
    expect((await read(parts, ...errors)).facts.complete).toBe(false);
  });

  it.each<[string, unknown, unknown[]]>([
    ["null", null, []],
    ["forbidden", null, [error("FORBIDDEN", "organization", "t0")]],
    ["in an organisation that is none", null, [error("NOT_FOUND", "organization")]],
    ["without members", { id: "T_1", members: null }, [error("FORBIDDEN", "organization", "t0", "members")]],
    ["with a member missing", { id: "T_1", members: all({ id: "U_1", login: "carol" }, null) }, []],
    [
      "with an error about a member",
      { id: "T_1", members: all({ id: "U_1", login: "carol" }) },
      [error("", "organization", "t0", "members", "nodes", 1)],
    ],
  ])("a team that is %s is unread", async (_, team, errors) => {
    grantToken();
    graphqlAnswers({
      data: factsAnswer(pullNode(), { t0: team }),
      errors: errors.length === 0 ? undefined : errors,
    });
    const reading = await forge().read(pull, ["Privacy"]);
    expect(reading?.facts.teams).toEqual({ privacy: { read: false, because: expect.any(String) } });
  });

  it("names an unreadable CODEOWNERS as an error of it", async () => {
    grantToken();
    graphqlAnswers({
      data: factsAnswer(pullNode(), {}, { codeowners: null }),
      errors: [error("INTERNAL", "repository", "codeowners")],
    });
    expect((await forge().read(pull, []))?.facts.ownerErrors).toMatchObject([{ kind: "Unreadable" }]);
  });

  it("passes on what GitHub says is wrong with CODEOWNERS", async () => {
    const wrong = {
      line: 3,
      column: 1,
      kind: "Unknown owner",
      message: "no such",
      path: ".github/CODEOWNERS",
    };
    grantToken();
    graphqlAnswers({ data: factsAnswer(pullNode(), {}, { codeowners: { errors: [wrong] } }) });
    expect((await forge().read(pull, []))?.facts.ownerErrors).toEqual([wrong]);
  });
});
