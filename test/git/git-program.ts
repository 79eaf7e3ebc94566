import { spawnSync } from "node:child_process";

/** Runs the real git program, free of anybody's own configuration; throws unless it succeeds. */
export function git(cwd: string, args: readonly string[], options: GitOptions = {}): string {
  return gitBytes(cwd, args, options).toString("utf8");
}

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export function gitBytes(cwd: string, args: readonly string[], { input, env }: GitOptions = {}): Buffer {
  const result = spawnSync("git", args, {
    cwd,
    ...(input === undefined ? {} : { input }),
    maxBuffer: 2 ** 30,
    env: {
      PATH: process.env.PATH,
      HOME: "/nonexistent",
      LC_ALL: "C",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Alice",
      GIT_AUTHOR_EMAIL: "alice@example.org",
      GIT_COMMITTER_NAME: "Alice",
      GIT_COMMITTER_EMAIL: "alice@example.org",
      GIT_AUTHOR_DATE: "2026-11-24T10:00:00Z",
      GIT_COMMITTER_DATE: "2026-11-24T10:00:00Z",
      ...env,
    },
  });
  if (result.status !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout;
}
