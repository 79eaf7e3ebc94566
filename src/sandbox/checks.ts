import type { Actor } from "./actor.ts";
import { checkRunJson } from "./json-check.ts";
import type { Account } from "./people.ts";
import { notFound, Refusal } from "./refusal.ts";
import { announce } from "./webhook-payloads.ts";
import { nextId, type World } from "./world.ts";

export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";

export type CheckConclusion =
  | "action_required"
  | "cancelled"
  | "failure"
  | "neutral"
  | "skipped"
  | "stale"
  | "success"
  | "timed_out";

/** All of one app's check runs on one commit, with the push that brought the commit. */
export type CheckSuite = {
  id: number;
  sha: string;
  branch: string | undefined;
  push: { id: number; pusher: Account; ref: string; from: string } | undefined;
  createdAt: string;
};

export type Annotation = {
  path: string;
  start_line: number;
  end_line: number;
  start_column: number | null;
  end_column: number | null;
  annotation_level: "notice" | "warning" | "failure";
  message: string;
  title: string | null;
  raw_details: string | null;
};

export type CheckRun = {
  id: number;
  suite: CheckSuite;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | undefined;
  externalId: string;
  detailsUrl: string | undefined;
  startedAt: string;
  completedAt: string | undefined;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Annotation[];
};

/** What a caller may set; a member left out stays as it is. */
export type CheckChange = {
  name?: string;
  status?: CheckStatus;
  conclusion?: CheckConclusion;
  externalId?: string;
  detailsUrl?: string;
  startedAt?: string;
  completedAt?: string;
  output?: { title?: string; summary?: string; text?: string; annotations?: readonly Annotation[] };
};

const mostBytes = 65_535;
const mostAnnotations = 50;

/** The app's suite on a commit. GitHub makes one at each push; a run on a commit never pushed makes one too. */
function suiteFor(world: World, sha: string): CheckSuite {
  const known = world.suites.find((suite) => suite.sha === sha);
  if (known !== undefined) return known;
  const suite: CheckSuite = {
    id: nextId(world),
    sha,
    branch: undefined,
    push: undefined,
    createdAt: world.clock.stamp(),
  };
  world.suites.push(suite);
  return suite;
}

/** Notes which push brought a commit to which branch: the first that did. */
export function suiteOfPush(world: World, sha: string, branch: string, push: CheckSuite["push"]): void {
  const suite = suiteFor(world, sha);
  suite.branch ??= branch;
  suite.push ??= push;
}

export function findRun(world: World, id: number): CheckRun {
  const run = world.runs.get(id);
  if (run === undefined) throw notFound();
  return run;
}

/** Runs on a commit, oldest first. */
export function runsOn(world: World, sha: string): CheckRun[] {
  return [...world.runs.values()].filter((run) => run.suite.sha === sha);
}

/** Whether the newest run of that name on the commit lets a merge pass. Only the app can make runs. */
export function greenCheck(world: World, sha: string, name: string): boolean {
  const newest = runsOn(world, sha).findLast((run) => run.name === name);
  return (
    newest?.status === "completed" &&
    (newest.conclusion === "success" || newest.conclusion === "neutral" || newest.conclusion === "skipped")
  );
}

/** Makes a check run. https://docs.github.com/rest/checks/runs#create-a-check-run */
export async function createRun(
  world: World,
  actor: Actor,
  name: string,
  sha: string,
  change: CheckChange,
): Promise<CheckRun> {
  if (actor.kind !== "app") throw new Refusal(403, "You must authenticate via a GitHub App.");
  if ((await world.objects.commit(sha)) === undefined)
    throw new Refusal(422, `No commit found for SHA: ${sha}`);
  checkLimits(change);
  const run: CheckRun = {
    id: nextId(world),
    suite: suiteFor(world, sha),
    name,
    status: "queued",
    conclusion: undefined,
    externalId: "",
    detailsUrl: undefined,
    startedAt: world.clock.stamp(),
    completedAt: undefined,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  };
  applyChange(world, run, change);
  world.runs.set(run.id, run);
  tell(world, actor.account, run, "created");
  if (run.status === "completed") tell(world, actor.account, run, "completed");
  return run;
}

/** Changes a check run; annotations are added to those it has. https://docs.github.com/rest/checks/runs#update-a-check-run */
export async function updateRun(
  world: World,
  actor: Actor,
  run: CheckRun,
  change: CheckChange,
): Promise<void> {
  if (actor.kind !== "app") throw new Refusal(403, "You must authenticate via a GitHub App.");
  checkLimits(change);
  const before = run.status;
  applyChange(world, run, change);
  if (run.status === "completed" && before !== "completed") tell(world, actor.account, run, "completed");
}

/** Asks the app to check again. https://docs.github.com/rest/checks/runs#rerequest-a-check-run */
export async function rerequestRun(world: World, actor: Actor, run: CheckRun): Promise<void> {
  tell(world, actor.account, run, "rerequested");
}

function applyChange(world: World, run: CheckRun, change: CheckChange): void {
  run.name = change.name ?? run.name;
  run.externalId = change.externalId ?? run.externalId;
  run.detailsUrl = change.detailsUrl ?? run.detailsUrl;
  run.startedAt = change.startedAt ?? run.startedAt;
  run.title = change.output?.title ?? run.title;
  run.summary = change.output?.summary ?? run.summary;
  run.text = change.output?.text ?? run.text;
  run.annotations.push(...(change.output?.annotations ?? []));
  // A conclusion ends the run, and any other status takes the conclusion back.
  const status = change.conclusion === undefined ? change.status : "completed";
  if (status === undefined) return;
  run.status = status;
  run.conclusion = status === "completed" ? (change.conclusion ?? run.conclusion) : undefined;
  run.completedAt = status === "completed" ? (change.completedAt ?? world.clock.stamp()) : undefined;
}

function checkLimits(change: CheckChange): void {
  if (change.status === "completed" && change.conclusion === undefined) {
    throw new Refusal(422, "Invalid request.\n\nIf status is completed, conclusion must be set.");
  }
  for (const field of ["summary", "text"] as const) {
    if (Buffer.byteLength(change.output?.[field] ?? "") > mostBytes) {
      throw new Refusal(
        422,
        "Invalid request.\n\nOnly 65535 characters are allowed; the output exceeds a maximum bytesize.",
      );
    }
  }
  const count = change.output?.annotations?.length ?? 0;
  if (count > mostAnnotations) {
    throw new Refusal(
      422,
      `Invalid request.\n\nNo more than ${mostAnnotations} items are allowed; ${count} were supplied.`,
    );
  }
}

function tell(
  world: World,
  sender: Account,
  run: CheckRun,
  action: "created" | "completed" | "rerequested",
): void {
  announce(world, sender, "check_run", action, { check_run: checkRunJson(world, run, "webhook") });
}
