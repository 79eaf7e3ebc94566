import nock from "nock";
import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { end, history } from "../output/decisions.ts";
import { graphqlAnswers } from "./answers.ts";
import { API, failureOf, forge, grantToken, REPO, useNock } from "./nock.ts";

useNock();

const onto = oid("1".repeat(40));
const tip = oid("2".repeat(40));
const made = oid("3".repeat(40));
const PATH = "grants/azure.storage/one.yaml";
const branch = "grantbox/expire/one";

const removal = {
  branch,
  onto,
  paths: [PATH],
  title: 'Revert "Grant one"',
  histories: [history()],
  records: [end()],
};
const open = () => forge().openRemoval(removal);

const repository = { data: { repository: { id: "R_1", defaultBranchRef: { name: "main" } } } };
const isThere = {
  data: { ref: null, commit: null },
  errors: [
    { type: "UNPROCESSABLE", path: ["ref"], message: "A ref named ... already exists in the repository." },
    { type: "STALE_DATA", path: ["commit"], message: "Expected branch to point to ..." },
  ],
};
const standing = (pulls: readonly Record<string, unknown>[], target: string | null = tip) => ({
  data: {
    repository: {
      ref: target === null ? null : { target: { oid: target } },
      pullRequests: {
        nodes: pulls.map((pull) => ({
          number: 9,
          headRefOid: tip,
          baseRefName: "main",
          isCrossRepository: false,
          ...pull,
        })),
      },
    },
  },
});
const compares = (files: readonly Record<string, unknown>[]) =>
  nock(API).get(`${REPO}/compare/${onto}...${tip}`).reply(200, { files });
const replaces = () => {
  nock(API)
    .get(`${REPO}/git/commits/${onto}`)
    .reply(200, { tree: { sha: "b".repeat(40) } });
  nock(API)
    .post(`${REPO}/git/trees`, {
      base_tree: "b".repeat(40),
      tree: [{ path: PATH, mode: "100644", type: "blob", sha: null }],
    })
    .reply(201, { sha: "c".repeat(40) });
  nock(API)
    .post(`${REPO}/git/commits`, { message: removal.title, tree: "c".repeat(40), parents: [onto] })
    .reply(201, { sha: made });
  nock(API)
    .patch(`${REPO}/git/refs/heads%2Fgrantbox%2Fexpire%2Fone`, { sha: made, force: true })
    .reply(200, {});
};

describe("the pull request of a removal", () => {
  it("is made by one mutation and one call", async () => {
    grantToken();
    const sent = graphqlAnswers(repository, {
      data: { ref: { ref: { id: "x" } }, commit: { commit: { oid: made } } },
    });
    nock(API)
      .post(
        `${REPO}/pulls`,
        (body) => body.head === branch && body.base === "main" && body.title === removal.title,
      )
      .reply(201, { number: 9 });
    expect(await open()).toEqual({ pull: 9, head: made });
    expect(sent[1]?.variables).toEqual({
      ref: { repositoryId: "R_1", name: `refs/heads/${branch}`, oid: onto },
      commit: {
        branch: { repositoryNameWithOwner: "acme/lockbox", branchName: branch },
        expectedHeadOid: onto,
        message: { headline: removal.title },
        fileChanges: { deletions: [{ path: PATH }] },
      },
    });
  });

  it("is found again when it stands and is exactly the removal", async () => {
    grantToken();
    graphqlAnswers(repository, isThere, standing([{}]));
    compares([{ filename: PATH, status: "removed" }]);
    expect(await open()).toEqual({ pull: 9, head: tip });
  });

  it.each<[string, readonly Record<string, unknown>[]]>([
    [
      "changes another file as well",
      [
        { filename: PATH, status: "removed" },
        { filename: "policies/x.yaml", status: "added" },
      ],
    ],
    ["removes another file", [{ filename: "grants/azure.storage/two.yaml", status: "removed" }]],
    ["renames the file", [{ filename: PATH, status: "renamed" }]],
    ["changes nothing", []],
  ])("has its head replaced when the branch %s", async (_, files) => {
    grantToken();
    graphqlAnswers(repository, isThere, standing([{}]));
    compares(files);
    replaces();
    expect(await open()).toEqual({ pull: 9, head: made });
  });

  it("has its head replaced when the branch shares no history with the default branch", async () => {
    grantToken();
    graphqlAnswers(repository, isThere, standing([{}]));
    nock(API).get(`${REPO}/compare/${onto}...${tip}`).reply(404, { message: "No common ancestor" });
    replaces();
    expect(await open()).toEqual({ pull: 9, head: made });
  });

  it.each([
    ["goes into another branch", { baseRefName: "other" }],
    ["comes from a fork", { isCrossRepository: true }],
  ])("is not one that %s", async (_, pull) => {
    grantToken();
    graphqlAnswers(repository, isThere, standing([pull]));
    compares([{ filename: PATH, status: "removed" }]);
    nock(API).post(`${REPO}/pulls`).reply(201, { number: 10 });
    expect(await open()).toEqual({ pull: 10, head: tip });
  });

  it("is found when another machine opened it a moment ago", async () => {
    grantToken();
    graphqlAnswers(
      repository,
      { data: { ref: {}, commit: { commit: { oid: made } } } },
      standing([{}], made),
    );
    nock(API)
      .post(`${REPO}/pulls`)
      .reply(422, {
        message: "Validation Failed",
        errors: [
          {
            resource: "PullRequest",
            code: "custom",
            message: `A pull request already exists for acme:${branch}.`,
          },
        ],
      });
    expect(await open()).toEqual({ pull: 9, head: made });
  });

  it("is tried again later when there is nothing left to remove", async () => {
    grantToken();
    graphqlAnswers(repository, { data: { ref: {}, commit: { commit: { oid: made } } } });
    nock(API)
      .post(`${REPO}/pulls`)
      .reply(422, {
        message: "Validation Failed",
        errors: [{ message: "No commits between main and grantbox/expire/one" }],
      });
    expect(await failureOf(open())).toMatchObject({
      name: "ForgeError",
      message: expect.stringContaining("No commits between main"),
    });
  });

  it("is tried again later when the file is not there to be removed", async () => {
    grantToken();
    graphqlAnswers(repository, isThere, standing([], null));
    nock(API)
      .get(`${REPO}/git/commits/${onto}`)
      .reply(200, { tree: { sha: "b".repeat(40) } });
    nock(API).post(`${REPO}/git/trees`).reply(422, { message: "GitRPC::BadObjectState" });
    expect(await failureOf(open())).toMatchObject({ name: "ForgeError" });
  });
});
