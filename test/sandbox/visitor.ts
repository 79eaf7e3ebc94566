import { execFile } from "node:child_process";
import { createSign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { matchRoute } from "../../src/sandbox/rest.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { wrongInEvent, wrongInRequest, wrongInResponse } from "./description.ts";

const run = promisify(execFile);

/** A small lockbox, so that no test depends on the starter policies. */
const lockboxFiles = {
  ".github/CODEOWNERS": [
    "* @acme/administrators",
    "/grants/ @acme/storage-owners",
    "/policies/ @acme/administrators",
    "",
  ].join("\n"),
  "policies/settings.yaml": "kind: Settings\n",
};

/** A sandbox whose every event is judged by GitHub's description as it is made. */
export async function openSandbox(
  options: Partial<Parameters<typeof startSandbox>[0]> = {},
): Promise<Sandbox> {
  const sandbox = await startSandbox({ seed: "/nonexistent", seedFiles: lockboxFiles, ...options });
  sandbox.onEvent((event, payload) => {
    const wrong = wrongInEvent(event, JSON.parse(JSON.stringify(payload)));
    if (wrong.length > 0)
      throw new Error(`${event}.${String(payload.action)} is not as GitHub sends it: ${wrong.join("; ")}`);
  });
  return sandbox;
}

export type Reply = {
  status: number;
  body: Record<string, unknown>;
  list: Record<string, unknown>[];
  headers: Headers;
};

/** Somebody with a token: every call is judged by GitHub's description, request and response. */
export class Visitor {
  readonly sandbox: Sandbox;
  readonly authorization: string;

  constructor(sandbox: Sandbox, authorization: string) {
    this.sandbox = sandbox;
    this.authorization = authorization;
  }

  async rest(
    method: string,
    route: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.sandbox.api}${route}`, {
      method,
      headers: { authorization: this.authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    const value: unknown = text === "" ? undefined : isJson ? JSON.parse(text) : text;
    const match = matchRoute(method, new URL(route, "http://x").pathname);
    if (match !== undefined && response.status !== 304 && isJson) {
      const id = match.route.operation;
      const wrong = wrongInResponse(id, response.status, value);
      if (response.ok) wrong.push(...wrongInRequest(id, body).map((one) => `request: ${one}`));
      if (wrong.length > 0)
        throw new Error(`${id} ${response.status} is not as GitHub has it: ${wrong.join("; ")}\n${text}`);
    }
    return {
      status: response.status,
      body: typeof value === "object" && value !== null ? { ...value } : {},
      list: Array.isArray(value) ? value : [],
      headers: response.headers,
    };
  }

  /** In the repository: `repo("GET", "/pulls")`. */
  repo(method: string, route: string, body?: unknown): Promise<Reply> {
    return this.rest(method, `/repos/acme/lockbox${route}`, body);
  }

  async graphql(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlReply> {
    const response = await fetch(this.sandbox.graphql, {
      method: "POST",
      headers: { authorization: this.authorization },
      body: JSON.stringify({ query, variables }),
    });
    const reply: GraphqlReply = { data: null, errors: [] };
    return Object.assign(reply, await response.json());
  }
}

export type GraphqlReply = {
  // A test reads paths of an answer whose shape its own query has fixed.
  data: Record<string, unknown> | null;
  errors: { type?: string; message: string; path?: (string | number)[] }[];
};

export function as(sandbox: Sandbox, login: string): Visitor {
  return new Visitor(sandbox, `token ${tokenOf(sandbox, login)}`);
}

function tokenOf(sandbox: Sandbox, login: string): string {
  const user = sandbox.users.find((one) => one.login === login);
  if (user === undefined) throw new Error(`nobody is called ${login}`);
  return user.token;
}

/** The app with its JWT. */
export function asApp(sandbox: Sandbox): Visitor {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 30, exp: now + 300, iss: String(sandbox.app.id) })}`;
  const signature = createSign("RSA-SHA256").update(head).sign(sandbox.app.privateKey, "base64url");
  return new Visitor(sandbox, `bearer ${head}.${signature}`);
}

/** The app with an installation token, with all or only some of its permissions. */
export async function asInstallation(
  sandbox: Sandbox,
  permissions?: Record<string, string>,
): Promise<Visitor> {
  const route = `/app/installations/${sandbox.app.installationId}/access_tokens`;
  const reply = await asApp(sandbox).rest("POST", route, permissions === undefined ? {} : { permissions });
  return new Visitor(sandbox, `token ${String(reply.body.token)}`);
}

/** A value deep inside an answer. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found: unknown = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** A person's own clone, made and used with the real git program. */
export class Clone {
  readonly folder: string;
  readonly login: string;

  private constructor(folder: string, login: string) {
    this.folder = folder;
    this.login = login;
  }

  static async of(sandbox: Sandbox, login: string): Promise<Clone> {
    const folder = mkdtempSync(path.join(tmpdir(), "grantbox-clone-"));
    const url = sandbox.git.replace("http://", `http://${login}:${tokenOf(sandbox, login)}@`);
    await run("git", ["clone", "--quiet", url, folder]);
    return new Clone(folder, login);
  }

  /** Runs git; what it prints, and whether it succeeded. */
  async git(...args: string[]): Promise<{ ok: boolean; text: string }> {
    const identity = ["-c", `user.name=${this.login}`, "-c", `user.email=${this.login}@acme.example`];
    try {
      const done = await run("git", ["-C", this.folder, ...identity, ...args]);
      return { ok: true, text: done.stdout + done.stderr };
    } catch (error) {
      return { ok: false, text: String(at(error, "stderr")) };
    }
  }

  /** Commits one file and pushes the branch. */
  async push(branch: string, file: string, content: string): Promise<{ ok: boolean; text: string }> {
    const switched = await this.git("checkout", "--quiet", branch);
    if (!switched.ok) await this.git("checkout", "--quiet", "-b", branch);
    const { mkdirSync } = await import("node:fs");
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), content);
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", `Change ${file}`);
    return this.git("push", "--quiet", "origin", branch);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Puts one file on a new branch and opens a pull request of it, by the API. */
export async function request(
  who: Visitor,
  branch: string,
  file = `grants/azure.storage/${branch}.yaml`,
): Promise<{ number: number; head: string }> {
  const main = who.sandbox.tip("main");
  await who.repo("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: main });
  const content = Buffer.from(`kind: Grant\nid: ${branch}\n`).toString("base64");
  await who.repo("PUT", `/contents/${file}`, { message: `Ask for ${branch}`, content, branch });
  const reply = await who.repo("POST", "/pulls", { title: `Grant ${branch}`, head: branch, base: "main" });
  return { number: Number(reply.body.number), head: String(at(reply.body, "head", "sha")) };
}
