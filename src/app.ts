import type { Context, Probot } from "probot";
import type { Work } from "./converge/context.ts";
import { isRulePath } from "./converge/rules.ts";
import { parsePullNumber } from "./domain/oid.ts";

/** A repository as an event names it. */
export interface EventRepository {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly installation: number;
}

/** What the app does with an event: nothing but ask for a pass (invariant 8). */
export interface Hints {
  /** Something may have changed in one repository. */
  enqueue(repository: EventRepository, work: Work): void;
  /** Something may have changed anywhere, also where the app is installed. */
  discover(): void;
  /** Whether an account is the app itself: what it did it need not be told. Never used to allow anything. */
  isSelf(login: string): boolean;
}

/** What the table reads of a payload. Nothing is certain to be there: old servers and forged bodies send less. */
interface Payload {
  readonly sender?: { readonly login?: string };
  readonly installation?: { readonly id?: number };
  readonly repository?: {
    readonly name?: string;
    readonly default_branch?: string;
    readonly owner?: { readonly login?: string };
  };
  readonly pull_request?: { readonly number?: number };
  readonly issue?: { readonly number?: number; readonly pull_request?: unknown };
  readonly check_run?: { readonly pull_requests?: readonly { readonly number?: number }[] };
  readonly action?: string;
  readonly client_payload?: unknown;
  readonly ref?: string;
  readonly forced?: boolean;
  readonly commits?: readonly {
    readonly added?: readonly string[];
    readonly modified?: readonly string[];
    readonly removed?: readonly string[];
  }[];
}

const request = (number: number | undefined): Work[] => {
  const pull = parsePullNumber(number ?? 0);
  return pull === null ? [] : [{ kind: "request", pull }];
};
const everything: Work[] = [{ kind: "sweep" }];

/**
 * Which event asks for what: the whole table. A handler reads from its event only where to look, never what is true
 * there, and returns at once: GitHub waits 10 s for an answer and never sends a delivery again by itself
 * (https://docs.github.com/webhooks → "Best practices for using webhooks").
 */
const hints: readonly { readonly on: EventName; readonly work: (payload: Payload) => Work[] }[] = [
  ...(
    [
      "pull_request.opened",
      "pull_request.reopened",
      "pull_request.synchronize",
      "pull_request.edited",
      "pull_request.closed",
      "pull_request.ready_for_review",
      "pull_request.converted_to_draft",
    ] as const
  ).map((on) => ({ on, work: ({ pull_request: pull }: Payload) => request(pull?.number) })),
  { on: "pull_request_review", work: ({ pull_request: pull }) => request(pull?.number) },
  {
    on: "issue_comment",
    work: ({ issue }) => (issue?.pull_request === undefined ? [] : request(issue.number)),
  },
  {
    on: "check_run.rerequested",
    work: ({ check_run: run }) => (run?.pull_requests ?? []).flatMap(({ number }) => request(number)),
  },
  { on: "issues.closed", work: () => everything },
  { on: "issues.reopened", work: () => everything },
  { on: "repository_dispatch", work: dispatched },
  { on: "push", work: pushed },
  { on: "repository", work: () => everything },
  { on: "repository_ruleset", work: () => everything },
  { on: "branch_protection_rule", work: () => everything },
  { on: "member", work: () => everything },
];

/** Events without a repository: whoever left a team may have been an approver anywhere. */
const everywhere: readonly EventName[] = [
  "membership",
  "team",
  "organization",
  "installation",
  "installation_repositories",
];

type EventName = Parameters<Probot["on"]>[0] extends infer T ? Extract<T, string> : never;

function pushed({ ref, repository, commits, forced }: Payload): Work[] {
  const branch = ref?.replace(/^refs\/heads\//, "");
  if (branch !== repository?.default_branch && branch !== "grantbox-journal") return [];
  const paths = (commits ?? []).flatMap(({ added = [], modified = [], removed = [] }) => [
    ...added,
    ...modified,
    ...removed,
  ]);
  // GitHub lists at most 2,048 commits of a push: a long one may have changed a rule unseen
  const mayChangeRules = forced === true || paths.some(isRulePath) || (commits?.length ?? 0) >= 2048;
  return mayChangeRules ? everything : [{ kind: "grants" }];
}

/**
 * What another system says of a case. The one event that is more than a hint: GitHub keeps it nowhere, so whoever sends
 * it sends it again until the journal has it (docs/operating.md, "Announce a case").
 */
function dispatched({ action, client_payload: said }: Payload): Work[] {
  if (action !== "grantbox-case" || typeof said !== "object" || said === null) return [];
  const text = (name: string) => {
    const value: unknown = Reflect.get(said, name);
    return typeof value === "string" && value.length <= 200 ? value : "";
  };
  const announcement = {
    system: text("system"),
    id: text("id"),
    state: text("state"),
    at: text("at"),
    signature: text("signature"),
  };
  return [{ kind: "announcement", announcement }];
}

/** The Probot app: every event ends in asking for a pass over what it may have changed. */
export function grantboxApp({ enqueue, discover, isSelf }: Hints): (probot: Probot) => void {
  return (probot) => {
    for (const { on, work } of hints) {
      probot.on(on, (context: Context) => {
        const payload = payloadOf(context);
        const repository = repositoryOf(payload);
        if (repository === null || isSelf(payload.sender?.login ?? "")) return;
        for (const item of work(payload)) enqueue(repository, item);
      });
    }
    for (const on of everywhere) {
      probot.on(on, () => discover());
    }
  };
}

/** The payload as the table reads it; the library types it by event, which a table of all events cannot use. */
function payloadOf({ payload }: Context): Payload {
  return payload as unknown as Payload;
}

function repositoryOf({ repository, installation }: Payload): EventRepository | null {
  const { name, default_branch: defaultBranch, owner } = repository ?? {};
  const login = owner?.login;
  const id = installation?.id;
  if (name === undefined || defaultBranch === undefined || login === undefined || id === undefined)
    return null;
  return { owner: login, name, defaultBranch, installation: id };
}
