import nock from "nock";
import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { API, failureOf, forge, grantToken, pullNumber, REPO, useNock } from "./nock.ts";

useNock();

const pull = pullNumber(42);
const head = oid("a".repeat(40));
const message = { headline: "Grant one (#42)", body: "Grantbox-Event: activated" };
const merge = () => forge().squashMerge(pull, head, message);

/** Answers the merge so often that a repetition would be seen, and counts. */
function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  grantToken();
  const seen = { puts: 0, body: null as unknown };
  nock(API)
    .persist()
    .put(`${REPO}/pulls/42/merge`)
    .reply(async (request: Request) => {
      seen.puts += 1;
      seen.body = await request.json();
      return [
        status,
        typeof body === "string" ? body : JSON.stringify(body),
        { "content-type": "application/json", ...headers },
      ];
    });
  return seen;
}

describe("a merge is one request", () => {
  it("sends head, method and message as they were given", async () => {
    const seen = answering(200, { sha: "b".repeat(40), merged: true, message: "ok" });
    expect(await merge()).toEqual({ kind: "merged", commit: "b".repeat(40) });
    expect(seen).toEqual({
      puts: 1,
      body: {
        sha: head,
        merge_method: "squash",
        commit_title: message.headline,
        commit_message: message.body,
      },
    });
  });

  // github.md, fact 1: Probot's octokit repeats 405 and 409 three times, over 19 s; fact 15: 405 is ambiguous
  it.each([
    [405, "Pull Request is not mergeable", { kind: "refused", because: "Pull Request is not mergeable" }],
    [405, "Base branch was modified. Review and try the merge again.", { kind: "moved" }],
    [
      405,
      "Repository rule violations found\n\nChanges must be made through the merge queue\n\n",
      {
        kind: "refused",
        because: "Repository rule violations found Changes must be made through the merge queue",
      },
    ],
    [409, "Head branch was modified. Review and try the merge again.", { kind: "moved" }],
    [404, "Not Found", { kind: "moved" }],
    [
      403,
      "Resource not accessible by integration",
      { kind: "refused", because: "Resource not accessible by integration" },
    ],
    [422, "Validation Failed", { kind: "refused", because: "Validation Failed" }],
  ])("%i %s", async (status, sentence, outcome) => {
    const seen = answering(status, { message: sentence, documentation_url: "https://docs.github.com" });
    expect(await merge()).toEqual(outcome);
    expect(seen.puts).toBe(1);
  });

  it.each([
    ["a secondary rate limit", 403, "You have exceeded a secondary rate limit.", { "retry-after": "30" }, 30],
    ["a secondary rate limit that says no time", 403, "You have exceeded a secondary rate limit.", {}, 60],
    [
      "an exhausted quota",
      403,
      "API rate limit exceeded",
      {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1795514460",
        date: "Tue, 24 Nov 2026 10:00:00 GMT",
      },
      61,
    ],
    ["429", 429, "Too many requests", {}, 60],
    ["500", 500, "Server Error", {}, null],
    ["502", 502, "Bad Gateway", {}, null],
    ["503 with a time", 503, "Unavailable", { "retry-after": "7" }, 7],
    ["401", 401, "Bad credentials", {}, null],
  ])("%s is no refusal, and is not repeated", async (_, status, sentence, headers, seconds) => {
    const seen = answering(
      status,
      { message: sentence },
      { date: "Tue, 24 Nov 2026 10:00:00 GMT", ...headers },
    );
    const error = await failureOf(merge());
    expect(error).toBeInstanceOf(ForgeError);
    expect(error).toMatchObject({
      retryAfterSeconds: seconds,
      message: expect.stringMatching(/^could not merge/),
    });
    // octokit repeats a 401 within five seconds of a token's making, when nothing can have been done yet
    if (status !== 401) expect(seen.puts).toBe(1);
  });

  it("does not know whether it was done when the answer is cut off", async () => {
    answering(200, '{"sha": "bbbb');
    expect(await failureOf(merge())).toBeInstanceOf(ForgeError);
  });

  it("does not know whether it was done when the connection breaks", async () => {
    grantToken();
    nock(API)
      .put(`${REPO}/pulls/42/merge`)
      .replyWithError(Object.assign(new Error("gone"), { code: "ECONNRESET" }));
    expect(await failureOf(merge())).toMatchObject({
      name: "ForgeError",
      message: "could not merge pull request #42: GitHub could not be asked (ECONNRESET)",
    });
  });

  it("takes a token that cannot be had for what it is, and not for an answer about the pull request", async () => {
    nock(API).post("/app/installations/5/access_tokens").reply(404, { message: "Not Found" });
    expect(await failureOf(merge())).toMatchObject({
      name: "ForgeError",
      message: "could not get a token of the installation: GitHub answered 404: Not Found",
    });
  });
});
