import nock from "nock";
import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { API, failureOf, forge, grantToken, REPO, useNock } from "./nock.ts";

useNock();

const EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const first = oid("1".repeat(40));
const second = oid("2".repeat(40));
const third = oid("3".repeat(40));

const commits = (tree: string, parents: string[], sha: string) =>
  nock(API)
    .post(`${REPO}/git/commits`, { message: "a record", tree, parents })
    .reply(201, { sha, tree: { sha: tree } });

describe("the journal", () => {
  it("begins with a commit of the empty tree and goes on with the tree it has, unread", async () => {
    grantToken();
    commits(EMPTY, [], first);
    nock(API).post(`${REPO}/git/refs`, { ref: "refs/heads/grantbox-journal", sha: first }).reply(201, {});
    commits(EMPTY, [first], second);
    nock(API)
      .patch(`${REPO}/git/refs/heads%2Fgrantbox-journal`, { sha: second, force: false })
      .reply(200, {});
    const gate = forge();
    expect(await gate.appendJournal(null, "a record")).toBe(true);
    expect(await gate.appendJournal(first, "a record")).toBe(true);
  });

  it("begins with a file where the empty tree is not known", async () => {
    grantToken();
    nock(API).post(`${REPO}/git/commits`).reply(422, { message: "Tree SHA does not exist" });
    nock(API)
      .post(`${REPO}/git/trees`)
      .reply(201, { sha: "t".repeat(40) });
    commits("t".repeat(40), [], first);
    nock(API).post(`${REPO}/git/refs`).reply(201, {});
    expect(await forge().appendJournal(null, "a record")).toBe(true);
  });

  it("has moved when the ref exists already", async () => {
    grantToken();
    commits(EMPTY, [], first);
    nock(API).post(`${REPO}/git/refs`).reply(422, { message: "Reference already exists" });
    expect(await forge().appendJournal(null, "a record")).toBe(false);
  });

  it("has moved when the new commit does not follow its tip", async () => {
    grantToken();
    nock(API)
      .get(`${REPO}/git/commits/${second}`)
      .reply(200, { sha: second, tree: { sha: EMPTY } });
    commits(EMPTY, [second], third);
    nock(API)
      .patch(`${REPO}/git/refs/heads%2Fgrantbox-journal`)
      .reply(422, { message: "Update is not a fast forward" });
    expect(await forge().appendJournal(second, "a record")).toBe(false);
  });

  it.each([
    [422, "Object does not exist"],
    [409, "Git Repository is empty."],
    [403, "Resource not accessible by integration"],
    [500, "Server Error"],
  ])("is not known to have moved after %i %s", async (status, message) => {
    grantToken();
    commits(EMPTY, [], first);
    nock(API).post(`${REPO}/git/refs`).reply(status, { message });
    expect(await failureOf(forge().appendJournal(null, "a record"))).toMatchObject({ name: "ForgeError" });
  });
});
