import nock from "nock";
import { describe, expect, it } from "vitest";
import { githubIssues } from "../../src/cases/github-issues.ts";
import type { CaseReading } from "../../src/ports/cases.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { caseSystemContract } from "../contracts/case-system.ts";
import { API, forge, grantToken } from "../github/nock.ts";
import { sandboxWorld } from "../github/sandbox-world.ts";

const open: CaseReading = { fact: { read: true, state: "open" }, resolvedAt: null };

/** Which issue is asked about for an id; null when none is. */
async function asked(id: string): Promise<string | null> {
  let found: string | null = null;
  const readIssue = async (repository: string, number: number) => {
    found = `${repository}#${number}`;
    return open;
  };
  await githubIssues({ readIssue }, "acme", "lockbox").read(id);
  return found;
}

describe("an issue as a case", () => {
  it.each([
    ["123", "lockbox#123"],
    ["#123", "lockbox#123"],
    ["acme/support#812", "support#812"],
    ["Acme/support.desk#1", "support.desk#1"],
  ])("%s is %s", async (id, issue) => {
    expect(await asked(id)).toBe(issue);
  });

  it.each([
    ["an issue of another owner, whom nobody here knows", "mallory/support#1"],
    ["the long name of an issue of this repository: one case has one name", "acme/lockbox#123"],
    ["the same in other letters", "ACME/Lockbox#123"],
    ["a repository without its owner", "support#12"],
    ["a repository without a number", "acme/support"],
    ["a long name without #", "acme/support12"],
    ["a number that begins with 0", "0123"],
    ["nothing", ""],
    ["a way out", "acme/../x#1"],
    ["a second #", "acme/support##1"],
  ])("%s is not asked about", async (_, id) => {
    expect(await asked(id)).toBeNull();
  });

  it("is unread when GitHub cannot be asked, and says why", async () => {
    const readIssue = async () => {
      throw new ForgeError("could not read it: GitHub's rate limit is reached");
    };
    expect(await githubIssues({ readIssue }, "acme", "lockbox").read("7")).toEqual({
      fact: { read: false, because: "could not read it: GitHub's rate limit is reached" },
      resolvedAt: null,
    });
  });

  it("a fault of our own is not hidden", async () => {
    const readIssue = async () => {
      throw new TypeError("a bug");
    };
    await expect(githubIssues({ readIssue }, "acme", "lockbox").read("7")).rejects.toThrow("a bug");
  });
});

const JSON_TYPE = { "content-type": "application/json" };
const REPOSITORY = "/repos/acme/lockbox";

/** GitHub's answers, as far as an issue is concerned. */
caseSystemContract(async () => {
  let fixed: { status: number; body: string } | null = null;
  let asked = 0;
  nock.disableNetConnect();
  grantToken();
  const issues: Readonly<Record<string, object>> = {
    "/1": { number: 1, state: "open", closed_at: null },
    "/2": { number: 2, state: "closed", closed_at: "2026-11-24T09:00:00Z" },
  };
  nock(API)
    .persist()
    .get((path) => path.startsWith(`${REPOSITORY}/issues/`))
    .reply((request: Request) => {
      asked++;
      if (fixed !== null) return [fixed.status, fixed.body, JSON_TYPE];
      const issue = issues[new URL(request.url).pathname.slice(`${REPOSITORY}/issues`.length)];
      return issue === undefined ? [404, { message: "Not Found" }] : [200, issue];
    });
  return {
    system: githubIssues(forge(), "acme", "lockbox"),
    open: "1",
    resolved: "#2",
    missing: "404",
    answers: (status, body = "{}") => {
      fixed = { status, body };
    },
    asked: () => asked,
    end: async () => {
      nock.cleanAll();
      nock.enableNetConnect();
    },
  };
});

describe("issues of the sandbox", () => {
  it("are open, closed since a time, or missing, and a pull request is none", async () => {
    const world = await sandboxWorld();
    try {
      const issues = githubIssues(world.forge, "acme", "lockbox");
      const erin = new Visitor("erin", world.sandbox);
      const issue = await erin.opensIssue("Checkout times out");
      expect(await issues.read(`${issue}`)).toEqual(open);
      await erin.closesIssue(issue);
      const { fact, resolvedAt } = await issues.read(`#${issue}`);
      expect(fact).toEqual({ read: true, state: "resolved" });
      expect(resolvedAt).toBeLessThanOrEqual(world.now());
      expect((await issues.read("4711")).fact).toEqual({ read: true, state: "missing" });
      expect((await issues.read("acme/elsewhere#1")).fact).toMatchObject({ read: false });
      await world.commits("alice", "one", { "grants/azure.storage/one.yaml": "id: one\n" });
      const pull = await world.opens("alice", "one");
      expect((await issues.read(`${pull}`)).fact).toEqual({ read: true, state: "missing" });
    } finally {
      await world.end();
    }
  });
});
