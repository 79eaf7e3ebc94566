import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import type { Effect } from "../../src/domain/plan.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { decision, history } from "../output/decisions.ts";
import { all, commentNode, factsAnswer, graphqlAnswers, HEAD, pullNode } from "./answers.ts";
import { failureOf, forge, grantToken, pullNumber, useNock } from "./nock.ts";

useNock();

const pull = pullNumber(42);
const head = oid(HEAD);
type Publish = Extract<Effect, { kind: "publish" }>;

function show(parts: Partial<Publish> = {}): Publish {
  const standing = { kind: "judged", decision: decision() } as const;
  const ask = { teams: [], users: [] };
  return { kind: "publish", standing, fingerprint: "f1", check: true, comment: true, ask, ...parts };
}

const facts = (parts: Parameters<typeof pullNode>[0] = {}) => ({ data: factsAnswer(pullNode(parts)) });
const written = {
  check: { checkRun: { id: "CR_1" } },
  comment: { commentEdge: { node: { id: "IC_1" } } },
};
const failed = (alias: string, message = "No") => ({ type: "UNPROCESSABLE", path: [alias], message });
const living = commentNode({
  id: "IC_7",
  viewerDidAuthor: true,
  body: '<!-- grantbox {"fingerprint":"f0","asked":["user:erin"]} -->\nx',
});

describe("publish", () => {
  it("reads first where nothing is known, and then remembers", async () => {
    grantToken();
    const sent = graphqlAnswers(
      facts(),
      { data: written },
      { data: { comment: { issueComment: { id: "IC_1" } } } },
    );
    const gate = forge();
    await gate.publish(pull, head, show());
    const standing = { kind: "in-force", history: history() } as const;
    await gate.publish(pull, head, show({ standing, check: false, fingerprint: "f2" }));
    expect(sent[1]?.query).toContain("createCheckRun");
    expect(sent[1]?.query).toContain("addComment");
    expect(sent[2]?.query).toContain("updateIssueComment");
    expect(sent[2]?.variables).toMatchObject({ comment: { id: "IC_1" } });
  });

  it("asks for reviews before the comment remembers whom, and remembers those asked before", async () => {
    grantToken();
    const sent = graphqlAnswers(
      facts({ comments: all(living) }),
      { data: { u0: { id: "U_bob" }, organization: { t0: { id: "T_privacy" } } } },
      { data: { ...written, ask0: {}, ask1: {} } },
    );
    await forge().publish(pull, head, show({ check: false, ask: { teams: ["privacy"], users: ["Bob"] } }));
    const { query = "", variables = {} } = sent[2] ?? {};
    expect(query.indexOf("requestReviews")).toBeLessThan(query.indexOf("updateIssueComment"));
    expect(variables).toMatchObject({
      ask0: { pullRequestId: "PR_1", teamIds: ["T_privacy"], union: true },
      ask1: { pullRequestId: "PR_1", userIds: ["U_bob"], union: true },
      comment: { id: "IC_7", body: expect.stringContaining('["team:privacy","user:bob","user:erin"]') },
    });
  });

  it("writes the comment when there is only somebody to ask", async () => {
    grantToken();
    const sent = graphqlAnswers(
      facts(),
      { data: { u0: { id: "U_bob" } } },
      { data: { ...written, ask0: {} } },
    );
    await forge().publish(
      pull,
      head,
      show({ check: false, comment: false, ask: { teams: [], users: ["bob"] } }),
    );
    expect(sent[2]?.query).toContain("addComment");
  });

  it("goes on when GitHub will not ask somebody, and tells the log", async () => {
    grantToken();
    const logged: unknown[] = [];
    graphqlAnswers(
      facts(),
      { data: { u0: { id: "U_bob" } } },
      {
        data: { ...written, ask0: null },
        errors: [failed("ask0", "Review cannot be requested from pull request author.")],
      },
    );
    const log = (_: string, details: unknown) => logged.push(details);
    await forge({ log }).publish(pull, head, show({ ask: { teams: [], users: ["bob"] } }));
    expect(logged).toEqual([{ message: expect.stringContaining("user:bob") }]);
  });

  it.each(["check", "comment"])(
    "fails when the %s could not be written, and reads anew the next time",
    async (alias) => {
      grantToken();
      const sent = graphqlAnswers(
        facts(),
        { data: { ...written, [alias]: null }, errors: [failed(alias, "Could not resolve to a node")] },
        facts(),
        { data: written },
      );
      const gate = forge();
      expect(await failureOf(gate.publish(pull, head, show()))).toBeInstanceOf(ForgeError);
      await gate.publish(pull, head, show());
      expect(sent).toHaveLength(4);
    },
  );

  it("fails when GitHub names no check run", async () => {
    grantToken();
    graphqlAnswers(facts(), { data: { ...written, check: null } });
    expect(await failureOf(forge().publish(pull, head, show()))).toBeInstanceOf(ForgeError);
  });

  it("makes no update of a run that is on another head", async () => {
    grantToken();
    const tip = {
      nodes: [
        {
          commit: {
            oid: HEAD,
            checkSuites: {
              nodes: [
                {
                  checkRuns: {
                    nodes: [
                      { id: "CR_0", externalId: "f0", status: "IN_PROGRESS", annotations: { totalCount: 0 } },
                    ],
                  },
                },
              ],
            },
          },
        },
      ],
    };
    const sent = graphqlAnswers(facts({ tip }), { data: written });
    await forge().publish(pull, oid("b".repeat(40)), show({ comment: false }));
    expect(sent[1]?.variables).toMatchObject({ check: { headSha: "b".repeat(40) } });
  });

  it("fails where there is no pull request", async () => {
    grantToken();
    const gone = { type: "NOT_FOUND", path: ["repository", "pullRequest"], message: "none" };
    graphqlAnswers({ data: factsAnswer(null), errors: [gone] });
    expect(await failureOf(forge().publish(pull, head, show()))).toBeInstanceOf(ForgeError);
  });
});
