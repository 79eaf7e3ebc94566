import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { SandboxUser } from "./face.ts";

const run = promisify(execFile);

/** Where a visitor goes: what the sandbox prints of itself, and no more. */
export type Address = {
  api: string;
  git: string;
  org: string;
  repo: string;
  users: readonly SandboxUser[];
};

/** A pull request as a person sees it in a browser. */
export type SeenPull = {
  state: "open" | "closed";
  merged: boolean;
  title: string;
  body: string | null;
  head: { sha: string; ref: string };
};

export type SeenCheck = {
  status: string;
  conclusion: string | null;
  title: string;
  summary: string;
  annotations: { path: string; line: number; title: string; message: string }[];
};

/** Files to write, by path; null takes the file away. */
export type Files = Readonly<Record<string, string | null>>;

/** A commit made with git: its message, the login whose name it bears, and a file with an SSH key that signs it. */
export type PushedCommit = { message?: string; as?: string; force?: boolean; signingKey?: string };

/** A commit made on the site: its message, and whom it names. */
export type WebCommit = {
  message?: string;
  author?: { name: string; email: string };
  committer?: { name: string; email: string };
};

/** A person at the sandbox, doing with token and git program what people do in a browser and at a prompt. */
export class Visitor {
  readonly login: string;
  readonly #address: Address;
  readonly #token: string;

  constructor(login: string, address: Address) {
    const user = address.users.find((one) => one.login === login);
    if (user === undefined) throw new Error(`nobody at the sandbox is called ${login}`);
    this.login = login;
    this.#address = address;
    this.#token = user.token;
  }

  /** A call of the REST API below the repository; throws GitHub's message when it refuses. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { api, org, repo } = this.#address;
    const response = await fetch(`${api}/repos/${org}/${repo}/${path}`, {
      method,
      headers: { authorization: `token ${this.#token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: unknown = text === "" ? null : JSON.parse(text);
    if (!response.ok) throw new Refused(response.status, String(record(value).message));
    return value;
  }

  /** Commits files on a branch with the real git program and pushes it; the branch starts at main, or goes on. */
  async pushes(branch: string, files: Files, commit: PushedCommit = {}): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "grantbox-clone-"));
    const git = (...words: string[]) =>
      run("git", words, { cwd: folder, env: environment(commit.as ?? this.login) });
    await git("clone", "--quiet", this.cloneUrl(), ".");
    const exists = (await git("ls-remote", "--heads", "origin", branch)).stdout !== "";
    if (exists && commit.force !== true) await git("checkout", "--quiet", branch);
    else await git("checkout", "--quiet", "-b", branch);
    for (const [path, content] of Object.entries(files)) {
      if (content === null) {
        await git("rm", "--quiet", "--", path);
        continue;
      }
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    await git("add", "--all");
    const { signingKey } = commit;
    const signing =
      signingKey === undefined ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${signingKey}`];
    const sign = signingKey === undefined ? [] : ["--gpg-sign"];
    await git(
      ...signing,
      "commit",
      ...sign,
      "--quiet",
      "-m",
      commit.message ?? `Change ${Object.keys(files).join(", ")}`,
    );
    await git(
      "push",
      "--quiet",
      ...(commit.force === true ? ["--force"] : []),
      "origin",
      `HEAD:refs/heads/${branch}`,
    );
    return (await git("rev-parse", "HEAD")).stdout.trim();
  }

  /** Takes the last commits off a branch and force-pushes it. */
  async rewinds(branch: string, commits: number): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "grantbox-clone-"));
    const git = (...words: string[]) => run("git", words, { cwd: folder, env: environment(this.login) });
    await git("clone", "--quiet", this.cloneUrl(), ".");
    await git("push", "--quiet", "--force", "origin", `origin/${branch}~${commits}:refs/heads/${branch}`);
  }

  /** Commits files on a branch as the site's editor does, one commit a file; the branch starts at main, or goes on. */
  async writes(branch: string, files: Files, commit: WebCommit = {}): Promise<void> {
    const exists = await this.call("GET", `git/ref/heads/${branch}`).then(
      () => true,
      () => false,
    );
    if (!exists) {
      const main = record(record(await this.call("GET", "git/ref/heads/main")).object);
      await this.call("POST", "git/refs", { ref: `refs/heads/${branch}`, sha: main.sha });
    }
    for (const [path, content] of Object.entries(files)) {
      const known = await this.call("GET", `contents/${path}?ref=${branch}`).then(record, () => null);
      const sha = known === null ? {} : { sha: known.sha };
      const message = commit.message ?? `Change ${path}`;
      const people = {
        ...(commit.author ? { author: commit.author } : {}),
        ...(commit.committer ? { committer: commit.committer } : {}),
      };
      if (content === null)
        await this.call("DELETE", `contents/${path}`, { message, branch, ...sha, ...people });
      else {
        const encoded = Buffer.from(content).toString("base64");
        await this.call("PUT", `contents/${path}`, { message, branch, content: encoded, ...sha, ...people });
      }
    }
  }

  /** The address of the repository with this person's token in it, for `git clone`. */
  cloneUrl(): string {
    const url = new URL(this.#address.git);
    url.username = this.login;
    url.password = this.#token;
    return url.href;
  }

  async opens(
    branch: string,
    title: string,
    options: { base?: string; draft?: boolean; body?: string } = {},
  ): Promise<number> {
    const { base = "main", ...rest } = options;
    return Number(record(await this.call("POST", "pulls", { head: branch, base, title, ...rest })).number);
  }

  async reviews(pull: number, event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT", body = ""): Promise<number> {
    return Number(record(await this.call("POST", `pulls/${pull}/reviews`, { event, body })).id);
  }

  async approves(pull: number, body = ""): Promise<number> {
    return this.reviews(pull, "APPROVE", body);
  }

  async dismisses(pull: number, review: number, message = "not any more"): Promise<void> {
    await this.call("PUT", `pulls/${pull}/reviews/${review}/dismissals`, { message });
  }

  async comments(pull: number, body: string): Promise<number> {
    return Number(record(await this.call("POST", `issues/${pull}/comments`, { body })).id);
  }

  async editsComment(comment: number, body: string): Promise<void> {
    await this.call("PATCH", `issues/comments/${comment}`, { body });
  }

  async merges(pull: number, message: { title?: string; body?: string } = {}): Promise<void> {
    const body = { merge_method: "squash", commit_title: message.title, commit_message: message.body };
    await this.call("PUT", `pulls/${pull}/merge`, body);
  }

  async closes(pull: number): Promise<void> {
    await this.call("PATCH", `pulls/${pull}`, { state: "closed" });
  }

  async reopens(pull: number): Promise<void> {
    await this.call("PATCH", `pulls/${pull}`, { state: "open" });
  }

  async sees(pull: number): Promise<SeenPull> {
    const { state, merged, title, body, head } = record(await this.call("GET", `pulls/${pull}`));
    const { sha, ref } = record(head);
    return {
      state: state === "open" ? "open" : "closed",
      merged: merged === true,
      title: String(title),
      body: typeof body === "string" ? body : null,
      head: { sha: String(sha), ref: String(ref) },
    };
  }

  /** Pull requests, newest first. */
  async seesPulls(state: "open" | "closed" | "all" = "open"): Promise<{ number: number; title: string }[]> {
    const list = await this.call("GET", `pulls?state=${state}&per_page=100`);
    return rows(list).map(({ number, title }) => ({ number: Number(number), title: String(title) }));
  }

  async opensIssue(title: string): Promise<number> {
    return Number(record(await this.call("POST", "issues", { title })).number);
  }

  async closesIssue(issue: number): Promise<void> {
    await this.call("PATCH", `issues/${issue}`, { state: "closed" });
  }

  async reopensIssue(issue: number): Promise<void> {
    await this.call("PATCH", `issues/${issue}`, { state: "open" });
  }

  /** Sends the app an event of its own kind, as another system does. */
  async dispatches(type: string, said: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call("POST", "dispatches", { event_type: type, client_payload: said });
  }

  /** Issues that are no pull requests. */
  async seesIssues(): Promise<{ number: number; title: string; body: string }[]> {
    return rows(await this.call("GET", "issues?state=all&per_page=100"))
      .filter((issue) => issue.pull_request === undefined)
      .map(({ number, title, body }) => ({
        number: Number(number),
        title: String(title),
        body: String(body),
      }));
  }

  async seesComments(pull: number): Promise<{ by: string; body: string }[]> {
    return rows(await this.call("GET", `issues/${pull}/comments?per_page=100`)).map(({ user, body }) => ({
      by: String(record(user).login),
      body: String(body),
    }));
  }

  async seesLabels(pull: number): Promise<string[]> {
    return rows(record(await this.call("GET", `issues/${pull}`)).labels).map(({ name }) => String(name));
  }

  /** Who is asked to review: logins, and slugs of teams. */
  async seesRequested(pull: number): Promise<string[]> {
    const { users, teams } = record(await this.call("GET", `pulls/${pull}/requested_reviewers`));
    return [
      ...rows(users).map(({ login }) => String(login)),
      ...rows(teams).map(({ slug }) => `team:${String(slug)}`),
    ].sort();
  }

  /** The latest check run of a name on the head of a pull request; null when there is none. */
  async seesCheck(pull: number, name = "grantbox"): Promise<SeenCheck | null> {
    const { head } = await this.sees(pull);
    const list = record(await this.call("GET", `commits/${head.sha}/check-runs?check_name=${name}`));
    const [latest] = rows(list.check_runs);
    if (latest === undefined) return null;
    const output = record(latest.output);
    const annotations = rows(await this.call("GET", `check-runs/${String(latest.id)}/annotations`));
    return {
      status: String(latest.status),
      conclusion: typeof latest.conclusion === "string" ? latest.conclusion : null,
      title: String(output.title),
      summary: String(output.summary),
      annotations: annotations.map((one) => ({
        path: String(one.path),
        line: Number(one.start_line),
        title: String(one.title),
        message: String(one.message),
      })),
    };
  }
}

/** GitHub said no. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function rows(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function environment(login: string): NodeJS.ProcessEnv {
  const email = `${login}@acme.example`;
  return {
    PATH: process.env.PATH,
    HOME: tmpdir(),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: login,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: login,
    GIT_COMMITTER_EMAIL: email,
  };
}
