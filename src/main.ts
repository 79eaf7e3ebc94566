import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Probot } from "probot";
import { type EventRepository, grantboxApp } from "./app.ts";
import { type FollowingClock, followClock, systemClock } from "./clock.ts";
import { type Config, readConfig } from "./config.ts";
import { openLockboxes } from "./lockboxes.ts";
import { logTo, type Write } from "./log.ts";
import { pagesOf } from "./pages.ts";
import { type RunningServer, startServer, webhookPath } from "./web/server.ts";

/** A running app. */
export interface RunningApp {
  readonly url: string;
  readonly webhook: string;
  readonly health: string;
  /** Takes no more work, ends what is running and stops. */
  stop(): Promise<void>;
  /** Stops at once, in the middle of whatever it does, as a power cut would. */
  kill(): Promise<void>;
}

/**
 * Starts the process: one HTTP server, one queue, no database. Nothing is kept that cannot be read again, so it may
 * be killed at any point.
 */
export async function startApp(
  config: Config,
  write: Write = process.stdout.write.bind(process.stdout),
): Promise<RunningApp> {
  const log = logTo(config.logLevel, write);
  const clock = config.clockUrl === null ? systemClock() : await followClock(config.clockUrl);
  const dead = new AbortController();
  mkdirSync(join(config.dataDirectory), { recursive: true, mode: 0o700 });
  const lockboxes = openLockboxes(config, clock, log, dead.signal);
  const probot = new Probot({
    appId: config.appId,
    privateKey: config.privateKey,
    secret: config.webhookSecrets[0] ?? "",
    baseUrl: config.apiUrl,
    logLevel: "silent" as never,
  });
  await probot.load(
    grantboxApp({
      enqueue: (repository: EventRepository, work) => lockboxes.enqueue(repository, work),
      discover: () => lockboxes.discover(),
      isSelf: (login) => lockboxes.isSelf(login),
    }),
  );
  const server: RunningServer = await startServer({
    host: config.host,
    port: config.port,
    secrets: config.webhookSecrets,
    receive: async ({ id, name, payload }) => {
      if (!dead.signal.aborted) await probot.receive({ id, name, payload } as never);
    },
    health: () => ({
      status: "ok",
      ...lockboxes.size(),
      clockOffsetMs: isFollowing(clock) ? clock.offset : 0,
    }),
    pages: pagesOf(config, lockboxes, clock, log, dead.signal),
    log,
  });
  lockboxes.discover();
  log("grantbox is listening", { url: server.url, webhook: `${server.url}${webhookPath}` });
  const end = async (): Promise<void> => {
    if (isFollowing(clock)) clock.stop();
    await server.stop();
  };
  return {
    url: server.url,
    webhook: `${server.url}${webhookPath}`,
    health: `${server.url}/health`,
    async stop() {
      await lockboxes.drain();
      dead.abort();
      await end();
    },
    async kill() {
      dead.abort();
      lockboxes.drain().catch(() => undefined);
      await end();
    },
  };
}

function isFollowing(clock: object): clock is FollowingClock {
  return "stop" in clock;
}

/** Runs the process from the environment until it is told to stop. */
async function main(): Promise<void> {
  const reading = readConfig(process.env);
  if (!reading.ok) {
    console.error(
      ["grantbox cannot start:", ...reading.problems.map((problem) => `  ${problem}`)].join("\n"),
    );
    process.exitCode = 2;
    return;
  }
  const app = await startApp(reading.config);
  // whoever started this as a child wants to know where it listens
  process.send?.({ url: app.url, webhook: app.webhook, health: app.health });
  const stop = () => {
    app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.once("disconnect", stop);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main();
}
