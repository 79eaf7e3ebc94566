import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The app, running as a process of its own. */
export interface AppProcess {
  readonly url: string;
  readonly webhook: string;
  readonly health: string;
  /** Asks it to end what it does and stop; resolves when it has. */
  stop(): Promise<void>;
}

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
const main = fileURLToPath(new URL(`../main.${extension}`, import.meta.url));

/** Starts `main` with this program's own Node; `output` says where its log lines go. */
export function spawnApp(
  environment: Readonly<Record<string, string>>,
  output: "inherit" | "ignore",
): ChildProcess {
  return spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", output, "inherit", "ipc"],
  });
}

/**
 * Starts the app and waits until it listens.
 *
 * @throws Error when it ends before that; it has said on standard error why.
 */
export async function startAppProcess(
  environment: Readonly<Record<string, string>>,
  output: "inherit" | "ignore",
): Promise<AppProcess> {
  const child = spawnApp(environment, output);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const address = await new Promise<Omit<AppProcess, "stop">>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the app ended with exit code ${code ?? "none"}`)));
    child.once("error", reject);
    child.once("message", (message: Omit<AppProcess, "stop">) => resolve(message));
  });
  return {
    ...address,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
