import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

export type GitOutcome = { code: number; stdout: Buffer; stderr: string };

/** An environment in which nobody's own Git configuration changes what the stand-in does. */
export function gitEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    ...extra,
  };
}

/** Starts the git program on a bare repository. */
export function startGit(
  gitDir: string,
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcessWithoutNullStreams {
  return spawn("git", [...args], { env: gitEnvironment({ GIT_DIR: gitDir, ...env }) });
}

/** Runs the git program to its end. A non-zero exit is an answer, not an exception. */
export function runGit(
  gitDir: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<GitOutcome> {
  const child = startGit(gitDir, args, options.env);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A program that ends before it has read everything closes the pipe; its exit code tells what happened.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
}

/** Runs git where only success makes sense; anything else is a fault of the stand-in itself. */
export async function mustGit(
  gitDir: string,
  args: readonly string[],
  input?: string | Buffer,
): Promise<string> {
  const outcome = await runGit(gitDir, args, input === undefined ? {} : { input });
  if (outcome.code !== 0) throw new Error(`git ${args.join(" ")}: ${outcome.stderr.trim()}`);
  return outcome.stdout.toString("utf8").trim();
}
