import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { type Actor, holds } from "./actor.ts";
import type { CallLog } from "./calls.ts";
import { callerOf } from "./credentials.ts";
import { gitEnvironment } from "./git-program.ts";
import { readBody } from "./http-body.ts";
import { roleIncludes } from "./people.ts";
import { followPush, pushCommands, verdictsFor } from "./receive-pack.ts";
import { Refusal } from "./refusal.ts";
import { fullName, type World } from "./world.ts";

const gitPath = /^\/(?<name>[^/]+\/[^/]+?)(?:\.git)?\/(?<rest>info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a path is one of smart HTTP's. https://git-scm.com/docs/http-protocol */
export function isGitPath(urlPath: string): boolean {
  return gitPath.test(urlPath);
}

/** Serves clone, fetch and push by `git http-backend`, with GitHub's permissions and rules around it. */
export async function serveGit(
  world: World,
  calls: CallLog,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const body = await readBody(request);
  const groups = gitPath.exec(url.pathname)?.groups;
  const rest = groups?.rest ?? "";
  const pushes = rest === "git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
  let actor: Actor;
  try {
    actor = gitActor(world, request);
    if (groups?.name?.toLowerCase() !== fullName(world)) throw new Refusal(404, "Repository not found.");
    checkMay(world, actor, pushes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const ask = error.status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
    response.writeHead(error.status, { "content-type": "text/plain; charset=utf-8", ...ask });
    response.end(`${error.message}\n`);
    return;
  }
  const serve = async () => {
    const commands = rest === "git-receive-pack" ? pushCommands(body) : [];
    const verdicts = verdictsFor(world, actor, commands);
    const answer = await runBackend(world, request, url, rest, body, { actor, pushes, verdicts });
    await followPush(world, actor, commands);
    return answer;
  };
  const answer = rest === "git-receive-pack" ? await world.turn(serve) : await serve();
  if (actor.kind === "app") {
    calls.add("git", {
      at: world.clock.now().toISOString(),
      method: request.method ?? "GET",
      path: url.pathname + url.search,
      operation: `git:${pushes ? "receive-pack" : "upload-pack"}`,
      status: answer.status,
      creating: false,
    });
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

function gitActor(world: World, request: IncomingMessage): Actor {
  const caller = callerOf(world, request.headers);
  if (caller.kind === "jwt") throw new Refusal(401, "Invalid username or token.");
  return caller.actor;
}

function checkMay(world: World, actor: Actor, pushes: boolean): void {
  const denied = new Refusal(403, `Permission to ${fullName(world)}.git denied to ${actor.account.login}.`);
  if (actor.kind === "app") {
    if (!holds(actor.permissions, pushes ? "contents:write" : "contents:read")) throw denied;
    return;
  }
  if (!roleIncludes(actor.account.role, "read")) throw new Refusal(404, "Repository not found.");
  if (pushes && !roleIncludes(actor.account.role, "write")) throw denied;
}

type CgiAnswer = { status: number; headers: Record<string, string>; body: Buffer };

/** Runs the CGI program that comes with Git (github.md §5.3). */
function runBackend(
  world: World,
  request: IncomingMessage,
  url: URL,
  rest: string,
  body: Buffer,
  push: { actor: Actor; pushes: boolean; verdicts: string },
): Promise<CgiAnswer> {
  const child = spawn("git", ["http-backend"], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: path.dirname(world.gitDir),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${path.basename(world.gitDir)}/${rest}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      CONTENT_LENGTH: String(body.length),
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_USER: push.pushes ? push.actor.account.login : "",
      SANDBOX_VERDICTS: push.verdicts,
    }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(body);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () =>
      resolve(cgiAnswer(Buffer.concat(stdout), Buffer.concat(stderr).toString("utf8"))),
    );
  });
}

function cgiAnswer(output: Buffer, complaint: string): CgiAnswer {
  const split = output.indexOf("\r\n\r\n");
  if (split < 0)
    return { status: 500, headers: { "content-type": "text/plain" }, body: Buffer.from(complaint) };
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of output.subarray(0, split).toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "status") status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, body: output.subarray(split + 4) };
}
