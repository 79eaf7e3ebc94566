import nock from "nock";
import { describe, expect, it } from "vitest";
import type { PullNode } from "../../src/github/facts-answer.ts";
import { ForgeError, type PullReading } from "../../src/ports/forge.ts";
import { all, commitNode, factsAnswer, graphqlAnswers, HEAD, pullNode } from "./answers.ts";
import { API, failureOf, forge, grantToken, pullNumber, REPO, useNock } from "./nock.ts";

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

describe("who pushed", () => {
  const noSuite = { commits: all({ commit: commitNode({ checkSuites: { nodes: [] } }) }) };
  const activity = (status: number, body: unknown) =>
    nock(API)
      .get(`${REPO}/activity?ref=refs%2Fheads%2Fone&per_page=100`)
      .reply(status, JSON.stringify(body), {
        "content-type": "application/json",
      });

  it("is told by the check suites of the commits", async () => {
    expect((await read({})).facts.pushers).toEqual({ known: true, logins: ["alice"] });
  });

  it("is told by the branch's activity where the head has no suite", async () => {
    activity(200, [
      { after: HEAD, actor: { login: "mallory" } },
      { after: "b".repeat(40), actor: { login: "alice" } },
      { after: "c".repeat(40), actor: null },
    ]);
    expect((await read(noSuite)).facts.pushers).toEqual({ known: true, logins: ["mallory", "alice"] });
  });

  it.each<[string, number, unknown]>([
    ["names another head", 200, [{ after: "b".repeat(40), actor: { login: "alice" } }]],
    ["names nobody", 200, [{ after: HEAD, actor: null }]],
    ["is forbidden", 403, { message: "Resource not accessible by integration" }],
    ["is not there", 404, { message: "Not Found" }],
  ])("is unknown when the activity %s", async (_, status, body) => {
    activity(status, body);
    expect((await read(noSuite)).facts.pushers).toEqual({ known: false });
  });

  it("is tried again later when GitHub cannot say now", async () => {
    activity(502, { message: "Bad Gateway" });
    expect(await failureOf(read(noSuite))).toBeInstanceOf(ForgeError);
  });

  it("of a fork is unknown and not asked for", async () => {
    const reading = await read({ ...noSuite, isCrossRepository: true });
    expect(reading).toMatchObject({ fork: true, facts: { pushers: { known: false } } });
  });
});
