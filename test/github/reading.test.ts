import { describe, expect, it } from "vitest";
import type { PullNode } from "../../src/github/facts-answer.ts";
import { ForgeError, type PullReading } from "../../src/ports/forge.ts";
import {
  all,
  bot,
  commentNode,
  factsAnswer,
  graphqlAnswers,
  HEAD,
  pullNode,
  reviewNode,
  some,
  user,
} from "./answers.ts";
import { failureOf, forge, grantToken, pullNumber, useNock } from "./nock.ts";

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

describe("accounts", () => {
  it("that are gone have no author, and no approval counts while the requester is one", async () => {
    const reading = await read({
      author: null,
      reviews: all(reviewNode({ author: null })),
      comments: all(commentNode({ author: null })),
    });
    expect(reading.requester).toEqual({ login: "ghost", id: 10137, kind: "user" });
    expect(reading.facts.reviews[0]?.author).toBeNull();
    expect(reading.facts.comments[0]?.author).toBeNull();
    expect(reading.facts.pushers).toEqual({ known: false });
  });

  it.each(["Bot", "Mannequin", "Organization", "EnterpriseUserAccount"])(
    "of the type %s are no people",
    async (type) => {
      const author = { __typename: type, login: "x", databaseId: 7 };
      expect((await read({ reviews: all(reviewNode({ author })) })).facts.reviews[0]?.author?.kind).toBe(
        "bot",
      );
    },
  );

  it("of apps are named as REST names them, so that no person can have the name", async () => {
    const reading = await read({ reviews: all(reviewNode({ author: bot("carol") })) });
    expect(reading.facts.reviews[0]?.author).toMatchObject({ login: "carol[bot]", kind: "bot" });
  });

  it.each<[string, ReturnType<typeof user>, boolean]>([
    ["the app", bot("grantbox"), true],
    ["another app", bot("other"), false],
    ["a person of the app's name", user("grantbox"), false],
  ])("merged by %s", async (_, mergedBy, byApp) => {
    const commit = "c".repeat(40);
    const reading = await read({ state: "MERGED", mergedBy, mergeCommit: { oid: commit } });
    expect(reading.merge).toEqual({ commit, byApp });
  });
});

describe("reviews and comments", () => {
  it("whose commit is gone after a force-push are bound to none, and drafts are nobody's word", async () => {
    const reading = await read({
      reviews: all(
        reviewNode({ commit: null }),
        reviewNode({ state: "PENDING", submittedAt: null, fullDatabaseId: null }),
      ),
    });
    expect(reading.facts.reviews).toMatchObject([{ state: "approved", commit: null }]);
  });

  it("beyond the first hundred are read on, each list by itself", async () => {
    grantToken();
    const sent = graphqlAnswers(
      {
        data: factsAnswer(
          pullNode({
            reviews: some("r1", reviewNode()),
            comments: some("c1", commentNode({ fullDatabaseId: "1" })),
          }),
        ),
      },
      {
        data: {
          repository: {
            pullRequest: {
              reviews: all(reviewNode({ fullDatabaseId: "9002", state: "CHANGES_REQUESTED" })),
              comments: some("c2", commentNode({ fullDatabaseId: "2" })),
            },
          },
        },
      },
      {
        data: {
          repository: { pullRequest: { comments: all(commentNode({ fullDatabaseId: "3", body: "/deny" })) } },
        },
      },
    );
    const reading = await forge().read(pull, []);
    expect(reading?.facts.complete).toBe(true);
    expect(reading?.facts.reviews.map(({ id }) => id)).toEqual([9001, 9002]);
    expect(reading?.facts.comments.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(sent.slice(1).map(({ variables }) => variables)).toMatchObject([
      { reviews: true, reviewsAfter: "r1", comments: true, commentsAfter: "c1" },
      { reviews: false, comments: true, commentsAfter: "c2" },
    ]);
  });

  it("of a further page that cannot be read are not left out", async () => {
    grantToken();
    graphqlAnswers(
      { data: factsAnswer(pullNode({ comments: some("c1") })) },
      { data: { repository: { pullRequest: { comments: null } } }, errors: [error("", ...PULL, "comments")] },
    );
    expect(await failureOf(forge().read(pull, []))).toBeInstanceOf(ForgeError);
  });

  it("by the app itself are no part of the conversation", async () => {
    const own = commentNode({ viewerDidAuthor: true, author: bot("grantbox"), body: "/deny" });
    expect((await read({ comments: all(own, commentNode()) })).facts.comments).toHaveLength(1);
  });
});

describe("teams", () => {
  it("of more than a hundred are read to the end", async () => {
    grantToken();
    const sent = graphqlAnswers(
      {
        data: factsAnswer(pullNode(), {
          t0: { id: "T_1", members: some("m1", { id: "U_1", login: "carol" }) },
        }),
      },
      { data: { organization: { team: { members: all({ id: "U_2", login: "Dave" }) } } } },
    );
    const reading = await forge().read(pull, ["privacy", "PRIVACY"]);
    expect(reading?.facts.teams).toEqual({ privacy: { read: true, members: ["carol", "Dave"] } });
    expect(sent.map(({ variables }) => variables)).toMatchObject([
      { s0: "privacy" },
      { slug: "privacy", after: "m1" },
    ]);
  });
});

describe("what is shown", () => {
  const tip = (status: string, oid = HEAD) => ({
    nodes: [
      {
        commit: {
          oid,
          checkSuites: {
            nodes: [
              {
                checkRuns: {
                  nodes: [{ id: "CR_1", externalId: "f1", status, annotations: { totalCount: 0 } }],
                },
              },
            ],
          },
        },
      },
    ],
  });

  it.each([
    ["COMPLETED", HEAD, "f1"],
    ["IN_PROGRESS", HEAD, "f1"],
    ["QUEUED", HEAD, null],
    ["COMPLETED", "b".repeat(40), null],
  ])("by a check run that is %s on %s: %s", async (status, on, shown) => {
    expect((await read({ tip: tip(status, on) })).shown.check).toBe(shown);
  });
});
