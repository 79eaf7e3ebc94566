import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../sandbox/server.ts";
import { type AppProcess, startAppProcess } from "./app-process.ts";
import type { SandboxKey } from "./sandbox-key.ts";

/** Starts the app against a sandbox, as it would be started against GitHub, and tells the sandbox where it listens. */
export async function startAppAt(
  sandbox: Sandbox,
  { privateKey }: Pick<SandboxKey, "privateKey">,
  output: "inherit" | "ignore",
): Promise<AppProcess> {
  const data = mkdtempSync(join(tmpdir(), "grantbox-data-"));
  const app = await startAppProcess(
    {
      APP_ID: String(sandbox.app.id),
      PRIVATE_KEY: sandbox.app.privateKey,
      WEBHOOK_SECRET: sandbox.app.webhookSecret,
      GHE_HOST: new URL(sandbox.url).host,
      GHE_PROTOCOL: "http",
      HOST: "127.0.0.1",
      PORT: "0",
      GRANTBOX_DATA: data,
      GRANTBOX_SIGNING_KEY: privateKey,
      GRANTBOX_THROTTLE: "off",
      GRANTBOX_CLOCK: `${sandbox.control.clock}/stream`,
      LOG_LEVEL: "info",
    },
    output,
  );
  sandbox.connectApp({ url: app.url, webhook: app.webhook, health: app.health });
  return {
    ...app,
    async stop() {
      await app.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
