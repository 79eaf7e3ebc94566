import { execFileSync } from "node:child_process";
import { type Oid, oid, type PullNumber, parsePullNumber } from "../../src/domain/oid.ts";
import { instantOf } from "../../src/domain/time.ts";
import { githubForge } from "../../src/github/forge.ts";
import { createGitHub } from "../../src/github/octokit.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import type { ForgeWorld } from "../contracts/forge.ts";

const files = {
  ".github/CODEOWNERS": "* @acme/administrators\n/grants/ @acme/storage-owners\n",
  "policies/settings.yaml": "kind: Settings\n",
};

/** The sandbox as a world of the contract: people act through the REST API, the app through the forge. */
export async function sandboxWorld(): Promise<ForgeWorld & { readonly sandbox: Sandbox }> {
  const sandbox = await startSandbox({ seed: "/nonexistent", seedFiles: files });
  sandbox.setRules({ restrictUpdates: false, adminBypass: true });
  const { app, org, repo } = sandbox;
  const github = createGitHub({
    appId: app.id,
    privateKey: app.privateKey,
    baseUrl: sandbox.api,
    throttle: false,
    log: () => undefined,
  });
  const now = () => instantOf(sandbox.now().getTime());
  const forge = githubForge({
    octokit: github.forInstallation(app.installationId),
    owner: org,
    repo,
    appId: app.id,
    now,
  });

  async function call(login: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const token = sandbox.users.find((user) => user.login === login)?.token;
    const response = await fetch(`${sandbox.api}/repos/${org}/${repo}${path}`, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${login} ${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }
  const field = (value: unknown, ...path: readonly string[]): unknown =>
    path.reduce<unknown>(
      (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
      value,
    );
  const list = async (path: string): Promise<readonly unknown[]> => {
    const value = await call("grace", "GET", path);
    return Array.isArray(value) ? value : [];
  };
  const git = (...words: string[]) =>
    execFileSync("git", ["-C", sandbox.gitDir, ...words], { encoding: "utf8" });
  const tip = (branch: string): Oid | null => {
    const found = sandbox.tip(branch);
    return found === undefined ? null : oid(found);
  };
  const branchAt = async (login: string, branch: string, to: Oid): Promise<void> => {
    if (tip(branch) === null)
      await call(login, "POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: to });
    else await call(login, "PATCH", `/git/refs/heads/${branch}`, { sha: to, force: true });
  };
  let told = 0;

  return {
    sandbox,
    forge,
    self: `${app.slug}[bot]`,
    now,
    tip,
    paths: (commit) => git("ls-tree", "-r", "--name-only", commit).split("\n").filter(Boolean),
    message: (commit) => git("log", "-1", "--format=%B", commit).trimEnd(),
    async commits(login, branch, changes, message = "Change") {
      const parent = tip(branch) ?? tip("main");
      const tree = await call(login, "POST", "/git/trees", {
        base_tree: git("rev-parse", `${parent}^{tree}`).trim(),
        tree: Object.entries(changes).map(([path, content]) => ({
          path,
          mode: "100644",
          type: "blob",
          ...(content === null ? { sha: null } : { content }),
        })),
      });
      const commit = await call(login, "POST", "/git/commits", {
        message,
        tree: field(tree, "sha"),
        parents: [parent],
      });
      const made = oid(String(field(commit, "sha")));
      await branchAt(login, branch, made);
      return made;
    },
    moves: branchAt,
    async opens(login, branch) {
      const pull = await call(login, "POST", "/pulls", {
        title: `From ${branch}`,
        head: branch,
        base: "main",
      });
      return numberOf(field(pull, "number"));
    },
    async reviews(login, pull, event) {
      const review = await call(login, "POST", `/pulls/${pull}/reviews`, { event, body: "My word" });
      return Number(field(review, "id"));
    },
    async dismisses(login, pull, review) {
      await call(login, "PUT", `/pulls/${pull}/reviews/${review}/dismissals`, { message: "No" });
    },
    async comments(login, pull, body) {
      return Number(field(await call(login, "POST", `/issues/${pull}/comments`, { body }), "id"));
    },
    async edits(login, comment, body) {
      await call(login, "PATCH", `/issues/comments/${comment}`, { body });
    },
    async closes(login, pull) {
      await call(login, "PATCH", `/pulls/${pull}`, { state: "closed" });
    },
    async changesIssue(login, issue, change) {
      await call(login, "PATCH", `/issues/${issue}`, change);
    },
    async merges(login, pull) {
      const merged = await call(login, "PUT", `/pulls/${pull}/merge`, { merge_method: "squash" });
      return oid(String(field(merged, "sha")));
    },
    async forges(login, commit) {
      await call(login, "POST", `/statuses/${commit}`, { state: "success", context: "grantbox" });
    },
    conversation: async (pull) =>
      (await list(`/issues/${pull}/comments`)).map((one) => ({
        id: Number(field(one, "id")),
        by: String(field(one, "user", "login")),
        body: String(field(one, "body")),
      })),
    async labels(pull) {
      const labels = field(await call("grace", "GET", `/issues/${pull}`), "labels");
      return Array.isArray(labels) ? labels.map((label) => String(field(label, "name"))) : [];
    },
    openIssues: async () =>
      (await list("/issues?state=open"))
        .filter((one) => field(one, "pull_request") === undefined)
        .map((one) => String(field(one, "title"))),
    async checks(commit) {
      const runs = field(await call("grace", "GET", `/commits/${commit}/check-runs`), "check_runs");
      return (Array.isArray(runs) ? runs : []).map((run) => ({
        title: String(field(run, "output", "title")),
        status: String(field(run, "status")),
        conclusion: field(run, "conclusion") === null ? null : String(field(run, "conclusion")),
      }));
    },
    calls() {
      const all = sandbox.calls().map(({ operation }) => operation);
      const since = all
        .slice(told)
        .filter((operation) => operation !== "apps/create-installation-access-token");
      told = all.length;
      return since;
    },
    end: () => sandbox.close(),
  };
}

function numberOf(value: unknown): PullNumber {
  const pull = typeof value === "number" ? parsePullNumber(value) : null;
  if (pull === null) throw new Error(`no pull request: ${String(value)}`);
  return pull;
}
