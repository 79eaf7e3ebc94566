import { type CheckRun, type CheckSuite, runsOn } from "./checks.ts";
import { connection } from "./connection.ts";
import type { Args, Graph, GraphNode } from "./graph.ts";
import { nodeId } from "./node-id.ts";
import { zeroOid } from "./refs.ts";
import { statusesOn } from "./statuses.ts";

function upper(word: string | undefined): string | null {
  return word === undefined ? null : word.toUpperCase();
}

function includes(list: unknown, value: string | null): boolean {
  return !Array.isArray(list) || list.length === 0 || list.includes(value);
}

/** `CheckSuite`, with the push that brought the commit: the one place where GitHub tells who pushed it. */
export function suiteNode(graph: Graph, suite: CheckSuite): GraphNode {
  const { world } = graph;
  const path = `/${world.org.login}/${world.repo.name}/commit/${suite.sha}/checks?check_suite_id=${suite.id}`;
  const runs = [...world.runs.values()].filter((run) => run.suite === suite);
  const done = runs.length > 0 && runs.every((run) => run.status === "completed");
  const { push } = suite;
  return {
    __typename: "CheckSuite",
    id: nodeId("CheckSuite", suite.id),
    databaseId: suite.id,
    app: graph.app(),
    status: done ? "COMPLETED" : "QUEUED",
    conclusion: done ? upper(runs.at(-1)?.conclusion) : null,
    createdAt: suite.createdAt,
    updatedAt: suite.createdAt,
    url: `${world.url}${path}`,
    resourcePath: path,
    repository: () => graph.repository(),
    commit: () => graph.commit(suite.sha),
    branch: () => (suite.branch === undefined ? null : graph.ref(`refs/heads/${suite.branch}`)),
    push:
      push === undefined
        ? null
        : {
            __typename: "Push",
            id: nodeId("Push", push.id),
            pusher: graph.account(push.pusher),
            nextSha: suite.sha,
            previousSha: push.from === zeroOid ? null : push.from,
            permalink: `${world.url}${path}`,
            repository: () => graph.repository(),
          },
    checkRuns: (args: Args) => {
      const filter: Record<string, unknown> = typeof args.filterBy === "object" ? { ...args.filterBy } : {};
      const { appId, checkName, status, statuses, conclusions, checkType } = filter;
      const found = runs.filter(
        (run) =>
          (typeof checkName !== "string" || run.name === checkName) &&
          (typeof appId !== "number" || appId === world.app.id) &&
          (typeof status !== "string" || upper(run.status) === status) &&
          includes(statuses, upper(run.status)) &&
          includes(conclusions, upper(run.conclusion)) &&
          (checkType !== "LATEST" || runs.findLast((other) => other.name === run.name) === run),
      );
      return connection("checkRuns", found, args, (run) => graph.run(run));
    },
  };
}

/** `CheckRun`. */
export function runNode(graph: Graph, run: CheckRun): GraphNode {
  const { world } = graph;
  const path = `/${world.org.login}/${world.repo.name}/runs/${run.id}`;
  return {
    __typename: "CheckRun",
    id: nodeId("CheckRun", run.id),
    databaseId: run.id,
    name: run.name,
    status: upper(run.status),
    conclusion: upper(run.conclusion),
    externalId: run.externalId,
    title: run.title,
    summary: run.summary,
    text: run.text,
    detailsUrl: run.detailsUrl ?? `${world.url}${path}`,
    permalink: `${world.url}${path}`,
    url: `${world.url}${path}`,
    resourcePath: path,
    startedAt: run.startedAt,
    completedAt: run.completedAt ?? null,
    repository: () => graph.repository(),
    checkSuite: () => graph.suite(run.suite),
    isRequired: run.name === "grantbox" && world.rules.requiredCheck,
    annotations: (args: Args) =>
      connection("annotations", run.annotations, args, (one) => ({
        __typename: "CheckAnnotation",
        path: one.path,
        annotationLevel: one.annotation_level.toUpperCase(),
        title: one.title,
        message: one.message,
        rawDetails: one.raw_details,
        location: {
          __typename: "CheckAnnotationSpan",
          start: { __typename: "CheckAnnotationPosition", line: one.start_line, column: one.start_column },
          end: { __typename: "CheckAnnotationPosition", line: one.end_line, column: one.end_column },
        },
      })),
  };
}

/** All checks and statuses of a commit as one word. https://docs.github.com/graphql/reference/objects#statuscheckrollup */
export function rollupState(graph: Graph, oid: string): string | undefined {
  const runs = runsOn(graph.world, oid).map((run) =>
    run.status === "completed" ? run.conclusion : "pending",
  );
  const words = [...runs, ...statusesOn(graph.world, oid).map((status) => status.state)];
  if (words.length === 0) return undefined;
  const good = new Set(["success", "neutral", "skipped"]);
  if (words.some((word) => word !== "pending" && !good.has(word ?? ""))) return "FAILURE";
  return words.includes("pending") ? "PENDING" : "SUCCESS";
}
