import { Probot, ProbotOctokit } from "probot";
import { describe, expect, it } from "vitest";
import { grantboxApp } from "../src/app.ts";
import type { Work } from "../src/converge/context.ts";

const repository = { name: "lockbox", default_branch: "main", owner: { login: "acme" } };
const common = { repository, installation: { id: 7 }, sender: { login: "alice" } };
const pull = { pull_request: { number: 42 } };

function wordsOf(work: Work): string {
  if (work.kind === "request") return `request ${work.pull}`;
  return work.kind === "announcement" ? `announcement ${JSON.stringify(work.announcement)}` : work.kind;
}

/** What the app asks for when it receives an event: works by name, or `everywhere`. */
async function asked(name: string, payload: object): Promise<readonly string[]> {
  const hints: string[] = [];
  const probot = new Probot({
    githubToken: "test",
    Octokit: ProbotOctokit.defaults({ retry: { enabled: false }, throttle: { enabled: false } }),
    logLevel: "silent" as never,
  });
  await probot.load(
    grantboxApp({
      enqueue: ({ owner, name: repo, defaultBranch, installation }, work) => {
        expect([owner, repo, defaultBranch, installation]).toEqual(["acme", "lockbox", "main", 7]);
        hints.push(wordsOf(work));
      },
      discover: () => hints.push("everywhere"),
      isSelf: (login) => login === "grantbox[bot]",
    }),
  );
  await probot.receive({ id: "d-1", name, payload } as never);
  return hints;
}

const announced = { system: "zendesk", id: "812", state: "resolved", at: "then", signature: "abc" };
const push = (more: object) => ({ ...common, ref: "refs/heads/main", commits: [], ...more });
const commits = (...paths: string[]) => [{ added: [], modified: paths, removed: [] }];

describe("an event asks for a look at what it may have changed", () => {
  it.each<[string, string, object, readonly string[]]>([
    ...[
      "opened",
      "reopened",
      "synchronize",
      "edited",
      "closed",
      "ready_for_review",
      "converted_to_draft",
    ].map((action): [string, string, object, string[]] => [
      `a pull request that is ${action}`,
      "pull_request",
      { action, ...common, ...pull },
      ["request 42"],
    ]),
    ...["submitted", "edited", "dismissed"].map((action): [string, string, object, string[]] => [
      `a review that is ${action}`,
      "pull_request_review",
      { action, ...common, ...pull },
      ["request 42"],
    ]),
    [
      "a comment on a pull request",
      "issue_comment",
      { action: "created", ...common, issue: { number: 42, pull_request: {} } },
      ["request 42"],
    ],
    ...["closed", "reopened"].map((action): [string, string, object, string[]] => [
      `an issue that is ${action}: it may be a case`,
      "issues",
      { action, ...common, issue: { number: 7 } },
      ["sweep"],
    ]),
    [
      "a case that another system announces",
      "repository_dispatch",
      { action: "grantbox-case", ...common, client_payload: announced },
      ['announcement {"system":"zendesk","id":"812","state":"resolved","at":"then","signature":"abc"}'],
    ],
    [
      "a case that is announced with what is no text, is too long, or is more",
      "repository_dispatch",
      {
        action: "grantbox-case",
        ...common,
        client_payload: { ...announced, id: 812, state: "x".repeat(201), more: "x" },
      },
      ['announcement {"system":"zendesk","id":"","state":"","at":"then","signature":"abc"}'],
    ],
    [
      "a check that is to be run again",
      "check_run",
      { action: "rerequested", ...common, check_run: { pull_requests: [{ number: 1 }, { number: 2 }] } },
      ["request 1", "request 2"],
    ],
    [
      "a push of a grant to the default branch",
      "push",
      push({ commits: commits("grants/ssh.host/a.yaml") }),
      ["grants"],
    ],
    ["a push to the journal", "push", push({ ref: "refs/heads/grantbox-journal" }), ["grants"]],
    ["a push of a policy", "push", push({ commits: commits("policies/a.yaml") }), ["sweep"]],
    ["a push of a schema", "push", push({ commits: commits("schemas/resources/a.schema.json") }), ["sweep"]],
    ["a push of CODEOWNERS", "push", push({ commits: commits(".github/CODEOWNERS") }), ["sweep"]],
    ["a force-push of the default branch", "push", push({ forced: true }), ["sweep"]],
    [
      "a push so long that GitHub does not list all its commits",
      "push",
      push({ commits: Array.from({ length: 2048 }, () => ({})) }),
      ["sweep"],
    ],
    ["a repository whose default branch changed", "repository", { action: "edited", ...common }, ["sweep"]],
    ["a ruleset that changed", "repository_ruleset", { action: "edited", ...common }, ["sweep"]],
    [
      "a branch protection that changed",
      "branch_protection_rule",
      { action: "edited", ...common },
      ["sweep"],
    ],
    ["a collaborator who came or went", "member", { action: "removed", ...common }, ["sweep"]],
    ["somebody who left a team", "membership", { action: "removed", organization: {} }, ["everywhere"]],
    ["a team that changed", "team", { action: "edited", organization: {} }, ["everywhere"]],
    ["somebody who left the organisation", "organization", { action: "member_removed" }, ["everywhere"]],
    ["an installation", "installation", { action: "created" }, ["everywhere"]],
    ["a repository where it is installed", "installation_repositories", { action: "added" }, ["everywhere"]],
  ])("%s", async (_, name, payload, hints) => {
    expect(await asked(name, payload)).toEqual(hints);
  });
});

describe("an event asks for nothing", () => {
  it.each<[string, string, object]>([
    [
      "when it is about another branch",
      "push",
      push({ ref: "refs/heads/alice/logs", commits: commits("policies/a.yaml") }),
    ],
    ["when it is about a tag of the default branch's name", "push", push({ ref: "refs/tags/main" })],
    [
      "when it is about a plain issue",
      "issue_comment",
      { action: "created", ...common, issue: { number: 42 } },
    ],
    ["when it is a label", "pull_request", { action: "labeled", ...common, ...pull }],
    [
      "when the app did it itself",
      "pull_request",
      { action: "opened", ...common, ...pull, sender: { login: "grantbox[bot]" } },
    ],
    ["when an issue is only opened", "issues", { action: "opened", ...common, issue: { number: 7 } }],
    [
      "when another dispatch is sent",
      "repository_dispatch",
      { action: "deploy", ...common, client_payload: {} },
    ],
    ["when a dispatch has no payload", "repository_dispatch", { action: "grantbox-case", ...common }],
    ["when nobody knows the event", "star", { action: "created", ...common }],
    ["without an installation", "pull_request", { action: "opened", repository, ...pull }],
    ["without a repository", "pull_request", { action: "opened", installation: { id: 7 }, ...pull }],
    [
      "without the repository's owner",
      "pull_request",
      { action: "opened", ...common, repository: { ...repository, owner: {} }, ...pull },
    ],
    ["without a number", "pull_request", { action: "opened", ...common }],
    [
      "with a number that is none",
      "pull_request",
      { action: "opened", ...common, pull_request: { number: -1 } },
    ],
    ["with a check of no pull request", "check_run", { action: "rerequested", ...common, check_run: {} }],
    ["with a push that names no branch", "push", { ...common }],
  ])("%s", async (_, name, payload) => {
    expect(await asked(name, payload)).toEqual([]);
  });

  it("from somebody who only calls themselves like the app", async () => {
    const payload = { action: "opened", ...common, ...pull, sender: { login: "grantbox" } };
    expect(await asked("pull_request", payload)).toEqual(["request 42"]);
  });
});
