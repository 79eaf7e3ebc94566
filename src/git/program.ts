import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { devNull } from "node:os";
import { StringDecoder } from "node:string_decoder";
import { ForgeError } from "../ports/forge.ts";

/**
 * Nobody's own configuration, and nothing that makes an object look like another: no replace refs, no grafts, no
 * fetching of what is missing. Source: git(1), "Environment Variables".
 */
const environment = {
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: devNull,
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: devNull,
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  // a long walk is written in large pieces, not commit by commit
  GIT_FLUSH: "0",
} as const;

/**
 * Only plumbing is called, which heeds no `log.*`, `diff.*` or `gpg.*` of the repository's own configuration. A commit
 * graph is a second copy of parents and trees that no hash protects: not read.
 */
const options = [
  "--no-replace-objects",
  "--no-pager",
  "-c",
  "core.commitGraph=false",
  // what it says of the file of grafts above would come before what is wrong
  "-c",
  "advice.graftFileDeprecated=false",
] as const;

/** Whether this machine has a git program. */
export function hasGit(): boolean {
  return spawnSync("git", ["--version"], { env: variables(), stdio: "ignore" }).status === 0;
}

/** Starts git on a repository; `fail` tells what went wrong once it has ended. */
export function startGit(gitDir: string, args: readonly string[]): GitRun {
  const child = spawn("git", [...options, `--git-dir=${gitDir}`, ...args], { env: variables() });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (complaint.length < 2000) complaint += chunk.toString("utf8");
  });
  // a git that ends early closes its input; what it says on standard error is the news
  child.stdin.on("error", () => undefined);
  const ended = new Promise<ForgeError | null>((resolve) => {
    child.once("error", (error) => resolve(new ForgeError(`git cannot be run: ${error.message}`)));
    child.once("close", (code) => {
      const said = complaint.trim().split("\n", 1)[0] ?? "";
      resolve(
        code === 0
          ? null
          : new ForgeError(`git ${args[0]} failed: ${said === "" ? `exit code ${code}` : said}`),
      );
    });
  });
  return { child, ended };
}

export interface GitRun {
  readonly child: ChildProcessWithoutNullStreams;
  /** Why it failed; null when it ended well. */
  readonly ended: Promise<ForgeError | null>;
}

/** What git prints, as text; no character is cut in two. */
export async function* textOf(run: GitRun): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  for await (const chunk of chunksOf(run)) yield decoder.write(chunk);
}

/** What git prints, in portions that end where a NUL ends a field; what follows the last one is no field. */
export async function* fieldsOf(run: GitRun): AsyncGenerator<readonly string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(run)) {
    const end = chunk.lastIndexOf(0);
    if (end === -1) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    // a NUL is no part of any character, so that no character is cut in two
    const whole = Buffer.concat([rest, chunk.subarray(0, end)]).toString("utf8");
    rest = chunk.subarray(end + 1);
    yield whole.split("\0");
  }
}

async function* chunksOf(run: GitRun): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of run.child.stdout as AsyncIterable<Buffer>) yield chunk;
  } finally {
    run.child.kill();
  }
  const failure = await run.ended;
  if (failure !== null) throw failure;
}

function variables(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { ...environment, ...(PATH === undefined ? {} : { PATH }), ...(SystemRoot ? { SystemRoot } : {}) };
}
