import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { UsageError } from "./checkout.ts";
import { startAppAt } from "./sandbox-app.ts";
import { newSandboxKey } from "./sandbox-key.ts";

/** Where the starter content lies: beside `src/` in a checkout, beside `dist/` in the package. */
export function starterContent(): string {
  const folder = fileURLToPath(new URL("../..", import.meta.url));
  if (!existsSync(`${folder}/policies`)) throw new UsageError(`the starter content is missing in ${folder}`);
  return folder;
}

/** `grantbox sandbox`: a stand-in for GitHub on this machine, with the app, to play with. */
export function sandbox(): Command {
  return new Command("sandbox")
    .description(
      "Run a stand-in for GitHub on this machine, with the app installed, until it is stopped with Ctrl-C.",
    )
    .option("--port <N>", "the port to listen on (default: any free one)", readPort, 0)
    .option("--json", "print one line of JSON with every address and token when it is ready")
    .option("--no-app", "start the stand-in alone")
    .action(async (options: { port: number; json?: true; app: boolean }) => {
      // without the app nobody would have the private half
      const key = options.app ? newSandboxKey() : null;
      const running = await startSandbox({
        port: options.port,
        seed: starterContent(),
        seedFiles: key?.seedFiles ?? {},
      });
      const app = key === null ? null : await startAppAt(running, key, options.json ? "ignore" : "inherit");
      process.stdout.write(
        options.json ? `${JSON.stringify(contract(running, app))}\n` : welcome(running, app),
      );
      const stop = async () => {
        await app?.stop();
        await running.close();
        process.exit(0);
      };
      process.once("SIGINT", stop);
      process.once("SIGTERM", stop);
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UsageError("--port takes a number from 0 to 65535");
  return port;
}

/** The line that clients are written against (docs/sandbox.md): its keys are kept. */
function contract(running: Sandbox, app: { url: string; webhook: string } | null): unknown {
  const { url, api, graphql, git, org, repo, users, control } = running;
  return {
    url,
    api,
    graphql,
    git,
    org,
    repo,
    users,
    app: app === null ? null : { url: app.url, webhook: app.webhook },
    control,
  };
}

function welcome({ url, git, users }: Sandbox, app: { url: string } | null): string {
  const people = users.map(
    ({ login, teams, token }) => `  ${login.padEnd(8)} ${teams.join(", ").padEnd(34)} ${token}`,
  );
  return [
    `The sandbox is ready: ${url}`,
    ...(app === null ? [] : [`Who has access now, and what waits: ${app.url}`]),
    "",
    "Open it in a browser, choose who you are, and open a pull request with a grant.",
    `Or clone it: git clone ${git.replace("://", "://alice:<token>@")}`,
    "",
    "People, their teams and tokens (they work here only):",
    ...people,
    "",
    "Stop it with Ctrl-C; nothing is kept.",
    "",
  ].join("\n");
}
