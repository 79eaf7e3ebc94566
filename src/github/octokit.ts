import { ProbotOctokit } from "probot";
import { forgeErrorOf, notUnderstood } from "./failure.ts";
import { attempt } from "./outcome.ts";
import { TokenCache } from "./tokens.ts";

/** GitHub's own limit for a request is 10 s; a proxy that swallows an answer must not hold a job for longer than this. */
const TIMEOUT_MS = 20_000;

export type Octokit = ProbotOctokit;

/**
 * The two clients of one installation. `calls` spaces its requests as GitHub asks of writes (at least 1 s apart,
 * 3 s where people are notified); `queries` does not, since reads have no such limit and a GraphQL query, being a
 * POST, would be spaced as a write.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export interface Clients {
  readonly calls: Octokit;
  readonly queries: Octokit;
}

export type Log = (message: string, details?: Readonly<Record<string, unknown>>) => void;

export interface GitHubOptions {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** Base of the REST API: `https://api.github.com`, or `https://host/api/v3` of an Enterprise Server. */
  readonly baseUrl: string;
  /** Whether writes are spaced as GitHub asks; off for a sandbox. */
  readonly throttle: boolean;
  readonly log: Log;
  /** Aborts every call that is under way, when the process stops. */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly userAgent?: string;
  readonly timeoutMs?: number;
}

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
}

/** The GitHub App: whom it acts for, and a client for each. Methods that ask GitHub throw `ForgeError`. */
export interface GitHub {
  /** The clients of an installation, always the same ones: each installation is throttled by itself. */
  forInstallation(id: number): Clients;
  /** Where the app is installed and not suspended. */
  installations(): Promise<readonly { readonly id: number; readonly account: string }[]>;
  /** The repositories of an installation that can still be written to. */
  repositories(installation: number): Promise<readonly RepositoryName[]>;
  /** The installation on one repository; null where the app is not installed. */
  installationOf(owner: string, name: string): Promise<number | null>;
  /** A token for Git over HTTPS, with the user name `x-access-token`. */
  installationToken(installation: number): Promise<string>;
  /** The login that the app acts under: `<slug>[bot]`. */
  botLogin(): Promise<string>;
}

/** Octokit for a GitHub App. Nothing is sent before it is asked for. */
export function createGitHub(options: GitHubOptions): GitHub {
  const installed = new Map<number, Clients>();
  const { appId, privateKey } = options;
  const app = client(options, { id: "app", throttle: options.throttle, auth: { appId, privateKey } });
  const forInstallation = (id: number): Clients => {
    const known = installed.get(id);
    if (known !== undefined) return known;
    const cache = new TokenCache();
    const build = (throttle: boolean): Octokit => {
      const octokit = client(options, {
        id: String(id),
        throttle,
        auth: { appId, privateKey, installationId: id, cache },
      });
      octokit.hook.error("request", (error) => {
        if ("status" in error && error.status === 401) cache.forget();
        throw error;
      });
      return octokit;
    };
    const clients = { calls: build(options.throttle), queries: build(false) };
    installed.set(id, clients);
    return clients;
  };
  return {
    forInstallation,
    installations: () =>
      told("list the installations of the app", async () => {
        const all = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
        return all
          .filter(({ suspended_at }) => !suspended_at)
          .map(({ id, account }) => ({ id, account: nameOf(account) }));
      }),
    repositories: (installation) =>
      told("list the repositories of an installation", async () => {
        const { queries } = forInstallation(installation);
        const all = await queries.paginate(queries.rest.apps.listReposAccessibleToInstallation, {
          per_page: 100,
        });
        return all
          .filter(({ archived, disabled }) => !archived && !disabled)
          .map(({ owner, name, default_branch }) => ({
            owner: owner.login,
            name,
            defaultBranch: default_branch,
          }));
      }),
    async installationOf(owner, name) {
      const answer = await attempt("installation", "ask where the app is installed", () =>
        app.rest.apps.getRepoInstallation({ owner, repo: name }),
      );
      return answer.ok ? answer.data.id : null;
    },
    installationToken: (installation) =>
      told("get a token for Git", async () => {
        const { queries } = forInstallation(installation);
        const granted: unknown = await queries.auth({ type: "installation", installationId: installation });
        if (typeof granted === "object" && granted !== null && "token" in granted) {
          if (typeof granted.token === "string") return granted.token;
        }
        throw notUnderstood("get a token for Git");
      }),
    botLogin: () =>
      told("read the app's own name", async () => {
        const { data } = await app.rest.apps.getAuthenticated();
        if (data === null || data.slug === undefined) throw notUnderstood("read the app's own name");
        return `${data.slug}[bot]`;
      }),
  };
}

/** The clients of a person or a workflow with a token of their own; nothing of theirs is throttled. */
export function clientsWithToken(
  token: string,
  options: Pick<GitHubOptions, "baseUrl" | "log" | "signal">,
): Clients {
  const octokit = client({ ...options, throttle: false }, { id: "token", throttle: false, auth: { token } });
  return { calls: octokit, queries: octokit };
}

interface ClientOptions {
  /**
   * What calls are throttled by. Without it the plugin throttles all installations of the process as one: 1 write a
   * second and one notification every 3 s for everybody (github.md, fact 2).
   */
  readonly id: string;
  readonly throttle: boolean;
  readonly auth: Readonly<Record<string, unknown>>;
}

function client(
  options: Omit<GitHubOptions, "appId" | "privateKey">,
  { id, throttle, auth }: ClientOptions,
): Octokit {
  const quiet = () => undefined;
  return new ProbotOctokit({
    baseUrl: options.baseUrl,
    auth,
    userAgent: options.userAgent ?? "grantbox",
    log: {
      debug: quiet,
      info: quiet,
      warn: (message: string) => options.log("octokit warns", { message }),
      error: (message: string) => options.log("octokit reports an error", { message }),
    },
    // The caller converges and comes again. Left to the plugin, one refused merge is 4 PUTs over 19 s (github.md, fact 1).
    retry: { enabled: false },
    throttle: throttle
      ? // waiting for a limit inside would hold a job for up to an hour (github.md §1.5)
        { enabled: true, id, onRateLimit: () => false, onSecondaryRateLimit: () => false }
      : { enabled: false },
    request: { fetch: boundedFetch(options) },
  });
}

/** `fetch` that gives up after a time or when the process stops, while it waits for the answer or reads it. */
function boundedFetch({
  fetch,
  timeoutMs = TIMEOUT_MS,
  signal,
}: Pick<GitHubOptions, "fetch" | "timeoutMs" | "signal">): typeof globalThis.fetch {
  return (input, init) => {
    const signals = [AbortSignal.timeout(timeoutMs), signal, init?.signal].filter((one) => one != null);
    return (fetch ?? globalThis.fetch)(input, { ...init, signal: AbortSignal.any(signals) });
  };
}

async function told<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw forgeErrorOf(error, doing);
  }
}

function nameOf(account: unknown): string {
  if (typeof account !== "object" || account === null) return "";
  if ("login" in account) return String(account.login);
  return "slug" in account ? String(account.slug) : "";
}
