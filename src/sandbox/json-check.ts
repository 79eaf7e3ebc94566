import type { CheckRun, CheckSuite } from "./checks.ts";
import { appJson, type Json } from "./json-account.ts";
import { repositoryJson } from "./json-repository.ts";
import { nodeId } from "./node-id.ts";
import { zeroOid } from "./refs.ts";
import { repoApi, repoPage, type World } from "./world.ts";

/** `check-run`. Webhooks carry the whole suite where REST names only its id. */
export function checkRunJson(world: World, run: CheckRun, place: "rest" | "webhook"): Json {
  const url = `${repoApi(world)}/check-runs/${run.id}`;
  const page = `${repoPage(world)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.suite.sha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: run.startedAt,
    completed_at: run.completedAt ?? null,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: place === "rest" ? { id: run.suite.id } : suiteJson(world, run.suite),
    app: appJson(world),
    pull_requests: pullsOnCommit(world, run.suite.sha),
  };
}

/** `check-suite` as a check run's event holds it. */
function suiteJson(world: World, suite: CheckSuite): Json {
  const runs = [...world.runs.values()].filter((run) => run.suite === suite);
  const done = runs.length > 0 && runs.every((run) => run.status === "completed");
  const before = suite.push === undefined || suite.push.from === zeroOid ? null : suite.push.from;
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.branch ?? null,
    head_sha: suite.sha,
    status: done ? "completed" : "queued",
    conclusion: done ? (runs.at(-1)?.conclusion ?? null) : null,
    url: `${repoApi(world)}/check-suites/${suite.id}`,
    before,
    after: suite.sha,
    pull_requests: pullsOnCommit(world, suite.sha),
    app: appJson(world),
    repository: repositoryJson(world),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
  };
}

function pullsOnCommit(world: World, sha: string): Json[] {
  const repo = { id: world.repo.id, url: repoApi(world), name: world.repo.name };
  return [...world.pulls.values()]
    .filter((pull) => pull.head.sha === sha && pull.state === "open")
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${repoApi(world)}/pulls/${pull.number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo },
    }));
}
