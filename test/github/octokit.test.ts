import nock from "nock";
import { describe, expect, it } from "vitest";
import { API, failureOf, forge, github, grantToken, INSTALLATION, REPO, useNock } from "./nock.ts";

useNock();

const comment = (id: number, issue: number) => (options: { readonly throttle: boolean }) => {
  const { calls } = github(options).forInstallation(id);
  return calls.rest.issues.createComment({ owner: "acme", repo: "lockbox", issue_number: issue, body: "x" });
};

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

describe("clients", () => {
  it("are the same for an installation and others for another", () => {
    const app = github();
    expect(app.forInstallation(5)).toBe(app.forInstallation(5));
    expect(app.forInstallation(5)).not.toBe(app.forInstallation(6));
  });

  // github.md, fact 2: with Probot's own octokit all installations share one queue, a comment every 3 s
  it("throttle each installation by itself", async () => {
    for (const id of [11, 12]) {
      grantToken("ghs_x", id);
      nock(API).post(`${REPO}/issues/${id}/comments`).reply(201, { id });
    }
    const took = await seconds(() =>
      Promise.all([comment(11, 11)({ throttle: true }), comment(12, 12)({ throttle: true })]),
    );
    expect(took).toBeLessThan(2);
  });

  it("space the writes of one installation, and not its queries", async () => {
    grantToken("ghs_x", 13);
    const app = github({ throttle: true });
    const { calls, queries } = app.forInstallation(13);
    nock(API).post(`${REPO}/issues/1/labels`).times(2).reply(200, []);
    nock(API)
      .post("/graphql")
      .times(3)
      .reply(200, { data: { viewer: { login: "x" } } });
    const label = () =>
      calls.rest.issues.addLabels({ owner: "acme", repo: "lockbox", issue_number: 1, labels: ["x"] });
    expect(await seconds(() => Promise.all([label(), label()]))).toBeGreaterThan(0.9);
    const ask = () => queries.graphql("{ viewer { login } }");
    expect(await seconds(() => Promise.all([ask(), ask(), ask()]))).toBeLessThan(0.9);
  });

  // github.md §1.5: Probot's handler waits up to an hour for the quota, inside the job
  it.each([
    ["calls", 403, { "retry-after": "60" }, "You have exceeded a secondary rate limit"],
    [
      "queries",
      403,
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999" },
      "API rate limit exceeded",
    ],
  ] as const)("do not wait for a rate limit inside: %s", async (kind, status, headers, message) => {
    grantToken("ghs_x", 14);
    nock(API).get(`${REPO}/git/commits/x`).reply(status, { message }, headers);
    const octokit = github({ throttle: true }).forInstallation(14)[kind];
    const took = await seconds(() =>
      failureOf(octokit.rest.git.getCommit({ owner: "acme", repo: "lockbox", commit_sha: "x" })),
    );
    expect(took).toBeLessThan(2);
  });

  // github.md, fact 19: `ghs_APPID_JWT`, about 520 characters, with dots
  it("take a token of any format and length, for both clients of an installation", async () => {
    const token = `ghs_7_${"e".repeat(170)}.${"p".repeat(170)}.${"s".repeat(170)}`;
    grantToken(token);
    const sent: (string | null)[] = [];
    nock(API)
      .get(`${REPO}/git/commits/x`)
      .times(2)
      .reply((request: Request) => {
        sent.push(request.headers.get("authorization"));
        return [200, { sha: "x" }];
      });
    const app = github();
    const { calls, queries } = app.forInstallation(INSTALLATION);
    const place = { owner: "acme", repo: "lockbox", commit_sha: "x" };
    await calls.rest.git.getCommit(place);
    await queries.rest.git.getCommit(place);
    expect(sent).toEqual([`token ${token}`, `token ${token}`]);
    expect(await app.installationToken(INSTALLATION)).toBe(token);
  });

  it("ask for a new token once GitHub has refused the old one", async () => {
    grantToken("ghs_old");
    nock(API)
      .get(`${REPO}/collaborators/bob/permission`)
      .times(5)
      .reply((request: Request) =>
        request.headers.get("authorization") === "token ghs_new"
          ? [200, { permission: "write" }]
          : [401, { message: "Bad credentials" }],
      );
    const gate = forge();
    expect(await failureOf(gate.mayWrite("bob"))).toMatchObject({
      message:
        "could not read what somebody may do in the repository: GitHub does not accept the app's credentials",
    });
    grantToken("ghs_new");
    expect(await gate.mayWrite("bob")).toBe(true);
  });

  // github.md §5.1: REST under /api/v3, GraphQL at /api/graphql
  it("speak with an Enterprise Server at its two addresses", async () => {
    const host = "https://github.acme.example";
    nock(host)
      .post("/api/v3/app/installations/5/access_tokens")
      .reply(201, {
        token: "ghs_x",
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        permissions: {},
      });
    nock(host)
      .post("/api/graphql")
      .reply(200, { data: { repository: { pullRequests: { pageInfo: {}, nodes: [] } } } });
    nock(host).get(`/api/v3${REPO}/collaborators/bob/permission`).reply(200, { permission: "admin" });
    const gate = forge({ baseUrl: `${host}/api/v3` });
    expect(await gate.changedSince(0 as never)).toEqual([]);
    expect(await gate.mayWrite("bob")).toBe(true);
  });
});

describe("where the app is installed", () => {
  it("lists installations that are not suspended and repositories that can be written to", async () => {
    nock(API)
      .get("/app/installations?per_page=100")
      .reply(200, [
        { id: 5, account: { login: "acme" }, suspended_at: null },
        { id: 6, account: { login: "gone" }, suspended_at: "2026-11-01T00:00:00Z" },
      ]);
    grantToken();
    const repository = { owner: { login: "acme" }, default_branch: "main", archived: false, disabled: false };
    nock(API)
      .get("/installation/repositories?per_page=100")
      .reply(200, {
        total_count: 2,
        repositories: [
          { ...repository, name: "lockbox" },
          { ...repository, name: "old", archived: true },
        ],
      });
    const app = github();
    expect(await app.installations()).toEqual([{ id: 5, account: "acme" }]);
    expect(await app.repositories(INSTALLATION)).toEqual([
      { owner: "acme", name: "lockbox", defaultBranch: "main" },
    ]);
  });

  it("knows the login that the app acts under", async () => {
    nock(API).get("/app").reply(200, { slug: "grantbox" });
    expect(await github().botLogin()).toBe("grantbox[bot]");
  });

  it("throws a ForgeError when GitHub cannot be asked", async () => {
    nock(API).get("/app").reply(503, "<html>", { "content-type": "text/html" });
    expect(await failureOf(github().botLogin())).toMatchObject({
      name: "ForgeError",
      message: "could not read the app's own name: GitHub answered 503",
    });
  });
});
